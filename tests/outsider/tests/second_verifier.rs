//! A second verifier, in another language and written from `docs/verification.md`, on the test vectors and on
//! what the real program gave: a mistake that our program and our verifier share would show here.

#![allow(clippy::unwrap_used, reason = "a test")]

use formats::tool;
use outsider::{Town, run, said, text};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn check(python: &Path, key: &str, files: &[PathBuf]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("second_verifier.py");
    let files: Vec<&str> = files.iter().map(|file| text(file)).collect();
    let done = run(python, &[&[text(&script), key][..], &files].concat()).unwrap();
    (done.status.success(), said(&done))
}

#[test]
fn the_test_vectors() {
    let Some(python) = tool("python") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/vectors");
    let key = fs::read_to_string(folder.join("key.txt")).unwrap();
    let check = |names: &[&str]| {
        let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        check(&python, key.trim(), &files)
    };
    let all = ["log.jsonl", "checkpoint-4.txt", "checkpoint-6.txt", "receipt.json", "dagsorden.md"];
    let (good, told) = check(&all);
    assert!(good && told.contains("dagsorden.md unchanged"), "{told}");
    assert_eq!(check(&["log-changed.jsonl"]), (false, "does not hold: position 2\n".to_owned()));
    assert!(check(&["log-cut.jsonl", "checkpoint-4.txt"]).0);
    assert!(!check(&["log-cut.jsonl", "checkpoint-6.txt"]).0);
    assert!(!check(&["dagsorden.md"]).0);
    let witness = fs::read_to_string(folder.join("witness.txt")).unwrap();
    let witnessed = |name: &str| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("second_verifier.py");
        let file = folder.join(name);
        let arguments = [text(&script), "--witness", witness.trim(), key.trim(), text(&file)];
        let done = run(&python, &arguments).unwrap();
        (done.status.success(), said(&done))
    };
    let (good, told) = witnessed("checkpoint-6-witnessed.txt");
    assert!(good && told.contains("witnessed at 1750000600"), "{told}");
    assert!(!witnessed("checkpoint-6.txt").0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_real_program_gave() {
    let Some(python) = tool("python") else { return };
    let mut town = Town::start().await.unwrap();
    town.work(300).await.unwrap();
    town.freeze().await.unwrap();
    town.publish().await.unwrap();
    let pdf = town.until_there(&format!("/dagsorden/{}/1/dagsorden.pdf", town.meeting)).await.unwrap();
    let (note, receipt) = (town.checkpoint_after(300).await.unwrap().0, town.receipt().await.unwrap());
    let key = town.key().await.unwrap();
    let files = ["checkpoint.txt", "kvittering.json", "dagsorden.pdf"].map(|name| town.desk().join(name));
    for (file, bytes) in files.iter().zip([note.as_bytes(), &receipt, &pdf]) {
        fs::write(file, bytes).unwrap();
    }
    let (_folder, log) = town.export().unwrap();
    let (good, told) = check(&python, &key, &[&files[..], &[log]].concat());
    assert!(good && told.contains("dagsorden.pdf unchanged"), "{told}");
    let (good, told) = check(&python, &key.replace("dagsorden+", "andre+"), &files[1..2]);
    assert!(!good, "{told}");
}
