//! The bounded queue in front of one socket. A socket that does not keep up is cut off and
//! comes back to a complete document; frames are never left out of the middle.

use agenda::live::Close;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::mpsc;

/// Frames and bytes that may wait for one socket.
pub const QUEUE_FRAMES: usize = 1_024;
pub const QUEUE_BYTES: usize = 8 * 1024 * 1024;

/// What goes out of a socket.
#[derive(Debug)]
pub enum Outgoing {
    Frame(Vec<u8>),
    Close(Close),
}

/// The room's end. Dropping it ends the socket.
#[derive(Debug)]
pub struct SocketQueue {
    frames: mpsc::Sender<Outgoing>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// The socket's end.
#[derive(Debug)]
pub struct SocketFeed {
    frames: mpsc::Receiver<Outgoing>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// A queue and its two ends.
pub fn socket_queue() -> (SocketQueue, SocketFeed) {
    let (sender, receiver) = mpsc::channel(QUEUE_FRAMES);
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    (
        SocketQueue { frames: sender, waiting_bytes: waiting_bytes.clone() },
        SocketFeed { frames: receiver, waiting_bytes },
    )
}

impl SocketQueue {
    /// Queues it, or says that the socket is too slow (or gone) and must be cut off.
    #[must_use]
    pub fn send(&self, outgoing: Outgoing) -> bool {
        let bytes = match &outgoing {
            Outgoing::Frame(frame) => frame.len(),
            Outgoing::Close(_) => 0,
        };
        // One frame of any size may always wait alone.
        let before = self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        (before == 0 || before + bytes <= QUEUE_BYTES) && self.frames.try_send(outgoing).is_ok()
    }
}

impl SocketFeed {
    /// The next thing to send; `None` when the room has let go of the socket.
    pub async fn next(&mut self) -> Option<Outgoing> {
        let outgoing = self.frames.recv().await?;
        if let Outgoing::Frame(frame) = &outgoing {
            self.waiting_bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        }
        Some(outgoing)
    }
}
