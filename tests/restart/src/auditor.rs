//! Somebody who looks back all the time. Each look is a line of the access log, which is on the disk before they see
//! anything.

use crate::record::SharedRecord;
use client::{Dice, Failure, Session};
use std::time::Duration;
use tokio::time::sleep;

/// A member who does nothing else in the history.
pub const AUDITOR: &str = "lasse";
/// The longest pause between two looks, in milliseconds.
const PAUSE: u64 = 30;

pub struct Auditor {
    meeting: String,
    dice: Dice,
    record: SharedRecord,
}

impl Auditor {
    pub fn new(meeting: String, dice: Dice, record: SharedRecord) -> Self {
        Self { meeting, dice, record }
    }

    pub async fn look_until_gone(mut self, address: String) -> Self {
        // That the service is gone is what the test is about; the auditor goes on later.
        let _gone = self.look(&address).await;
        self
    }

    async fn look(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, AUDITOR).await?;
        loop {
            self.record.looks();
            session.get(&format!("/api/meetings/{}/history", self.meeting)).await?;
            self.record.saw();
            sleep(Duration::from_millis(self.dice.below(PAUSE))).await;
        }
    }
}
