//! What a backup costs while the service runs: the first one of a long log, what came since, and one when nothing
//! came.

use crate::proof::{AT_ONCE, change, commit};
use client::{Dice, Failure, Program, Settings, program_path};
use eventlog::{EventLog, SledLog, keys::TextKeys};
use futures::future::try_join_all;
use std::{
    ops::Range,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const COMMITS: u64 = 200_000;
/// What came in between two backups.
const NEW: u64 = 2_000;

/// Prints a table; loses nothing.
pub async fn backup() -> Result<u64, Failure> {
    println!("\nbackup: of a running service, into a folder on the same disk");
    let folder = tempfile::tempdir()?;
    let (data, to) = (folder.path().join("data"), folder.path().join("backup"));
    fill(&data, 0..COMMITS).await?;
    measure("first", &data, &to)?;
    fill(&data, COMMITS..COMMITS + NEW).await?;
    measure("increment", &data, &to)?;
    measure("nothing new", &data, &to)?;
    Ok(0)
}

pub async fn fill(data: &Path, numbers: Range<u64>) -> Result<(), Failure> {
    let log = SledLog::open(&data.join("log"), TextKeys::beside(&data.join("log"))?)?;
    let (mut dice, mut rest) = (Dice(numbers.start), numbers);
    loop {
        let some = rest.by_ref().take(usize::try_from(AT_ONCE)?);
        let some = some.map(|n| Ok(log.append(commit(n, change(&mut dice))?)));
        let some = some.collect::<Result<Vec<_>, Failure>>()?;
        if some.is_empty() {
            break;
        }
        try_join_all(some).await?;
    }
    Ok(log.shutdown().await?)
}

fn measure(what: &str, data: &Path, to: &Path) -> Result<(), Failure> {
    let log = to.join("log.jsonl");
    let length = || log.metadata().map_or(0, |metadata| metadata.len());
    let program = Program::start(data, Settings::default())?;
    let (before, started) = (length(), Instant::now());
    let mut command = Command::new(program_path());
    command.arg("backup").arg("--data").arg(data).arg("--to").arg(to);
    let done = command.args(["--server", &format!("http://{}", program.address())]).output()?;
    let took = started.elapsed();
    program.terminate()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    row(what, length() - before, took);
    Ok(())
}

fn row(what: &str, bytes: u64, took: Duration) {
    let (mib, seconds) = (bytes as f64 / f64::from(1 << 20), took.as_secs_f64());
    println!("  {what:12} {mib:7.1} MiB in {seconds:5.2} s: {:5.1} MiB/s", mib / seconds);
}
