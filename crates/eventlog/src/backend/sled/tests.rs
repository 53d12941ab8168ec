//! The sled backend: the conformance suite, a disk that fails, and damaged files.

use super::*;
use crate::AppendError;
use crate::codec::Envelope;
use crate::conformance::{Harness, commit, everything, model, run, stream};
use crate::keys::TextKeys;
use crate::verify::{Damage, Finding};
use agenda::id::TextId;
use futures::StreamExt;
use proptest::prelude::*;
use std::fs;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

struct InDirectory(TempDir);

impl Harness for InDirectory {
    type Log = SledLog;
    fn open(&mut self) -> SledLog {
        let log = self.0.path().join("log");
        SledLog::open(&log, TextKeys::beside(&log).unwrap()).unwrap()
    }
}

/// Of the one text that the suite's commits write in.
fn keys() -> TextKeys {
    TextKeys::known(&[(TextId::from_bytes([7; 16]), [9; 32])])
}

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn it_keeps_the_promises() {
    run(|| InDirectory(directory())).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn it_follows_the_model(plan: Vec<[u8; 4]>) {
        model::run(InDirectory(directory()), &plan);
    }
}

// ---- a disk that fails ----

/// Calls of `sync` beyond the first `good` do this instead.
fn failing(good: u32, calls: &Arc<AtomicU32>, fail: fn() -> io::Result<()>) -> impl FnOnce(Sync) -> Sync {
    let calls = calls.clone();
    move |mut sync| {
        Box::new(move || if calls.fetch_add(1, Ordering::SeqCst) < good { sync() } else { fail() })
    }
}

#[tokio::test]
async fn an_error_of_the_disk_sticks_and_acknowledges_nothing() {
    let panics = || panic!("injected");
    for fail in [|| Err(io::Error::other("injected")), panics] {
        let dir = directory();
        let calls = Arc::new(AtomicU32::new(0));
        let log =
            SledLog::open_with(dir.path(), keys().into(), Needed::Words, failing(2, &calls, fail)).unwrap();
        for sequence in 1..=2 {
            log.append(commit(stream(0), sequence, b"good")).await.unwrap();
        }
        let head = log.head();
        let mut follower = log.follow(Position(3));
        for (number, sequence) in [(0, 3), (0, 3), (1, 1), (0, 4)] {
            let refused = log.append(commit(stream(number), sequence, b"bad")).await.unwrap_err();
            assert!(
                matches!(&refused, AppendError::Unavailable(Unavailable(why)) if why.contains("injected"))
            );
        }
        assert_eq!(calls.load(Ordering::SeqCst), 3, "a sync that failed is never tried again");
        assert_eq!(log.head(), head);
        assert_eq!(everything(&log).await.len(), 2);
        assert!(follower.next().now_or_never().is_none(), "nobody sees what may not be durable");
        log.shutdown().await.unwrap();
        drop((log, follower));
        // Opened again, a retry finds out what became of it.
        let log = SledLog::open(dir.path(), keys()).unwrap();
        assert_eq!(log.append(commit(stream(0), 3, b"bad")).await.unwrap().sequence, 3);
        assert_eq!(log.append(commit(stream(1), 1, b"bad")).await.unwrap().sequence, 1);
    }
}

#[tokio::test]
async fn nothing_is_seen_before_it_is_durable() {
    let dir = directory();
    let before = written(dir.path(), 1);
    let (entered, entry) = std::sync::mpsc::channel();
    let (release, gate) = std::sync::mpsc::channel::<()>();
    let hold = |mut sync: Sync| -> Sync {
        Box::new(move || {
            entered.send(()).unwrap();
            gate.recv().unwrap();
            sync()
        })
    };
    let log = SledLog::open_with(dir.path(), keys().into(), Needed::Words, hold).unwrap();
    let append = log.append(commit(stream(0), 2, b"x"));
    entry.recv().unwrap();
    // Written, but not synced.
    assert_eq!(log.head().position, Position(1));
    assert_eq!(log.scan(Position(1), 9).await.unwrap().len(), 1);
    assert_eq!(log.scan(Position(2), 9).await.unwrap().len(), 0);
    assert_eq!(log.read(stream(0), 1, 9).await.unwrap().len(), 1);
    assert!(log.follow(Position(2)).next().now_or_never().is_none());
    release.send(()).unwrap();
    append.await.unwrap();
    assert_eq!(everything(&log).await.len(), before.len() + 1);
}

