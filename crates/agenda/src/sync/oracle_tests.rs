//! Automerge as the oracle: what honest clients write together is read as automerge reads it
//! and accepted in any causal order; what passes as plain never makes automerge panic.

use super::{
    fixture::{self, Dice, with_change},
    history::{History, Origin, Verdict},
    operation::{Action, Key, Operation, OperationId, Value},
};
use automerge::{
    ActorId, AutoCommit, Automerge, Change, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    legacy as expanded,
    marks::{ExpandMark, Mark},
    transaction::{CommitOptions, Transactable},
};

const WORDS: [&str; 6] = ["a", "Sag", "😀", "æ👩‍👩‍👧é", " ", "at "];

pub(crate) fn edit_text(doc: &mut AutoCommit, text: &ObjId, dice: &mut Dice) {
    let length = doc.length(text);
    let at = dice.roll(length + 1);
    match dice.roll(9) {
        0..4 => doc.splice_text(text, at, 0, dice.pick(&WORDS)),
        4 => doc.splice_text(text, at, (length - at).min(3) as isize, dice.pick(&WORDS)),
        5 => doc.splice_text(text, at, (length - at).min(2) as isize, ""),
        6 => doc.split_block(text, at).and_then(|block| {
            doc.put(&block, "type", dice.pick(&["p", "li"]))?;
            doc.put_object(&block, "attrs", ObjType::Map).map(drop)
        }),
        7 if length > 1 => {
            let (start, end) = (dice.roll(length), dice.roll(length));
            let mark = Mark::new("strong".into(), dice.roll(2) == 0, start.min(end), start.max(end));
            doc.mark(text, mark, dice.pick(&[ExpandMark::None, ExpandMark::After, ExpandMark::Both]))
        }
        _ if length > 1 => {
            let start = dice.roll(length);
            doc.unmark(text, "strong", start, length, ExpandMark::After)
        }
        _ => Ok(()),
    }
    .unwrap();
}

fn edit_table(doc: &mut AutoCommit, dice: &mut Dice) {
    let tables = fixture::object(doc, &["tables"]);
    let name = dice.pick(&["t1", "t2"]);
    let Some((_, table)) = doc.get(&tables, name).unwrap() else {
        let table = doc.put_object(&tables, name, ObjType::Map).unwrap();
        let rows = doc.put_object(&table, "rows", ObjType::List).unwrap();
        doc.insert(&rows, 0, "r0").unwrap();
        let cells = doc.put_object(&table, "cells", ObjType::Map).unwrap();
        let cell = doc.put_object(&cells, "r0:c0", ObjType::Map).unwrap();
        let text = doc.put_object(&cell, "t", ObjType::Text).unwrap();
        return doc.splice_text(&text, 0, 0, "celle").unwrap();
    };
    let (_, rows) = doc.get(&table, "rows").unwrap().unwrap();
    let length = doc.length(&rows);
    match dice.roll(6) {
        0 => doc.delete(&tables, name),
        1 if length > 0 => doc.delete(&rows, dice.roll(length)),
        2 if length > 0 => doc.put(&rows, dice.roll(length), "anew"),
        3 if length > 0 => doc.put(&rows, dice.roll(length), ScalarValue::counter(1)),
        4 => (0..length).try_for_each(|i| doc.increment(&rows, i, 2).or(Ok(()))),
        _ => doc.insert(&rows, dice.roll(length + 1), 1.5),
    }
    .unwrap();
}

fn edit_root(doc: &mut AutoCommit, dice: &mut Dice) {
    let section = fixture::object(doc, &["sections", "lov"]);
    match dice.roll(6) {
        0 => doc.put(&section, "nothing", dice.roll(2) == 0),
        1 => doc.put(ROOT, "count", ScalarValue::counter(5)),
        2 => doc.increment(ROOT, "count", -1).or(Ok(())),
        3 => doc.delete(ROOT, "note").or(Ok(())),
        4 => doc.put_object(ROOT, "note", ObjType::List).map(drop),
        _ => doc.put(ROOT, "note", vec![1, 2, 3]),
    }
    .unwrap();
}

