//! What the proofs cost: a million commits checked by the small verifier, an inclusion proof out of a tree of
//! as many, and the share of hashes, tree and encryption in an append.

use crate::served;
use agenda::{
    event::{ChangesRecorded, Commit, Timestamp},
    id::{Bytes, CommandId, DocumentId, MeetingId, SessionId, StreamId, UserId},
};
use client::{Dice, Failure, program_path};
use eventlog::{EventLog, SledLog, codec, keys::TextKeys};
use futures::future::try_join_all;
use proof::{
    chain,
    hash::Hash,
    log::{self, Writer},
    tree::Tree,
};
use std::{
    collections::HashMap,
    fs::File,
    hint::black_box,
    io::{BufWriter, Write},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const COMMITS: u64 = 1_000_000;
/// Appends that are timed, so many at once.
const APPENDS: u64 = 50_000;
pub const AT_ONCE: u64 = 256;
/// How often both kinds of log take them, by turns.
const ROUNDS: u32 = 3;
const MEETINGS: u64 = 100;
/// One edit as a browser sends it, in bytes.
const CHANGE: usize = 120;
const PROOFS: u64 = 10_000;

/// Prints a table; loses nothing.
pub async fn proof() -> Result<u64, Failure> {
    println!(
        "\nproof: goals: verify {COMMITS} commits 10 s; inclusion proof 1 ms; hashes, tree and encryption under 10 % of an append"
    );
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("log.jsonl");
    let tree = write(&path)?;
    let verifier = program_path().with_file_name("dagsorden-verify");
    let started = Instant::now();
    let done = Command::new(&verifier).arg(&path).output()?;
    let took = started.elapsed();
    if !done.status.success() {
        return Err(format!("{}: {}", verifier.display(), String::from_utf8_lossy(&done.stdout)).into());
    }
    let size = path.metadata()?.len() >> 20;
    println!("  verify    {COMMITS} commits, {size} MiB: {:.2} s", took.as_secs_f64());
    prove(&tree)?;
    share(folder.path()).await?;
    served::receipts().await?;
    Ok(0)
}

/// The `n`th commit, counted from 0.
pub fn commit(n: u64, bytes: Vec<u8>) -> Result<Commit, Failure> {
    let meeting = (n % MEETINGS) as u8;
    let document = DocumentId::from_bytes([meeting; 16]);
    Ok(Commit {
        stream: StreamId::Meeting(MeetingId::from_bytes([meeting; 16])),
        sequence: n / MEETINGS + 1,
        at: Timestamp(1_750_000_000_000 + n as i64),
        by: UserId::new("anne")?,
        session: SessionId::from_bytes([1; 16]),
        command: CommandId::from_bytes(u128::from(n).to_be_bytes()),
        events: vec![ChangesRecorded { document, changes: vec![Bytes(bytes)], source: None }.into()],
    })
}

pub fn change(dice: &mut Dice) -> Vec<u8> {
    (0..CHANGE / 8).flat_map(|_| dice.throw().to_be_bytes()).collect()
}

fn write(path: &Path) -> Result<Tree, Failure> {
    let (mut out, mut writer) = (BufWriter::new(File::create(path)?), Writer::default());
    let (mut tree, mut last, mut dice) = (Tree::default(), HashMap::<u64, Hash>::new(), Dice(7));
    let keys = TextKeys::in_memory();
    writeln!(out, "{}", log::header())?;
    for n in 0..COMMITS {
        let previous = last.get(&(n % MEETINGS)).copied().unwrap_or(chain::ORIGIN);
        let bytes = codec::encode(&commit(n, change(&mut dice))?, &previous, &keys)?;
        let leaf = chain::leaf(&bytes);
        last.insert(n % MEETINGS, leaf);
        tree.push(leaf);
        writeln!(out, "{}", writer.line(&bytes))?;
    }
    out.flush()?;
    Ok(tree)
}

fn prove(tree: &Tree) -> Result<(), Failure> {
    let (mut dice, mut times) = (Dice(3), Vec::new());
    for _ in 0..PROOFS {
        let position = dice.below(COMMITS) + 1;
        let started = Instant::now();
        black_box(
            tree.inclusion(position, COMMITS - dice.below(9)).or_else(|| tree.inclusion(position, COMMITS)),
        );
        times.push(started.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default().as_micros();
    println!("  inclusion of {COMMITS}: p50 {} us, p99 {} us", at(50), at(99));
    Ok(())
}

/// What hashes, tree and encryption add to making the stored bytes of the same commits, beside their appends; and
/// appends with and without encryption, by turns.
async fn share(folder: &Path) -> Result<(), Failure> {
    let mut dice = Dice(9);
    let commits = (0..APPENDS).map(|n| commit(n, change(&mut dice))).collect::<Result<Vec<_>, _>>()?;
    let started = Instant::now();
    for commit in &commits {
        black_box(codec::encode(commit, &chain::ORIGIN, &TextKeys::plain())?);
    }
    let bare = started.elapsed();
    let (mut tree, mut running, keys) = (Tree::default(), chain::ORIGIN, TextKeys::in_memory());
    let started = Instant::now();
    for commit in &commits {
        let leaf = chain::leaf(&codec::encode(commit, &chain::ORIGIN, &keys)?);
        running = chain::link(&running, &leaf);
        tree.push(leaf);
    }
    let whole = started.elapsed();
    black_box((tree, running));
    let (mut encrypted, mut plain) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let place = folder.join(format!("{round}"));
        encrypted += appends(&place.join("encrypted/log"), true, &commits).await?;
        plain += appends(&place.join("plain/log"), false, &commits).await?;
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / APPENDS as f64;
    let (encrypted, plain) = (each(encrypted) / f64::from(ROUNDS), each(plain) / f64::from(ROUNDS));
    let added = each(whole) - each(bare);
    println!(
        "  append    {encrypted:.1} us each, {AT_ONCE} at once; without encryption {plain:.1} us, by turns\n  \
           hashes, tree and encryption {added:.2} us: {:.1} %",
        100.0 * added / encrypted
    );
    Ok(())
}

async fn appends(place: &Path, encrypted: bool, commits: &[Commit]) -> Result<Duration, Failure> {
    let keys = if encrypted { TextKeys::beside(place)? } else { TextKeys::plain() };
    let log = SledLog::open(place, keys)?;
    let started = Instant::now();
    for some in commits.chunks(AT_ONCE as usize) {
        try_join_all(some.iter().map(|commit| log.append(commit.clone()))).await?;
    }
    let took = started.elapsed();
    log.shutdown().await?;
    Ok(took)
}
