//! What lies where: a projection of the whole log that answers which meetings a forum has and
//! which meeting a document belongs to. Rebuilt from the log at start, then kept up to date
//! by following it; it can be thrown away at any time.

use crate::{
    bringing::{InTransit, Moving},
    checkpoints::KnownCheckpoint,
    seals::{EditionId, Seals},
};
use agenda::{
    event::{EditionKind, Event, Fork, MeetingScheduled, Position, Recorded},
    id::{DocumentId, ForumId, Hash, MeetingId, StreamId},
    meeting::Phase,
};
use eventlog::{EventLog, ReadError};
use futures::StreamExt;
use jiff::civil::{Date, Time};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::watch;

/// One meeting in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingEntry {
    pub forum: ForumId,
    pub date: Date,
    pub time: Time,
    pub place: String,
    pub phase: Phase,
    /// What was published of it so far.
    pub published: Option<EditionKind>,
    pub items: usize,
    /// A supplement or a correction is under way.
    opened: bool,
    /// Items that were added since it is.
    added: usize,
}

#[derive(Debug, Default)]
struct Entries {
    meetings: BTreeMap<MeetingId, MeetingEntry>,
    documents: BTreeMap<DocumentId, MeetingId>,
    in_transit: InTransit,
    seals: Seals,
    checkpoint: Option<KnownCheckpoint>,
    erased_files: BTreeSet<Hash>,
}

pub struct Directory {
    entries: RwLock<Entries>,
    position: watch::Sender<Position>,
    milestones: watch::Sender<()>,
}

impl Directory {
    /// Reads the whole log once.
    pub async fn load(log: &dyn EventLog) -> Result<Self, ReadError> {
        let (position, milestones) = (watch::Sender::new(Position(0)), watch::Sender::new(()));
        let directory = Self { entries: RwLock::default(), position, milestones };
        loop {
            let next = Position(directory.position().0 + 1);
            let page = log.scan(next, eventlog::MAX_PAGE).await?;
            if page.is_empty() {
                return Ok(directory);
            }
            page.iter().for_each(|recorded| directory.take_in(recorded));
        }
    }

    /// Follows the log until it shuts down.
    pub async fn follow(self: Arc<Self>, log: Arc<dyn EventLog>) {
        let mut commits = log.follow(Position(self.position().0 + 1));
        while let Some(recorded) = commits.next().await {
            match recorded {
                Ok(recorded) => self.take_in(&recorded),
                Err(error) => return tracing::error!(%error, "the directory lost the log"),
            }
        }
    }

    fn take_in(&self, recorded: &Recorded) {
        let events = &recorded.commit.events;
        let entries = || self.entries.write().unwrap_or_else(PoisonError::into_inner);
        match recorded.commit.stream {
            StreamId::Forum(_) => {}
            StreamId::Seals => events.iter().for_each(|event| entries().take_in_seal(recorded, event)),
            StreamId::Meeting(meeting) => {
                let mut entries = entries();
                events.iter().for_each(|event| {
                    entries.in_transit.take_in(recorded, meeting, event);
                    entries.take_in(meeting, recorded.position, event);
                });
            }
        }
        self.position.send_replace(recorded.position);
        if events.iter().any(is_milestone) {
            self.milestones.send_replace(());
        }
    }

    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Waits until the commit at this position is listed here.
    pub async fn reaches(&self, position: Position) {
        let mut seen = self.position.subscribe();
        // An error means that the sender is gone, and with it everything to wait for.
        let _ = seen.wait_for(|now| *now >= position).await;
    }

    /// Changes whenever something is frozen, published or sealed.
    pub fn milestones(&self) -> watch::Receiver<()> {
        self.milestones.subscribe()
    }

    /// The files of attachments to items that were erased; others may have the same.
    pub fn erased_files(&self) -> Vec<Hash> {
        self.read(|entries| entries.erased_files.iter().copied().collect())
    }

    /// The newest checkpoint.
    pub fn checkpoint(&self) -> Option<KnownCheckpoint> {
        self.read(|entries| entries.checkpoint.clone())
    }

    /// Asks what was published and signed for.
    pub fn seals<T>(&self, ask: impl FnOnce(&Seals) -> T) -> T {
        self.read(|entries| ask(&entries.seals))
    }

