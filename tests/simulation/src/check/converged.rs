//! When all is quiet a copy holds everything that the room holds, and more only where its own
//! changes were refused; without those, heads and text are the room's.

use super::{Checked, fates::Fates, require};
use crate::replica::Replica;
use agenda::{document::read_sections, id::Hash, live::Room};
use std::collections::BTreeSet;

pub fn check(room: &mut Room, replica: &Replica, fates: &Fates) -> Checked {
    let id = replica.document;
    let who = || format!("{}'s copy of {id}", replica.user);
    let meeting = room.meeting();
    let kind = meeting.documents.get(&id).map(|document| document.kind).ok_or("no such document")?;
    let keys: Vec<String> = meeting.sections(kind).into_iter().map(|(key, _)| key.to_owned()).collect();
    let document = room.document(id).ok_or("the room lacks a document")?;
    let graph = document.history().graph();
    let theirs: BTreeSet<Hash> = (0..graph.len()).filter_map(|index| graph.hash_at(index)).collect();
    let own = replica.changes();
    let lacking = theirs.difference(&own).count();
    require(lacking == 0, || format!("{} lacks {lacking} changes", who()))?;
    let extra: Vec<_> = own.difference(&theirs).collect();
    let unexplained = extra.iter().find(|hash| !fates.refused.contains(&(id, ***hash)));
    require(unexplained.is_none(), || format!("{} has {unexplained:?}, which was not refused", who()))?;
    if !extra.is_empty() {
        return Ok(());
    }
    let text = document.read(keys.iter().map(String::as_str));
    require(text.heads == replica.heads(), || format!("{} has other heads", who()))?;
    let read = read_sections(&replica.copy, keys.iter().map(String::as_str), &text.heads);
    require(text.sections == read, || format!("{} says something else", who()))
}
