//! One client under load: it types, and tells when the characters of others came.

use client::{Editor, Failure, News, Pen};
use futures::{SinkExt, StreamExt};
use std::sync::OnceLock;
use std::time::Instant;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config, tungstenite::Message};

/// The size of a frame with one change, so that the floor carries as much.
const FLOOR_FRAME_BYTES: usize = 350;

/// Microseconds since the first call.
pub fn micros() -> i64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_micros() as i64
}

pub enum Typist {
    Dagsorden {
        editor: Box<Editor>,
        pen: Box<Pen>,
    },
    /// Of the bare broadcast server.
    Floor {
        socket: Box<WebSocketStream<MaybeTlsStream<TcpStream>>>,
        frames: u64,
        bytes: u64,
    },
}

impl Typist {
    pub async fn floor(url: &str) -> Result<Self, Failure> {
        let (socket, _) = connect_async_with_config(url, None, true).await?;
        Ok(Self::Floor { socket: Box::new(socket), frames: 0, bytes: 0 })
    }

    /// Types so many characters, each a change of its own, and sends them.
    pub async fn write(&mut self, count: u64) -> Result<(), Failure> {
        match self {
            Self::Dagsorden { editor, pen } => {
                pen.write_many('a', count as usize, micros);
                Ok(editor.send(pen).await?)
            }
            Self::Floor { socket, .. } => {
                for _ in 0..count {
                    let mut frame = vec![0; FLOOR_FRAME_BYTES];
                    frame[..8].copy_from_slice(&micros().to_be_bytes());
                    socket.feed(Message::Binary(frame.into())).await?;
                }
                Ok(socket.flush().await?)
            }
        }
    }

    /// The latencies, in microseconds, of what came next; may be dropped while it waits.
    pub async fn next(&mut self) -> Result<Vec<i64>, Failure> {
        match self {
            Self::Dagsorden { editor, pen } => {
                let News::Heard(heard) = editor.next(pen).await? else { return Ok(Vec::new()) };
                let now = micros();
                Ok(heard.arrivals.iter().map(|arrival| now - arrival.time).collect())
            }
            Self::Floor { socket, frames, bytes } => {
                let frame = socket.next().await.ok_or("the floor is gone")??.into_data();
                let Some(time) = frame.first_chunk::<8>() else { return Ok(Vec::new()) };
                *frames += 1;
                *bytes += frame.len() as u64;
                Ok(vec![micros() - i64::from_be_bytes(*time)])
            }
        }
    }

    /// Frames and bytes that came in.
    pub fn received(&self) -> (u64, u64) {
        match self {
            Self::Dagsorden { editor, .. } => (editor.frames_in, editor.bytes_in),
            Self::Floor { frames, bytes, .. } => (*frames, *bytes),
        }
    }

    /// Own changes that are not acknowledged.
    pub fn unacknowledged(&self) -> usize {
        match self {
            Self::Dagsorden { pen, .. } => pen.own.len() - pen.acknowledged,
            Self::Floor { .. } => 0,
        }
    }
}
