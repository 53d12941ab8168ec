//! Many clients at work at once: writers in several documents, a secretary who sends commands, a
//! clerk who uploads files, somebody who erases items, an auditor who looks back, and now and then a meeting that is
//! frozen while people still write in it.

use crate::auditor::Auditor;
use crate::clerk::Clerk;
use crate::eraser::Eraser;
use crate::record::SharedRecord;
use crate::stored::Stored;
use client::{Dice, Editor, Failure, News, Pen, Session};
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Who writes; each demonstration user here may write case texts.
const WRITERS: [&str; 6] = ["sofie", "henrik", "amina", "bo", "gitte", "lasse"];
pub const SECRETARY: &str = "sofie";
const ITEMS: usize = 3;
const SECTION: &str = "resume";
/// The longest pause between two messages of one writer, in milliseconds.
const WRITER_PAUSE: u64 = 40;
const SECRETARY_PAUSE: u64 = 60;
/// The most characters in one message.
const MOST_CHARACTERS: u64 = 4;
/// Within this everything must have come to everybody.
const PATIENCE: Duration = Duration::from_secs(20);

struct Writer {
    user: &'static str,
    pen: Pen,
    dice: Dice,
    record: SharedRecord,
}

/// Sends commands; one that was not answered is sent again.
struct Secretary {
    meeting: String,
    waiting: Option<(String, String)>,
    dice: Dice,
    record: SharedRecord,
}

pub struct Crowd {
    writers: Vec<Writer>,
    secretary: Secretary,
    clerk: Clerk,
    eraser: Eraser,
    auditor: Auditor,
    dice: Dice,
    record: SharedRecord,
}

/// A crowd that is at work until the service goes away under it.
pub struct Working {
    writers: Vec<JoinHandle<Writer>>,
    secretary: JoinHandle<Secretary>,
    clerk: JoinHandle<Clerk>,
    eraser: JoinHandle<Eraser>,
    auditor: JoinHandle<Auditor>,
    closing: Option<JoinHandle<()>>,
    dice: Dice,
    record: SharedRecord,
}

impl Crowd {
    /// Schedules a meeting with items, and gives every writer a pen for one of its texts.
    pub async fn gather(address: &str, record: &SharedRecord, mut dice: Dice) -> Result<Self, Failure> {
        let session = Session::sign_in(address, SECRETARY).await?;
        let (meeting, documents) = schedule(&session, record, &mut dice, ITEMS).await?;
        let writer = |(n, user): (usize, &&'static str)| {
            let pen = Pen::new(&documents[n % ITEMS], SECTION, dice.bytes());
            Writer { user, pen, dice: dice.fork(), record: record.clone() }
        };
        let writers = WRITERS.iter().enumerate().map(writer).collect();
        let item = session.first_item(&meeting).await?;
        let clerk = Clerk::new(meeting.clone(), item, dice.fork(), record.clone());
        let eraser = Eraser::new(meeting.clone(), dice.fork(), record.clone());
        let auditor = Auditor::new(meeting.clone(), dice.fork(), record.clone());
        let secretary = Secretary { meeting, waiting: None, dice: dice.fork(), record: record.clone() };
        Ok(Self { writers, secretary, clerk, eraser, auditor, dice, record: record.clone() })
    }

    /// Sets everyone to work; with `closing`, another meeting is written and frozen meanwhile.
    pub fn work(mut self, address: &str, closing: bool) -> Working {
        let at = || address.to_owned();
        let closing = closing.then(|| {
            let (address, record, dice) = (at(), self.record.clone(), self.dice.fork());
            // It fails when the service goes away, as it is meant to.
            tokio::spawn(async move { drop(close_a_meeting(&address, &record, dice).await) })
        });
        let writers = self.writers.into_iter().map(|writer| tokio::spawn(writer.write_until_gone(at())));
        Working {
            writers: writers.collect(),
            secretary: tokio::spawn(self.secretary.command_until_gone(at())),
            clerk: tokio::spawn(self.clerk.upload_until_gone(at())),
            eraser: tokio::spawn(self.eraser.erase_until_gone(at())),
            auditor: tokio::spawn(self.auditor.look_until_gone(at())),
            closing,
            dice: self.dice,
            record: self.record,
        }
    }

    /// Everyone comes back, sends what was not acknowledged, and hears what the others wrote.
    pub async fn settle(&mut self, address: &str) -> Result<(), Failure> {
        self.secretary.retry(address).await?;
        self.clerk.retry(address).await?;
        self.eraser.retry(address).await?;
        for writer in &mut self.writers {
            let heard = timeout(PATIENCE, writer.catch_up(address)).await;
            heard.map_err(|_| format!("{} is not acknowledged", writer.user))??;
        }
        // The first ones left before the last ones wrote.
        for writer in &mut self.writers {
            timeout(PATIENCE, writer.catch_up(address)).await??;
        }
        Ok(())
    }

    /// Every client knows every change of its document, and no other.
    pub fn agrees_with(&self, stored: &Stored) -> Result<(), String> {
        for Writer { user, pen, .. } in &self.writers {
            let mut changes = stored.changes.iter().filter(|change| change.document == pen.document);
            if pen.known() != stored.count(&pen.document) || !changes.all(|change| pen.knows(&change.hash)) {
                let count = stored.count(&pen.document);
                return Err(format!("{user} knows {} changes, the log has {count}", pen.known()));
            }
        }
        Ok(())
    }

