//! Attachments in an object store: the commands that work without the service find the files where it keeps
//! them, and say so when they cannot.

#![allow(clippy::unwrap_used, reason = "a test")]

use client::{Dice, Program, S3_KEY, S3_SECRET, Session, Settings, program_path, s3_server};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tokio::task::spawn_blocking;

const BUCKET: &str = "bilag";

/// An agenda whose PDF is what is attached.
const ATTACHED: &str = "DAGSORDEN Havneforum d. 03-02-2031\n\nMødedato Mandag d. 3. februar 2031 kl. 08:30\n\n\
                        Mødested Broen\n\nPunkt 1: Eftersyn\n\n00.01.00-A00-1-31\n\nResumé\n\nKajen efterses.\n";

/// What every command is told of the object store.
fn in_bucket(command: &mut Command, endpoint: &str) {
    command.args(["--s3-bucket", BUCKET, "--s3-endpoint", endpoint, "--s3-region", "eu-north-1"]);
    command.env("AWS_ACCESS_KEY_ID", S3_KEY).env("AWS_SECRET_ACCESS_KEY", S3_SECRET);
}

async fn run(more: impl FnOnce(&mut Command) + Send + 'static) -> Output {
    spawn_blocking(move || {
        let mut command = Command::new(program_path());
        more(&mut command);
        command.output().unwrap()
    })
    .await
    .unwrap()
}

/// A PDF that the program made.
async fn some_pdf(folder: &Path) -> Vec<u8> {
    let text = folder.join("agenda.md");
    std::fs::write(&text, ATTACHED).unwrap();
    let made = run(move |command| {
        command.args(["publish", "--format", "pdf", "--import"]).arg(text);
    })
    .await;
    assert!(made.status.success(), "{made:?}");
    made.stdout
}

/// Publishes an agenda with an attachment over HTTP, and gives what is served of it.
async fn publish(address: &str, pdf: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let mut dice = Dice(4);
    let secretary = Session::sign_in(address, "sofie").await.unwrap();
    let meeting = secretary.schedule(&dice.command()).await.unwrap();
    secretary.add_item(&meeting, &dice.command(), "Fyret tændes").await.unwrap().success().unwrap();
    let item = secretary.first_item(&meeting).await.unwrap();
    let place = (meeting.as_str(), item.as_str());
    secretary.upload(place, &dice.command(), "Eftersyn.pdf", pdf).await.unwrap().success().unwrap();
    for command in [json!({"type": "freeze", "reason": "Udsendes"}), json!({"type": "publish"})] {
        secretary.command(&meeting, &dice.command(), command).await.unwrap().success().unwrap();
    }
    let mut served = Vec::new();
    for (format, file) in [("zip", "dagsorden.zip"), ("samlet", "dagsorden-samlet.pdf")] {
        served.push((format, secretary.bytes(&format!("/dagsorden/{meeting}/1/{file}")).await.unwrap()));
    }
    served
}

fn publish_from(data: PathBuf, format: &'static str, endpoint: Option<String>) -> impl FnOnce(&mut Command) {
    move |command| {
        command.args(["publish", "--format", format, "--data"]).arg(data);
        if let Some(endpoint) = endpoint {
            in_bucket(command, &endpoint);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_an_object_store_is_published_and_checked_without_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let (data, objects) = (folder.path().join("data"), folder.path().join("objects"));
    let endpoint = s3_server(&objects, BUCKET).await.unwrap();
    let (pdf, started, place) = (some_pdf(folder.path()).await, data.clone(), endpoint.clone());
    let start = move || Program::start_with(&started, Settings::default(), |c| in_bucket(c, &place)).unwrap();
    let program = spawn_blocking(start).await.unwrap();
    let served = publish(program.address(), pdf).await;
    spawn_blocking(|| program.terminate().unwrap()).await.unwrap();

    for (format, bytes) in served {
        let made = run(publish_from(data.clone(), format, Some(endpoint.clone()))).await;
        assert!(made.status.success(), "{format}: {}", String::from_utf8_lossy(&made.stderr));
        assert!(made.stdout == bytes, "{format} is another than was served");
        let lost = run(publish_from(data.clone(), format, None)).await;
        assert!(!lost.status.success() && lost.stdout.is_empty(), "{format} without its attachment");
        assert!(String::from_utf8_lossy(&lost.stderr).contains("is gone"), "{lost:?}");
    }
    let verify = |bucket: Option<String>| {
        let data = data.clone();
        run(move |command| {
            command.args(["verify", "--files", "--lang", "en", "--data"]).arg(data);
            bucket.iter().for_each(|endpoint| in_bucket(command, endpoint));
        })
    };
    let whole = verify(Some(endpoint.clone())).await;
    assert!(whole.status.success(), "{whole:?}");
    assert!(String::from_utf8_lossy(&whole.stdout).contains("1 attached files are as they were stored"));
    assert!(!verify(None).await.status.success(), "nothing lies in the data folder");
}
