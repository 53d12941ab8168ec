//! An item that comes from another meeting: this meeting's own past serves as the other's.

use crate::simulation::Simulation;
use agenda::{
    history::{Chronicle, brought, carriers},
    id::{ItemId, MeetingId},
    meeting::MeetingCommand,
};
use std::{collections::BTreeMap, sync::Arc};

const OTHER: MeetingId = MeetingId::from_bytes([9; 16]);

/// The command that brings one of the items as they are in the log so far; `None` while there is none.
pub fn bring(s: &mut Simulation) -> Option<MeetingCommand> {
    let mut chronicle = Chronicle::new(OTHER);
    s.log.durable.iter().for_each(|recorded| chronicle.read(recorded));
    let items: Vec<ItemId> = chronicle.meeting()?.items.iter().map(|item| item.id).collect();
    let item = *s.random.pick(&items)?;
    let mut pasts = BTreeMap::new();
    for (_, id) in carriers(&chronicle, item) {
        pasts.insert(id, Arc::new(s.room.document(id)?.past()));
    }
    let moved = s.random.percent(50).then_some("Udsat");
    let brought = brought(&chronicle, item, moved, &pasts).map(Box::new);
    Some(MeetingCommand::BringItem { brought })
}
