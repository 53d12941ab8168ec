//! The program with a data folder of its own on the disk, and documents to write in.

use crate::load::Groups;
use crate::typist::Typist;
use agenda::event::Event;
use client::{Dice, Editor, Failure, Pen, Program, Session, Settings};
use eventlog::keys::TextKeys;
use std::path::PathBuf;
use tempfile::TempDir;

const WRITERS: [&str; 6] = ["sofie", "henrik", "amina", "bo", "gitte", "lasse"];
/// Items of one meeting; each has a case text and a planning form to write in.
const ITEMS: usize = 10;
/// Sections of the two kinds of documents.
const CASE: &str = "resume";
const PLANNING: &str = "formaal";
/// Changes in one message while a long document is made.
const STEP: usize = 200;

/// A document and the section of it that is written in.
pub type Text = (String, &'static str);

pub struct Stage {
    folder: TempDir,
    pub program: Program,
    sessions: Vec<Session>,
    dice: Dice,
}

impl Stage {
    pub async fn open() -> Result<Self, Failure> {
        // Beside the build, because /tmp may be memory.
        let beside = client::program_path().parent().map(PathBuf::from).unwrap_or_default();
        let folder = tempfile::tempdir_in(beside)?;
        let program = Program::start(folder.path(), Settings::default())?;
        let mut stage = Self { folder, program, sessions: Vec::new(), dice: Dice(1) };
        stage.sign_in().await?;
        Ok(stage)
    }

    async fn sign_in(&mut self) -> Result<(), Failure> {
        self.sessions.clear();
        for user in WRITERS {
            self.sessions.push(Session::sign_in(self.program.address(), user).await?);
        }
        Ok(())
    }

    /// Whoever is signed in at this place.
    pub fn session(&self, n: usize) -> Result<&Session, Failure> {
        Ok(self.sessions.get(n % WRITERS.len()).ok_or("nobody is signed in")?)
    }

    fn secretary(&self) -> Result<&Session, Failure> {
        Ok(self.sessions.first().ok_or("nobody is signed in")?)
    }

    /// So many documents, in as few meetings as hold them.
    pub async fn texts(&mut self, count: usize) -> Result<Vec<Text>, Failure> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let (command, items) = (self.dice.command(), ITEMS.min((count - texts.len()).div_ceil(2)));
            let ids: Vec<String> = (0..items).map(|_| self.dice.command()).collect();
            let session = self.secretary()?;
            let meeting = session.schedule(&command).await?;
            for id in &ids {
                session.add_item(&meeting, id, "Punkt").await?.success()?;
            }
            let documents = session.documents(&meeting).await?;
            let kind = |n| if n < items { CASE } else { PLANNING };
            texts.extend(documents.into_iter().enumerate().map(|(n, document)| (document, kind(n))));
        }
        texts.truncate(count);
        Ok(texts)
    }

    /// So many typists at each text.
    pub async fn typists(&mut self, texts: &[Text], each: usize) -> Result<Groups, Failure> {
        let mut groups = Groups::new();
        for text in texts {
            let mut group = Vec::new();
            for n in 0..each {
                group.push(self.typist(text, n).await?);
            }
            groups.push(group);
        }
        Ok(groups)
    }

    async fn typist(&mut self, (document, section): &Text, n: usize) -> Result<Typist, Failure> {
        let mut pen = Box::new(Pen::new(document, section, self.dice.bytes()));
        let session = self.sessions.get(n % WRITERS.len()).ok_or("nobody is signed in")?;
        let editor = Box::new(Editor::open(session, &mut pen).await?);
        Ok(Typist::Dagsorden { editor, pen })
    }

    /// Types until the document has so many changes.
    pub async fn lengthen(&mut self, text: &Text, changes: usize) -> Result<(), Failure> {
        let Typist::Dagsorden { mut editor, mut pen } = self.typist(text, 0).await? else { return Ok(()) };
        while pen.known() < changes {
            for _ in 0..STEP {
                let letter = char::from(b'a' + self.dice.below(26) as u8);
                pen.write(letter, 0).ok_or("the text is not there")?;
            }
            editor.send(&pen).await?;
            while pen.acknowledged < pen.own.len() {
                editor.next(&mut pen).await?;
            }
        }
        editor.close().await;
        Ok(())
    }

    /// A newcomer with nothing: milliseconds from asking for a ticket, and from opening the
    /// socket, until the text is there; and the bytes.
    pub async fn newcomer(&mut self, (document, section): &Text) -> Result<(f64, f64, u64), Failure> {
        let mut pen = Pen::new(document, section, self.dice.bytes());
        let asked = std::time::Instant::now();
        let url = self.secretary()?.socket_url(document).await?;
        let opened = std::time::Instant::now();
        let editor = Editor::open_at(&url, &mut pen).await?;
        let answered = editor.answered.ok_or("no text came")?;
        let bytes = editor.bytes_in;
        editor.close().await;
        let ms = |from| answered.duration_since(from).as_secs_f64() * 1_000.0;
        Ok((ms(asked), ms(opened), bytes))
    }

    /// Kills the program and starts it again.
    pub async fn restart(self) -> Result<Self, Failure> {
        let Self { folder, program, dice, .. } = self;
        program.kill()?;
        let program = Program::start(folder.path(), Settings::default())?;
        let mut stage = Self { folder, program, sessions: Vec::new(), dice };
        stage.sign_in().await?;
        Ok(stage)
    }

    /// Kills the program and counts the changes by typists in its log.
    pub fn changes_in_log(self) -> Result<u64, Failure> {
        self.program.kill()?;
        let mut count = 0;
        let log = self.folder.path().join("log");
        let read = eventlog::verify::verify_with(&log, &TextKeys::beside(&log)?, |recorded| {
            for event in &recorded.commit.events {
                if let Event::ChangesRecorded(e) = event {
                    let by_pen = |bytes: &&agenda::id::Bytes| find(&bytes.0, client::ACTOR_PREFIX);
                    count += e.changes.iter().filter(by_pen).count() as u64;
                }
            }
            Ok(())
        });
        read.map_err(|finding| finding.to_string())?;
        Ok(count)
    }
}

fn find(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
