//! One meeting out of the log, to look back in: its chronicle, its texts with all their changes, and the
//! names of its people.

use agenda::{
    event::{DocumentKind, Timestamp},
    forum::Forum,
    history::{Chronicle, Credits, DiffSection, Entry, Past, diff},
    id::{DocumentId, ItemId, MeetingId, StreamId, UserId},
    language::Language,
    live::Room,
    publication::PublishedSection,
};
use eventlog::EventLog;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub struct Scene {
    chronicle: Chronicle,
    room: Room,
    forum: Forum,
    pasts: BTreeMap<DocumentId, Past>,
    pub language: Language,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Scene {
    pub async fn read(log: &dyn EventLog, id: MeetingId, language: Language) -> Result<Self, Failure> {
        let commits = server::edition::commits(log, id).await?;
        let mut chronicle = Chronicle::new(id);
        commits.iter().for_each(|recorded| chronicle.read(recorded));
        let details = chronicle.meeting().and_then(|meeting| meeting.details.as_ref());
        let forum = details.map(|details| details.forum).ok_or_else(|| {
            language.pick(
                format!("Mødet {id} findes ikke i loggen. Se mødets id i adressen på dets side."),
                format!("The meeting {id} is not in the log. Its id stands in the address of its page."),
            )
        })?;
        let mut names = Forum::new(forum);
        for recorded in log.read(StreamId::Forum(forum), 1, eventlog::MAX_PAGE).await? {
            recorded.commit.events.iter().try_for_each(|event| names.apply(event))?;
        }
        let room = server::edition::replayed(id, &commits)?;
        Ok(Self { chronicle, room, forum: names, pasts: BTreeMap::new(), language })
    }

    pub fn chronicle(&self) -> &Chronicle {
        &self.chronicle
    }

    pub fn name(&self, user: &UserId) -> String {
        self.forum.name_of(user)
    }

    /// The change sets up to a sequence, oldest first.
    pub fn entries(&self, item: Option<ItemId>, until: u64) -> Vec<Entry> {
        let mut entries = self.chronicle.entries(item);
        entries.retain(|entry| self.chronicle.sequence_at(entry.position) <= until);
        entries
    }

    /// What the case of an item and its decision said.
    pub fn sections(&mut self, item: ItemId, sequence: u64) -> Vec<PublishedSection> {
        let Some(documents) = self.chronicle.item_at(item, sequence).map(|item| item.documents) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for kind in [DocumentKind::Case, DocumentKind::Decision] {
            let carrier = self.chronicle.carrier(documents.of(kind));
            if self.open(carrier)
                && let Some(past) = self.pasts.get(&carrier)
            {
                sections.extend(self.chronicle.sections_at(kind, past, sequence));
            }
        }
        sections
    }

    /// What a change set did to the text that it is about; its sections with their headings.
    pub fn changes(&mut self, entry: &Entry) -> Vec<(String, DiffSection)> {
        let (Some(item), Some(kind)) = (entry.item, entry.on) else { return Vec::new() };
        let to = self.chronicle.sequence_at(entry.position);
        let from = self.chronicle.sequence_at(entry.first_position).saturating_sub(1);
        let Some(then) = self.chronicle.item_at(item, to) else { return Vec::new() };
        let carrier = self.chronicle.carrier(then.documents.of(kind));
        self.open(carrier);
        let Some(past) = self.pasts.get(&carrier) else { return Vec::new() };
        let headings = self.chronicle.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
        let authors = self.chronicle.authors(carrier);
        let mut credits = Credits::new(past, &authors);
        let keys = headings.iter().map(|(key, _)| *key);
        let sections = diff(past, keys, (from, to), &mut credits);
        let changed = sections.into_iter().filter(|section| section.changed);
        let with_heading = |section: DiffSection| {
            let heading = headings.iter().find(|(key, _)| *key == section.key).map(|(_, heading)| *heading);
            (heading.unwrap_or_default().to_owned(), section)
        };
        changed.map(with_heading).collect()
    }

    /// Takes the past of a document out of the room; whether it is there.
    fn open(&mut self, id: DocumentId) -> bool {
        if !self.pasts.contains_key(&id)
            && let Some(document) = self.room.document(id)
        {
            self.pasts.insert(id, document.past());
        }
        self.pasts.contains_key(&id)
    }

    /// An item, or the whole agenda, for programs.
    pub fn json(&mut self, wanted: Option<ItemId>, sequence: u64) -> Value {
        let outline = self.chronicle.outline_at(sequence).cloned();
        let items = outline.iter().flat_map(|outline| outline.items.iter().zip(1..));
        let shown = items.filter(|(item, _)| wanted.is_none_or(|id| id == item.id));
        let shown: Vec<Value> = shown
            .map(|(item, number)| {
                json!({
                    "item": item.id, "number": number, "title": item.title, "state": item.state,
                    "journal_number": item.journal_number, "minutes": item.minutes, "closed": item.closed,
                    "sections": self.sections(item.id, sequence),
                })
            })
            .collect();
        let moment = self.chronicle.moment(sequence);
        json!({
            "position": moment.map(|moment| moment.position),
            "at": moment.map(|moment| utc(moment.at)),
            "by": moment.map(|moment| &moment.by),
            "items": shown,
        })
    }

    pub fn entry_json(&self, entry: &Entry) -> Value {
        let name = self.name(&entry.by);
        json!({
            "position": entry.position, "first_position": entry.first_position, "at": utc(entry.at),
            "by": entry.by, "name": name, "kind": entry.kind, "item": entry.item,
            "milestone": entry.milestone(), "inserted": entry.inserted, "deleted": entry.deleted,
            "sentence": entry.sentence(&name, self.language),
        })
    }
}

/// A time as it is written for programs and people alike, in UTC.
pub fn utc(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |time| time.to_string())
}
