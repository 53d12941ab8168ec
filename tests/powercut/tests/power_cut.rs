//! What the event log acknowledged survives a power cut: a writer process appends, the power
//! goes at a random moment, and on the disk that is left every acknowledged commit stands in
//! its place, and the log goes on. Words are unreadable from when their erasure was acknowledged, or the log was
//! opened with it; and readable, all of them, as long as there is no erasure of them in the log.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::event::Position;
use agenda::id::{Hash, StreamId};
use eventlog::keys::TextKeys;
use eventlog::verify::{Damage, Finding, verify_with};
use eventlog::{Appended, EventLog, SledLog};
use powercut::disk::{Mode, mix};
use powercut::{CutImage, Rig, workload};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Each round has a new disk and a new log.
const ROUNDS: u64 = 6;
const CUTS: u64 = 5;
/// The first cut of a round comes this early, in milliseconds.
const EARLY: u64 = 60;
/// Between two cuts, in milliseconds.
const LONGEST_PAUSE: u64 = 800;

const MODES: [Mode; 6] = [Mode::Strict, Mode::Random, Mode::AtFlush, Mode::AtFlush, Mode::AtFlush, Mode::All];

/// (stream number, answer), in the order in which they came.
type Acks = Arc<Mutex<Vec<(u8, Appended)>>>;

struct Writer {
    process: Child,
    acks: Acks,
}

impl Writer {
    fn start(directory: &Path, seed: u64) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_writer"));
        command.arg(directory).arg(seed.to_string()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let acks = Acks::default();
        let received = acks.clone();
        std::thread::spawn(move || {
            // The last line may be cut off by the kill.
            lines
                .map_while(Result::ok)
                .filter_map(|line| parse(&line))
                .for_each(|ack| received.lock().unwrap().push(ack));
        });
        Self { process, acks }
    }

