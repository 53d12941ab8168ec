//! The mirror in an object store: written as the log grows, restored from what was fetched of it, and never
//! continued over another history.

#![allow(clippy::unwrap_used, reason = "a test")]

use client::{Dice, Program, S3_KEY, S3_SECRET, Session, Settings, program_path, s3_server};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant},
};
use tokio::{task::spawn_blocking, time::sleep};

const BUCKET: &str = "spejl";
/// Longest wait for the mirror.
const PATIENCE: Duration = Duration::from_secs(60);

async fn start(data: &Path, endpoint: &str) -> Program {
    let (data, endpoint) = (data.to_owned(), endpoint.to_owned());
    let mirrored = move |command: &mut Command| {
        command.args(["--mirror-s3-bucket", BUCKET, "--mirror-s3-endpoint", &endpoint]);
        command.args(["--mirror-s3-region", "eu-north-1"]);
        command.env("DAGSORDEN_MIRROR_S3_ACCESS_KEY_ID", S3_KEY);
        command.env("DAGSORDEN_MIRROR_S3_SECRET_ACCESS_KEY", S3_SECRET);
    };
    spawn_blocking(move || Program::start_with(&data, Settings::default(), mirrored).unwrap()).await.unwrap()
}

async fn end(program: Program) {
    spawn_blocking(|| program.terminate().unwrap()).await.unwrap();
}

/// An item with a file, frozen and published.
async fn publish(address: &str, dice: &mut Dice, file: &[u8]) {
    let secretary = Session::sign_in(address, "sofie").await.unwrap();
    let meeting = secretary.schedule(&dice.command()).await.unwrap();
    secretary.add_item(&meeting, &dice.command(), "Fyret tændes").await.unwrap().success().unwrap();
    let item = secretary.first_item(&meeting).await.unwrap();
    let place = (meeting.as_str(), item.as_str());
    secretary.upload(place, &dice.command(), "Kort.txt", file.to_vec()).await.unwrap().success().unwrap();
    for command in [json!({"type": "freeze", "reason": "Udsendes"}), json!({"type": "publish"})] {
        secretary.command(&meeting, &dice.command(), command).await.unwrap().success().unwrap();
    }
}

/// Names and lengths of the objects in a folder of the bucket, sorted.
fn objects(bucket: &Path, folder: &str) -> Vec<(String, u64)> {
    let Ok(entries) = fs::read_dir(bucket.join(folder)) else { return Vec::new() };
    let named = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), entry.metadata().unwrap().len())
    };
    let mut all: Vec<_> = entries.map(|entry| named(entry.unwrap())).collect();
    all.sort();
    all
}

/// The last commit of a segment, by its name.
fn last(name: &str) -> u64 {
    name.trim_end_matches(".jsonl").split('-').nth(1).unwrap().parse().unwrap()
}

/// The last commit that the bucket holds.
fn held(bucket: &Path) -> u64 {
    objects(bucket, "log").pop().map_or(0, |(name, _)| last(&name))
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "never came true: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn dagsorden(arguments: &[&str]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    spawn_blocking(move || Command::new(program_path()).args(arguments).output().unwrap()).await.unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_in_a_bucket_is_continued_restored_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (data, bucket, mut dice) = (at("data"), at("objects").join(BUCKET), Dice(6));
    let endpoint = s3_server(&at("objects"), BUCKET).await.unwrap();

    let program = start(&data, &endpoint).await;
    publish(program.address(), &mut dice, b"Et kort\n").await;
    until("a checkpoint is there", || !objects(&bucket, "checkpoints").is_empty()).await;
    end(program).await;
    let first = (held(&bucket), objects(&bucket, "log"));
    assert_eq!(objects(&bucket, "files").len(), 1, "the attachment lies on one shelf");
    assert_eq!(objects(&bucket, "keys").len(), 1);

    let program = start(&data, &endpoint).await;
    publish(program.address(), &mut dice, b"Et nyere kort\n").await;
    until("it goes on", || held(&bucket) > first.0 && objects(&bucket, "checkpoints").len() > 1).await;
    end(program).await;
    let after = objects(&bucket, "log");
    assert_eq!(after[..first.1.len()], first.1, "what was there is as it was");

    // What was fetched of it makes a data folder with the same log and files.
    let restored = at("restored");
    let done = dagsorden(&[
        "restore",
        "--from",
        text(&bucket),
        "--keys",
        text(&data),
        "--data",
        text(&restored),
        "--lang",
        "en",
    ])
    .await;
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && told.contains("The log is that of the checkpoints"), "{done:?}");
    let whole = dagsorden(&["verify", "--files", "--data", text(&restored)]).await;
    assert!(whole.status.success(), "{whole:?}");
    let joined: Vec<u8> =
        after.iter().flat_map(|(name, _)| fs::read(bucket.join("log").join(name)).unwrap()).collect();
    let export = at("export.jsonl");
    assert!(dagsorden(&["export", "--data", text(&restored), "--out", text(&export)]).await.status.success());
    assert!(fs::read(&export).unwrap() == joined, "joined, the segments are the log file");

    // Without its end it is not the log of its newest checkpoint.
    let cut = at("cut");
    copy(&bucket, &cut);
    let newest = objects(&bucket, "checkpoints").pop().unwrap().0;
    let size: u64 = newest.split('-').next().unwrap().parse().unwrap();
    for (name, _) in after.iter().filter(|(name, _)| last(name) >= size) {
        fs::remove_file(cut.join("log").join(name)).unwrap();
    }
    let done = dagsorden(&[
        "restore",
        "--from",
        text(&cut),
        "--keys",
        text(&data),
        "--data",
        text(&at("lost")),
        "--lang",
        "en",
    ])
    .await;
    assert!(
        !done.status.success()
            && String::from_utf8_lossy(&done.stderr).contains("counts more commits than the log has"),
        "{done:?}"
    );

    // Another history gets nothing.
    let other = start(&at("other"), &endpoint).await;
    publish(other.address(), &mut dice, b"Et kort\n").await;
    sleep(Duration::from_secs(2)).await;
    end(other).await;
    assert_eq!(objects(&bucket, "log"), after);
}

fn copy(from: &Path, to: &PathBuf) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, place) = (entry.as_ref().unwrap().path(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.is_dir() {
            copy(&entry, &place);
        } else {
            fs::copy(&entry, &place).unwrap();
        }
    }
}
