//! Makes the log of a stopped service older: everything in it happened so many days earlier, so that what takes
//! years can be seen in a test. What the service signed is left out; it signs anew.
//!
//! `age-log DATA-FOLDER DAYS`

use agenda::{
    event::{Commit, Position, Timestamp},
    id::StreamId,
};
use eventlog::{EventLog, MAX_PAGE, SledLog, keys::TextKeys};
use std::{fs, path::Path};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, data, days] = arguments.as_slice() else { return Err("age-log DATA-FOLDER DAYS".into()) };
    let (data, aged) = (Path::new(data), Path::new(data).join("aged"));
    fs::create_dir_all(aged.join("keys"))?;
    for file in fs::read_dir(data.join("keys"))? {
        let file = file?;
        fs::copy(file.path(), aged.join("keys").join(file.file_name()))?;
    }
    copy(&data.join("log"), &aged.join("log"), days.parse::<i64>()? * DAY_MS).await?;
    for folder in ["log", "item-keys"] {
        fs::remove_dir_all(data.join(folder))?;
        fs::rename(aged.join(folder), data.join(folder))?;
    }
    let checkpoint = data.join("checkpoint.txt");
    if checkpoint.exists() {
        fs::remove_file(checkpoint)?;
    }
    Ok(fs::remove_dir_all(aged)?)
}

async fn copy(from: &Path, to: &Path, earlier: i64) -> Outcome {
    let old = SledLog::open(from, TextKeys::beside(from)?)?;
    let new = SledLog::open(to, TextKeys::beside(to)?)?;
    let mut next = Position(1);
    loop {
        let page = old.scan(next, MAX_PAGE).await?;
        let Some(last) = page.last() else { break };
        next = Position(last.position.0 + 1);
        for recorded in page.iter().filter(|recorded| recorded.commit.stream != StreamId::Seals) {
            let at = Timestamp(recorded.commit.at.0 - earlier);
            new.append(Commit { at, ..recorded.commit.clone() }).await?;
        }
    }
    old.shutdown().await?;
    Ok(new.shutdown().await?)
}