    fn is_alive(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn parse(line: &str) -> Option<(u8, Appended)> {
    let mut fields = line.split(' ');
    let number = fields.next()?.parse().ok()?;
    let sequence = fields.next()?.parse().ok()?;
    let position = Position(fields.next()?.parse().ok()?);
    let hash: Hash = fields.next()?.parse().ok()?;
    Some((number, Appended { position, sequence, hash, duplicate: false }))
}

/// The disk after a cut, and what had been acknowledged before it.
struct Cut {
    name: String,
    image: CutImage,
    acks: Vec<(u8, Appended)>,
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let seed = seed();
    println!("seed {seed} (set POWERCUT_SEED to repeat what is written and what random cuts lose)");
    let (mut cuts, mut acknowledged, mut failures) = (0, 0, Vec::new());
    for round in 0..ROUNDS {
        let mut rig = match Rig::new(mix(seed ^ round)) {
            Ok(rig) => rig,
            Err(skip) => return skip.announce(),
        };
        for cut in cut_under_load(&mut rig, seed, round) {
            let result = check(&cut.image, seed, &cut.acks);
            let (lost, unsynced) = (cut.image.lost, cut.image.unsynced);
            println!(
                "{}: {} acknowledged, {lost} of {unsynced} unsynced blocks lost: {result:?}",
                cut.name,
                cut.acks.len()
            );
            cuts += 1;
            acknowledged += cut.acks.len();
            failures.extend(result.err().map(|error| format!("{}: {error}", cut.name)));
        }
    }
    println!(
        "{cuts} power cuts, {acknowledged} acknowledged commits looked for, {} failures",
        failures.len()
    );
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(acknowledged > 0, "nothing was acknowledged before any cut");
}

fn cut_under_load(rig: &mut Rig, seed: u64, round: u64) -> Vec<Cut> {
    let mut writer = Writer::start(&rig.mount_path().join("log"), seed);
    let cut = |cut: u64| {
        let random = mix(seed ^ round << 32 ^ cut << 16);
        // The first is early: some of them while the log is being created.
        let longest = if cut == 0 { EARLY } else { LONGEST_PAUSE };
        std::thread::sleep(Duration::from_millis(random % longest));
        let mode = MODES[(random >> 32) as usize % MODES.len()];
        assert!(writer.is_alive(), "the writer ended by itself");
        // Taken before the cut: all of these were acknowledged while there was power.
        let acks = writer.acks.lock().unwrap().clone();
        Cut { name: format!("round {round} cut {cut} {mode:?}"), image: rig.cut(mode).unwrap(), acks }
    };
    (0..CUTS).map(cut).collect()
}

/// What a log shows, by stream and sequence: where a commit stands, and whether its words can be read.
type Shown = HashMap<(StreamId, u64), (Position, bool)>;

/// All commits of a log that no process has open; each is what was appended, or that without its words.
fn read(directory: &Path, keys: &TextKeys, seed: u64) -> Result<Shown, Finding> {
    let mut shown = Shown::new();
    verify_with(directory, keys, |recorded| {
        let commit = &recorded.commit;
        let number = (0..workload::STREAMS).find(|n| workload::stream(*n) == commit.stream);
        let expected = number.and_then(|n| workload::commit(seed, n, commit.sequence).ok());
        let expected = expected.ok_or("nobody appended it")?;
        let readable = *commit == expected;
        if !readable && *commit != workload::without_words(expected) {
            return Err("it is not what was appended".into());
        }
        shown.insert((commit.stream, commit.sequence), (recorded.position, readable));
        Ok(())
    })?;
    Ok(shown)
}

/// Words are gone if their erasure is in the log and `done` says so of it, and readable if there is none.
fn check_words(shown: &Shown, done: impl Fn(StreamId, u64) -> bool) -> Result<(), String> {
    for ((stream, sequence), (position, readable)) in shown {
        let erasure =
            workload::erased_by(*sequence).filter(|erasure| shown.contains_key(&(*stream, *erasure)));
        match erasure {
            None if !readable => return Err(format!("the words of {position} are gone and not erased")),
            Some(erasure) if *readable && done(*stream, erasure) => {
                return Err(format!("the words of {position} were erased and can be read"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The number of commits on the disk that is left, if all that was acknowledged is there.
fn check(image: &CutImage, seed: u64, acks: &[(u8, Appended)]) -> Result<usize, String> {
    let directory = image.mount().map_err(|error| error.to_string())?.join("log");
    let shown = match read(&directory, &keys(&directory)?, seed) {
        Ok(shown) => shown,
        // Before the first acknowledgement there need not be a whole log.
        Err(finding)
            if acks.is_empty() && matches!(finding.damage, Damage::NoLog(_) | Damage::HeadFile(_)) =>
        {
            Shown::new()
        }
        Err(finding) => return Err(finding.to_string()),
    };
    let place = |(number, ack): &&(u8, Appended)| {
        shown.get(&(workload::stream(*number), ack.sequence)).map(|(position, _)| *position)
    };
    let lost = acks.iter().filter(|ack| place(ack) != Some(ack.1.position)).count();
    if lost > 0 {
        return Err(format!("{lost} of {} acknowledged commits are lost", acks.len()));
    }
    let acknowledged: HashSet<_> = acks.iter().map(|(n, ack)| (workload::stream(*n), ack.sequence)).collect();
    check_words(&shown, |stream, erasure| acknowledged.contains(&(stream, erasure)))?;
    goes_on(&directory, seed, acks, &shown)?;
    let later = read(&directory, &keys(&directory)?, seed).map_err(|finding| finding.to_string())?;
    check_words(&later, |_, _| true).map_err(|error| format!("after the log was opened: {error}"))?;
    Ok(shown.len())
}

fn keys(directory: &Path) -> Result<TextKeys, String> {
    TextKeys::beside(directory).map_err(|error| error.to_string())
}

/// The log opens, knows what it acknowledged by its hash, and takes new commits.
#[tokio::main(flavor = "current_thread")]
async fn goes_on(directory: &Path, seed: u64, acks: &[(u8, Appended)], shown: &Shown) -> Result<(), String> {
    let log = SledLog::open(directory, keys(directory)?).map_err(|error| error.to_string())?;
    for number in 0..workload::STREAMS {
        let stream = workload::stream(number);
        // What it said can no longer be compared with a retry, once it is erased.
        let is_erased =
            |sequence| workload::erased_by(sequence).is_some_and(|e| shown.contains_key(&(stream, e)));
        if let Some((_, ack)) = acks.iter().rfind(|(n, ack)| *n == number && !is_erased(ack.sequence)) {
            let again = log.append(workload::commit(seed, number, ack.sequence).unwrap()).await;
            if again != Ok(Appended { duplicate: true, ..*ack }) {
                return Err(format!("{ack:?} was acknowledged, now it is {again:?}"));
            }
        }
        let next = log.head_of(stream).sequence + 1;
        let appended = log.append(workload::commit(seed, number, next).unwrap()).await;
        appended.map_err(|error| error.to_string())?;
    }
    log.shutdown().await.map_err(|error| error.to_string())
}

fn seed() -> u64 {
    let given =
        std::env::var("POWERCUT_SEED").ok().map(|seed| seed.parse().expect("POWERCUT_SEED is a number"));
    given.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64)
}
