//! The scenarios, each a few rows of the report.

use crate::floor::Floor;
use crate::load::{Groups, Measured, run};
use crate::process::memory_kib;
use crate::stage::Stage;
use crate::typist::Typist;
use client::Failure;
use std::time::Duration;

/// Changes of a document that was written for long.
const LONG: usize = 20_000;
/// Above this p99, in milliseconds, a rate is too high.
const TOO_SLOW_MS: f64 = 250.0;
const SATURATE_FROM: f64 = 400.0;
const SATURATE_STEPS: u32 = 9;
const COLD_TRIES: usize = 9;

/// Documents, typists at each, and characters a second by each.
#[derive(Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    documents: usize,
    typists: usize,
    rate: f64,
}

pub const COWRITE: Shape = Shape { name: "cowrite", documents: 1, typists: 10, rate: 5.0 };
pub const HOT: Shape = Shape { name: "hot", documents: 1, typists: 50, rate: 1.0 };
pub const MANY: Shape = Shape { name: "many", documents: 200, typists: 5, rate: 1.0 };

pub fn print_head() {
    println!(
        "| scenario | server | p50/p99 ms | edits | CPU ms per 1,000 deliveries | CPU ms per 1,000 edits | frames | bytes | lost |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
}

fn print_row(scenario: &str, server: &str, m: &Measured, lost: u64) {
    println!(
        "| {scenario} | {server} | {:.1}/{:.1} | {} | {:.1} | {:.0} | {} | {} | {lost} |",
        m.percentile(0.5),
        m.percentile(0.99),
        m.edits,
        m.cpu_per_1000_deliveries(),
        m.cpu_per_1000_edits(),
        m.frames,
        m.bytes,
    );
}

/// What did not arrive, and what is not in the log after a kill.
fn count_lost(stage: Stage, measured: &Measured, before: u64) -> Result<u64, Failure> {
    let stored = stage.changes_in_log()?;
    Ok(measured.lost + (measured.edits + before).abs_diff(stored))
}

pub async fn shape(shape: Shape, length: Duration) -> Result<u64, Failure> {
    let mut stage = Stage::open().await?;
    let texts = stage.texts(shape.documents).await?;
    let groups = stage.typists(&texts, shape.typists).await?;
    let (typists, measured) = run(groups, shape.rate, length, stage.program.id()).await?;
    drop(typists);
    let lost = count_lost(stage, &measured, 0)?;
    print_row(shape.name, "dagsorden", &measured, lost);
    floor(shape, length, false).await?;
    floor(shape, length, true).await?;
    Ok(lost)
}

async fn floor(shape: Shape, length: Duration, sync: bool) -> Result<(), Failure> {
    let beside = client::program_path().parent().map(std::path::PathBuf::from).unwrap_or_default();
    let folder = tempfile::tempdir_in(beside)?;
    let file = folder.path().join("floor");
    let floor = Floor::start(sync.then_some(&file))?;
    let mut groups = Groups::new();
    for document in 0..shape.documents {
        let mut group = Vec::new();
        for _ in 0..shape.typists {
            group.push(Typist::floor(&floor.url(document)).await?);
        }
        groups.push(group);
    }
    let (_typists, measured) = run(groups, shape.rate, length, floor.id()).await?;
    let name = if sync { "floor + sync" } else { "floor" };
    print_row(shape.name, name, &measured, measured.lost);
    Ok(())
}

/// Writes in a document of 20,000 changes as in a young one, in the same process.
pub async fn long(length: Duration) -> Result<u64, Failure> {
    let mut stage = Stage::open().await?;
    let texts = stage.texts(2).await?;
    let (Some(young), Some(old)) = (texts.first(), texts.get(1)) else { return Err("no texts".into()) };
    stage.lengthen(old, LONG).await?;
    let measure = async |stage: &mut Stage, text: &crate::stage::Text| {
        let groups = stage.typists(std::slice::from_ref(text), COWRITE.typists).await?;
        // The texts of the newcomers are caught up with before the clock starts.
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok::<_, Failure>(run(groups, COWRITE.rate, length, stage.program.id()).await?.1)
    };
    let (short, aged) = (measure(&mut stage, young).await?, measure(&mut stage, old).await?);
    let all =
        Measured { edits: short.edits + aged.edits, lost: short.lost + aged.lost, ..Measured::default() };
    let written = LONG.div_ceil(200) as u64 * 200;
    let lost = count_lost(stage, &all, written)?;
    print_row("long: young document", "dagsorden", &short, short.lost);
    print_row("long: 20,000 edits", "dagsorden", &aged, lost);
    println!(
        "| long: ratio | dagsorden | | | | {:.2}x (goal 1.2x) | | | |",
        aged.cpu_per_1000_edits() / short.cpu_per_1000_edits()
    );
    Ok(lost)
}

/// Doubles the rate until it is too much.
pub async fn saturate(length: Duration) -> Result<u64, Failure> {
    let mut stage = Stage::open().await?;
    let (mut lost, mut edits, mut highest) = (0, 0, 0.0);
    for step in 0..SATURATE_STEPS {
        let rate = SATURATE_FROM * f64::from(1u32 << step);
        let texts = stage.texts(1).await?;
        let groups = stage.typists(&texts, COWRITE.typists).await?;
        let each = rate / COWRITE.typists as f64;
        let (_, measured) = run(groups, each, length, stage.program.id()).await?;
        (lost, edits) = (lost + measured.lost, edits + measured.edits);
        print_row(&format!("saturate: {rate} edits/s"), "dagsorden", &measured, measured.lost);
        if measured.percentile(0.99) >= TOO_SLOW_MS {
            break;
        }
        highest = measured.edits as f64 / length.as_secs_f64();
    }
    let all = Measured { edits, lost, ..Measured::default() };
    let lost = count_lost(stage, &all, 0)?;
    println!("| saturate: highest | dagsorden | | {highest:.0}/s (goal 20,000/s) | | | | | {lost} |");
    Ok(lost)
}

/// Opens a document of 20,000 changes with nothing at hand.
pub async fn cold() -> Result<u64, Failure> {
    let mut stage = Stage::open().await?;
    let texts = stage.texts(1).await?;
    let text = texts.first().ok_or("no text")?.clone();
    stage.lengthen(&text, LONG).await?;
    let mut tries = Vec::new();
    for _ in 0..COLD_TRIES {
        tries.push(stage.newcomer(&text).await?);
    }
    tries.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (_, warm, bytes) = tries.get(COLD_TRIES / 2).copied().ok_or("no tries")?;
    let mut stage = stage.restart().await?;
    let (with_ticket, socket, _) = stage.newcomer(&text).await?;
    println!(
        "\ncold open of {LONG} edits: warm {warm:.1} ms (goal 2), after restart {with_ticket:.1} ms with the ticket, \
         {socket:.1} ms of it from the socket on (goal 10), {bytes} bytes (goal 35,000)"
    );
    let written = LONG.div_ceil(200) as u64 * 200;
    Ok(stage.changes_in_log()?.abs_diff(written))
}

/// Open sockets at which nothing happens.
pub async fn idle() -> Result<u64, Failure> {
    let mut stage = Stage::open().await?;
    let texts = stage.texts(MANY.documents).await?;
    let before = memory_kib(stage.program.id())?;
    let groups = stage.typists(&texts, MANY.typists).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = memory_kib(stage.program.id())?;
    let sockets = MANY.documents * MANY.typists;
    let each = (after - before.min(after)) as f64 / 1_024.0 * 1_000.0 / sockets as f64;
    println!(
        "\nidle: {sockets} sockets at {} documents: {each:.1} MB per 1,000 sockets (goal 10); {:.0} MB before, {:.0} MB after",
        texts.len(),
        before as f64 / 1_024.0,
        after as f64 / 1_024.0
    );
    drop(groups);
    Ok(0)
}
