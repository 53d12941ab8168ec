//! Creates item documents and writes content into them, as Automerge changes. Used for new
//! items, for import and for demonstration data; people write through their editors.

use super::{SCHEMA_VERSION, SectionText, empty};
use crate::{
    content::{Block, Inline, Row},
    id::{DocumentId, UserId},
};
use automerge::{
    ActorId, Automerge, AutomergeError, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    marks::{ExpandMark, Mark},
    transaction::{Transactable, Transaction},
};
use sha2::{Digest, Sha256};

/// What every actor begins with that the server writes under. Anyone can compute the actors
/// of others, so clients may not use any of them.
const SERVER_ACTOR: [u8; 4] = *b"\0srv";

/// The actor under which the server writes for a user in a document: one per pair, so that
/// its sequence goes on after a restart.
pub fn server_actor(document: DocumentId, user: &UserId) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(b"dagsorden server actor\0");
    hasher.update(document.as_bytes());
    hasher.update(user.as_str());
    [&SERVER_ACTOR, &hasher.finalize()[..12]].concat()
}

/// Whether only the server writes under the actor.
pub fn is_server_actor(actor: &[u8]) -> bool {
    actor.starts_with(&SERVER_ACTOR)
}

/// The first change of a new document: its shape with empty sections. Always the same bytes
/// for the same arguments.
pub fn create<'a>(
    actor: &[u8],
    sections: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<u8>, AutomergeError> {
    let mut document = empty().with_actor(ActorId::from(actor));
    let mut tx = document.transaction();
    tx.put(ROOT, "v", SCHEMA_VERSION)?;
    let map = tx.put_object(ROOT, "sections", ObjType::Map)?;
    for key in sections {
        let section = tx.put_object(&map, key, ObjType::Map)?;
        tx.put_object(&section, "body", ObjType::Text)?;
        tx.put(&section, "nothing", false)?;
    }
    tx.put_object(ROOT, "tables", ObjType::Map)?;
    tx.commit();
    last_change(&document)
}

fn last_change(document: &Automerge) -> Result<Vec<u8>, AutomergeError> {
    let change: Option<Change> = document.get_last_local_change();
    change.map(|c| c.raw_bytes().to_vec()).ok_or(AutomergeError::Fail)
}

/// Appends blocks to a section (and sets `nothing`) as one change by `actor`; the change's
/// bytes are returned and already applied, `None` if there is nothing to change. A section
/// that the document lacks is an error.
pub fn write_section(
    document: &mut Automerge,
    actor: &[u8],
    key: &str,
    blocks: &[Block],
    nothing: bool,
) -> Result<Option<Vec<u8>>, AutomergeError> {
    written(document, actor, |tx| write_in_section(tx, key, blocks, nothing))
}

/// The same for several sections, as one change.
pub fn write_sections<'a>(
    document: &mut Automerge,
    actor: &[u8],
    sections: impl IntoIterator<Item = &'a SectionText>,
) -> Result<Option<Vec<u8>>, AutomergeError> {
    let mut sections = sections.into_iter();
    written(document, actor, |tx| {
        sections.try_for_each(|section| write_in_section(tx, &section.key, &section.blocks, section.nothing))
    })
}

fn written(
    document: &mut Automerge,
    actor: &[u8],
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
) -> Result<Option<Vec<u8>>, AutomergeError> {
    document.set_actor(ActorId::from(actor));
    let mut tx = document.transaction();
    write(&mut tx)?;
    match tx.commit() {
        (Some(_), _) => last_change(document).map(Some),
        (None, _) => Ok(None),
    }
}

fn write_in_section(
    tx: &mut Transaction<'_>,
    key: &str,
    blocks: &[Block],
    nothing: bool,
) -> Result<(), AutomergeError> {
    let section = child(tx, &ROOT, "sections")
        .and_then(|sections| child(tx, &sections, key))
        .ok_or_else(|| AutomergeError::InvalidObjId(format!("sections/{key}")))?;
    let body =
        child(tx, &section, "body").ok_or_else(|| AutomergeError::InvalidObjId(format!("{key}/body")))?;
    if nothing {
        tx.put(&section, "nothing", true)?;
    }
    write_blocks(tx, &body, blocks, key)
}

fn child<D: ReadDoc>(document: &D, parent: &ObjId, key: &str) -> Option<ObjId> {
    document.get(parent, key).ok().flatten().and_then(|(value, id)| value.is_object().then_some(id))
}

