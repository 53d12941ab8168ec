//! SIGTERM under load: the program ends by itself with exit code 0, and nothing that it
//! acknowledged is lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use client::{Dice, Program, Settings, verify};
use restart::{crowd::Crowd, record::SharedRecord, seed, stored::Stored};
use std::time::Duration;

const ROUNDS: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_loses_nothing_acknowledged() {
    let mut dice = Dice(seed("SIGTERM"));
    let folder = tempfile::tempdir().unwrap();
    let (data, record) = (folder.path().join("data"), SharedRecord::default());
    let mut crowd = None;
    for round in 0..ROUNDS {
        let program = Program::start(&data, Settings::default()).unwrap();
        let present = match crowd.take() {
            Some(crowd) => crowd,
            None => Crowd::gather(program.address(), &record, dice.fork()).await.unwrap(),
        };
        let working = present.work(program.address(), round % 2 == 0);
        tokio::time::sleep(Duration::from_millis(200 + dice.below(600))).await;
        // It may not hold up the clients' tasks, which have to read while it goes down.
        let ended = tokio::task::spawn_blocking(|| program.terminate().unwrap()).await.unwrap();
        assert_eq!(ended.code(), Some(0), "round {round}");
        crowd = Some(working.stop().await.unwrap());
        verify(&data).unwrap();
        let summary = record.snapshot().check(&Stored::read(&data).unwrap()).unwrap();
        println!("round {round}: {summary:?}");
        assert!(summary.edits > 0 && summary.commands > 0);
    }
}
