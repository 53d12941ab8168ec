//! WebSockets: a ticket in the URL, then binary frames both ways. Nothing here understands a
//! frame; it goes to the meeting's room.

use crate::{
    app::App,
    auth::{Ticket, TokenError},
    clock::now,
    rooms::{Mail, Outgoing, RoomHandle, SocketFeed, actor::room_gone, socket_queue},
};
use agenda::{live::PeerKey, sync::wire::MAX_FRAME_BYTES};
use axum::{
    extract::{
        Query, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde::Deserialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::timeout};

/// A socket that answers no ping within this time is gone.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A frame that cannot be written within this time means that the client is too slow.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a closed socket is still read.
const LINGER: Duration = Duration::from_secs(2);
/// Twice what a frame may hold, so that one a little too large is read, and refused with a
/// reason; above that the connection just ends.
const MAX_READ_BYTES: usize = 2 * MAX_FRAME_BYTES;
/// Small: a large one costs 133 MB per thousand sockets.
const BUFFER_BYTES: usize = 4 * 1024;
/// Closes that are not the room's to decide.
const CLOSE_GOING_AWAY: u16 = 1001;
const CLOSE_EXPIRED: u16 = 4401;
const CLOSE_NOT_FOUND: u16 = 4404;
const CLOSE_SLOW: u16 = 4408;
const CLOSE_BUSY: u16 = 4429;

static NEXT_PEER: AtomicU64 = AtomicU64::new(1);

#[derive(Debug, Deserialize)]
pub struct SyncQuery {
    #[serde(default)]
    ticket: String,
}

/// Opens a socket for one document. A bad ticket is told in a close frame: a refused upgrade
/// is invisible to a browser's code.
pub async fn sync(
    State(app): State<Arc<App>>,
    Query(query): Query<SyncQuery>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .max_message_size(MAX_READ_BYTES)
        .max_frame_size(MAX_READ_BYTES)
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .on_upgrade(move |socket| serve(app, query.ticket, socket))
}

async fn serve(app: Arc<App>, ticket: String, mut socket: WebSocket) {
    let ticket = match app.tickets.verify(&ticket) {
        Ok(ticket) => ticket,
        Err(TokenError::Expired) => {
            return refuse(&mut socket, CLOSE_EXPIRED, "the ticket has expired").await;
        }
        Err(TokenError::Invalid(_)) => {
            return refuse(&mut socket, CLOSE_EXPIRED, "the ticket is not valid").await;
        }
    };
    let Ok(_place) = app.sockets.clone().try_acquire_owned() else {
        return refuse(&mut socket, CLOSE_BUSY, "too many sockets; try again later").await;
    };
    let Some(room) = app.room_of_document(ticket.document) else {
        return refuse(&mut socket, CLOSE_NOT_FOUND, "no such document").await;
    };
    Session::run(app, ticket, room, socket).await;
}

async fn refuse(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    // The client may have gone already; there is nobody else to tell.
    let _ = timeout(WRITE_TIMEOUT, socket.send(close)).await;
}

struct Session {
    peer: PeerKey,
    room: RoomHandle,
}

impl Session {
    async fn run(app: Arc<App>, ticket: Ticket, room: RoomHandle, socket: WebSocket) {
        let peer = PeerKey(NEXT_PEER.fetch_add(1, Ordering::Relaxed));
        let (queue, feed) = socket_queue();
        let time_left = ticket.identity.time_left(now());
        let (user, session) = (ticket.identity.user, ticket.identity.session);
        let connect = Mail::Connect { peer, user, session, document: ticket.document, queue };
        let this = Self { peer, room };
        let (sink, mut stream) = socket.split();
        if this.room.send(connect).await.is_err() {
            let mut writer = Writer { sink };
            return writer.close(room_gone().code as u16, room_gone().reason).await;
        }
        let mut writing = tokio::spawn(write_loop(app, feed, sink, time_left));
        let closed_here = tokio::select! {
            () = this.read_loop(&mut stream) => false,
            _ = &mut writing => true,
        };
        // Fails only if the room has ended, and then it has forgotten the peer.
        let _ = this.room.send(Mail::Disconnect { peer: this.peer }).await;
        writing.abort();
        if closed_here {
            linger(stream).await;
        }
    }

    /// Ends when the client goes or is silent too long.
    async fn read_loop(&self, stream: &mut SplitStream<WebSocket>) {
        loop {
            let next = match timeout(PING_EVERY * 2, stream.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(_)) | None) | Err(_) => return,
            };
            let bytes = match next {
                Message::Binary(bytes) => bytes,
                Message::Text(_) => bytes_of_nothing(),
                Message::Ping(_) | Message::Pong(_) => continue,
                Message::Close(_) => return,
            };
            // Waiting here, when the mailbox is full, is the back-pressure on the client.
            if self.room.send(Mail::Frame { peer: self.peer, bytes: bytes.into() }).await.is_err() {
                return;
            }
        }
    }
}

/// Reads on, for nothing, after a close: bytes left unread would reset the connection, and the
/// client would never learn why it was closed.
async fn linger(mut stream: SplitStream<WebSocket>) {
    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
    // When the time is up the client has had its chance to read.
    let _ = timeout(LINGER, rest).await;
}

/// Text frames are not part of the protocol; the room refuses the empty frame they become.
fn bytes_of_nothing() -> axum::body::Bytes {
    axum::body::Bytes::new()
}

struct Writer {
    sink: SplitSink<WebSocket, Message>,
}

impl Writer {
    async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(WRITE_TIMEOUT, self.sink.send(message)).await, Ok(Ok(())))
    }

    async fn close(&mut self, code: u16, reason: String) {
        // The client may have gone already; there is nobody else to tell.
        let _ = self.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
        let _ = timeout(WRITE_TIMEOUT, self.sink.close()).await;
    }
}

/// Returns when the service is going down.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the service is gone already.
    let _ = stopping.wait_for(|stop| *stop).await;
}

async fn write_loop(
    app: Arc<App>,
    mut feed: SocketFeed,
    sink: SplitSink<WebSocket, Message>,
    time_left: Duration,
) {
    let mut writer = Writer { sink };
    let mut stopping = app.stopping();
    let session_end = tokio::time::sleep(time_left);
    tokio::pin!(session_end);
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            outgoing = feed.next() => match outgoing {
                Some(Outgoing::Frame(frame)) => {
                    if !writer.send(Message::Binary(frame.into())).await {
                        return writer.close(CLOSE_SLOW, "too slow; reconnect".into()).await;
                    }
                }
                Some(Outgoing::Close(close)) => return writer.close(close.code as u16, close.reason).await,
                None => {
                    let stop = *app.stopping().borrow();
                    let (code, reason) = if stop {
                        (CLOSE_GOING_AWAY, "the service is restarting; reconnect".into())
                    } else {
                        (room_gone().code as u16, room_gone().reason)
                    };
                    return writer.close(code, reason).await;
                }
            },
            _ = ping.tick() => {
                if !writer.send(Message::Ping(axum::body::Bytes::new())).await {
                    return;
                }
            }
            () = &mut session_end => return writer.close(CLOSE_EXPIRED, "the session has expired".into()).await,
            () = stopped(&mut stopping) => {
                return writer.close(CLOSE_GOING_AWAY, "the service is restarting; reconnect".into()).await;
            }
        }
    }
}
