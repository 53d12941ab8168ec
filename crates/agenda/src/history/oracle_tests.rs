//! Automerge as the oracle: texts that three people wrote at once, with emoji, tables and merged
//! cells. Blame covers every character once and names who automerge names; a difference holds
//! all of both moments; the past of a document is what its first changes alone make.

use super::{
    Authors, BlameText, Change, Credits, DiffBlock, DiffCell, DiffSection, Past, TextPath, blame, diff,
};
use crate::{
    content::Block,
    document::{from_changes, read_sections},
    id::UserId,
    sync::{
        fixture::{self, Dice},
        oracle_tests::edit_text,
    },
};
use automerge::{
    AutoCommit, Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    marks::{ExpandMark, Mark},
    transaction::Transactable,
};
use std::sync::Arc;

const KEYS: [&str; 2] = ["resume", "lov"];
const PEOPLE: [&str; 3] = ["anna", "bo", "carl"];

/// Actors are named as their people.
struct Named(Vec<(Vec<u8>, UserId)>);

impl Named {
    fn new() -> Self {
        let user = |name: &str| (name.as_bytes().to_vec(), UserId::new(name).unwrap());
        Self(PEOPLE.into_iter().chain(["server"]).map(user).collect())
    }
}

impl Authors for Named {
    fn of_actor(&self, actor: &[u8]) -> Option<&UserId> {
        self.0.iter().find(|(known, _)| known == actor).map(|(_, user)| user)
    }
    fn of_commit(&self, _: u64) -> Option<&UserId> {
        None
    }
    fn copied(&self, _: &crate::id::Hash) -> Option<&crate::event::TextCopied> {
        None
    }
}

/// The past of these changes, each a commit of its own.
fn past(changes: &[automerge::Change]) -> Past {
    let bytes: Vec<Arc<[u8]>> = changes.iter().map(|change| change.raw_bytes().into()).collect();
    let document = from_changes(bytes.iter().map(|bytes| &**bytes)).unwrap();
    let graph = fixture::history(changes).graph().clone();
    Past::new(document, graph, bytes, (1..=changes.len() as u64).collect())
}

fn some_text(doc: &AutoCommit, dice: &mut Dice) -> ObjId {
    let body = fixture::object(doc, &["sections", dice.pick(&KEYS), "body"]);
    let tables = fixture::object(doc, &["tables"]);
    let cells = doc.keys(&tables).filter_map(|table| {
        let cells = doc.get(doc.get(&tables, table).ok()??.1, "cells").ok()??.1;
        let keys: Vec<String> = doc.keys(&cells).collect();
        let (_, cell) = doc.get(&cells, keys.get(dice.roll(keys.len() + 1))?.as_str()).ok()??;
        doc.get(&cell, "t").ok()?.map(|(_, text)| text)
    });
    cells.collect::<Vec<_>>().pop().filter(|_| dice.0.is_multiple_of(2)).unwrap_or(body)
}

/// A table of its own, or an old one shown again.
fn add_table(doc: &mut AutoCommit, dice: &mut Dice) -> Result<(), AutomergeError> {
    let body = fixture::object(doc, &["sections", dice.pick(&KEYS), "body"]);
    let marker = doc.split_block(&body, dice.roll(doc.length(&body) + 1))?;
    let id = dice.pick(&["t1", "t2"]);
    doc.put(&marker, "type", "table")?;
    let attrs = doc.put_object(&marker, "attrs", ObjType::Map)?;
    doc.put(&attrs, "id", id)?;
    let tables = fixture::object(doc, &["tables"]);
    if doc.get(&tables, id)?.is_some() {
        return Ok(());
    }
    let table = doc.put_object(&tables, id, ObjType::Map)?;
    let (rows, cols) =
        (doc.put_object(&table, "rows", ObjType::List)?, doc.put_object(&table, "cols", ObjType::List)?);
    let cells = doc.put_object(&table, "cells", ObjType::Map)?;
    for n in 0..3 {
        doc.insert(&rows, n, format!("r{n}"))?;
        doc.insert(&cols, n, format!("c{n}"))?;
    }
    for key in ["r0:c0", "r0:c0:bo", "r0:c1", "r1:c0", "r1:c1", "r2:c2"] {
        let cell = doc.put_object(&cells, key, ObjType::Map)?;
        let text = doc.put_object(&cell, "t", ObjType::Text)?;
        doc.splice_text(&text, 0, 0, key)?;
    }
    Ok(())
}

