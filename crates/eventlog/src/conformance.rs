//! What [`EventLog`] promises, as a suite that every backend passes. A backend comes as a
//! [`Harness`]: a log, and the way to open it again with what it holds.

#![allow(clippy::expect_used, reason = "a suite of tests")]

pub mod model;

use crate::{AppendError, Appended, EventLog, Head, Page, ReadError, StreamHead, chain};
use agenda::event::{
    ChangesRecorded, Commit, Event, ItemAdded, ItemDocuments, MemberAdded, Position, Recorded, Role,
    Timestamp,
};
use agenda::id::{Bytes, CommandId, DocumentId, ForumId, ItemId, MeetingId, SessionId, StreamId, UserId};
use futures::future::{join, join_all};
use futures::stream::{Stream, StreamExt};
use std::future::Future;
use std::sync::Arc;

/// A log that can be closed and opened again.
pub trait Harness {
    type Log: EventLog;
    fn open(&mut self) -> Self::Log;
}

/// Runs the whole suite; each part gets a harness of its own. Panics where a promise is broken.
pub async fn run<H: Harness>(harness: impl Fn() -> H) {
    commits_stand_in_order(&mut harness()).await;
    of_two_writers_one_wins(&mut harness()).await;
    a_retry_answers_the_first_append(&mut harness()).await;
    a_used_command_takes_no_other_content(&mut harness()).await;
    appends_in_flight_keep_their_order(&mut harness()).await;
    many_appends_wait_at_once(&mut harness()).await;
    followers_miss_nothing(&mut harness()).await;
    a_slow_follower_misses_nothing(&mut harness()).await;
    large_commits_and_too_large_ones(&mut harness()).await;
    an_empty_commit_is_refused(&mut harness()).await;
    any_text_and_any_user_come_back(&mut harness()).await;
    pages_end_and_go_on(&mut harness()).await;
    opened_again_it_is_the_same(&mut harness()).await;
    the_tree_and_the_bytes_are_those_of_the_commits(&mut harness()).await;
    shutdown_finishes_what_was_submitted(&mut harness()).await;
}

/// Stream number `n` of the suite: even ones are meetings, odd ones forums.
pub fn stream(n: u8) -> StreamId {
    let id = [n; 16];
    if n.is_multiple_of(2) {
        StreamId::Meeting(MeetingId::from_bytes(id))
    } else {
        StreamId::Forum(ForumId::from_bytes(id))
    }
}

/// A commit of one event whose content and command follow from the stream and the number.
pub fn commit(stream: StreamId, sequence: u64, body: &[u8]) -> Commit {
    let mut command = [0; 16];
    command[..8].copy_from_slice(&sequence.to_be_bytes());
    let change = ChangesRecorded {
        document: DocumentId::from_bytes([7; 16]),
        changes: vec![Bytes(body.to_vec())],
        source: None,
    };
    Commit {
        stream,
        sequence,
        at: Timestamp(1_750_000_000_000 + sequence as i64),
        by: user("ada"),
        session: SessionId::from_bytes([3; 16]),
        command: CommandId::from_bytes(command),
        events: vec![Event::from(change)],
    }
}

fn user(name: &str) -> UserId {
    UserId::new(name).expect("a valid user")
}

/// All commits of a log, in order.
pub async fn everything(log: &impl EventLog) -> Vec<Recorded> {
    pages(|from| log.scan(Position(from), 3)).await
}

/// All commits of a stream, in order.
pub async fn whole_stream(log: &impl EventLog, stream: StreamId) -> Vec<Recorded> {
    pages(|from| log.read(stream, from, 3)).await
}