fn edit(doc: &mut AutoCommit, dice: &mut Dice) {
    for _ in 0..=dice.roll(3) {
        match dice.roll(8) {
            0 => edit_table(doc, dice),
            1 => edit_root(doc, dice),
            n => {
                let text = fixture::object(doc, &["sections", ["lov", "resume"][n % 2], "body"]);
                edit_text(doc, &text, dice);
            }
        }
    }
    doc.commit_with(
        CommitOptions::default().with_time(dice.roll(1 << 40) as i64).with_message(dice.pick(&WORDS)),
    );
}

/// No `isolate` (`changeAt`): automerge 0.12 makes changes there that refer to what they do not
/// build on, and panics when another replica applies them.
///
/// Replicas of one document after `steps` edits and merges, each with its own order of changes.
pub(super) fn write_together(seed: u64, steps: usize) -> Vec<AutoCommit> {
    let mut dice = Dice(seed);
    let mut server = fixture::document();
    let actors: [&[u8]; 4] = [b"a", b"client-b-of-some-length", b"zz", b"m0"];
    let mut docs: Vec<_> = actors.iter().map(|actor| fixture::replica(&mut server, actor)).collect();
    for _ in 0..steps {
        let at = dice.roll(docs.len());
        match dice.roll(12) {
            0..3 => {
                let mut other = docs[dice.roll(actors.len())].clone();
                docs[at].merge(&mut other).unwrap();
            }
            3 => drop(docs[at].empty_change(CommitOptions::default())),
            _ => edit(&mut docs[at], &mut dice),
        }
    }
    let mut all = docs[0].clone();
    docs.iter_mut().for_each(|doc| drop(all.merge(doc).unwrap()));
    docs.push(all);
    docs
}

fn take_in(history: &mut History, change: &Change) -> Option<&'static str> {
    with_change(change.raw_bytes(), |ours| {
        let origin = if ours.actor == b"server" { Origin::Server } else { Origin::Client };
        let (admission, unusual) = match history.check(ours, origin) {
            Verdict::Plain(admission) => (admission, None),
            Verdict::Unusual(admission, why) => (admission, Some(why)),
            other => panic!("{other:?} for {:#?}", change.decode()),
        };
        history.insert(ours, admission).unwrap();
        unusual
    })
}

#[test]
fn what_clients_write_together_is_accepted_in_every_replicas_order() {
    let mut unusual = std::collections::BTreeMap::<_, usize>::new();
    let mut total = 0;
    for seed in 0..25 {
        for mut doc in write_together(seed, 80) {
            let mut history = History::default();
            for change in doc.get_changes(&[]) {
                assert_same_operations(&change);
                *unusual.entry(take_in(&mut history, &change)).or_default() += 1;
                total += 1;
            }
            let heads: Vec<_> = doc.get_heads().iter().map(|head| head.0).collect();
            assert_eq!(history.graph().heads().iter().map(|head| head.0).collect::<Vec<_>>(), heads);
            assert_since(doc.document(), &history, seed);
        }
    }
    println!("{total} honest changes: {unusual:?}");
    assert_eq!(unusual.get(&None), Some(&total), "what stock clients write needs no trial");
}

/// `builds_on`, which walks back from the heads, against all that stands behind each change.
#[test]
fn what_a_change_builds_on_is_what_stands_behind_it() {
    let mut dice = Dice(5);
    for seed in 0..12 {
        let changes = write_together(seed, 60).pop().unwrap().get_changes(&[]);
        let history = fixture::history(&changes);
        let graph = history.graph();
        for _ in 0..200 {
            let mut deps =
                [dice.pick(&[0, 1, 2]), 0].map(|n| changes[dice.roll(changes.len()) / (n + 1)].hash());
            deps.sort_unstable();
            let deps = deps.map(|dep| crate::id::Hash(dep.0));
            let apart = graph.changes_since(&deps);
            let wanted = dice.roll(changes.len());
            assert_eq!(graph.builds_on(&deps, &[wanted as u32]), Some(!apart.contains(&wanted)));
        }
    }
}

