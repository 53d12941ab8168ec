//! Typists at fixed rates, and what they saw.

use crate::process::cpu_ms;
use crate::typist::Typist;
use client::{Dice, Failure};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

/// A typist sends at most so often; faster ones send several characters at a time.
const MOST_SENDS_PER_SECOND: f64 = 100.0;
/// What has not come by then is counted as lost.
const DRAIN: Duration = Duration::from_secs(20);

/// Typists by document, each document a group.
pub type Groups = Vec<Vec<Typist>>;

#[derive(Debug, Default, Clone)]
pub struct Measured {
    pub edits: u64,
    pub deliveries: u64,
    /// Deliveries that never came, and edits never acknowledged.
    pub lost: u64,
    /// All latencies in microseconds, ascending.
    pub latencies: Vec<i64>,
    pub frames: u64,
    pub bytes: u64,
    pub cpu_ms: u64,
    pub seconds: f64,
}

impl Measured {
    /// A percentile of the latency, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1) as f64;
        self.latencies
            .get((last * share).round() as usize)
            .map_or(f64::NAN, |micros| *micros as f64 / 1_000.0)
    }

    pub fn cpu_per_1000_deliveries(&self) -> f64 {
        self.cpu_ms as f64 * 1_000.0 / self.deliveries as f64
    }

    pub fn cpu_per_1000_edits(&self) -> f64 {
        self.cpu_ms as f64 * 1_000.0 / self.edits as f64
    }
}

/// What the typists of one document share.
#[derive(Default)]
struct Shared {
    written: AtomicU64,
    writing: AtomicU64,
    given_up: AtomicBool,
}

#[derive(Default)]
struct Seen {
    latencies: Vec<i64>,
    own: u64,
    frames: u64,
    bytes: u64,
    missing: u64,
}

/// Lets everyone type for so long at `rate` characters a second each, and waits until
/// everything has come to everybody. The typists come back.
pub async fn run(
    groups: Groups,
    rate: f64,
    length: Duration,
    server: u32,
) -> Result<(Groups, Measured), Failure> {
    let (before, start) = (cpu_ms(server)?, Instant::now());
    let mut dice = Dice(7);
    let mut tasks = Vec::new();
    for group in groups {
        let shared = Arc::new(Shared { writing: AtomicU64::new(group.len() as u64), ..Shared::default() });
        let started = group.into_iter().map(|typist| {
            let pace = Pace::new(rate, length, &mut dice);
            tokio::spawn(type_and_listen(typist, pace, shared.clone()))
        });
        tasks.push((started.collect::<Vec<_>>(), shared));
    }
    let deadline = tokio::spawn({
        let shared: Vec<_> = tasks.iter().map(|(_, shared)| shared.clone()).collect();
        async move {
            sleep(length + DRAIN).await;
            shared.iter().for_each(|shared| shared.given_up.store(true, Ordering::Relaxed));
        }
    });
    let (mut back, mut measured) = (Groups::new(), Measured::default());
    for (group, _) in tasks {
        let mut typists = Vec::new();
        for task in group {
            let (typist, seen) = task.await??;
            measured.add(seen);
            typists.push(typist);
        }
        back.push(typists);
    }
    deadline.abort();
    measured.latencies.sort_unstable();
    measured.cpu_ms = cpu_ms(server)? - before;
    measured.seconds = start.elapsed().as_secs_f64();
    Ok((back, measured))
}

impl Measured {
    fn add(&mut self, seen: Seen) {
        self.edits += seen.own;
        self.deliveries += seen.latencies.len() as u64;
        self.lost += seen.missing;
        self.latencies.extend(seen.latencies);
        self.frames += seen.frames;
        self.bytes += seen.bytes;
    }
}

/// When a typist sends, and how much.
struct Pace {
    first: Duration,
    every: Duration,
    rate: f64,
    length: Duration,
}

impl Pace {
    fn new(rate: f64, length: Duration, dice: &mut Dice) -> Self {
        let every = Duration::from_secs_f64(1.0 / rate.min(MOST_SENDS_PER_SECOND));
        // Nobody types in step with the others.
        let first = every.mul_f64(dice.below(1_000) as f64 / 1_000.0);
        Self { first, every, rate, length }
    }
}

async fn type_and_listen(
    mut typist: Typist,
    pace: Pace,
    shared: Arc<Shared>,
) -> Result<(Typist, Seen), Failure> {
    let start = Instant::now();
    let mut tick = interval_at(start + pace.first, pace.every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (frames, bytes) = typist.received();
    let mut seen = Seen::default();
    while start.elapsed() < pace.length {
        tokio::select! {
            _ = tick.tick() => {
                let due = ((start.elapsed() - pace.first).as_secs_f64() * pace.rate) as u64 + 1;
                typist.write(due.saturating_sub(seen.own)).await?;
                shared.written.fetch_add(due - seen.own, Ordering::Relaxed);
                seen.own = due;
            }
            latencies = typist.next() => seen.latencies.extend(latencies?),
        }
    }
    shared.writing.fetch_sub(1, Ordering::Relaxed);
    while !shared.given_up.load(Ordering::Relaxed) {
        let all = shared.written.load(Ordering::Relaxed) - seen.own;
        let complete = seen.latencies.len() as u64 >= all && typist.unacknowledged() == 0;
        if shared.writing.load(Ordering::Relaxed) == 0 && complete {
            break;
        }
        if let Ok(latencies) = timeout(Duration::from_millis(50), typist.next()).await {
            seen.latencies.extend(latencies?);
        }
    }
    let all = shared.written.load(Ordering::Relaxed) - seen.own;
    seen.missing = all.abs_diff(seen.latencies.len() as u64) + typist.unacknowledged() as u64;
    let (frames_now, bytes_now) = typist.received();
    (seen.frames, seen.bytes) = (frames_now - frames, bytes_now - bytes);
    Ok((typist, seen))
}