async fn pages<F: Future<Output = Result<Page, ReadError>>>(read: impl Fn(u64) -> F) -> Vec<Recorded> {
    let mut all: Vec<Recorded> = Vec::new();
    loop {
        let page = read(all.len() as u64 + 1).await.expect("a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().map(|recorded| (**recorded).clone()));
    }
}

async fn fill(log: &impl EventLog, streams: u8, each: u64) {
    for sequence in 1..=each {
        for n in 0..streams {
            log.append(commit(stream(n), sequence, &[n])).await.expect("an append");
        }
    }
}

async fn commits_stand_in_order<H: Harness>(harness: &mut H) {
    let log = harness.open();
    assert_eq!(log.head(), Head { position: Position(0), hash: chain::ORIGIN });
    assert_eq!(log.head_of(stream(0)), StreamHead { sequence: 0, hash: chain::ORIGIN });
    let mut answers = Vec::new();
    for sequence in 1..=5 {
        for n in 0..3 {
            answers.push(log.append(commit(stream(n), sequence, &[n])).await.expect("an append"));
        }
    }
    let all = everything(&log).await;
    let mut chain = chain::ORIGIN;
    for (index, (recorded, answer)) in all.iter().zip(&answers).enumerate() {
        let position = Position(index as u64 + 1);
        let sequence = index as u64 / 3 + 1;
        assert_eq!(recorded.position, position);
        assert_eq!(recorded.commit, commit(stream(index as u8 % 3), sequence, &[index as u8 % 3]));
        assert_eq!(*answer, Appended { position, sequence, hash: answer.hash, duplicate: false });
        chain = chain::link(&chain, &answer.hash);
    }
    assert_eq!(log.head(), Head { position: Position(15), hash: chain });
    assert_eq!(log.head_of(stream(2)), StreamHead { sequence: 5, hash: answers[14].hash });
    assert_eq!(log.stream_heads().len(), 3);
    for n in 0..3 {
        let expected: Vec<Recorded> = all.iter().filter(|r| r.commit.stream == stream(n)).cloned().collect();
        assert_eq!(whole_stream(&log, stream(n)).await, expected);
    }
    assert!(whole_stream(&log, stream(9)).await.is_empty());
}

async fn of_two_writers_one_wins<H: Harness>(harness: &mut H) {
    let log = harness.open();
    for sequence in 1..=20 {
        let mut other = commit(stream(0), sequence, b"b");
        other.command = CommandId::from_bytes([0xee; 16].map(|b: u8| b ^ sequence as u8));
        let (a, b) = join(log.append(commit(stream(0), sequence, b"a")), log.append(other)).await;
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let refused = a.err().or(b.err());
        assert_eq!(refused, Some(AppendError::Conflict { head: sequence }));
    }
    for wrong in [0, 20, 22, u64::MAX] {
        let mut commit = commit(stream(0), wrong, b"");
        commit.command = CommandId::from_bytes([0xdd; 16]);
        assert_eq!(log.append(commit).await, Err(AppendError::Conflict { head: 20 }));
    }
    assert_eq!(log.head().position, Position(20));
}

async fn a_retry_answers_the_first_append<H: Harness>(harness: &mut H) {
    let log = harness.open();
    let first = commit(stream(0), 1, b"x");
    let answer = log.append(first.clone()).await.expect("an append");
    log.append(commit(stream(0), 2, b"y")).await.expect("an append");
    let mut retry = first.clone();
    retry.sequence = 3;
    retry.at = Timestamp(0);
    retry.session = SessionId::from_bytes([9; 16]);
    let again = Ok(Appended { duplicate: true, ..answer });
    assert_eq!(log.append(retry.clone()).await, again);
    // Two at once, of which the second is a retry of the first.
    let third = commit(stream(0), 3, b"z");
    let (a, b) = join(log.append(third.clone()), log.append(third.clone())).await;
    assert_eq!(b, a.map(|appended| Appended { duplicate: true, ..appended }));
    // The same command in another stream is another one.
    log.append(Commit { stream: stream(1), ..first.clone() }).await.expect("an append");
    log.shutdown().await.expect("a shutdown");
    drop(log);
    assert_eq!(harness.open().append(retry).await, again);
}

async fn a_used_command_takes_no_other_content<H: Harness>(harness: &mut H) {
    let log = harness.open();
    log.append(commit(stream(0), 1, b"x")).await.expect("an append");
    let reused = Err(AppendError::CommandReused { position: Position(1) });
    let mut other = commit(stream(0), 1, b"other");
    assert_eq!(log.append(other.clone()).await, reused);
    other.sequence = 2;
    assert_eq!(log.append(other).await, reused);
    let mut other = commit(stream(0), 1, b"x");
    other.by = user("bo");
    assert_eq!(log.append(other).await, reused);
    assert_eq!(log.head().position, Position(1));
}

async fn appends_in_flight_keep_their_order<H: Harness>(harness: &mut H) {
    let log = harness.open();
    let flight: Vec<_> = (1..=200).map(|sequence| log.append(commit(stream(0), sequence, b"p"))).collect();
    // Waited for from the last to the first: the order of polling says nothing.
    let mut answers = join_all(flight.into_iter().rev()).await;
    answers.reverse();
    for (answer, sequence) in answers.into_iter().zip(1..) {
        assert_eq!(answer.map(|a| (a.position, a.sequence)), Ok((Position(sequence), sequence)));
    }
    // One that is refused takes those behind it along.
    let flight = [201, 999, 1000].map(|sequence| log.append(commit(stream(0), sequence, b"p")));
    let answers = join_all(flight).await;
    assert!(answers[0].is_ok());
    let conflict = Err(AppendError::Conflict { head: 201 });
    assert_eq!(answers[1..], [conflict.clone(), conflict]);
}

async fn many_appends_wait_at_once<H: Harness>(harness: &mut H) {
    const MANY: u64 = 3_000;
    let log = harness.open();
    let flight: Vec<_> = (1..=MANY).map(|sequence| log.append(commit(stream(0), sequence, b"q"))).collect();
    let answers = join_all(flight).await;
    assert!(answers.iter().zip(1..).all(|(a, n)| a.as_ref().is_ok_and(|a| a.sequence == n)));
    assert_eq!(log.head().position, Position(MANY));
}

async fn followers_miss_nothing<H: Harness>(harness: &mut H) {
    let log = harness.open();
    fill(&log, 2, 5).await;
    for from in [0, 1, 4, 10, 11, 15, 20] {
        let follower = follow_checked(&log, from).take(21 - from.max(1) as usize);
        let writer = async {
            for sequence in 1..=(20 - log.head().position.0) {
                log.append(commit(stream(3), sequence, b"live")).await.expect("an append");
            }
        };
        join(follower.count(), writer).await;
    }
}

async fn a_slow_follower_misses_nothing<H: Harness>(harness: &mut H) {
    const MANY: u64 = 5_500;
    let log = harness.open();
    let mut slow = follow_checked(&log, 1);
    for round in 0..10 {
        let numbers = round * MANY / 10 + 1..=(round + 1) * MANY / 10;
        for answer in join_all(numbers.map(|n| log.append(commit(stream(0), n, b"s")))).await {
            answer.expect("an append");
        }
        slow.next().await.expect("more");
    }
    slow.take(MANY as usize - 10).count().await;
}

/// Each position is compared as it comes, so that a commit that is skipped ends the test.
fn follow_checked<L: EventLog>(log: &L, from: u64) -> impl Stream<Item = ()> + Unpin + use<L> {
    let mut expected = from.max(1)..;
    log.follow(Position(from)).map(move |recorded| {
        assert_eq!(Some(recorded.expect("a commit").position.0), expected.next());
    })
}

async fn large_commits_and_too_large_ones<H: Harness>(harness: &mut H) {
    let log = harness.open();
    let sizes = [1 << 20, 0, 1, 3_000, 4_095, 4_096, 4_097, 70_000];
    let large =
        |size: usize, n: u64| commit(stream(0), n, &(0..size).map(|i| (i % 251) as u8).collect::<Vec<_>>());
    for (size, n) in sizes.into_iter().zip(1..) {
        log.append(large(size, n)).await.expect("an append");
    }
    // Around the end of the first part, wherever the fields before the body put it.
    for (size, n) in (3_800..3_960).zip(9..) {
        log.append(large(size, n)).await.expect("an append");
    }
    let refused = log.append(large(9 << 20, 169)).await;
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    log.shutdown().await.expect("a shutdown");
    drop(log);
    let all = everything(&harness.open()).await;
    let sizes = sizes.into_iter().chain(3_800..3_960);
    assert_eq!(all.len(), 168);
    assert!(all.iter().zip(sizes).all(|(r, size)| r.commit == large(size, r.position.0)));
}

async fn an_empty_commit_is_refused<H: Harness>(harness: &mut H) {
    let log = harness.open();
    let empty = Commit { events: vec![], ..commit(stream(0), 1, b"") };
    assert!(matches!(log.append(empty).await, Err(AppendError::Invalid(_))));
    log.append(commit(stream(0), 1, b"")).await.expect("an append");
}

async fn any_text_and_any_user_come_back<H: Harness>(harness: &mut H) {
    let log = harness.open();
    let item = Event::from(ItemAdded {
        item: ItemId::from_bytes([1; 16]),
        title: "Ærø – «økonomi» \u{0}\u{202e} 🏛️".into(),
        journal_number: None,
        minutes: Some(20),
        item_type: None,
        documents: ItemDocuments {
            case: DocumentId::from_bytes([1; 16]),
            planning: DocumentId::from_bytes([2; 16]),
            decision: DocumentId::from_bytes([3; 16]),
        },
        source: None,
        origin: None,
        moved_because: String::new(),
    });
    let member = Event::from(MemberAdded {
        user: user("å̊"),
        name: "Åse Østergård".into(),
        title: String::new(),
        roles: vec![Role::Reader, Role::Author],
    });
    let commit =
        Commit {
            by: user("søren@by.dk/ß/日本"), events: vec![item, member], ..commit(stream(0), 1, b"")
        };
    log.append(commit.clone()).await.expect("an append");
    assert_eq!(everything(&log).await, [Recorded { position: Position(1), commit }]);
}

async fn pages_end_and_go_on<H: Harness>(harness: &mut H) {
    let log = harness.open();
    fill(&log, 2, 5).await;
    let lengths = |page: Result<Page, ReadError>| page.expect("a page").len();
    assert_eq!(lengths(log.scan(Position(0), 4).await), 4);
    assert_eq!(lengths(log.scan(Position(9), 4).await), 2);
    assert_eq!(lengths(log.scan(Position(11), 4).await), 0);
    assert_eq!(lengths(log.scan(Position(u64::MAX), usize::MAX).await), 0);
    assert_eq!(lengths(log.scan(Position(1), 0).await), 0);
    assert_eq!(lengths(log.read(stream(1), 0, 4).await), 4);
    assert_eq!(lengths(log.read(stream(1), 4, usize::MAX).await), 2);
    assert_eq!(lengths(log.read(stream(1), u64::MAX, 9).await), 0);
    // A page of large commits ends early, and never empty.
    for sequence in 6..=9 {
        log.append(commit(stream(1), sequence, &vec![1; 7 << 20])).await.expect("an append");
    }
    assert_eq!(lengths(log.read(stream(1), 6, 9).await), 3);
    assert_eq!(whole_stream(&log, stream(1)).await.len(), 9);
    assert_eq!(everything(&log).await.len(), 14);
}

async fn opened_again_it_is_the_same<H: Harness>(harness: &mut H) {
    let mut before = Vec::new();
    for round in 1..=4 {
        let log = harness.open();
        assert_eq!(everything(&log).await, before);
        for n in 0..3 {
            log.append(commit(stream(n), round, b"r")).await.expect("an append");
        }
        before = everything(&log).await;
        let heads = (log.head(), log.stream_heads());
        log.shutdown().await.expect("a shutdown");
        drop(log);
        let log = harness.open();
        assert_eq!((log.head(), log.stream_heads()), heads);
        log.shutdown().await.expect("a shutdown");
    }
}

async fn the_tree_and_the_bytes_are_those_of_the_commits<H: Harness>(harness: &mut H) {
    let log = harness.open();
    assert_eq!(log.tree().read().expect("sound").root(0), Some(proof::merkle::empty()));
    fill(&log, 3, 100).await;
    log.append(commit(stream(0), 101, &[7; 20_000])).await.expect("sound");
    let all = everything(&log).await;
    let roots = |log: &H::Log| {
        let tree = log.tree();
        let tree = tree.read().expect("sound");
        (0..=tree.size()).map(|size| tree.root(size).expect("sound")).collect::<Vec<_>>()
    };
    let mut bytes = Vec::new();
    while let page = log.bytes(Position(bytes.len() as u64 + 1), 70).await.expect("sound")
        && !page.is_empty()
    {
        bytes.extend(page);
    }
    assert_eq!((bytes.len(), roots(&log).len()), (all.len(), all.len() + 1));
    for (recorded, bytes) in all.iter().zip(&bytes) {
        assert_eq!(crate::codec::decode(bytes).expect("sound").commit, recorded.commit);
        let hash = log.tree().read().expect("sound").commit(recorded.position.0);
        assert_eq!(hash, Some(crate::chain::leaf(bytes)));
    }
    let before = roots(&log);
    log.shutdown().await.expect("sound");
    drop(log);
    assert_eq!(roots(&harness.open()), before);
}

async fn shutdown_finishes_what_was_submitted<H: Harness>(harness: &mut H) {
    let log = Arc::new(harness.open());
    let mut follower = log.follow(Position(51));
    let flight: Vec<_> = (1..=50).map(|n| log.append(commit(stream(0), n, b"d"))).collect();
    log.shutdown().await.expect("a shutdown");
    assert!(join_all(flight).await.iter().all(Result::is_ok));
    let late = log.append(commit(stream(0), 51, b"d")).await;
    assert!(matches!(late, Err(AppendError::Unavailable(_))), "{late:?}");
    assert!(matches!(log.scan(Position(1), 9).await, Err(ReadError::Unavailable(_))));
    assert!(follower.next().await.is_none());
    assert!(log.follow(Position(1)).next().await.is_none_or(|first| first.is_err()));
    log.shutdown().await.expect("a second shutdown");
    drop((log, follower));
    assert_eq!(everything(&harness.open()).await.len(), 50);
}