fn write_blocks(
    tx: &mut Transaction<'_>,
    body: &ObjId,
    blocks: &[Block],
    key: &str,
) -> Result<(), AutomergeError> {
    for (n, block) in blocks.iter().enumerate() {
        let at = tx.length(body);
        let marker = tx.split_block(body, at)?;
        tx.put_object(&marker, "parents", ObjType::List)?;
        let attrs = tx.put_object(&marker, "attrs", ObjType::Map)?;
        let (kind, text) = match block {
            Block::Paragraph { text } => ("paragraph", Some(text)),
            Block::Heading { level, text } => {
                tx.put(&attrs, "level", i64::from(*level))?;
                ("heading", Some(text))
            }
            Block::ListItem { ordered, indent, text } => {
                tx.put(&attrs, "indent", i64::from(*indent))?;
                (if *ordered { "ordered-list-item" } else { "unordered-list-item" }, Some(text))
            }
            Block::Table { rows } => {
                let id = format!("{key}{at}t{n}");
                tx.put(&attrs, "id", id.as_str())?;
                tx.put(&marker, "isEmbed", true)?;
                write_table(tx, &id, rows)?;
                ("table", None)
            }
        };
        tx.put(&marker, "type", kind)?;
        write_inline(tx, body, text.map_or(&[][..], Vec::as_slice))?;
    }
    Ok(())
}

fn write_inline(tx: &mut Transaction<'_>, body: &ObjId, runs: &[Inline]) -> Result<(), AutomergeError> {
    let mut marks = Vec::new();
    for run in runs {
        let start = tx.length(body);
        tx.splice_text(body, start, 0, &run.text)?;
        let end = tx.length(body);
        if run.bold {
            marks.push((start, end, "strong", ScalarValue::from(true), ExpandMark::After));
        }
        if run.italic {
            marks.push((start, end, "em", ScalarValue::from(true), ExpandMark::After));
        }
        if let Some(link) = &run.link {
            marks.push((start, end, "link", ScalarValue::from(link.as_str()), ExpandMark::None));
        }
    }
    for (start, end, name, value, expand) in marks {
        if start < end {
            tx.mark(body, Mark::new(name.to_owned(), value, start, end), expand)?;
        }
    }
    Ok(())
}

/// Where each cell starts in the grid; the importer's tables are complete, others are padded.
fn write_table(tx: &mut Transaction<'_>, id: &str, rows: &[Row]) -> Result<(), AutomergeError> {
    let tables = match child(tx, &ROOT, "tables") {
        Some(tables) => tables,
        None => tx.put_object(ROOT, "tables", ObjType::Map)?,
    };
    let table = tx.put_object(&tables, id, ObjType::Map)?;
    let row_ids = tx.put_object(&table, "rows", ObjType::List)?;
    let column_ids = tx.put_object(&table, "cols", ObjType::List)?;
    let cells = tx.put_object(&table, "cells", ObjType::Map)?;
    let columns = rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| usize::from(cell.colspan)).sum::<usize>())
        .max()
        .unwrap_or(0);
    for y in 0..rows.len() {
        tx.insert(&row_ids, y, format!("r{y}"))?;
    }
    for x in 0..columns {
        tx.insert(&column_ids, x, format!("c{x}"))?;
    }
    let mut taken = vec![vec![false; columns]; rows.len()];
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for cell in &row.cells {
            while x < columns && taken[y][x] {
                x += 1;
            }
            let right = (x + usize::from(cell.colspan)).min(columns);
            let bottom = (y + usize::from(cell.rowspan)).min(rows.len());
            if x >= right {
                break;
            }
            taken[y..bottom].iter_mut().for_each(|line| line[x..right].fill(true));
            let object = tx.put_object(&cells, format!("r{y}:c{x}"), ObjType::Map)?;
            let text = tx.put_object(&object, "t", ObjType::Text)?;
            if cell.header {
                tx.put(&object, "h", true)?;
            }
            if right - x > 1 {
                tx.put(&object, "ce", format!("c{}", right - 1))?;
            }
            if bottom - y > 1 {
                tx.put(&object, "re", format!("r{}", bottom - 1))?;
            }
            write_blocks(tx, &text, &cell.blocks, id)?;
            x = right;
        }
    }
    Ok(())
}
