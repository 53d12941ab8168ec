//! What is known of a meeting's life without its texts: every commit's time and author, what was
//! done, and each item's particulars as they changed. It takes the meeting's commits in one by
//! one, so that it can be kept at hand and only read on.

use super::{Authors, Entry, Outline, Particulars, Past, Reader, join, joined, joining, of_item};
use crate::{
    document::SectionText,
    drafts::Withheld,
    event::{DocumentKind, Event, Position, Recorded, Source, TextCopied, Timestamp},
    id::{DocumentId, Hash, ItemId, MeetingId, UserId},
    meeting::{DocumentState, DocumentText, Item, Meeting},
    publication::PublishedSection,
};
use std::{collections::BTreeMap, sync::Arc};

/// When a commit came, and whose it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub position: Position,
    pub at: Timestamp,
    pub by: UserId,
}

#[derive(Debug)]
pub struct Chronicle {
    reader: Reader,
    /// By sequence, from 1.
    moments: Vec<Moment>,
    /// What the meeting was after each commit that changed it, apart from its texts.
    outlines: Vec<(u64, Outline)>,
    /// Where the texts of imported commits came from.
    sources: BTreeMap<u64, Source>,
}

impl Chronicle {
    pub fn new(id: MeetingId) -> Self {
        let reader = Reader { meeting: Some(Meeting::new(id)), ..Reader::default() };
        Self { reader, moments: Vec::new(), outlines: Vec::new(), sources: BTreeMap::new() }
    }

    /// Takes in the meeting's next commit.
    pub fn read(&mut self, recorded: &Recorded) {
        self.reader.read(recorded);
        let commit = &recorded.commit;
        self.moments.push(Moment { position: recorded.position, at: commit.at, by: commit.by.clone() });
        for event in &commit.events {
            if let Event::ChangesRecorded(e) = event
                && let Some(source) = &e.source
            {
                self.sources.insert(commit.sequence, source.clone());
            }
        }
        if !commit.events.iter().all(leaves_outline) {
            self.keep_outline(commit.sequence);
        }
    }

    fn keep_outline(&mut self, sequence: u64) {
        let earlier = self.outlines.last().map(|(_, outline)| outline);
        let Some(meeting) = self.meeting() else { return };
        let outline = Outline::of(meeting, earlier);
        if earlier != Some(&outline) {
            self.outlines.push((sequence, outline));
        }
    }

    /// Commits taken in so far.
    pub fn sequence(&self) -> u64 {
        self.moments.len() as u64
    }

    /// The sequence that the stream had at a position of the log.
    pub fn sequence_at(&self, position: Position) -> u64 {
        self.moments.partition_point(|moment| moment.position <= position) as u64
    }

    /// The sequence that the stream had at a time.
    pub fn sequence_by(&self, at: Timestamp) -> u64 {
        self.moments.partition_point(|moment| moment.at <= at) as u64
    }

    pub fn moment(&self, sequence: u64) -> Option<&Moment> {
        let index = usize::try_from(sequence).ok()?.checked_sub(1)?;
        self.moments.get(index)
    }

    pub fn source(&self, sequence: u64) -> Option<&Source> {
        self.sources.get(&sequence)
    }

    /// The meeting as it is now.
    pub fn meeting(&self) -> Option<&Meeting> {
        self.reader.meeting.as_ref()
    }

