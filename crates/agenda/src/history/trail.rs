//! The audit trail: what was done and what was refused, line by line, with who it was and what
//! they were then; and the choice of lines.

use super::{Entry, ForumChronicle, HistoryKind, Reader, Words, item_of, signed};
use crate::{
    event::{ChangesRecorded, Event, Position, Recorded, Role, Timestamp},
    forum::SERVICE,
    id::{ItemId, MeetingId, StreamId, UserId},
    language::Language,
    meeting::{Meeting, Meta},
};
use std::collections::BTreeMap;

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it ended, and where it began: edits in a row may be one line.
    pub position: Position,
    pub first_position: Position,
    /// Of the commit at `position`, in its stream.
    pub sequence: u64,
    pub stream: StreamId,
    /// The meeting that it is about, if it is about one.
    pub meeting: Option<MeetingId>,
    pub at: Timestamp,
    pub by: UserId,
    pub name: String,
    /// The position and the roles that the person held then.
    pub title: String,
    pub roles: Vec<Role>,
    pub kind: HistoryKind,
    /// The stored name of the event.
    pub event: &'static str,
    pub item: Option<ItemId>,
    pub sentence: String,
}

/// An item as it stands on the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnAgenda {
    /// Counted from 1; `None` for one that was withdrawn.
    pub number: Option<usize>,
    pub title: String,
}

impl OnAgenda {
    /// All items of a meeting as it is now, also those that were withdrawn.
    pub fn of(meeting: &Meeting) -> BTreeMap<ItemId, Self> {
        let withdrawn = meeting.withdrawn.iter().map(|withdrawn| (None, &withdrawn.item));
        let on = meeting.items.iter().enumerate().map(|(index, item)| (Some(index + 1), item));
        let known = |(number, item): (Option<usize>, &crate::meeting::Item)| {
            (item.id, Self { number, title: item.title.clone() })
        };
        withdrawn.chain(on).map(known).collect()
    }

    /// The same of a meeting that is read commit by commit, without its past.
    pub fn read(meeting: &mut Meeting, recorded: &Recorded) {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            // The log was checked when it was written; what does not fit is not ours to hide.
            drop(meeting.apply(&meta, event));
        }
    }
}

/// Which lines are wanted; what is left out does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub person: Option<UserId>,
    pub item: Option<ItemId>,
    pub kind: Option<HistoryKind>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// All of these words stand in the sentence, or in the item's title; case does not matter.
    pub words: String,
}

impl Wanted {
    fn entry(&self, entry: &Entry) -> bool {
        self.person.as_ref().is_none_or(|user| *user == entry.by)
            && self.item.is_none_or(|item| Some(item) == entry.item)
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.until.is_none_or(|until| entry.at < until)
    }

    /// Whether the entry is wanted.
    pub fn takes(
        &self,
        entry: &Entry,
        forum: &ForumChronicle,
        items: &BTreeMap<ItemId, OnAgenda>,
        language: Language,
    ) -> bool {
        let says = || {
            // A sentence is only made where somebody searches in it.
            self.words.trim().is_empty() || self.says(&Line::of(entry, forum, language), items)
        };
        self.entry(entry) && says()
    }

    fn says(&self, line: &Line, items: &BTreeMap<ItemId, OnAgenda>) -> bool {
        let title = line.item.and_then(|item| items.get(&item)).map_or("", |item| item.title.as_str());
        let text = format!("{} {title}", line.sentence).to_lowercase();
        self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

impl Line {
    /// The entry in words, with what the person was then.
    pub fn of(entry: &Entry, forum: &ForumChronicle, language: Language) -> Self {
        // What the service signs no member signs, whatever members are called.
        let signed = entry.stream == StreamId::Seals || entry.by.as_str() == SERVICE;
        let member = forum.member_at(&entry.by, entry.position).filter(|_| !signed);
        let unknown = || if signed { signed::signer(language).to_owned() } else { entry.by.to_string() };
        let name = member.map_or_else(unknown, |member| member.name.clone());
        Self {
            position: entry.position,
            first_position: entry.first_position,
            sequence: entry.sequence,
            stream: entry.stream,
            meeting: entry.meeting,
            at: entry.at,
            by: entry.by.clone(),
            sentence: entry.sentence(&name, language),
            name,
            title: member.map_or_else(String::new, |member| member.title.clone()),
            roles: member.map_or_else(Vec::new, |member| member.roles.clone()),
            kind: entry.kind,
            event: entry.event,
            item: entry.item,
        }
    }
}

/// Tells the commits of a stream one by one, and keeps nothing of what it has told.
#[derive(Debug)]
pub enum Teller {
    Forum(Box<ForumChronicle>),
    Meeting(Box<MeetingTeller>),
    /// What the service signed.
    Signed,
}

/// Reads a meeting's commits.
#[derive(Debug, Default)]
pub struct MeetingTeller(Reader);

impl Teller {
    /// Of a stream from its first commit on.
    pub fn of(stream: StreamId) -> Self {
        match stream {
            StreamId::Forum(id) => Self::Forum(Box::new(ForumChronicle::new(id))),
            StreamId::Meeting(_) => Self::Meeting(Box::default()),
            StreamId::Seals => Self::Signed,
        }
    }

    /// What the next commit tells, event by event.
    pub fn tell(&mut self, recorded: &Recorded) -> Vec<Entry> {
        match self {
            Self::Forum(forum) => forum.read(recorded),
            Self::Meeting(meeting) => {
                meeting.0.read(recorded);
                std::mem::take(&mut meeting.0.acts)
            }
            Self::Signed => signed::told(recorded),
        }
    }
}

impl Reader {
    /// The trail tells of every commit, also of one that no item's life tells of.
    pub(super) fn unseen(&mut self, recorded: &Recorded) {
        let events = &recorded.commit.events;
        let mut act = Self::entry(recorded, HistoryKind::Text, Words::Unseen);
        act.trail_only = true;
        act.event = events.first().map_or("", |event| event.kind().0);
        act.item = events.iter().find_map(|event| match event {
            Event::ChangesRecorded(e) => self.place_of(e.document).map(|(item, _)| item),
            _ => item_of(event, self.meeting.as_ref()),
        });
        self.acts.push(act);
    }

    /// What stands in a suggestion has not happened to the text.
    pub(super) fn suggested(&mut self, recorded: &Recorded, event: &ChangesRecorded) {
        let index = self.bodies.entry(event.document).or_default();
        let changes = event.changes.iter().map(|change| index.read(&change.0));
        let (inserted, deleted) =
            changes.fold((0, 0), |(more, less), change| (more + change.inserted, less + change.deleted));
        let mut entry = Self::entry(recorded, HistoryKind::Suggestion, Words::Suggested);
        entry.item = self.suggestion(event.document).map(|suggestion| suggestion.item);
        (entry.inserted, entry.deleted) = (inserted, deleted);
        (entry.document, entry.trail_only) = (Some(event.document), true);
        self.acts.push(entry);
    }

    /// What the life of items and of the agenda is told by.
    pub(super) fn life(&self) -> impl Iterator<Item = &Entry> {
        self.acts.iter().filter(|act| !act.trail_only)
    }
}