#[tokio::test]
async fn past_the_limit_an_append_is_refused_and_no_other_is_lost() {
    let dir = directory();
    let (entered, entry) = std::sync::mpsc::channel();
    let (release, gate) = std::sync::mpsc::channel::<()>();
    // Waits in each sync until the test lets go for good.
    let hold = |mut sync: Sync| -> Sync {
        Box::new(move || {
            let _let_go = (entered.send(()), gate.recv());
            sync()
        })
    };
    let log = SledLog::open_with(dir.path(), keys().into(), Needed::Words, hold).unwrap();
    let first = log.append(commit(stream(0), 1, b""));
    entry.recv().unwrap();
    let waiting: Vec<_> = (2..QUEUE as u64 + 2).map(|n| log.append(commit(stream(0), n, b""))).collect();
    let refused = log.append(commit(stream(1), 1, b"")).await;
    assert_eq!(refused, Err(AppendError::Overloaded { waiting: QUEUE }));
    drop((release, entry));
    first.await.unwrap();
    assert!(futures::future::join_all(waiting).await.iter().all(Result::is_ok));
    log.append(commit(stream(1), 1, b"")).await.unwrap();
}

#[tokio::test]
async fn a_log_that_is_in_use_is_not_opened() {
    let dir = directory();
    let _log = SledLog::open(dir.path(), keys()).unwrap();
    assert!(matches!(SledLog::open(dir.path(), keys()), Err(OpenError::InUse(_))));
}

// ---- damage ----

/// A closed log of `count` commits in three streams, some of many parts, and what it holds.
fn written(dir: &Path, count: u64) -> Vec<Recorded> {
    let work = async {
        let log = SledLog::open(dir, keys()).unwrap();
        let first = log.head().position.0;
        for n in first..count {
            let body = vec![n as u8; if n % 17 == 5 { 30_000 } else { 100 }];
            log.append(commit(stream((n % 3) as u8), n / 3 + 1, &body)).await.unwrap();
        }
        let all = everything(&log).await;
        log.shutdown().await.unwrap();
        all
    };
    // On a thread of its own, because some callers are in a runtime already.
    let run = || tokio::runtime::Runtime::new().unwrap().block_on(work);
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

fn copied(from: &Path) -> TempDir {
    let to = directory();
    fs::create_dir(to.path().join("blobs")).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
    }
    to
}

#[test]
fn a_sound_log_is_found_sound() {
    let dir = directory();
    let all = written(dir.path(), 60);
    let mut seen = Vec::new();
    let report = verify_with(dir.path(), &keys(), |recorded| {
        seen.push(recorded.clone());
        Ok(())
    });
    let report = report.unwrap();
    assert_eq!((report.commits, report.streams), (60, 3));
    assert_eq!(seen, all);
    let content =
        verify_with(dir.path(), &keys(), |r| if r.position.0 == 7 { Err("no".into()) } else { Ok(()) });
    assert_eq!(content.unwrap_err(), Damage::Content("no".into()).in_commit(&all[6]));
    assert!(matches!(
        verify(&dir.path().join("none"), &keys()),
        Err(Finding { damage: Damage::NoLog(_), .. })
    ));
}

#[tokio::test]
async fn keys_that_are_missing_are_no_erasure() {
    let dir = directory();
    let all = written(dir.path(), 12);
    let others = || TextKeys::known(&[(TextId::from_bytes([8; 16]), [1; 32])]);
    let missing = Damage::KeysMissing { texts: 1 }.at(1);
    assert_eq!(verify(dir.path(), &others()), Err(missing.clone()));
    let refused = SledLog::open(dir.path(), others()).err().unwrap();
    assert!(matches!(&refused, OpenError::Damaged(finding) if **finding == missing), "{refused}");
    assert!(!refused.to_string().contains("HEAD"), "no way on without the words: {refused}");
    // What is stored can be had all the same, and is what it was.
    let log = SledLog::open_bytes(dir.path()).unwrap();
    let stored = log.bytes(Position(1), 100).await.unwrap();
    log.shutdown().await.unwrap();
    drop(log);
    assert_eq!(stored.len(), all.len());
    assert_eq!(verify(dir.path(), &keys()).unwrap().commits, 12);
}

#[test]
fn a_lost_end_is_noticed() {
    let dir = directory();
    written(dir.path(), 30);
    let old = copied(dir.path());
    written(dir.path(), 50);
    fs::copy(dir.path().join(head::NAME), old.path().join(head::NAME)).unwrap();
    let missing = Damage::TailMissing { until: 50 }.at(31);
    assert_eq!(verify(old.path(), &keys()), Err(missing.clone()));
    let refused = SledLog::open(old.path(), keys()).err().unwrap();
    assert!(matches!(&refused, OpenError::Damaged(finding) if **finding == missing), "{refused}");
    // The deliberate way on.
    fs::remove_file(old.path().join(head::NAME)).unwrap();
    assert!(matches!(verify(old.path(), &keys()), Err(Finding { damage: Damage::HeadFile(_), .. })));
    assert_eq!(written(old.path(), 31).len(), 31);
    assert_eq!(verify(old.path(), &keys()).unwrap().commits, 31);
}

