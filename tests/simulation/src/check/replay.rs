//! Replaying a prefix of the log gives the state that the live room had there.

use super::{Checked, require};
use agenda::{
    event::Recorded,
    id::DocumentId,
    live::Room,
    meeting::{DocumentText, Meeting},
};
use std::collections::BTreeMap;

/// The live room when it had issued a commit.
pub struct Snapshot {
    meeting: Meeting,
    texts: BTreeMap<DocumentId, DocumentText>,
}

impl Snapshot {
    pub fn of(room: &mut Room) -> Self {
        let meeting = room.meeting().clone();
        let texts = meeting.documents.iter().filter_map(|(id, document)| {
            let keys: Vec<&str> = meeting.sections(document.kind).into_iter().map(|(key, _)| key).collect();
            Some((*id, room.document(*id)?.read(keys)))
        });
        let texts = texts.collect();
        Self { texts, meeting }
    }

    pub fn sequence(&self) -> u64 {
        self.meeting.sequence
    }

    fn compare(&self, replayed: &Self) -> Checked {
        let at = self.meeting.sequence;
        require(self.meeting == replayed.meeting, || format!("the meeting replayed to {at} is another"))?;
        for (id, text) in &self.texts {
            require(Some(text) == replayed.texts.get(id), || {
                format!("document {id} replayed to {at} is another")
            })?;
        }
        require(self.texts.len() == replayed.texts.len(), || format!("documents replayed to {at} differ"))
    }
}

/// Plays the log into an empty room and compares wherever a snapshot was taken.
pub fn check(mut room: Room, log: &[Recorded], snapshots: &[Snapshot]) -> Checked {
    for recorded in log {
        room.replay(recorded).map_err(|error| format!("the log cannot be replayed: {error}"))?;
        let here = |s: &&Snapshot| s.sequence() == recorded.commit.sequence;
        for snapshot in snapshots.iter().filter(here) {
            snapshot.compare(&Snapshot::of(&mut room))?;
        }
    }
    Ok(())
}
