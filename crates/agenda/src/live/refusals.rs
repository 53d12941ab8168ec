//! Refused commands are recorded in the meeting's stream, before their answer leaves.

use super::{Audit, Effect, Room, World, commands::CommandMeta};
use crate::{
    event::CommandRefused,
    id::{CommandId, DocumentId},
    meeting::MeetingCommand,
    refusals::Recording,
    rejection::Rejection,
};

impl Room {
    /// Records that a member's command was refused. Whoever is no member leaves no trace here.
    pub(super) fn record_refusal(
        &mut self,
        world: &mut World<'_>,
        by: &CommandMeta,
        command: &MeetingCommand,
        rejection: &Rejection,
    ) {
        let recording = self.refusals.admit(&by.user, by.id, world.now);
        let last = match recording {
            _ if self.forum.actor(&by.user).is_none() => return,
            Recording::Repeated => return,
            Recording::TooMany => {
                let what = "a refused command is not recorded: too many in an hour".to_owned();
                let document = DocumentId::from_bytes([0; 16]);
                return self.outbox.now(Effect::Audit(Audit { user: by.user.clone(), document, what }));
            }
            Recording::Record => false,
            Recording::RecordAsLast => true,
        };
        let event = CommandRefused {
            id: by.id,
            command: command.kind(),
            item: self.meeting.item_of(command),
            member: None,
            rejection: rejection.stored(),
            last,
        };
        // An id of its own: the command's is not used up by a refusal.
        let meta = CommandMeta { id: CommandId::from_bytes((world.fresh)()), ..by.clone() };
        // It applies to any meeting; were it not so, the operator is told there.
        drop(self.carry_out(world, &meta, vec![event.into()]));
    }
}
