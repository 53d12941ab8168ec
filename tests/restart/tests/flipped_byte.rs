//! One byte of a stopped service's log is changed, anywhere in the file: `dagsorden verify`
//! says where, and exits non-zero.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use client::{Dice, Program, Settings, verify};
use restart::{crowd::Crowd, record::SharedRecord, seed, stored::copy};
use std::path::Path;
use std::time::Duration;

const FLIPS: usize = 24;
/// In the place of a meeting that the secretary changes; stored as it is.
const TEXT: &[u8] = "Mødelokale ".as_bytes();
const TEXTS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn any_flipped_byte_of_a_stopped_log_is_found() {
    let mut dice = Dice(seed("flipped byte"));
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fill(&data, dice.fork()).await;
    let db = std::fs::read(data.join("log/db")).unwrap();
    let copied = folder.path().join("copy");
    for _ in 0..FLIPS {
        let (at, mask) = (dice.below(db.len() as u64) as usize, 1 << dice.below(8));
        let what = complaint(&data, &copied, at, mask);
        println!("byte {at} ^ {mask:#04x}: {what}");
        let names_a_place = ["byte", "commit", "HEAD", "index"].iter().any(|word| what.contains(word));
        assert!(names_a_place, "it does not say where: {what}");
    }
    for text in choose_texts(&db, &mut dice) {
        // The store keeps old copies of its pages in the file; a change of any of them is found.
        let places = find_all(&db, &text);
        for at in &places {
            complaint(&data, &copied, at + TEXT.len(), 1);
        }
        println!("{:?}: all {} copies found", String::from_utf8_lossy(&text), places.len());
    }
}

async fn fill(data: &Path, dice: Dice) {
    let program = Program::start(data, Settings::default()).unwrap();
    let crowd = Crowd::gather(program.address(), &SharedRecord::default(), dice).await.unwrap();
    let working = crowd.work(program.address(), true);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(tokio::task::spawn_blocking(|| program.terminate().unwrap()).await.unwrap().success());
    working.stop().await.unwrap();
    verify(data).unwrap();
}

/// What `dagsorden verify` says of a copy with one byte changed.
fn complaint(data: &Path, copied: &Path, at: usize, mask: u8) -> String {
    copy(data, copied).unwrap();
    let path = copied.join("log/db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[at] ^= mask;
    std::fs::write(&path, bytes).unwrap();
    let said = verify(copied).expect_err(&format!("byte {at} ^ {mask:#04x} was changed, unnoticed"));
    std::fs::remove_dir_all(copied).unwrap();
    said.lines().find(|line| line.starts_with("dagsorden:")).unwrap_or_default().to_owned()
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
