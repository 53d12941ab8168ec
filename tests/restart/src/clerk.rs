//! Somebody who puts one file after the other on an item; one that was not answered is sent again.

use crate::crowd::position;
use crate::record::SharedRecord;
use client::{Dice, Failure, Session};
use std::time::Duration;
use tokio::time::sleep;

const CLERK: &str = "gitte";
/// The longest pause between two files, in milliseconds.
const PAUSE: u64 = 40;
/// The most lines of a file, of 24 bytes each.
const MOST_LINES: u64 = 20_000;
/// An item takes no more than that many files, fewer than it may have.
const MOST_FILES: usize = 90;

pub struct Clerk {
    meeting: String,
    item: String,
    waiting: Option<Upload>,
    sent: usize,
    dice: Dice,
    record: SharedRecord,
}

struct Upload {
    id: String,
    bytes: Vec<u8>,
}

impl Clerk {
    pub fn new(meeting: String, item: String, dice: Dice, record: SharedRecord) -> Self {
        Self { meeting, item, waiting: None, sent: 0, dice, record }
    }

    pub async fn upload_until_gone(mut self, address: String) -> Self {
        // That the service is gone is what the test is about; the clerk goes on later.
        let _gone = self.upload(&address).await;
        self
    }

    async fn upload(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, CLERK).await?;
        while self.waiting.is_some() || self.sent < MOST_FILES {
            if self.waiting.is_none() {
                self.waiting = Some(self.make());
            }
            self.send(&session).await?;
            sleep(Duration::from_millis(self.dice.below(PAUSE))).await;
        }
        Ok(())
    }

    /// Sends again what was not answered.
    pub async fn retry(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, CLERK).await?;
        self.send(&session).await
    }

    fn make(&mut self) -> Upload {
        let number = self.dice.throw();
        let lines = self.dice.below(MOST_LINES);
        let bytes = (0..=lines).flat_map(|n| format!("{:023}\n", number ^ n).into_bytes());
        Upload { id: self.dice.command(), bytes: bytes.collect() }
    }

    async fn send(&mut self, session: &Session) -> Result<(), Failure> {
        let Some(Upload { id, bytes }) = &self.waiting else { return Ok(()) };
        self.record.commands(id);
        let place = (self.meeting.as_str(), self.item.as_str());
        let done = session.upload(place, id, "bilag.txt", bytes.clone()).await?.success()?;
        self.record.carried_out(id, position(&done)?);
        self.waiting = None;
        self.sent += 1;
        Ok(())
    }
}
