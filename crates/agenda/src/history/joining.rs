//! Edits in a row as one entry.

use super::{Entry, HistoryKind, Words};
use crate::id::ItemId;
use std::collections::VecDeque;

/// Edits by one person in one document within this time are one entry, in milliseconds.
const SAME_ENTRY_MS: i64 = 5 * 60 * 1_000;
/// When others write in between, only edits within this time are: people who type at once.
const AT_ONCE_MS: i64 = 1_000;

/// The entries about one item, or all, with edits in a row joined.
pub(super) fn joined<'a>(acts: impl IntoIterator<Item = &'a Entry>, item: Option<ItemId>) -> Vec<Entry> {
    join(of_item(acts, item))
}

/// Entries with edits in a row joined.
pub(super) fn join<'a>(acts: impl Iterator<Item = &'a Entry>) -> Vec<Entry> {
    joining(acts).collect()
}

/// The same one by one. Only what may still be lengthened is kept meanwhile.
pub(super) fn joining<'a>(acts: impl Iterator<Item = &'a Entry>) -> impl Iterator<Item = Entry> {
    let mut open: VecDeque<Entry> = VecDeque::new();
    let ends = acts.map(Some).chain(std::iter::once(None));
    ends.flat_map(move |act| match act {
        Some(act) => {
            let settled = settled(&open, act);
            let done: Vec<Entry> = open.drain(..settled).collect();
            push_or_join(&mut open, act.clone());
            done
        }
        None => open.drain(..).collect(),
    })
}

/// How many of the entries no later act can lengthen, once this one has come.
fn settled(open: &VecDeque<Entry>, act: &Entry) -> usize {
    let ended = open.iter().rposition(|entry| entry.document.is_none()).map_or(0, |last| last + 1);
    let old = |entry: &&Entry| act.at.0 - entry.at.0 > SAME_ENTRY_MS;
    ended + open.iter().skip(ended).take_while(old).count()
}

/// What was done to one item, and to the whole agenda while the item was on it; or all.
pub(super) fn of_item<'a>(
    acts: impl IntoIterator<Item = &'a Entry>,
    item: Option<ItemId>,
) -> impl Iterator<Item = &'a Entry> {
    let mut on_agenda = false;
    acts.into_iter().filter(move |act| {
        if item.is_some() && act.item == item {
            match act.words {
                Words::Added(_) | Words::Brought { .. } => on_agenda = true,
                Words::Withdrawn(_) | Words::MovedAway(..) => on_agenda = false,
                _ => {}
            }
        }
        let of_agenda = matches!(act.kind, HistoryKind::Freeze | HistoryKind::Publication);
        item.is_none() || act.item == item || (of_agenda && on_agenda)
    })
}

/// Adds an entry, or lengthens the person's last one if it is the same work going on: others
/// may have written in between, but nothing else has happened.
fn push_or_join(entries: &mut VecDeque<Entry>, entry: Entry) {
    let recent = entries.iter().rev().take_while(|last| last.document.is_some());
    let same = |(others, last): &(usize, &Entry)| {
        let within = if *others == 0 { SAME_ENTRY_MS } else { AT_ONCE_MS };
        entry.document.is_some()
            && last.document == entry.document
            && last.by == entry.by
            && last.kind == entry.kind
            && entry.at.0 - last.at.0 <= within
    };
    let found = recent.enumerate().find(same).map(|(others, _)| entries.len() - 1 - others);
    match found.and_then(|at| entries.remove(at)) {
        Some(mut last) => {
            last.join(entry);
            // It ended now, so it stands last.
            let place = entries.partition_point(|other| other.position < last.position);
            entries.insert(place, last);
        }
        None => entries.push_back(entry),
    }
}

impl Entry {
    fn join(&mut self, later: Self) {
        self.position = later.position;
        self.sequence = later.sequence;
        self.at = later.at;
        self.inserted += later.inserted;
        self.deleted += later.deleted;
        self.largest = self.largest.max(later.largest);
        self.imported |= later.imported;
        if self.section != later.section {
            self.section = None;
        }
        if let (Words::Wrote(all), Words::Wrote(more)) = (&mut self.words, later.words) {
            for heading in more {
                if !all.contains(&heading) {
                    all.push(heading);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Commit, Position, Recorded, Timestamp},
        history::Reader,
        id::{CommandId, DocumentId, MeetingId, SessionId, StreamId, UserId},
    };

    /// Acts of three people in two documents, and now and then something else; times between them grow.
    fn acts() -> Vec<Entry> {
        let mut at = 0;
        let act = |n: u64| {
            at += [40, 900, 61_000, 310_000][(n / 7 % 4) as usize];
            let commit = Commit {
                stream: StreamId::Meeting(MeetingId::from_bytes([1; 16])),
                sequence: n,
                at: Timestamp(at),
                by: UserId::new(["bo", "gitte", "per"][(n / 4 * n % 3) as usize]).unwrap(),
                session: SessionId::from_bytes([0; 16]),
                command: CommandId::from_bytes([0; 16]),
                events: vec![],
            };
            let words = Words::Wrote(vec![format!("Afsnit {}", n % 3)]);
            let recorded = Recorded { position: Position(n), commit };
            let mut entry = Reader::entry(&recorded, HistoryKind::Text, words);
            let document = DocumentId::from_bytes([(n / 9 % 2) as u8; 16]);
            (entry.inserted, entry.document) = (1, (!n.is_multiple_of(23)).then_some(document));
            entry
        };
        (1..600).map(act).collect()
    }

    #[test]
    fn one_by_one_they_are_what_they_are_when_all_are_kept() {
        let acts = acts();
        let mut kept = VecDeque::new();
        acts.iter().for_each(|act| push_or_join(&mut kept, act.clone()));
        let told: Vec<Entry> = joining(acts.iter()).collect();
        assert!(told.len() > 50 && told.len() < acts.len() * 4 / 5, "{}", told.len());
        assert_eq!(told, Vec::from(kept));
    }
}