fn edit_table(doc: &mut AutoCommit, dice: &mut Dice) -> Result<(), AutomergeError> {
    let tables = fixture::object(doc, &["tables"]);
    let Some((_, table)) = doc.get(&tables, dice.pick(&["t1", "t2"]))? else { return Ok(()) };
    let (_, list) =
        doc.get(&table, dice.pick(&["rows", "cols"]))?.unwrap_or((ObjType::List.into(), table.clone()));
    let (length, fresh) = (doc.length(&list), format!("n{}", dice.roll(1_000)));
    match dice.roll(3) {
        0 if length > 0 => doc.delete(&list, dice.roll(length)),
        1 => doc.insert(&list, dice.roll(length + 1), fresh),
        _ => {
            let (_, cells) = doc.get(&table, "cells")?.unwrap_or((ObjType::Map.into(), table));
            let keys: Vec<String> = doc.keys(&cells).collect();
            let Some((_, cell)) = doc.get(&cells, keys[dice.roll(keys.len())].as_str())? else {
                return Ok(());
            };
            let end = dice.pick(&["ce", "re"]);
            match dice.roll(3) {
                0 => doc.delete(&cell, end),
                _ => doc.put(&cell, end, if end == "ce" { "c2" } else { "r2" }),
            }
        }
    }
}

fn edit(doc: &mut AutoCommit, dice: &mut Dice) {
    match dice.roll(12) {
        0 => add_table(doc, dice).unwrap(),
        1 | 2 => edit_table(doc, dice).unwrap(),
        3 => {
            let section = fixture::object(doc, &["sections", dice.pick(&KEYS)]);
            doc.put(&section, "nothing", ScalarValue::Boolean(dice.roll(2) == 0)).unwrap();
        }
        4 => {
            // A mark's value is a string as a letter's is.
            let text = some_text(doc, dice);
            let (a, b) = (dice.roll(doc.length(&text) + 1), dice.roll(doc.length(&text) + 1));
            let link = Mark::new("link".into(), "a", a.min(b), a.max(b));
            if a != b {
                doc.mark(&text, link, ExpandMark::None).unwrap();
            }
        }
        _ => {
            let text = some_text(doc, dice);
            edit_text(doc, &text, dice);
        }
    }
    doc.commit();
}

/// What three people wrote at once, in an order in which it can be taken in.
fn written(seed: u64) -> Vec<automerge::Change> {
    let mut dice = Dice(seed);
    let mut first = fixture::document();
    let mut replicas: Vec<AutoCommit> =
        PEOPLE.iter().map(|name| fixture::replica(&mut first, name.as_bytes())).collect();
    for _ in 0..40 {
        let writer = dice.roll(replicas.len());
        edit(&mut replicas[writer], &mut dice);
        if dice.roll(4) == 0 {
            let from = dice.roll(replicas.len());
            let mut other = replicas[from].clone();
            replicas[writer].merge(&mut other).unwrap();
        }
    }
    for replica in &mut replicas {
        first.merge(replica).unwrap();
    }
    first.get_changes(&[])
}

fn object(document: &Automerge, path: &[&str], heads: &[automerge::ChangeHash]) -> ObjId {
    path.iter().fold(ROOT, |object, key| document.get_at(&object, *key, heads).unwrap().unwrap().1)
}

/// Runs follow each other from the start to the end, and name who automerge's cursors name.
fn assert_blame(past: &Past, text: &BlameText, sequence: u64, credits: &Credits<'_>) {
    let heads: Vec<_> = past.heads_at(sequence).iter().map(|hash| automerge::ChangeHash(hash.0)).collect();
    let path: Vec<&str> = match &text.path {
        TextPath::Section { section } => vec!["sections", section, "body"],
        TextPath::Cell { table, key } => vec!["tables", table, "cells", key, "t"],
    };
    let object = object(&past.document, &path, &heads);
    let mut at = 0;
    for run in &text.runs {
        assert_eq!(run.start, at, "{:?}", text.path);
        assert!(run.end > run.start);
        let cursor = past.document.get_cursor(&object, run.start, Some(&heads)).unwrap().to_string();
        let credit = &credits.list[run.credit.unwrap() as usize];
        let name = credits.users[credit.user as usize].as_str();
        let actor = automerge::ActorId::from(name.as_bytes()).to_hex_string();
        assert!(cursor.ends_with(&actor), "{cursor} is not by {name}");
        at = run.end;
    }
    assert_eq!(at, past.document.length_at(&object, &heads), "{:?}", text.path);
}

fn flat(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Table { rows } => {
                rows.iter().flat_map(|row| &row.cells).for_each(|cell| flat(&cell.blocks, out));
            }
            _ => out.push_str(&block.plain_text()),
        }
    }
}

/// The words that stood there before (without `not` = inserted) or stand there after.
fn side(blocks: &[DiffBlock], not: Change, out: &mut String) {
    for block in blocks {
        match block {
            DiffBlock::Text { runs, .. } => {
                runs.iter().filter(|run| run.change != not).for_each(|run| out.push_str(&run.words.text));
            }
            DiffBlock::Table { rows, .. } => {
                let cells = rows.iter().flat_map(|row| &row.cells);
                cells.for_each(|cell: &DiffCell| side(&cell.blocks, not, out));
            }
        }
    }
}

