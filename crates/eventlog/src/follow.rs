//! Catch up, then live: the one follower for all backends. It only ever reads pages, and
//! waits for the head to move when a page is empty; so it cannot skip, and a slow one only
//! delays itself.

use crate::{MAX_PAGE, Page, ReadError};
use agenda::event::{Position, Recorded};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;

/// Reads a page from a position on.
pub(crate) type ReadPage = Box<dyn Fn(Position, usize) -> BoxFuture<'static, Result<Page, ReadError>> + Send>;

struct Follower {
    read: ReadPage,
    head: watch::Receiver<Position>,
    next: Position,
    page: VecDeque<Arc<Recorded>>,
    failed: bool,
}

/// Follows until the sender of `head` is gone.
pub(crate) fn follow(
    read: ReadPage,
    head: watch::Receiver<Position>,
    from: Position,
) -> BoxStream<'static, Result<Arc<Recorded>, ReadError>> {
    let next = Position(from.0.max(1));
    let follower = Follower { read, head, next, page: VecDeque::new(), failed: false };
    stream::unfold(follower, Follower::step).boxed()
}

impl Follower {
    async fn step(mut self) -> Option<(Result<Arc<Recorded>, ReadError>, Self)> {
        if self.failed {
            return None;
        }
        while self.page.is_empty() {
            // The head is seen before the page is read, so what comes in between wakes us.
            if self.head.borrow_and_update().0 < self.next.0 {
                self.head.changed().await.ok()?;
                continue;
            }
            match (self.read)(self.next, MAX_PAGE).await {
                Ok(page) => self.page = page.into(),
                Err(error) => {
                    self.failed = true;
                    return Some((Err(error), self));
                }
            }
        }
        let recorded = self.page.pop_front()?;
        self.next = Position(recorded.position.0 + 1);
        Some((Ok(recorded), self))
    }
}
