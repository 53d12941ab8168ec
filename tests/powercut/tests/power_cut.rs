//! What the event log acknowledged survives a power cut: a writer process appends, the power
//! goes at a random moment, and on the disk that is left every acknowledged commit stands in
//! its place, and the log goes on.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::event::Position;
use agenda::id::{Hash, StreamId};
use eventlog::keys::TextKeys;
use eventlog::verify::{Damage, verify_with};
use eventlog::{Appended, EventLog, SledLog};
use powercut::disk::{Mode, mix};
use powercut::{CutImage, Rig, workload};
use std::collections::HashMap;
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
        let mode = [Mode::Strict, Mode::Random, Mode::Strict, Mode::All][(random >> 32) as usize % 4];
        assert!(writer.is_alive(), "the writer ended by itself");
        // Taken before the cut: all of these were acknowledged while there was power.
        let acks = writer.acks.lock().unwrap().clone();
        Cut { name: format!("round {round} cut {cut} {mode:?}"), image: rig.cut(mode).unwrap(), acks }
    };
    (0..CUTS).map(cut).collect()
}

/// The number of commits on the disk that is left, if all that was acknowledged is there.
fn check(image: &CutImage, seed: u64, acks: &[(u8, Appended)]) -> Result<u64, String> {
    let directory = image.mount().map_err(|error| error.to_string())?.join("log");
    let mut found: HashMap<(StreamId, u64), Position> = HashMap::new();
    let keys = TextKeys::beside(&directory).map_err(|error| error.to_string())?;
    let verified = verify_with(&directory, &keys, |recorded| {
        let commit = &recorded.commit;
        found.insert((commit.stream, commit.sequence), recorded.position);
        let number = (0..workload::STREAMS).find(|n| workload::stream(*n) == commit.stream);
        let expected = number.map(|n| workload::commit(seed, n, commit.sequence));
        let same = expected.is_some_and(|expected| expected.as_ref() == Ok(commit));
        if same { Ok(()) } else { Err("it is not what was appended".into()) }
    });
    let commits = match verified {
        Ok(report) => report.commits,
        // Before the first acknowledgement there need not be a whole log.
        Err(finding)
            if acks.is_empty() && matches!(finding.damage, Damage::NoLog(_) | Damage::HeadFile(_)) =>
        {
            0
        }
        Err(finding) => return Err(finding.to_string()),
    };
    let place =
        |(number, ack): &&(u8, Appended)| found.get(&(workload::stream(*number), ack.sequence)).copied();
    let lost = acks.iter().filter(|ack| place(ack) != Some(ack.1.position)).count();
    if lost > 0 {
        return Err(format!("{lost} of {} acknowledged commits are lost", acks.len()));
    }
    goes_on(&directory, seed, acks)?;
    Ok(commits)
}

/// The log opens, knows what it acknowledged by its hash, and takes new commits.
#[tokio::main(flavor = "current_thread")]
async fn goes_on(directory: &Path, seed: u64, acks: &[(u8, Appended)]) -> Result<(), String> {
    let keys = TextKeys::beside(directory).map_err(|error| error.to_string())?;
    let log = SledLog::open(directory, keys).map_err(|error| error.to_string())?;
    for number in 0..workload::STREAMS {
        if let Some((_, ack)) = acks.iter().rfind(|(n, _)| *n == number) {
            let again = log.append(workload::commit(seed, number, ack.sequence).unwrap()).await;
            if again != Ok(Appended { duplicate: true, ..*ack }) {
                return Err(format!("{ack:?} was acknowledged, now it is {again:?}"));
            }
        }
        let next = log.head_of(workload::stream(number)).sequence + 1;
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
