//! What looking back shows at commit k is what the first k commits alone make, for every k: the texts of
//! all items, their order and titles, the phase. One side is made at the end, of the whole meeting; the
//! other is a room that has seen k commits and no more.

use super::{Checked, require};
use agenda::{
    event::Recorded,
    history::{Chronicle, Outline, Past},
    id::{DocumentId, MeetingId},
    live::Room,
    meeting::DocumentText,
};
use std::collections::{BTreeMap, btree_map::Entry};

/// Plays the log into an empty room, and compares after every commit.
pub fn check(id: MeetingId, mut rebuilt: Room, log: &[Recorded], live: &mut Room) -> Checked {
    let mut chronicle = Chronicle::new(id);
    log.iter().for_each(|recorded| chronicle.read(recorded));
    let mut pasts = BTreeMap::new();
    for recorded in log {
        rebuilt.replay(recorded).map_err(|error| format!("the log cannot be rebuilt: {error}"))?;
        let sequence = recorded.commit.sequence;
        let shown =
            chronicle.outline_at(sequence).ok_or_else(|| format!("nothing is shown at {sequence}"))?;
        let made = Outline::of(rebuilt.meeting(), None);
        require(*shown == made, || format!("at {sequence} the agenda is shown as {shown:?}, not {made:?}"))?;
        let texts = rebuilt.texts();
        let items = shown.items.iter().flat_map(|item| item.documents.all());
        for (kind, document) in items {
            let carrier = chronicle.carrier(document);
            if chronicle.meeting().is_some_and(|meeting| meeting.is_erased(carrier)) {
                nothing(texts.get(&document)).map_err(|why| format!("at {sequence}, {document}: {why}"))?;
                continue;
            }
            let past = past_of(&mut pasts, live, carrier)?;
            let text = chronicle.text_at(kind, past, sequence);
            same(&text, texts.get(&document)).map_err(|why| format!("at {sequence}, {document}: {why}"))?;
        }
    }
    Ok(())
}

fn past_of<'a>(
    pasts: &'a mut BTreeMap<DocumentId, Past>,
    live: &mut Room,
    id: DocumentId,
) -> Result<&'a Past, String> {
    match pasts.entry(id) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(place) => {
            let document = live.document(id).ok_or_else(|| format!("the room has no document {id}"))?;
            Ok(place.insert(document.past()))
        }
    }
}

/// What has been erased says nothing at any time.
fn nothing(made: Option<&DocumentText>) -> Checked {
    require(made.is_none_or(|text| text.heads.is_empty()), || format!("of an erased text is made {made:?}"))
}

fn same(shown: &DocumentText, made: Option<&DocumentText>) -> Checked {
    require(Some(shown) == made, || format!("shown is {shown:?}, and made is {made:?}"))
}
