//! An item that left for another meeting is there as it was when it left: nobody's words were left behind, and
//! no item leaves that has not come.

use super::{Checked, require};
use crate::{
    bring::Elsewhere,
    words::{self, Words},
};
use agenda::{
    event::{Event, ItemWithdrawn, MovedTo, Recorded},
    id::ItemId,
    live::Room,
    meeting::DocumentText,
};

/// Plays the log, and looks at every item right before it leaves.
pub fn check(mut room: Room, log: &[Recorded], elsewhere: &mut Elsewhere) -> Checked {
    for recorded in log {
        for event in &recorded.commit.events {
            if let Event::ItemWithdrawn(ItemWithdrawn { item, moved_to: Some(to), .. }) = event {
                left(&mut room, *item, to, elsewhere)?;
            }
        }
        room.replay(recorded).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn left(room: &mut Room, item: ItemId, to: &MovedTo, elsewhere: &mut Elsewhere) -> Checked {
    let arrival = elsewhere.arrivals.get(&to.item).filter(|arrival| arrival.from == item);
    let arrival = arrival.ok_or_else(|| format!("{item} left, and came nowhere"))?;
    let documents = room.meeting().item(item).ok_or("an item left that was not there")?.documents;
    let texts = room.texts();
    let mut left = Words::new();
    for (kind, heads) in &arrival.heads {
        let text = texts.get(&documents.of(*kind)).ok_or("an item left without its text")?;
        require(text.heads == *heads, || format!("words in the {kind:?} of {item} did not come along"))?;
        left.extend(words_in([text].into_iter()));
    }
    let there = elsewhere.room.texts();
    let came = elsewhere.room.meeting().item(to.item).ok_or("an item that came is gone")?;
    let came = words_in(came.documents.all().into_iter().filter_map(|(_, id)| there.get(&id)));
    require(left == came, || format!("of {item} came {came:x?}, and what left was {left:x?}"))
}

fn words_in<'a>(texts: impl Iterator<Item = &'a DocumentText>) -> Words {
    texts.flat_map(|text| words::within(format!("{:?}", text.sections))).collect()
}
