//! A pen at an open socket: automerge-repo protocol 1.

use crate::{Failure, Heard, Pen, Session};
use agenda::id::DocumentId;
use agenda::sync::{frame, wire};
use futures::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// The receive buffer of one socket, in bytes: there may be thousands.
const BUFFER_BYTES: usize = 4 * 1024;

/// What came in.
#[derive(Debug)]
pub enum News {
    Heard(Heard),
    /// Some of the own changes were not taken in; see [`Pen::refused`].
    Refused,
    /// The document was frozen.
    Frozen,
    /// The text goes on under another document.
    Moved(String),
    /// Nothing about the text.
    Other,
}

/// The socket is gone; the pen keeps what it knows.
#[derive(Debug, thiserror::Error)]
#[error("the socket is gone: {0}")]
pub struct Gone(pub String);

impl Gone {
    fn because(error: impl ToString) -> Self {
        Self(error.to_string())
    }
}

/// An open socket for a pen.
pub struct Editor {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    document: DocumentId,
    /// Own changes that this socket has sent.
    sent: usize,
    pub frames_in: u64,
    pub bytes_in: u64,
    /// When the first answer with text came, before it was read.
    pub answered: Option<Instant>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Join<'a> {
    r#type: &'a str,
    sender_id: &'a str,
    supported_protocol_versions: [&'a str; 1],
}

/// The messages of the service's own, as far as anyone here reads them.
#[derive(Deserialize)]
struct Notice {
    #[serde(default)]
    hashes: Vec<String>,
    #[serde(default)]
    to: String,
}

impl Editor {
    /// Fetches a ticket, opens a socket, and catches up: the pen then has what the service
    /// has, and what the service lacks has been sent.
    pub async fn open(session: &Session, pen: &mut Pen) -> Result<Self, Failure> {
        let url = session.socket_url(&pen.document).await?;
        Self::open_at(&url, pen).await
    }

    /// As [`Editor::open`], with the ticket at hand.
    pub async fn open_at(url: &str, pen: &mut Pen) -> Result<Self, Failure> {
        let config = WebSocketConfig::default().read_buffer_size(BUFFER_BYTES).write_buffer_size(0);
        let (socket, _) = connect_async_with_config(url, Some(config), true).await?;
        let document = pen.document.parse().map_err(|_| format!("no document id: {}", pen.document))?;
        let mut editor =
            Self { socket, document, sent: pen.own.len(), frames_in: 0, bytes_in: 0, answered: None };
        let join = Join { r#type: "join", sender_id: &pen.peer_id, supported_protocol_versions: ["1"] };
        editor.put(minicbor_serde::to_vec(join)?).await?;
        editor.put_sync(pen, pen.message(pen.own.len())).await?;
        while !matches!(editor.next(pen).await?, News::Heard(_)) {}
        editor.sent = pen.acknowledged;
        editor.send(pen).await?;
        Ok(editor)
    }

    async fn put(&mut self, frame: Vec<u8>) -> Result<(), Gone> {
        self.socket.send(Message::Binary(frame.into())).await.map_err(Gone::because)
    }

    async fn put_sync(&mut self, pen: &Pen, data: Vec<u8>) -> Result<(), Gone> {
        let frame = frame::sync(&pen.peer_id, self.document, &data);
        self.put(frame.for_peer("server")).await
    }

    /// Sends what the pen wrote and this socket has not sent yet, in one message.
    pub async fn send(&mut self, pen: &Pen) -> Result<(), Gone> {
        if self.sent >= pen.own.len() {
            return Ok(());
        }
        let data = pen.message(self.sent);
        self.sent = pen.own.len();
        self.put_sync(pen, data).await
    }

    /// The next message from the service. May be dropped while it waits.
    pub async fn next(&mut self, pen: &mut Pen) -> Result<News, Gone> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(frame))) => return self.understand(pen, &frame),
                Some(Ok(Message::Close(close))) => return Err(Gone(format!("{close:?}"))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(Gone::because(error)),
                None => return Err(Gone("it ended".into())),
            }
        }
    }

    fn understand(&mut self, pen: &mut Pen, frame: &[u8]) -> Result<News, Gone> {
        self.frames_in += 1;
        self.bytes_in += frame.len() as u64;
        match wire::decode(frame).map_err(Gone::because)? {
            wire::ClientMessage::Sync(sync) => {
                self.answered.get_or_insert_with(Instant::now);
                pen.hear(sync.data).map(News::Heard).map_err(Gone::because)
            }
            wire::ClientMessage::Unknown { kind } => match kind {
                "agenda-reject" => {
                    pen.refused.extend(notice(frame)?.hashes);
                    Ok(News::Refused)
                }
                "agenda-frozen" => Ok(News::Frozen),
                "agenda-moved" => Ok(News::Moved(notice(frame)?.to)),
                _ => Ok(News::Other),
            },
            _ => Ok(News::Other),
        }
    }

    /// Closes as a page that is left does.
    pub async fn close(mut self) {
        // The service may have gone first.
        let _ = self.socket.close(None).await;
    }
}

fn notice(frame: &[u8]) -> Result<Notice, Gone> {
    minicbor_serde::from_slice(frame).map_err(Gone::because)
}