fn assert_diff(past: &Past, sections: &[DiffSection], (from, to): (u64, u64)) {
    for (sequence, not) in [(from, Change::Inserted), (to, Change::Deleted)] {
        let heads = past.heads_at(sequence);
        let read = if heads.is_empty() { Vec::new() } else { read_sections(&past.document, KEYS, &heads) };
        for section in sections {
            let text = read.iter().find(|text| text.key == section.key).cloned().unwrap_or_default();
            let (mut ours, mut theirs) = (String::new(), String::new());
            side(&section.blocks, not, &mut ours);
            flat(&text.blocks, &mut theirs);
            assert_eq!(ours, theirs, "{from} to {to}, {} at {sequence}", section.key);
            let nothing = if sequence == from { section.nothing_before } else { section.nothing_after };
            assert!(nothing == text.nothing || from == to);
        }
    }
}

fn blamed<'a>(past: &'a Past, named: &'a Named, sequence: u64) -> (Vec<BlameText>, Vec<String>) {
    let mut credits = Credits::new(past, named);
    let texts = blame(past, KEYS, sequence, &mut credits);
    texts.iter().for_each(|text| assert_blame(past, text, sequence, &credits));
    let names = credits.list.iter().map(|credit| credits.users[credit.user as usize].to_string());
    (texts, names.collect())
}

#[test]
fn every_character_has_one_author_and_every_difference_holds_both_moments() {
    let named = Named::new();
    for seed in 0..24 {
        let changes = written(seed);
        let past = past(&changes);
        let mut dice = Dice(seed);
        for _ in 0..8 {
            let moments = (dice.roll(changes.len() + 1) as u64, dice.roll(changes.len() + 1) as u64);
            blamed(&past, &named, moments.0);
            let sections = diff(&past, KEYS, moments, &mut Credits::new(&past, &named));
            assert_diff(&past, &sections, moments);
            let same = diff(&past, KEYS, (moments.0, moments.0), &mut Credits::new(&past, &named));
            assert!(same.iter().all(|section| !section.changed), "nothing differs from itself");
        }
    }
}

#[test]
fn the_past_is_what_the_first_changes_alone_make() {
    let named = Named::new();
    for seed in 100..112 {
        let changes = written(seed);
        let whole = past(&changes);
        for count in (1..=changes.len()).step_by(7) {
            let (prefix, at) = (past(&changes[..count]), count as u64);
            assert_eq!(blamed(&whole, &named, at), blamed(&prefix, &named, at), "seed {seed}, {count}");
            let since_start = |past: &Past| diff(past, KEYS, (0, at), &mut Credits::new(past, &named));
            assert_eq!(since_start(&whole), since_start(&prefix), "seed {seed}, {count}");
            assert_eq!(whole.read_at(KEYS, at), prefix.read_at(KEYS, at));
        }
    }
}

/// One person writes "at den godkendes", another makes it "at den afvises" and a heading.
#[test]
fn a_word_and_a_block_that_became_others_are_one_change_each() {
    let named = Named::new();
    let mut first = fixture::document();
    let mut anna = fixture::replica(&mut first, b"anna");
    let body = fixture::object(&anna, &["sections", "resume", "body"]);
    let marker = anna.split_block(&body, 0).unwrap();
    anna.put(&marker, "type", "paragraph").unwrap();
    anna.splice_text(&body, 1, 0, "at den godkendes").unwrap();
    anna.commit();
    let mut bo = fixture::replica(&mut anna, b"bo");
    bo.splice_text(&body, 8, 7, "afvis").unwrap();
    let fresh = automerge::hydrate_map! { "type" => "heading" };
    bo.update_object(&bo.get(&body, 0).unwrap().unwrap().1, &fresh.into()).unwrap();
    bo.commit();
    let past = past(&bo.get_changes(&[]));
    let mut credits = Credits::new(&past, &named);
    let sections = diff(&past, KEYS, (2, 3), &mut credits);
    let Some(DiffBlock::Text { was, runs, .. }) = sections[0].blocks.first() else { panic!("no text") };
    assert_eq!(*was, Some(super::BlockKind::Paragraph));
    let name =
        |credit: Option<u32>| credits.users[credits.list[credit.unwrap() as usize].user as usize].as_str();
    let told: Vec<_> =
        runs.iter().map(|run| (run.change, run.words.text.as_str(), name(run.credit))).collect();
    let expected = [
        (Change::Kept, "at den ", "anna"),
        (Change::Deleted, "godkendes", "bo"),
        (Change::Inserted, "afvises", "bo"),
    ];
    assert_eq!(told, expected);
}
