//! One byte of the stored log is changed: `dagsorden verify` says where, or the log still
//! says exactly what it said. A change inside a stored text is always found.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use client::{Dice, Program, Settings, verify};
use restart::{
    crowd::Crowd,
    record::SharedRecord,
    seed,
    stored::{commits, copy},
};
use std::path::Path;
use std::time::Duration;

const FLIPS: usize = 24;
/// In the place of a meeting that the secretary changes; stored as it is.
const TEXT: &[u8] = "Mødelokale ".as_bytes();
const TEXTS: usize = 8;

/// What `verify` and the commits said.
enum Outcome {
    Found(String),
    Unchanged,
    Silent,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found_or_changes_nothing() {
    let mut dice = Dice(seed("flipped byte"));
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fill(&data, dice.fork()).await;
    let (db, sound) = (std::fs::read(data.join("log/db")).unwrap(), commits(&data).unwrap());
    let flip = |at: usize, mask: u8| flipped(&data, &folder.path().join("copy"), at, mask, &sound);
    let mut found = 0;
    for _ in 0..FLIPS {
        let (at, mask) = (dice.below(db.len() as u64) as usize, 1 << dice.below(8));
        match flip(at, mask) {
            Outcome::Found(what) => {
                found += 1;
                println!("byte {at} ^ {mask:#04x}: {what}");
                let complaint = what.lines().find(|line| line.starts_with("dagsorden:")).unwrap_or_default();
                let names_a_place =
                    ["offset", "commit", "HEAD", "index"].iter().any(|word| complaint.contains(word));
                assert!(names_a_place, "it does not say where: {what}");
            }
            Outcome::Unchanged => println!("byte {at} ^ {mask:#04x}: in no commit"),
            Outcome::Silent => panic!("byte {at} ^ {mask:#04x}: the log says something else, unnoticed"),
        }
    }
    println!("{found} of {FLIPS} random flips found, {} bytes, {} commits", db.len(), sound.len());
    for text in choose_texts(&db, &mut dice) {
        let places = find_all(&db, &text);
        // The store keeps old copies of its pages in the file: one of the places is in use.
        let outcomes = places.iter().map(|at| flip(at + TEXT.len(), 1));
        let found = outcomes.filter(|outcome| matches!(outcome, Outcome::Found(_))).count();
        println!("{:?}: {found} of {} copies found", String::from_utf8_lossy(&text), places.len());
        assert!(found > 0, "a stored text was changed and nobody noticed");
    }
}

/// A data folder as a day's work leaves it.
async fn fill(data: &Path, dice: Dice) {
    let program = Program::start(data, Settings::default()).unwrap();
    let crowd = Crowd::gather(program.address(), &SharedRecord::default(), dice).await.unwrap();
    let working = crowd.work(program.address(), true);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(tokio::task::spawn_blocking(|| program.terminate().unwrap()).await.unwrap().success());
    working.stop().await.unwrap();
    verify(data).unwrap();
}

fn flipped(data: &Path, copied: &Path, at: usize, mask: u8, sound: &[agenda::event::Recorded]) -> Outcome {
    copy(data, copied).unwrap();
    let path = copied.join("log/db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[at] ^= mask;
    std::fs::write(&path, bytes).unwrap();
    let outcome = match verify(copied) {
        Err(what) => Outcome::Found(what),
        Ok(_) if commits(copied).as_deref() == Ok(sound) => Outcome::Unchanged,
        Ok(_) => Outcome::Silent,
    };
    std::fs::remove_dir_all(copied).unwrap();
    outcome
}

/// Some of the texts in the file, each with its number.
fn choose_texts(db: &[u8], dice: &mut Dice) -> Vec<Vec<u8>> {
    let places = find_all(db, TEXT);
    let texts = (0..TEXTS).map(|_| places[dice.below(places.len() as u64) as usize]);
    texts.map(|at| db[at..at + TEXT.len() + 6].to_vec()).collect()
}

fn find_all(bytes: &[u8], text: &[u8]) -> Vec<usize> {
    bytes.windows(text.len()).enumerate().filter(|(_, window)| *window == text).map(|(at, _)| at).collect()
}
