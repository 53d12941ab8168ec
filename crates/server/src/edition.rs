//! Editions out of the log alone: replays a meeting up to its freeze and reproduces the content
//! hash. The running service, the command line and the verifier all come here,
//! so they cannot differ.

use crate::files::{Attached, attached};
use agenda::{
    event::{AgendaFrozen, Event, ItemErased, Position, Recorded, Timestamp},
    forum::Forum,
    id::{ForumId, Hash, ItemId, MeetingId, StreamId, UserId},
    language::{Language, danish},
    live::{FrameLimits, LoadError, Room, ServerNames},
    meeting::Meeting,
    publication::Publication,
};
use eventlog::{EventLog, Page, ReadError};
use publish::Proof;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

/// Why an edition cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    #[error("the meeting has no edition {0}")]
    NoEdition(u32),
    #[error("the meeting was never scheduled")]
    NoMeeting,
    #[error("the log does not apply at {0}")]
    Load(#[from] LoadError),
    #[error(
        "the freeze at position {position} says that its content has the hash {recorded}, but the log before it \
         makes {reproduced}"
    )]
    Differs { position: Position, recorded: Hash, reproduced: Hash },
    #[error("the words of {0} were erased, so that what it was published with cannot be made again")]
    Erased(Erased),
}

/// That an edition cannot be made again, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    pub item: ItemId,
    /// Of the item on the agenda.
    pub number: u32,
    pub at: Timestamp,
    pub by: UserId,
    pub reason: String,
}

impl Erased {
    /// For whoever asks for the edition.
    pub fn explain(&self, language: Language) -> String {
        let at = jiff::Timestamp::from_millisecond(self.at.0).unwrap_or_default();
        let day = jiff::tz::Offset::UTC.to_datetime(at).date();
        let (number, reason) = (self.number, &self.reason);
        language.pick(
            format!(
                "Teksten i punkt {number} blev slettet for altid den {}. {} {} med denne begrundelse: {reason}",
                day.day(),
                danish::month(day.month()),
                day.year()
            ),
            format!("The words of item {number} were erased for good on {day}, with this reason: {reason}"),
        )
    }
}

impl std::fmt::Display for Erased {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "item {}", self.number)
    }
}

/// A room that serves nobody: the meeting as the commits make it.
pub fn replayed<'a>(
    id: MeetingId,
    commits: impl IntoIterator<Item = &'a Arc<Recorded>>,
) -> Result<Room, LoadError> {
    let forum = Arc::new(Forum::new(ForumId::from_bytes([0; 16])));
    let names = ServerNames { peer_id: String::new(), storage_id: String::new() };
    let mut room = Room::new(id, forum, names, FrameLimits { per_second: 0, burst: 0 });
    commits.into_iter().try_for_each(|recorded| room.replay(recorded))?;
    Ok(room)
}

/// What is published, and the files of its attachments.
pub struct Made {
    pub publication: Publication,
    pub attached: Attached,
}

fn frozen(recorded: &Recorded) -> Option<&AgendaFrozen> {
    recorded.commit.events.iter().find_map(|event| match event {
        Event::AgendaFrozen(e) => Some(e),
        _ => None,
    })
}

/// Reproduces what a freeze fixed from the commits before it, and checks its content hash.
/// `commits` are the meeting's from the first; the freeze is the one at `index`.
pub fn reproduce(id: MeetingId, commits: &[Arc<Recorded>], index: usize) -> Result<Made, EditionError> {
    let freeze = commits.get(index).and_then(|recorded| Some((recorded.position, frozen(recorded)?)));
    let (position, freeze) = freeze.ok_or(EditionError::NoMeeting)?;
    let mut room = replayed(id, &commits[..index])?;
    let texts = room.texts();
    let publication = room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)?;
    let reproduced = publication.content_hash();
    if reproduced == freeze.content_hash && room.meeting().frozen_documents(&texts) == freeze.documents {
        return Ok(Made { attached: attached(room.meeting()), publication });
    }
    let later = commits.iter().skip(index);
    let erased = later.flat_map(|recorded| erasures(recorded)).find_map(|event| erased(&publication, event));
    Err(match erased {
        Some(erased) => EditionError::Erased(erased),
        None => EditionError::Differs { position, recorded: freeze.content_hash, reproduced },
    })
}

