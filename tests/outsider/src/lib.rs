//! Somebody outside who trusts nobody here: the real program with a published agenda, and what anyone can
//! get from it. Its tests check the record with another's library and with the small verifier.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use client::{Dice, Failure, Program, Session, Settings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::sleep;

const SECRETARY: &str = "sofie";
/// How long something that comes within moments may take.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// A running program with a meeting.
pub struct Town {
    pub program: Program,
    pub session: Session,
    pub meeting: String,
    data: TempDir,
    dice: Dice,
}

impl Town {
    /// With a meeting of one item.
    pub async fn start() -> Result<Self, Failure> {
        let data = tempfile::tempdir()?;
        let settings = Settings { frames_per_second: 1_000, requests_per_second: 100_000 };
        let program = Program::start(&data.path().join("data"), settings)?;
        let session = Session::sign_in(program.address(), SECRETARY).await?;
        let mut dice = Dice(7);
        let meeting = session.schedule(&dice.command()).await?;
        session.add_item(&meeting, &dice.command(), "Fyret på molen").await?.success()?;
        Ok(Self { program, session, meeting, data, dice })
    }

    pub fn data(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// A place for files.
    pub fn desk(&self) -> &Path {
        self.data.path()
    }

    pub async fn command(&mut self, command: Value) -> Result<(), Failure> {
        let id = self.dice.command();
        self.session.command(&self.meeting, &id, command).await?.success().map(drop)
    }

    /// Makes the log longer.
    pub async fn work(&mut self, commits: usize) -> Result<(), Failure> {
        for at in 0..commits {
            let place = format!("Mødelokale {at}");
            self.command(
                json!({ "type": "change_details", "date": "2026-06-17", "time": "09:00:00", "place": place }),
            )
            .await?;
        }
        Ok(())
    }

    pub async fn freeze(&mut self) -> Result<(), Failure> {
        self.command(json!({ "type": "freeze", "reason": "Dagsordenen udsendes" })).await
    }

    pub async fn publish(&mut self) -> Result<(), Failure> {
        self.command(json!({ "type": "publish" })).await
    }

    /// Asks until it is there.
    pub async fn until_there(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let asked = async {
            loop {
                match self.session.bytes(path).await {
                    Ok(bytes) => return bytes,
                    Err(_) => sleep(PAUSE).await,
                }
            }
        };
        Ok(tokio::time::timeout(PATIENCE, asked).await?)
    }

    /// Waits for a checkpoint of more than so many commits: the signed note and its size.
    pub async fn checkpoint_after(&self, size: u64) -> Result<(String, u64), Failure> {
        let asked = async {
            loop {
                let note = String::from_utf8(self.until_there("/log/checkpoint").await?)?;
                let now = note.lines().nth(1).unwrap_or_default().parse()?;
                if now > size {
                    return Ok((note, now));
                }
                sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await?
    }

    /// The receipt of the first edition, with its seal.
    pub async fn receipt(&self) -> Result<Vec<u8>, Failure> {
        self.until_there(&format!("/dagsorden/{}/1/kvittering.json", self.meeting)).await
    }

    /// The public key, as it is published.
    pub async fn key(&self) -> Result<String, Failure> {
        let keys = self.session.get("/dagsorden/noegler").await?;
        Ok(keys[0]["key"].as_str().ok_or("no key")?.to_owned())
    }

    /// Stops the program and writes the log to a file.
    pub fn export(self) -> Result<(TempDir, PathBuf), Failure> {
        let (data, path) = (self.data(), self.desk().join("log.jsonl"));
        self.program.terminate()?;
        let done = run(&client::program_path(), &["export", "--data", text(&data), "--out", text(&path)])?;
        if !done.status.success() {
            return Err(said(&done).into());
        }
        Ok((self.data, path))
    }
}

/// The path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}

/// Runs a program to its end.
pub fn run(program: &Path, arguments: &[&str]) -> Result<Output, Failure> {
    Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{}: {error}; build it first", program.display()).into())
}

/// All that it printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The small verifier, built beside the program: whether all held, and what it said in English.
pub fn verify(key: &str, files: &[&Path]) -> Result<(bool, String), Failure> {
    let mut arguments = vec!["--lang", "en"];
    if !key.is_empty() {
        arguments.extend(["--key", key]);
    }
    arguments.extend(files.iter().map(|file| text(file)));
    let done = run(&client::program_path().with_file_name("dagsorden-verify"), &arguments)?;
    Ok((done.status.success(), said(&done)))
}

// ---- what a forger needs ----

pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub fn unbase64(text: &str) -> Vec<u8> {
    BASE64.decode(text).unwrap_or_default()
}

/// The bytes with the first `old` replaced by `new`, which is as long.
pub fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let Some(at) = bytes.windows(old.len()).position(|window| window == old) else { return bytes.to_vec() };
    let (before, rest) = bytes.split_at(at);
    [before, new, rest.get(old.len()..).unwrap_or_default()].concat()
}
