//! What acceptance costs on a long document; printed, never judged:
//! `cargo test -p agenda --lib cost_of -- --nocapture`.

#![allow(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use super::{
    change::Change,
    chunk,
    fixture::Dice,
    history::{History, Origin, Verdict},
};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc as _, transaction::Transactable as _};
use std::time::{Duration, Instant};

/// `count` changes of one character each at random places, by six actors in turn.
fn long_document(count: usize) -> Vec<Vec<u8>> {
    let mut dice = Dice(3);
    let mut doc = AutoCommit::new().with_actor(ActorId::from(&b"actor-0"[..]));
    let body = doc.put_object(ROOT, "body", ObjType::Text).unwrap();
    let mut at = 0;
    for i in 0..count {
        // As people do: typing on, and a new place now and then.
        at = if i % 40 == 0 { dice.roll(i + 1) } else { at + 1 };
        doc.splice_text(&body, at.min(i), 0, "x").unwrap();
        doc.commit();
        if i % 40 == 39 {
            doc.set_actor(ActorId::from(format!("actor-{}", dice.roll(6)).as_bytes()));
        }
    }
    doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

#[test]
fn cost_of_taking_in_one_change() {
    let count = 5_000;
    let changes = long_document(count);
    let mut history = History::default();
    let [mut split, mut parse, mut check, mut insert] = [Duration::ZERO; 4];
    for bytes in &changes {
        let start = Instant::now();
        let chunks = chunk::split(bytes).unwrap();
        let at_split = Instant::now();
        let change = Change::parse(&chunks[0]).unwrap();
        let at_parse = Instant::now();
        let verdict = history.check(&change, Origin::Client);
        let Verdict::Plain(admission) = verdict else { panic!("{verdict:?}") };
        let at_check = Instant::now();
        history.insert(&change, admission).unwrap();
        insert += at_check.elapsed();
        split += at_split - start;
        parse += at_parse - at_split;
        check += at_check - at_parse;
    }
    let start = Instant::now();
    let theirs: Vec<_> =
        changes.iter().map(|bytes| automerge::Change::try_from(&bytes[..]).unwrap()).collect();
    let from_bytes = start.elapsed();
    let start = Instant::now();
    let operations: usize = theirs.iter().map(|change| change.decode().operations.len()).sum();
    let decode = start.elapsed();
    let start = Instant::now();
    let behind = history.graph().changes_since(&[history.graph().hash_at(count / 2).unwrap()]).len();
    let since = start.elapsed();
    let each = |total: Duration| total.as_nanos() as f64 / 1000.0 / changes.len() as f64;
    println!(
        "{count} changes, µs each: split and hash {:.2}, parse {:.2}, check {:.2}, insert {:.2}; automerge from_bytes {:.2}, decode of {operations} {:.2}; changes_since {behind}: {since:?}",
        each(split),
        each(parse),
        each(check),
        each(insert),
        each(from_bytes),
        each(decode),
    );
    assert_eq!(history.graph().len(), changes.len());
}

#[test]
fn forty_pages_may_be_pasted_and_taken_out_at_once() {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(&b"actor-0"[..]));
    let body = doc.put_object(ROOT, "body", ObjType::Text).unwrap();
    doc.commit();
    let text = "Sti og bro på Ærø. ".repeat(5_000);
    doc.splice_text(&body, 0, 0, &text).unwrap();
    doc.commit();
    doc.splice_text(&body, 0, isize::try_from(doc.length(&body)).unwrap(), "").unwrap();
    let mut history = History::default();
    for change in doc.get_changes(&[]) {
        let chunks = chunk::split(change.raw_bytes()).unwrap();
        let change = Change::parse(&chunks[0]).unwrap();
        let Verdict::Plain(admission) = history.check(&change, Origin::Client) else { panic!("refused") };
        history.insert(&change, admission).unwrap();
    }
}