fn erasures(recorded: &Recorded) -> impl Iterator<Item = (&Recorded, &ItemErased)> {
    recorded.commit.events.iter().filter_map(move |event| match event {
        Event::ItemErased(e) => Some((recorded, e)),
        _ => None,
    })
}

/// Whether the item stood in the publication.
fn erased(publication: &Publication, (recorded, event): (&Recorded, &ItemErased)) -> Option<Erased> {
    let item = publication.items.iter().find(|item| item.id == event.item)?;
    Some(Erased {
        item: item.id,
        number: item.number,
        at: recorded.commit.at,
        by: recorded.commit.by.clone(),
        reason: event.reason.clone(),
    })
}

/// All commits of a meeting's stream.
pub async fn commits(log: &dyn EventLog, id: MeetingId) -> Result<Page, ReadError> {
    let mut all = Page::new();
    loop {
        let next = all.last().map_or(1, |recorded| recorded.commit.sequence + 1);
        let page = log.read(StreamId::Meeting(id), next, eventlog::MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// One published edition and what it proves.
pub fn edition(
    id: MeetingId,
    commits: &[Arc<Recorded>],
    edition: u32,
) -> Result<(Made, Proof), EditionError> {
    let no_edition = || EditionError::NoEdition(edition);
    let published =
        commits.iter().flat_map(|recorded| &recorded.commit.events).find_map(|event| match event {
            Event::AgendaPublished(e) if e.edition == edition => Some(e),
            _ => None,
        });
    let round = published.ok_or_else(no_edition)?.round;
    let of_round = |recorded: &Arc<Recorded>| frozen(recorded).is_some_and(|freeze| freeze.round == round);
    let index = commits.iter().position(of_round).ok_or_else(no_edition)?;
    let made = reproduce(id, commits, index)?;
    let position = commits.get(index).map(|recorded| recorded.position.0).unwrap_or_default();
    let proof = Proof { edition, round, position, content_hash: made.publication.content_hash() };
    Ok((made, proof))
}

/// The agenda as it would be published now.
pub fn draft(id: MeetingId, commits: &[Arc<Recorded>]) -> Result<Made, EditionError> {
    let mut room = replayed(id, commits)?;
    let texts = room.texts();
    let publication = room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)?;
    Ok(Made { publication, attached: attached(room.meeting()) })
}

/// Checks every freeze of a whole log while it is read in order.
#[derive(Default)]
pub struct FreezeChecker {
    rooms: BTreeMap<MeetingId, Room>,
    freezes: usize,
    erased: usize,
    /// Freezes that are not what the commits before them make: the log must say later that words were erased.
    unmade: Vec<(MeetingId, Publication, EditionError)>,
}

impl FreezeChecker {
    /// Takes in the next commit of the log; a freeze must be what the commits before it make.
    pub fn check(&mut self, recorded: &Recorded) -> Result<(), EditionError> {
        let StreamId::Meeting(id) = recorded.commit.stream else { return Ok(()) };
        let room = match self.rooms.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(replayed(id, [])?),
        };
        if let Some(freeze) = frozen(recorded) {
            let texts = room.texts();
            let publication = room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)?;
            let reproduced = publication.content_hash();
            if reproduced == freeze.content_hash
                && room.meeting().frozen_documents(&texts) == freeze.documents
            {
                self.freezes += 1;
            } else {
                let (position, recorded) = (recorded.position, freeze.content_hash);
                let differs = EditionError::Differs { position, recorded, reproduced };
                self.unmade.push((id, publication, differs));
            }
        }
        for erasure in erasures(recorded) {
            let before = self.unmade.len();
            self.unmade.retain(|(of, publication, _)| *of != id || erased(publication, erasure).is_none());
            self.erased += before - self.unmade.len();
        }
        Ok(room.replay(recorded)?)
    }

    /// The meeting as it is so far.
    pub fn meeting(&self, id: MeetingId) -> Option<&Meeting> {
        self.rooms.get(&id).map(Room::meeting)
    }

    /// At the end of the log: the first freeze that cannot be made, and of which nothing was erased.
    pub fn finish(&mut self) -> Result<(), EditionError> {
        if self.unmade.is_empty() { Ok(()) } else { Err(self.unmade.swap_remove(0).2) }
    }

    /// Freezes that cannot be made again, because words were erased.
    pub fn erased(&self) -> usize {
        self.erased
    }

    /// Freezes that were reproduced so far.
    pub fn freezes(&self) -> usize {
        self.freezes
    }
}