#[test]
fn a_head_file_of_another_log_is_noticed() {
    let (dir, other) = (directory(), directory());
    let all = written(dir.path(), 9);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let log = SledLog::open(other.path(), keys()).unwrap();
        for sequence in 1..=9 {
            log.append(commit(stream(7), sequence, b"other")).await.unwrap();
        }
        log.shutdown().await.unwrap();
    });
    fs::copy(other.path().join(head::NAME), dir.path().join(head::NAME)).unwrap();
    assert_eq!(verify(dir.path(), &keys()), Err(Damage::OtherHead.in_commit(&all[8])));
    fs::write(dir.path().join(head::NAME), "").unwrap();
    assert!(matches!(verify(dir.path(), &keys()), Err(Finding { damage: Damage::HeadFile(_), .. })));
    assert!(SledLog::open(dir.path(), keys()).is_err());
}

type Tamper = fn(&sled::Tree);

/// Rewrites commit 5 to `change`d bytes whose leaf and place in the log's chain are right.
fn rewrite(tree: &sled::Tree, change: fn(&mut Envelope)) {
    let key = [&b"L"[..], &5u64.to_be_bytes()].concat();
    let value = tree.get(&key).unwrap().unwrap();
    let mut envelope = crate::codec::decode(&value[68..], &keys()).unwrap();
    change(&mut envelope);
    let bytes = crate::codec::encode(&envelope.commit, &envelope.previous, &keys()).unwrap();
    let leaf = crate::chain::leaf(&bytes);
    let before = tree.get([&b"L"[..], &4u64.to_be_bytes()].concat()).unwrap().unwrap();
    let before = agenda::id::Hash(before[..32].try_into().unwrap());
    let chain = crate::chain::link(&before, &leaf);
    let length = (bytes.len() as u32).to_be_bytes();
    tree.insert(key, [&chain.0[..], &leaf.0, &length, &bytes].concat()).unwrap();
}

fn flip(tree: &sled::Tree, key: &[u8], at: usize) {
    let mut value = tree.get(key).unwrap().unwrap().to_vec();
    value[at] ^= 1;
    tree.insert(key, value).unwrap();
}

fn log_row(position: u64) -> Vec<u8> {
    [&b"L"[..], &position.to_be_bytes()].concat()
}

#[test]
fn tampering_is_named() {
    let dir = directory();
    let all = written(dir.path(), 24);
    let at = |damage: Damage, n: usize| damage.in_commit(&all[n - 1]);
    let moved = at(Damage::Sequence { expected: 2 }, 5);
    let cases: [(Tamper, Finding); 14] = [
        (|tree| flip(tree, &log_row(5), 80), Damage::Leaf.at(5)),
        (|tree| flip(tree, &log_row(5), 3), at(Damage::LogChain, 5)),
        (|tree| flip(tree, &log_row(5), 40), Damage::Leaf.at(5)),
        (|tree| flip(tree, &log_row(5), 67), Damage::Incomplete.at(5)),
        // The successor in the log no longer follows.
        (|tree| rewrite(tree, |envelope| envelope.commit.at.0 += 1), at(Damage::LogChain, 6)),
        (|tree| rewrite(tree, |envelope| envelope.previous.0[0] ^= 1), at(Damage::StreamChain, 5)),
        (
            |tree| rewrite(tree, |envelope| envelope.commit.sequence = 3),
            Finding { sequence: Some(3), ..moved },
        ),
        (|tree| drop(tree.remove(log_row(5)).unwrap()), Damage::Gap { found: 6 }.at(5)),
        (|tree| drop(tree.remove([&log_row(6)[..], &[0, 3]].concat()).unwrap()), Damage::Incomplete.at(6)),
        (|tree| drop(tree.remove(log_row(24)).unwrap()), Damage::TailMissing { until: 24 }.at(24)),
        (|tree| drop(tree.remove(layout::stream_key(stream(1), 2)).unwrap()), at(Damage::Index("stream"), 5)),
        (|tree| flip(tree, &layout::command_key(stream(1), command(2)), 7), at(Damage::Index("command"), 5)),
        (
            |tree| {
                drop(tree.insert(layout::command_key(stream(9), command(2)), &5u64.to_be_bytes()).unwrap())
            },
            Damage::IndexCount { index: "command", entries: 25 }.anywhere(),
        ),
        (
            |tree| drop(tree.insert(layout::FORMAT_KEY, &[2]).unwrap()),
            Damage::Format("[2]".into()).anywhere(),
        ),
    ];
    for (number, (tamper, finding)) in cases.into_iter().enumerate() {
        let copy = copied(dir.path());
        let db = sled::open(copy.path()).unwrap();
        tamper(&db);
        db.flush().unwrap();
        drop(db);
        assert_eq!(verify(copy.path(), &keys()), Err(finding), "case {number}");
    }
}