    /// The documents that are written in.
    pub fn documents(&self) -> Vec<String> {
        self.writers.iter().take(ITEMS).map(|writer| writer.pen.document.clone()).collect()
    }
}

impl Working {
    /// Waits until everyone has noticed that the service is gone.
    pub async fn stop(self) -> Result<Crowd, Failure> {
        let mut writers = Vec::new();
        for writer in self.writers {
            writers.push(timeout(PATIENCE, writer).await??);
        }
        if let Some(closing) = self.closing {
            timeout(PATIENCE, closing).await??;
        }
        let secretary = timeout(PATIENCE, self.secretary).await??;
        let clerk = timeout(PATIENCE, self.clerk).await??;
        let eraser = timeout(PATIENCE, self.eraser).await??;
        let auditor = timeout(PATIENCE, self.auditor).await??;
        Ok(Crowd { writers, secretary, clerk, eraser, auditor, dice: self.dice, record: self.record })
    }
}

impl Writer {
    async fn write_until_gone(mut self, address: String) -> Self {
        // That the service is gone is what the test is about; the pen goes on later.
        let _gone = self.write(&address).await;
        self
    }

    async fn write(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, self.user).await?;
        let noted = self.pen.acknowledged;
        let mut editor = Editor::open(&session, &mut self.pen).await?;
        self.record.hears(&self.pen, noted);
        loop {
            let pause = Duration::from_millis(self.dice.below(WRITER_PAUSE));
            let noted = self.pen.acknowledged;
            match timeout(pause, editor.next(&mut self.pen)).await {
                Err(_) => {
                    self.type_some();
                    editor.send(&self.pen).await?;
                }
                Ok(Ok(News::Refused)) => {
                    self.record.hears(&self.pen, noted);
                    return Ok(());
                }
                Ok(Ok(_)) => self.record.hears(&self.pen, noted),
                Ok(Err(gone)) => return Err(gone.into()),
            }
        }
    }

    fn type_some(&mut self) {
        for _ in 0..=self.dice.below(MOST_CHARACTERS) {
            let letter = char::from(b'a' + (self.pen.own.len() % 26) as u8);
            if let Some(written) = self.pen.write(letter, 0) {
                self.record.writes(written.hash);
            }
        }
    }

    async fn catch_up(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, self.user).await?;
        let noted = self.pen.acknowledged;
        let mut editor = Editor::open(&session, &mut self.pen).await?;
        while self.pen.acknowledged < self.pen.own.len() {
            editor.next(&mut self.pen).await?;
        }
        self.record.hears(&self.pen, noted);
        editor.close().await;
        Ok(())
    }
}

impl Secretary {
    async fn command_until_gone(mut self, address: String) -> Self {
        // As with the writers.
        let _gone = self.command(&address).await;
        self
    }

    async fn command(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, SECRETARY).await?;
        loop {
            if self.waiting.is_none() {
                let number = self.dice.below(1_000_000);
                self.waiting = Some((self.dice.command(), format!("Mødelokale {number:06}")));
            }
            self.send(&session).await?;
            sleep(Duration::from_millis(self.dice.below(SECRETARY_PAUSE))).await;
        }
    }

    async fn retry(&mut self, address: &str) -> Result<(), Failure> {
        let session = Session::sign_in(address, SECRETARY).await?;
        self.send(&session).await
    }

    async fn send(&mut self, session: &Session) -> Result<(), Failure> {
        let Some((id, place)) = self.waiting.clone() else { return Ok(()) };
        self.record.commands(&id);
        let details =
            json!({"type": "change_details", "date": "2026-12-02", "time": "09:00", "place": place});
        let done = session.command(&self.meeting, &id, details).await?.success()?;
        self.record.carried_out(&id, position(&done)?);
        self.waiting = None;
        Ok(())
    }
}

async fn schedule(
    session: &Session,
    record: &SharedRecord,
    dice: &mut Dice,
    items: usize,
) -> Result<(String, Vec<String>), Failure> {
    let id = dice.command();
    record.commands(&id);
    let meeting = session.schedule(&id).await?;
    for number in 0..items {
        let id = dice.command();
        record.commands(&id);
        let added = session.add_item(&meeting, &id, &format!("Punkt {number}")).await?.success()?;
        record.carried_out(&id, position(&added)?);
    }
    let documents = session.documents(&meeting).await?;
    Ok((meeting, documents))
}

pub fn position(answer: &serde_json::Value) -> Result<u64, Failure> {
    answer["position"].as_u64().ok_or_else(|| format!("no position in {answer}").into())
}

/// Two people write in a meeting of its own; it is frozen while they do.
async fn close_a_meeting(address: &str, record: &SharedRecord, mut dice: Dice) -> Result<(), Failure> {
    let session = Session::sign_in(address, SECRETARY).await?;
    let (meeting, documents) = schedule(&session, record, &mut dice, 1).await?;
    let writers = ["amina", "bo"].map(|user| {
        let pen = Pen::new(&documents[0], SECTION, dice.bytes());
        let writer = Writer { user, pen, dice: dice.fork(), record: record.clone() };
        tokio::spawn(writer.write_until_gone(address.to_owned()))
    });
    sleep(Duration::from_millis(dice.below(300))).await;
    let id = dice.command();
    record.commands(&id);
    let freeze = json!({"type": "freeze", "reason": "Dagsordenen udsendes"});
    let frozen = session.command(&meeting, &id, freeze).await?.success()?;
    record.carried_out(&id, position(&frozen)?);
    for writer in writers {
        writer.await?;
    }
    Ok(())
}
