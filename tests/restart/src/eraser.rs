//! Somebody who adds items, withdraws them and erases them; a command that was not answered is sent again.

use crate::crowd::{SECRETARY, position};
use crate::record::SharedRecord;
use client::{Dice, Failure, Session};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

/// The longest pause between two commands, in milliseconds.
const PAUSE: u64 = 40;

pub struct Eraser {
    meeting: String,
    waiting: Option<(String, Value)>,
    dice: Dice,
    record: SharedRecord,
}

impl Eraser {
    pub fn new(meeting: String, dice: Dice, record: SharedRecord) -> Self {
        Self { meeting, waiting: None, dice, record }
    }

    pub async fn erase_until_gone(mut self, address: String) -> Self {
        // That the service is gone is what the test is about; the eraser goes on later.
        let _gone = self.erase(&address).await;
        self
    }

    async fn erase(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, SECRETARY).await?;
        loop {
            self.send(&session).await?;
            sleep(Duration::from_millis(self.dice.below(PAUSE))).await;
        }
    }

    /// Sends again what was not answered.
    pub async fn retry(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, SECRETARY).await?;
        self.send(&session).await
    }

    async fn send(&mut self, session: &Session) -> Result<(), Failure> {
        let add = || json!({"type": "add_item", "title": "En sag om en person"});
        let (id, command) = self.waiting.get_or_insert_with(|| (self.dice.command(), add())).clone();
        self.record.commands(&id);
        let done = session.command(&self.meeting, &id, command.clone()).await?.success()?;
        self.record.carried_out(&id, position(&done)?);
        self.waiting = next(&command, &done).map(|next| (self.dice.command(), next));
        Ok(())
    }
}

/// What is done with the item after this.
fn next(command: &Value, done: &Value) -> Option<Value> {
    match command["type"].as_str()? {
        "add_item" => Some(json!({"type": "withdraw_item", "item": done["created"], "reason": "Udgår"})),
        "withdraw_item" => {
            Some(json!({"type": "erase_item", "item": command["item"], "reason": "Efter anmodning"}))
        }
        _ => None,
    }
}
