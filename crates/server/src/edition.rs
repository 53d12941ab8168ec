//! Editions out of the log alone: replays a meeting up to its freeze and reproduces the content
//! hash. The running service, the command line and the verifier all come here,
//! so they cannot differ.

use agenda::{
    event::{AgendaFrozen, Event, Position, Recorded},
    forum::Forum,
    id::{ForumId, Hash, MeetingId, StreamId},
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

fn frozen(recorded: &Recorded) -> Option<&AgendaFrozen> {
    recorded.commit.events.iter().find_map(|event| match event {
        Event::AgendaFrozen(e) => Some(e),
        _ => None,
    })
}

/// Reproduces what a freeze fixed from the commits before it, and checks its content hash.
/// `commits` are the meeting's from the first; the freeze is the one at `index`.
pub fn reproduce(
    id: MeetingId,
    commits: &[Arc<Recorded>],
    index: usize,
) -> Result<Publication, EditionError> {
    let freeze = commits.get(index).and_then(|recorded| Some((recorded.position, frozen(recorded)?)));
    let (position, freeze) = freeze.ok_or(EditionError::NoMeeting)?;
    let mut room = replayed(id, &commits[..index])?;
    let texts = room.texts();
    let publication = room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)?;
    let reproduced = publication.content_hash();
    if reproduced != freeze.content_hash || room.meeting().frozen_documents(&texts) != freeze.documents {
        return Err(EditionError::Differs { position, recorded: freeze.content_hash, reproduced });
    }
    Ok(publication)
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
) -> Result<(Publication, Proof), EditionError> {
    let no_edition = || EditionError::NoEdition(edition);
    let published =
        commits.iter().flat_map(|recorded| &recorded.commit.events).find_map(|event| match event {
            Event::AgendaPublished(e) if e.edition == edition => Some(e),
            _ => None,
        });
    let round = published.ok_or_else(no_edition)?.round;
    let of_round = |recorded: &Arc<Recorded>| frozen(recorded).is_some_and(|freeze| freeze.round == round);
    let index = commits.iter().position(of_round).ok_or_else(no_edition)?;
    let publication = reproduce(id, commits, index)?;
    let position = commits.get(index).map(|recorded| recorded.position.0).unwrap_or_default();
    let proof = Proof { edition, round, position, content_hash: publication.content_hash() };
    Ok((publication, proof))
}

/// The agenda as it would be published now.
pub fn draft(id: MeetingId, commits: &[Arc<Recorded>]) -> Result<Publication, EditionError> {
    let mut room = replayed(id, commits)?;
    let texts = room.texts();
    room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)
}

/// Checks every freeze of a whole log while it is read in order.
#[derive(Default)]
pub struct FreezeChecker {
    rooms: BTreeMap<MeetingId, Room>,
    freezes: usize,
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
            let reproduced =
                room.meeting().publication(&texts).ok_or(EditionError::NoMeeting)?.content_hash();
            if reproduced != freeze.content_hash
                || room.meeting().frozen_documents(&texts) != freeze.documents
            {
                let position = recorded.position;
                return Err(EditionError::Differs { position, recorded: freeze.content_hash, reproduced });
            }
            self.freezes += 1;
        }
        Ok(room.replay(recorded)?)
    }

    /// The meeting as it is so far.
    pub fn meeting(&self, id: MeetingId) -> Option<&Meeting> {
        self.rooms.get(&id).map(Room::meeting)
    }

    /// Freezes that were reproduced so far.
    pub fn freezes(&self) -> usize {
        self.freezes
    }
}