fn command(sequence: u64) -> agenda::id::CommandId {
    commit(stream(0), sequence, b"").command
}

#[test]
fn findings_say_where_and_what_in_two_languages() {
    let recorded = Recorded { position: Position(5), commit: commit(stream(2), 3, b"") };
    let finding = Damage::StreamChain.in_commit(&recorded);
    let meeting = "meeting 02020202-0202-0202-0202-020202020202";
    assert_eq!(finding.danish(), format!("postering 5 ({meeting}, nr. 3): strømmens hashkæde er brudt her"));
    assert_eq!(
        finding.to_string(),
        format!("commit 5 ({meeting}, no. 3): the hash chain of the stream is broken here")
    );
}

/// Either the damage is found or nothing is lost; never is another log taken for this one.
fn assert_found_or_harmless(dir: &Path, all: &[Recorded], what: &str) -> bool {
    let mut seen = Vec::new();
    let verified = verify_with(dir, &keys(), |recorded| {
        seen.push(recorded.clone());
        Ok(())
    });
    match verified {
        Ok(report) => {
            assert_eq!(report.commits, all.len() as u64, "{what}");
            assert!(seen == all, "{what}: other commits than before");
            false
        }
        Err(finding) => {
            assert!(!finding.to_string().is_empty() && !finding.danish().is_empty());
            true
        }
    }
}

fn random(seed: u64) -> u64 {
    u64::from_be_bytes(crate::chain::leaf(&seed.to_be_bytes()).0[..8].try_into().unwrap())
}

fn written_part(db: &PathBuf) -> u64 {
    let bytes = fs::read(db).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64 + 1
}

#[test]
fn a_flipped_bit_is_found_or_harmless() {
    let dir = directory();
    let all = written(dir.path(), 300);
    let length = written_part(&dir.path().join("db"));
    let mut found = 0;
    for seed in 0..60 {
        let copy = copied(dir.path());
        let db = fs::File::options().read(true).write(true).open(copy.path().join("db")).unwrap();
        let (at, bit) = (random(seed) % length, random(!seed) % 8);
        let mut byte = [0];
        db.read_exact_at(&mut byte, at).unwrap();
        db.write_all_at(&[byte[0] ^ 1 << bit], at).unwrap();
        found += usize::from(assert_found_or_harmless(copy.path(), &all, &format!("bit {bit} of byte {at}")));
    }
    println!("60 flipped bits in {length} bytes: {found} found, {} harmless", 60 - found);
    assert!(found > 0);
}

#[test]
fn a_cut_or_zeroed_file_is_found_or_harmless() {
    let dir = directory();
    let all = written(dir.path(), 300);
    let length = written_part(&dir.path().join("db"));
    let mut found = 0;
    for seed in 0..20 {
        let copy = copied(dir.path());
        let db = fs::File::options().write(true).open(copy.path().join("db")).unwrap();
        let at = random(1_000 + seed) % length;
        if seed % 2 == 0 {
            db.set_len(at).unwrap();
        } else {
            db.write_all_at(&[0; 4_096], at / 4_096 * 4_096).unwrap();
        }
        found += usize::from(assert_found_or_harmless(copy.path(), &all, &format!("at {at}, case {seed}")));
    }
    println!("20 cuts and zeroed pages: {found} found");
    assert!(found > 0);
}

#[test]
fn any_changed_byte_of_a_closed_log_is_found() {
    let dir = directory();
    written(dir.path(), 300);
    assert!(dir.path().join("SEAL").is_file(), "a closed log is sealed");
    verify(dir.path(), &keys()).unwrap();
    verify(dir.path(), &keys()).unwrap();
    for seed in 0..40 {
        let copy = copied(dir.path());
        let file = if seed % 8 == 0 { "HEAD" } else { "db" };
        let path = copy.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        let at = random(seed) as usize % bytes.len();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        let finding = verify(copy.path(), &keys()).expect_err(&format!("byte {at} of {file} was changed"));
        let says_where = !matches!(finding.damage, Damage::Store(_));
        assert!(says_where, "byte {at} of {file}: {finding}");
        assert!(verify(copy.path(), &keys()).is_err(), "looking does not heal it");
    }
}
