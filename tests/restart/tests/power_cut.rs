//! The power goes while the whole program runs on a disk with a volatile cache: on the disk
//! that is left the log is whole, every acknowledged edit and command is in it, and the
//! program starts and serves it; what was erased stays so, and nothing else is unreadable.

#![allow(clippy::unwrap_used, reason = "a test")]

use client::{Dice, Editor, Failure, Pen, Program, Session, Settings, verify};
use powercut::{CutImage, Rig, disk::Mode};
use restart::{
    crowd::Crowd,
    record::{Record, SharedRecord, Summary},
    seed,
    stored::Stored,
};
use std::time::Duration;

const DISKS: u64 = 4;
const CUTS: u64 = 6;
const MODES: [Mode; 4] = [Mode::Strict, Mode::Random, Mode::AtFlush, Mode::All];
/// Between two cuts, in milliseconds.
const LONGEST_PAUSE: u64 = 500;

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_under_load_loses_nothing_acknowledged() {
    let mut dice = Dice(seed("power cut"));
    let mut edits = 0;
    for disk in 0..DISKS {
        let mut rig = match Rig::new(dice.throw()) {
            Ok(rig) => rig,
            Err(skip) => return skip.announce(),
        };
        for (mode, image, record, documents) in cut_under_load(&mut rig, &mut dice).await {
            let (lost, unsynced) = (image.lost, image.unsynced);
            let summary = check(&image, &record, &documents).await;
            println!("disk {disk} {mode:?}: {lost} of {unsynced} unsynced blocks lost: {summary:?}");
            edits += summary.unwrap().edits;
        }
    }
    println!("{} power cuts, {edits} acknowledged edits looked for", DISKS * CUTS);
    assert!(edits > 0, "nothing was acknowledged before any cut");
}

type Cut = (Mode, CutImage, Record, Vec<String>);

async fn cut_under_load(rig: &mut Rig, dice: &mut Dice) -> Vec<Cut> {
    let data = rig.mount_path().join("data");
    let program = Program::start(&data, Settings::default()).unwrap();
    let record = SharedRecord::default();
    let crowd = Crowd::gather(program.address(), &record, dice.fork()).await.unwrap();
    let documents = crowd.documents();
    let working = crowd.work(program.address(), true);
    let mut cuts = Vec::new();
    for cut in 0..CUTS {
        tokio::time::sleep(Duration::from_millis(dice.below(LONGEST_PAUSE))).await;
        let mode = MODES[((cut + dice.below(2)) % MODES.len() as u64) as usize];
        // Taken before the cut: all of it was acknowledged while there was power.
        let acknowledged = record.snapshot();
        cuts.push((mode, rig.cut(mode).unwrap(), acknowledged, documents.clone()));
    }
    program.kill().unwrap();
    working.stop().await.unwrap();
    // Between the snapshot and the cut more was written, which may be on the disk.
    let written = record.snapshot();
    cuts.iter_mut().for_each(|(_, _, acknowledged, _)| acknowledged.also_written(&written));
    cuts
}

async fn check(image: &CutImage, record: &Record, documents: &[String]) -> Result<Summary, Failure> {
    let data = image.mount()?.join("data");
    verify(&data)?;
    let stored = Stored::read(&data)?;
    let summary = record.check(&stored)?;
    stored.check_erasures(false)?;
    let program = Program::start(&data, Settings::default())?;
    let session = Session::sign_in(program.address(), "per").await?;
    for document in documents {
        let mut pen = Pen::new(document, "resume", [9; 16]);
        Editor::open(&session, &mut pen).await?.close().await;
        if pen.known() != stored.count(document) {
            return Err(format!("{} of {} changes are served", pen.known(), stored.count(document)).into());
        }
    }
    program.kill()?;
    let erased = Stored::read(&data)?.check_erasures(true)?;
    if erased < stored.erased.len() {
        return Err(format!("{erased} of {} erasures are in the log", stored.erased.len()).into());
    }
    Ok(summary)
}
