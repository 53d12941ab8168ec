//! Says so when a commit hangs: after some errors of the disk sled's flush never returns.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// A commit that takes longer than this is reported.
const LIMIT: Duration = Duration::from_secs(10);

#[derive(PartialEq)]
enum Mark {
    Begin,
    End,
}

/// Ends with its owner.
pub(super) struct Watchdog(Sender<Mark>);

impl Watchdog {
    pub fn start() -> io::Result<Self> {
        let (sender, marks) = channel();
        std::thread::Builder::new().name("log-watchdog".into()).spawn(move || watch(&marks))?;
        Ok(Self(sender))
    }

    pub fn begin(&self) {
        self.mark(Mark::Begin);
    }

    pub fn end(&self) {
        self.mark(Mark::End);
    }

    fn mark(&self, mark: Mark) {
        if self.0.send(mark).is_err() {
            tracing::error!("the watchdog of the event log is gone");
        }
    }
}

fn watch(marks: &Receiver<Mark>) {
    while let Ok(mark) = marks.recv() {
        if matches!(mark, Mark::Begin) && marks.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            tracing::error!(seconds = LIMIT.as_secs(), "a commit hangs: the disk does not answer");
        }
    }
}
