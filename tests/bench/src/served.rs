//! What a proof costs over HTTP: the receipt of an edition out of a long log, which proves three commits.

use crate::backup::fill;
use client::{Dice, Failure, Program, Session, Settings};
use serde_json::json;
use std::time::{Duration, Instant};

const COMMITS: u64 = 1_000_000;
const TRIES: usize = 2_000;
/// An edition is sealed within moments of its publication; longest wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Prints a row of the table of proofs.
pub async fn receipts() -> Result<(), Failure> {
    // Beside the build, because /tmp may be memory.
    let folder = tempfile::tempdir_in(client::program_path().parent().ok_or("no folder")?)?;
    fill(folder.path(), 0..COMMITS).await?;
    let started = Instant::now();
    let program = Program::start(folder.path(), Settings::default())?;
    println!("  start over {COMMITS} commits: {:.1} s", started.elapsed().as_secs_f64());
    let session = Session::sign_in(program.address(), "sofie").await?;
    let path = publish(&session).await?;
    let mut times = Vec::new();
    for _ in 0..TRIES {
        times.push(session.timed(&path).await?.0);
    }
    times.sort();
    let at = |share: usize| times.get(TRIES * share / 100).copied().unwrap_or_default().as_micros();
    println!(
        "  receipt over HTTP, 3 inclusion proofs: p50 {} us, p95 {} us, p99 {} us",
        at(50),
        at(95),
        at(99)
    );
    program.terminate()?;
    Ok(())
}

/// The path of a published edition's receipt, once it is there.
async fn publish(session: &Session) -> Result<String, Failure> {
    let mut dice = Dice(5);
    let meeting = session.schedule(&dice.command()).await?;
    session.add_item(&meeting, &dice.command(), "Punkt").await?.success()?;
    for command in [json!({ "type": "freeze", "reason": "Klar" }), json!({ "type": "publish" })] {
        session.command(&meeting, &dice.command(), command).await?.success()?;
    }
    let path = format!("/dagsorden/{meeting}/1/kvittering.json");
    let started = Instant::now();
    while let Err(why) = session.timed(&path).await {
        if started.elapsed() > PATIENCE {
            return Err(format!("no receipt: {why}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(path)
}
