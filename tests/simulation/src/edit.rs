//! What people do in their editors: one Automerge change at a time, in UTF-16 units.

use crate::{random::Random, words};
use agenda::id::Hash;
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc,
    marks::{ExpandMark, Mark},
    transaction::{CommitOptions, Transactable, Transaction},
};

const WORDS: [&str; 6] = ["sagen ", "økonomi ", "å", "😀", "at indstille ", "§ 3"];

/// One random edit; the hash of its change, or `None` if there was nothing to change.
pub fn edit(document: &mut Automerge, random: &mut Random, now: i64) -> Option<Hash> {
    let sections = child(document, &ROOT, "sections")?;
    let keys: Vec<String> = document.keys(&sections).collect();
    let section = child(document, &sections, random.pick(&keys)?)?;
    let body = child(document, &section, "body")?;
    let mut tx = document.transaction();
    let done = match random.weighted(&[50, 15, 15, 8, 8, 4]) {
        0 => insert(&mut tx, &body, random),
        1 => delete(&mut tx, &body, random),
        2 => split(&mut tx, &body, random),
        3 => tx.put(&section, "nothing", random.percent(50)),
        4 => mark(&mut tx, &body, random),
        _ => table(&mut tx, &body, random),
    };
    if done.is_err() {
        tx.rollback();
        return None;
    }
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(now));
    hash.map(|hash| Hash(hash.0))
}

pub fn child<D: ReadDoc>(document: &D, parent: &ObjId, key: &str) -> Option<ObjId> {
    document.get(parent, key).ok().flatten().and_then(|(value, id)| value.is_object().then_some(id))
}

type Edited = Result<(), AutomergeError>;

fn insert(tx: &mut Transaction<'_>, body: &ObjId, random: &mut Random) -> Edited {
    let at = random.below(tx.length(body) + 1);
    let text = [WORDS[random.below(WORDS.len())], &words::new(random)].concat();
    tx.splice_text(body, at, 0, &text)
}

fn delete(tx: &mut Transaction<'_>, body: &ObjId, random: &mut Random) -> Edited {
    let length = tx.length(body);
    let at = random.below(length);
    let count = (random.below(6) + 1).min(length - at);
    tx.splice_text(body, at, count as isize, "")
}

fn split(tx: &mut Transaction<'_>, body: &ObjId, random: &mut Random) -> Edited {
    let at = random.below(tx.length(body) + 1);
    let marker = tx.split_block(body, at)?;
    tx.put_object(&marker, "parents", ObjType::List)?;
    tx.put_object(&marker, "attrs", ObjType::Map)?;
    tx.put(&marker, "type", if random.percent(70) { "paragraph" } else { "unordered-list-item" })
}

fn mark(tx: &mut Transaction<'_>, body: &ObjId, random: &mut Random) -> Edited {
    let length = tx.length(body);
    if length < 2 {
        return Ok(());
    }
    let start = random.below(length - 1);
    let end = start + 1 + random.below(length - start - 1);
    tx.mark(body, Mark::new("strong".to_owned(), true, start, end), ExpandMark::After)
}

fn table(tx: &mut Transaction<'_>, body: &ObjId, random: &mut Random) -> Edited {
    let Some(tables) = child(tx, &ROOT, "tables") else { return Ok(()) };
    let id = format!("t{}", random.below(1_000_000));
    let at = tx.length(body);
    let marker = tx.split_block(body, at)?;
    tx.put_object(&marker, "parents", ObjType::List)?;
    let attrs = tx.put_object(&marker, "attrs", ObjType::Map)?;
    tx.put(&attrs, "id", id.as_str())?;
    tx.put(&marker, "type", "table")?;
    let table = tx.put_object(&tables, &id, ObjType::Map)?;
    let rows = tx.put_object(&table, "rows", ObjType::List)?;
    tx.insert(&rows, 0, "r0")?;
    let columns = tx.put_object(&table, "cols", ObjType::List)?;
    tx.insert(&columns, 0, "c0")?;
    let cells = tx.put_object(&table, "cells", ObjType::Map)?;
    let cell = tx.put_object(&cells, "r0:c0", ObjType::Map)?;
    let text = tx.put_object(&cell, "t", ObjType::Text)?;
    tx.splice_text(&text, 0, 0, &format!("{}kr.", words::new(random)))
}
