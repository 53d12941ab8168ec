//! Which file an attachment of a published edition is: read out of the log, from the state that
//! the edition's freeze fixed. Anything that came later, or is closed, is not there.

use agenda::{
    event::{Event, Recorded},
    id::MeetingId,
    meeting::{Meeting, Meta, Texts},
    publication::PublishedFile,
};
use std::sync::Arc;

/// The file of attachment `number` of item `point`, both counted from 1. `commits` are the
/// meeting's from the first.
pub fn published_file(
    id: MeetingId,
    commits: &[Arc<Recorded>],
    edition: u32,
    point: u32,
    number: u32,
) -> Option<PublishedFile> {
    let events = || commits.iter().flat_map(|recorded| &recorded.commit.events);
    let round = events().find_map(|event| match event {
        Event::AgendaPublished(e) if e.edition == edition => Some(e.round),
        _ => None,
    })?;
    let meeting = frozen_meeting(id, commits, round)?;
    let publication = meeting.publication(&Texts::new())?;
    let item = publication.items.into_iter().find(|item| item.number == point)?;
    item.attachments.iter().filter_map(|one| one.file()).find(|file| file.number == number).cloned()
}

fn frozen_meeting(id: MeetingId, commits: &[Arc<Recorded>], round: u32) -> Option<Meeting> {
    let mut meeting = Meeting::new(id);
    for recorded in commits {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            if matches!(event, Event::AgendaFrozen(e) if e.round == round) {
                return Some(meeting);
            }
            meeting.apply(&meta, event).ok()?;
        }
    }
    None
}