    /// The edition can never be sealed; found out again after a restart.
    pub fn never_sealed(&self, edition: EditionId) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).seals.give_up(edition);
    }

    fn read<T>(&self, read: impl FnOnce(&Entries) -> T) -> T {
        read(&self.entries.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn meeting_of_document(&self, document: DocumentId) -> Option<MeetingId> {
        self.read(|entries| entries.documents.get(&document).copied())
    }

    pub fn meeting(&self, meeting: MeetingId) -> Option<MeetingEntry> {
        self.read(|entries| entries.meetings.get(&meeting).cloned())
    }

    /// Items that have come to a meeting and not yet left the other.
    pub fn in_transit(&self) -> Vec<Moving> {
        self.read(|entries| entries.in_transit.all())
    }

    /// The forum's meetings, latest first.
    pub fn meetings_of(&self, forum: ForumId) -> Vec<(MeetingId, MeetingEntry)> {
        let mut meetings: Vec<_> = self.read(|entries| {
            let own = entries.meetings.iter().filter(|(_, entry)| entry.forum == forum);
            own.map(|(id, entry)| (*id, entry.clone())).collect()
        });
        meetings.sort_by_key(|(_, entry)| std::cmp::Reverse((entry.date, entry.time)));
        meetings
    }
}

impl MeetingEntry {
    fn scheduled(e: &MeetingScheduled) -> Self {
        Self {
            forum: e.forum,
            date: e.date,
            time: e.time,
            place: e.place.clone(),
            phase: Phase::Open,
            published: None,
            items: 0,
            opened: false,
            added: 0,
        }
    }

    /// The documents that the event forked.
    fn edition_changed<'a>(&mut self, event: &'a Event) -> &'a [Fork] {
        match event {
            Event::AgendaFrozen(_) => self.phase = Phase::Frozen,
            Event::AgendaThawed(e) => {
                // Minutes that are reopened leave the agenda as it was published.
                let minutes = self.published.is_some() && !self.opened;
                self.phase = if minutes { Phase::Published } else { Phase::Open };
                return &e.documents;
            }
            Event::AgendaPublished(e) => {
                self.phase = Phase::Published;
                self.published = self.published.max(Some(e.kind));
                (self.opened, self.added) = (false, 0);
            }
            Event::SupplementOpened(_) => (self.phase, self.opened) = (Phase::Open, true),
            Event::CorrectionOpened(e) => {
                (self.phase, self.opened) = (Phase::Open, true);
                return &e.documents;
            }
            Event::EditionAbandoned(_) => {
                (self.phase, self.opened) = (Phase::Published, false);
                self.items = self.items.saturating_sub(std::mem::take(&mut self.added));
            }
            _ => {}
        }
        &[]
    }
}

fn is_milestone(event: &Event) -> bool {
    matches!(event, Event::AgendaFrozen(_) | Event::AgendaPublished(_) | Event::EditionSealed(_))
}

impl Entries {
    fn take_in_seal(&mut self, recorded: &Recorded, event: &Event) {
        let position = recorded.position;
        match event {
            Event::EditionSealed(e) => {
                if let Err(error) = self.seals.sealed(recorded.commit.sequence, e) {
                    tracing::error!(%error, %position, "a seal in the log is not good");
                }
            }
            Event::CheckpointSigned(e) => match KnownCheckpoint::read(position, e) {
                Ok(known) => self.checkpoint = Some(known),
                Err(error) => tracing::error!(%error, %position, "a checkpoint in the log is not good"),
            },
            _ => {}
        }
    }

    fn take_in(&mut self, meeting: MeetingId, position: Position, event: &Event) {
        if let Event::MeetingScheduled(e) = event {
            self.meetings.insert(meeting, MeetingEntry::scheduled(e));
        }
        let Some(entry) = self.meetings.get_mut(&meeting) else { return };
        match event {
            Event::MeetingDetailsChanged(e) => {
                (entry.date, entry.time) = (e.date, e.time);
                entry.place.clone_from(&e.place);
            }
            Event::ItemAdded(e) => {
                entry.items += 1;
                entry.added += usize::from(entry.opened);
                self.documents.extend(e.documents.all().map(|(_, document)| (document, meeting)));
            }
            Event::SuggestionOpened(e) => drop(self.documents.insert(e.document, meeting)),
            Event::ItemErased(e) => {
                self.documents.extend(e.documents.iter().map(|fork| (fork.to, meeting)));
                self.erased_files.extend(&e.files);
            }
            Event::ItemWithdrawn(_) => {
                entry.items = entry.items.saturating_sub(1);
                entry.added = entry.added.saturating_sub(1);
            }
            Event::AgendaFrozen(_)
            | Event::AgendaThawed(_)
            | Event::AgendaPublished(_)
            | Event::SupplementOpened(_)
            | Event::CorrectionOpened(_)
            | Event::EditionAbandoned(_) => {
                if let Event::AgendaPublished(e) = event {
                    self.seals.published(meeting, position, e);
                }
                let forks = entry.edition_changed(event);
                self.documents.extend(forks.iter().map(|fork| (fork.to, meeting)));
            }
            Event::MeetingScheduled(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_)
            | Event::ForumFounded(_)
            | Event::MemberAdded(_)
            | Event::MemberRoleChanged(_)
            | Event::MemberRemoved(_)
            | Event::TemplateChanged(_)
            | Event::DraftPolicyChanged(_)
            | Event::ParticipantsChanged(_)
            | Event::ItemDetailsChanged(_)
            | Event::ItemReordered(_)
            | Event::ContributorsChanged(_)
            | Event::ItemStateChanged(_)
            | Event::ItemClosed(_)
            | Event::ItemOpened(_)
            | Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AttachmentReplaced(_)
            | Event::AttachmentRenamed(_)
            | Event::AttachmentReordered(_)
            | Event::AttachmentClosed(_)
            | Event::AttachmentOpened(_)
            | Event::ActorBound(_)
            | Event::ChangesRecorded(_)
            | Event::EditRefused(_)
            | Event::SuggestionAccepted(_)
            | Event::SuggestionRejected(_)
            | Event::CommentMade(_)
            | Event::CommentResolved(_)
            | Event::CommentReopened(_)
            | Event::CommandRefused(_)
            | Event::TextCopied(_) => {}
        }
    }
}
