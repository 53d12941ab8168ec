//! Appends to an event log until it is killed, and tells on standard output what was
//! acknowledged, one line each: stream number, sequence, position, hash.
//!
//! Usage: `writer DIRECTORY SEED`

use eventlog::{Appended, EventLog, SledLog, keys::TextKeys};
use futures::stream::{self, StreamExt, TryStreamExt};
use powercut::workload;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (directory, seed) = arguments.next().zip(arguments.next()).ok_or("usage: writer DIRECTORY SEED")?;
    let seed: u64 = seed.parse()?;
    let directory = Path::new(&directory);
    let log = Arc::new(SledLog::open(directory, TextKeys::beside(directory)?)?);
    let writers = (0..workload::STREAMS).map(|number| tokio::spawn(write(log.clone(), seed, number)));
    for writer in futures::future::join_all(writers).await {
        writer??;
    }
    Ok(())
}

/// Several commits are in flight at any time, and are acknowledged in order.
async fn write(log: Arc<SledLog>, seed: u64, number: u8) -> Result<(), Failure> {
    let calls = stream::iter(1..).map(|sequence| {
        let commit = workload::commit(seed, number, sequence);
        let append = commit.map(|commit| log.append(commit));
        async move { Ok::<_, Failure>(append?.await?) }
    });
    let answers = calls.buffered(workload::IN_FLIGHT);
    answers.try_for_each(|appended| async move { report(number, appended) }).await
}

fn report(number: u8, appended: Appended) -> Result<(), Failure> {
    let line = format!("{number} {} {} {}\n", appended.sequence, appended.position, appended.hash);
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    Ok(out.flush()?)
}
