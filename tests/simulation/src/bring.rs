//! Items that come from another meeting, and items that go to one. Those that come are read out of this meeting's
//! own past, as if it were the other's; for those that go there is another room, without clients.

use crate::{
    check::Checked,
    log::ModelLog,
    random::Random,
    simulation::{OTHER, SECRETARY, Simulation, empty_room, scheduled, user},
};
use agenda::{
    event::{DocumentKind, MovedTo, Timestamp},
    forum::Forum,
    history::{Chronicle, brought, carriers},
    id::{CommandId, Hash, ItemId, MeetingId, SessionId},
    live::{CommandMeta, Effect, Input, ReplyKey, Room, World},
    meeting::{Brought, MeetingCommand},
};
use jiff::civil::date;
use std::{collections::BTreeMap, sync::Arc};

/// The other meeting, and what came to it so far.
pub struct Elsewhere {
    pub room: Room,
    log: ModelLog,
    pub arrivals: BTreeMap<ItemId, Arrival>,
}

/// An item that was read out of the meeting.
pub struct Arrival {
    pub from: ItemId,
    /// Its texts, as they were read.
    pub heads: Vec<(DocumentKind, Vec<Hash>)>,
}

impl Elsewhere {
    pub fn new(forum: &Forum, random: &mut Random) -> Self {
        let (mut room, mut log) = (empty_room(OTHER, forum), ModelLog::new());
        log.record(scheduled(OTHER, forum, 0, random), 0);
        log.durable.iter().for_each(|recorded| room.replay(recorded).unwrap());
        Self { room, log, arrivals: BTreeMap::new() }
    }

    /// The item comes here, at once.
    fn arrive(&mut self, brought: Brought, now: i64, random: &mut Random) -> Option<ItemId> {
        let (from, texts) = (brought.origin.item, brought.texts.iter());
        let heads = texts.map(|text| (text.kind, text.heads.clone())).collect();
        let (id, session) = (CommandId::from_bytes(random.bytes()), SessionId::from_bytes([3; 16]));
        let meta = CommandMeta { id, user: user(SECRETARY), session };
        let command = MeetingCommand::BringItem { brought: Ok(Box::new(brought)) };
        let mut fresh = || random.bytes();
        let mut world = World { now: Timestamp(now), fresh: &mut fresh };
        self.room.handle(&mut world, Input::Command { reply: ReplyKey(0), meta, command });
        for effect in self.room.take_effects() {
            if let Effect::Append { ticket, commit } = effect {
                let position = self.log.record(commit, 0);
                self.room.handle(&mut world, Input::Appended { ticket, position });
            }
        }
        let answer = self.room.take_effects().into_iter().find_map(|effect| match effect {
            Effect::Reply { answer, .. } => Some(answer),
            _ => None,
        });
        let item = ItemId::from_bytes(answer?.ok()?.created?);
        self.arrivals.insert(item, Arrival { from, heads });
        Some(item)
    }
}

/// One of the items as they are in the log so far; `None` while there is none, or its words are gone.
fn read(s: &mut Simulation, meeting: MeetingId, moved: Option<&str>) -> Option<Brought> {
    let mut chronicle = Chronicle::new(meeting);
    s.log.durable.iter().for_each(|recorded| chronicle.read(recorded));
    let items: Vec<ItemId> = chronicle.meeting()?.items.iter().map(|item| item.id).collect();
    let item = *s.random.pick(&items)?;
    let mut pasts = BTreeMap::new();
    for (_, id) in carriers(&chronicle, item) {
        pasts.insert(id, Arc::new(s.room.document(id)?.past()));
    }
    brought(&chronicle, item, moved, &pasts).ok()
}

/// The command that brings an item.
pub fn bring(s: &mut Simulation) -> Option<MeetingCommand> {
    let moved = s.random.percent(50).then_some("Udsat");
    let brought = read(s, OTHER, moved)?;
    Some(MeetingCommand::BringItem { brought: Ok(Box::new(brought)) })
}

/// Brings an item to the other meeting, and asks this one to let it go.
pub fn move_away(s: &mut Simulation) -> Checked {
    let meeting = s.room.meeting().id;
    let Some(brought) = read(s, meeting, Some("Udsat")) else { return Ok(()) };
    let (from, sequence) = (brought.origin.item, brought.origin.sequence);
    let Some(item) = s.elsewhere.arrive(brought, s.now, &mut s.random) else { return Ok(()) };
    s.count("items come elsewhere");
    let to = Ok(MovedTo { meeting: OTHER, item, date: date(2026, 6, 17) });
    let leave = MeetingCommand::MoveItemAway { item: from, to, reason: "Udsat".into(), sequence };
    s.calls.issue(&user(SECRETARY), leave, &mut s.random);
    Ok(())
}
