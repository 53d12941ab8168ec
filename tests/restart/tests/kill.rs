//! `kill -9` at random moments under load: what was acknowledged is there, nothing is there
//! twice, and everyone goes on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use client::{Dice, Program, Settings, verify};
use restart::{
    crowd::Crowd,
    record::SharedRecord,
    seed,
    stored::{Stored, copy},
};
use std::path::Path;
use std::time::Duration;

const ROUNDS: u64 = 32;
/// The longest life of a process, in milliseconds.
const LONGEST_LIFE: u64 = 900;
/// In every so many-th round a meeting is frozen.
const FREEZE_EVERY: u64 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_under_load_loses_nothing_acknowledged() {
    let mut dice = Dice(seed("kill -9"));
    let folder = tempfile::tempdir().unwrap();
    let (data, record) = (folder.path().join("data"), SharedRecord::default());
    let first = Program::start(&data, Settings::default()).unwrap();
    let mut crowd = Crowd::gather(first.address(), &record, dice.fork()).await.unwrap();
    let mut program = Some(first);
    for round in 0..ROUNDS {
        let running = program.take().map_or_else(|| Program::start(&data, Settings::default()), Ok).unwrap();
        let working = crowd.work(running.address(), round % FREEZE_EVERY == 0);
        let life = dice.below(LONGEST_LIFE);
        tokio::time::sleep(Duration::from_millis(life)).await;
        running.kill().unwrap();
        crowd = working.stop().await.unwrap();
        let stored = check_copy(&data, &folder.path().join("copy"));
        stored.check_erasures(false).unwrap_or_else(|error| panic!("round {round}: {error}"));
        let summary = record.snapshot().check(&stored).unwrap_or_else(|e| panic!("round {round}: {e}"));
        println!("round {round}: killed after {life} ms; {summary:?}");
    }
    settle(&data, &mut crowd, &record).await;
}

/// The log as the kill left it, looked at without touching it.
fn check_copy(data: &Path, copied: &Path) -> Stored {
    copy(data, copied).unwrap();
    verify(copied).unwrap();
    let stored = Stored::read(copied).unwrap();
    std::fs::remove_dir_all(copied).unwrap();
    stored
}

/// In the end everything that was ever written is there, and everyone has the same.
async fn settle(data: &Path, crowd: &mut Crowd, record: &SharedRecord) {
    let program = Program::start(data, Settings::default()).unwrap();
    crowd.settle(program.address()).await.unwrap();
    assert!(program.terminate().unwrap().success());
    verify(data).unwrap();
    let stored = Stored::read(data).unwrap();
    let summary = record.snapshot().check(&stored).unwrap();
    println!("settled: {summary:?}");
    crowd.agrees_with(&stored).unwrap();
    let erased = stored.check_erasures(true).unwrap();
    println!("{} files, {erased} items erased", stored.files);
    assert!(erased > 0);
    assert!(stored.files > 0 && summary.edits > 0 && summary.commands > 0 && summary.refused > 0);
}