/// `changes_since` is automerge's `get_changes`, as a set and in causal order.
fn assert_since(doc: &Automerge, history: &History, seed: u64) {
    let mut dice = Dice(seed);
    let all: Vec<ChangeHash> = doc.get_changes(&[]).iter().map(Change::hash).collect();
    for _ in 0..5 {
        let known = [dice.pick(&all), dice.pick(&all)];
        let ours = history.graph().changes_since(&known.map(|hash| crate::id::Hash(hash.0)));
        assert!(ours.is_sorted());
        let mut ours: Vec<_> = ours.iter().map(|i| history.graph().hash_at(*i).unwrap().0).collect();
        let mut theirs: Vec<_> = doc.get_changes(&known).iter().map(|change| change.hash().0).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
    }
}

fn assert_same_operations(change: &Change) {
    let theirs = change.decode();
    with_change(change.raw_bytes(), |ours| {
        let id = |id: &OperationId| expanded::OpId(id.number.into(), ActorId::from(ours.actor_at(id.actor)));
        assert_eq!(ours.operations.list.len(), theirs.operations.len());
        for (ours, theirs) in ours.operations.list.iter().zip(&theirs.operations).map(|(a, b)| (*a, b)) {
            let object = ours.object.map_or(expanded::ObjectId::Root, |o| expanded::ObjectId::Id(id(&o)));
            let key = match ours.key {
                Key::Name(name) => expanded::Key::Map(name.into()),
                Key::Head => expanded::Key::head(),
                Key::Element(e) => expanded::Key::Seq(expanded::ElementId::Id(id(&e))),
            };
            assert_eq!((&object, &key, ours.insert), (&theirs.obj, &theirs.key, theirs.insert));
            assert_eq!(action(&ours), theirs.action);
        }
        let predecessors = ours
            .operations
            .list
            .iter()
            .map(|o| ours.operations.predecessors(o).iter().map(id).collect::<Vec<_>>());
        let theirs = theirs.operations.iter().map(|o| o.pred.iter().cloned().collect::<Vec<_>>());
        assert!(predecessors.eq(theirs));
    });
}

fn scalar(value: Value<'_>) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Boolean(b) => b.into(),
        Value::Uint(n) => ScalarValue::Uint(n),
        Value::Int(n) => ScalarValue::Int(n),
        Value::Float(f) => f.into(),
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => bytes.to_vec().into(),
        Value::Counter(n) => ScalarValue::counter(n),
        Value::Timestamp(n) => ScalarValue::Timestamp(n),
    }
}

fn action(ours: &Operation<'_>) -> expanded::OpType {
    match (ours.action, ours.mark_name) {
        (Action::MakeMap, _) => expanded::OpType::Make(ObjType::Map),
        (Action::MakeTable, _) => expanded::OpType::Make(ObjType::Table),
        (Action::MakeList, _) => expanded::OpType::Make(ObjType::List),
        (Action::MakeText, _) => expanded::OpType::Make(ObjType::Text),
        (Action::Delete, _) => expanded::OpType::Delete,
        (Action::Put, _) => expanded::OpType::Put(scalar(ours.value)),
        (Action::Increment, _) => expanded::OpType::Increment(match ours.value {
            Value::Int(by) => by,
            _ => 0,
        }),
        (Action::Mark, Some(name)) => {
            let (name, value, expand) = (name.into(), scalar(ours.value), ours.expand);
            expanded::OpType::MarkBegin(expanded::MarkData { name, value, expand })
        }
        (Action::Mark, None) => expanded::OpType::MarkEnd(ours.expand),
    }
}