    /// An item as it is now, on the agenda or withdrawn.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.meeting()?.known_item(id)
    }

    /// What the meeting was, apart from its texts; `None` before its first commit.
    pub fn outline_at(&self, sequence: u64) -> Option<&Outline> {
        let count = self.outlines.partition_point(|(at, _)| *at <= sequence);
        self.outlines.get(count.checked_sub(1)?).map(|(_, outline)| outline)
    }

    /// An item's particulars as they were.
    pub fn item_at(&self, id: ItemId, sequence: u64) -> Option<&Arc<Particulars>> {
        self.outline_at(sequence)?.item(id).map(|(_, item)| item)
    }

    /// The document whose past tells what `document` said at any time. A text that went on in another
    /// document is told there; one that was given up is told by itself.
    pub fn carrier(&self, document: DocumentId) -> DocumentId {
        let mut carrier = document;
        while let Some(DocumentState::Superseded { by, .. }) =
            self.meeting().and_then(|meeting| meeting.documents.get(&carrier)).map(|known| &known.state)
        {
            carrier = *by;
        }
        carrier
    }

    /// What a document said, out of its carrier's past.
    pub fn text_at(&self, kind: DocumentKind, past: &Past, sequence: u64) -> DocumentText {
        let sections = self.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
        let keys = sections.into_iter().map(|(key, _)| key);
        DocumentText { heads: past.heads_at(sequence), sections: past.read_at(keys, sequence) }
    }

    /// The same as a reader sees it: only sections that say something, with their headings.
    pub fn sections_at(&self, kind: DocumentKind, past: &Past, sequence: u64) -> Vec<PublishedSection> {
        let headings = self.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
        let texts = self.text_at(kind, past, sequence).sections;
        let with_heading = |text: SectionText| {
            let (_, heading) = headings.iter().find(|(key, _)| *key == text.key)?;
            PublishedSection::new(heading, text)
        };
        texts.into_iter().filter_map(with_heading).collect()
    }

    /// The entries about one item, or about the whole meeting, oldest first.
    pub fn entries(&self, item: Option<ItemId>) -> Vec<Entry> {
        joined(self.reader.life(), item)
    }

    /// All that was done, also what was refused, oldest first; edits in a row joined.
    pub fn trail(&self) -> impl Iterator<Item = Entry> {
        joining(self.reader.acts.iter())
    }

    /// Who had written what a change brought from another meeting.
    pub fn copied(&self, change: &Hash) -> Option<&TextCopied> {
        self.reader.copied.get(change)
    }

    /// All that was brought from other meetings, and who had written it.
    pub fn all_copied(&self) -> impl Iterator<Item = &TextCopied> {
        self.reader.copied.values()
    }

    /// All that was done, by commit and event, oldest first.
    pub fn acts(&self) -> &[Entry] {
        &self.reader.acts
    }

    /// The same without what is withheld.
    pub fn shown(&self, item: Option<ItemId>, withheld: &Withheld) -> Vec<Entry> {
        join(of_item(self.reader.life(), item).filter(|act| !withheld.hides(self.sequence_at(act.position))))
    }

    /// The single things that were done to an item within these positions, oldest first: what one
    /// entry is joined of.
    pub fn steps(
        &self,
        item: ItemId,
        (first, last): (Position, Position),
        withheld: &Withheld,
    ) -> Vec<Entry> {
        let shown = |act: &Entry| !withheld.hides(self.sequence_at(act.position));
        let within = |act: &&Entry| (first..=last).contains(&act.position) && shown(act);
        of_item(self.reader.life(), Some(item)).filter(within).cloned().collect()
    }

    /// Who wrote in a document. A thaw hands a document's actors on to its fork.
    pub fn authors(&self, document: DocumentId) -> DocumentAuthors<'_> {
        DocumentAuthors { chronicle: self, document }
    }
}

/// Whether an event changes nothing that an outline tells.
fn leaves_outline(event: &Event) -> bool {
    matches!(
        event,
        Event::ChangesRecorded(_)
            | Event::ActorBound(_)
            | Event::EditRefused(_)
            | Event::CommentMade(_)
            | Event::TextCopied(_)
    )
}

pub struct DocumentAuthors<'a> {
    chronicle: &'a Chronicle,
    document: DocumentId,
}

impl Authors for DocumentAuthors<'_> {
    fn of_actor(&self, actor: &[u8]) -> Option<&UserId> {
        self.chronicle.meeting()?.actors.get(&(self.document, actor.to_vec()))
    }

    fn of_commit(&self, sequence: u64) -> Option<&UserId> {
        self.chronicle.moment(sequence).map(|moment| &moment.by)
    }

    fn copied(&self, change: &Hash) -> Option<&TextCopied> {
        self.chronicle.copied(change)
    }
}
