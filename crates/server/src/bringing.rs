//! Items from one meeting to another of the same forum. A copy is one commit. A move is two, one in each
//! stream, in this order: the item comes to the one meeting, then it leaves the other. After a crash in between
//! it stands in both; the directory knows that, and what is missing is done when the service starts, or when
//! the command comes again. The ids of the two commits follow from the command's, so each is made once. If the
//! item cannot leave after all (somebody wrote in it meanwhile), it is withdrawn where it had come to.

use crate::app::{App, CommandError};
use agenda::{
    event::{Event, MovedTo, Recorded},
    history::{brought, carriers},
    id::{CommandId, ItemId, MeetingId, UserId},
    language::Language,
    live::{CommandMeta, Done, Room},
    meeting::{Brought, MeetingCommand},
    publication::content_hash,
    rejection::Rejection,
};
use std::{collections::BTreeMap, sync::Arc};

/// An item of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub meeting: MeetingId,
    pub item: ItemId,
}

/// An item that has come to a meeting and is to leave the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    from: Place,
    to: Place,
    /// The commit of the other meeting after which it was read.
    sequence: u64,
    because: String,
    /// With which it came.
    arrival: CommandMeta,
}

/// The id of a part of a command.
fn part(id: CommandId, name: &str) -> CommandId {
    let hash = content_hash(&("part of a command", id, name));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.0).for_each(|(byte, of_hash)| *byte = of_hash);
    CommandId::from_bytes(bytes)
}

impl App {
    /// Brings a copy of an item to a meeting.
    pub async fn copy_item(
        self: &Arc<Self>,
        meta: &CommandMeta,
        from: Place,
        to: MeetingId,
    ) -> Result<Done, CommandError> {
        let (app, meta) = (self.clone(), meta.clone());
        Self::to_the_end(async move {
            let _naming = app.files.naming().await;
            let brought = app.read_item(&meta.user, from, to, None).await?;
            app.command(to, &meta, &MeetingCommand::BringItem { brought }).await
        })
        .await
    }

    /// Moves an item to another meeting; what is answered names it there. Goes on when nobody waits for it.
    pub async fn move_item(
        self: &Arc<Self>,
        meta: &CommandMeta,
        from: Place,
        to: MeetingId,
        because: String,
    ) -> Result<Done, CommandError> {
        let (app, meta) = (self.clone(), meta.clone());
        Self::to_the_end(async move { app.carry_over(&meta, from, to, &because).await }).await
    }

    async fn carry_over(
        &self,
        meta: &CommandMeta,
        from: Place,
        to: MeetingId,
        because: &str,
    ) -> Result<Done, CommandError> {
        let arrival = CommandMeta { id: part(meta.id, "arrival"), ..meta.clone() };
        let arrived = match self.may_leave(&meta.user, from).await? {
            Ok(()) => self.arrive(&arrival, from, to, because).await?,
            Err(rejection) => Err(rejection),
        };
        match arrived {
            Ok(moving) => self.depart(&moving).await,
            Err(rejection) => self.refuse_departure(&arrival, from, rejection).await,
        }
    }

    /// What is missing of moves that a crash cut in two.
    pub async fn finish_moves(&self) {
        for moving in self.directory.in_transit() {
            match self.depart(&moving).await {
                Ok(_) => tracing::info!(item = %moving.to.item, "a move that was cut in two is finished"),
                Err(error) => tracing::error!(item = %moving.to.item, %error, "a move cannot be finished"),
            }
        }
    }

    /// The item as it is now, or why it cannot be brought.
    async fn read_item(
        &self,
        user: &UserId,
        from: Place,
        to: MeetingId,
        moved: Option<&str>,
    ) -> Result<Result<Box<Brought>, Rejection>, CommandError> {
        if let Err(rejection) = self.same_forum(user, from.meeting, to) {
            return Ok(Err(rejection));
        }
        let unreadable = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "an item to be brought cannot be read");
            CommandError::Unavailable
        };
        let chronicle = self.histories.chronicle(from.meeting).await.map_err(|error| unreadable(&error))?;
        let wanted: Vec<_> = carriers(&chronicle, from.item).into_iter().map(|(_, id)| id).collect();
        let pasts = self.read_room(from.meeting, move |room| {
            let past = |id: &_| Some((*id, Arc::new(room.document(*id)?.past())));
            wanted.iter().filter_map(past).collect::<BTreeMap<_, _>>()
        });
        let (pasts, moved) = (pasts.await?, moved.map(str::to_owned));
        let read = move || brought(&chronicle, from.item, moved.as_deref(), &pasts).map(Box::new);
        tokio::task::spawn_blocking(read).await.map_err(|error| unreadable(&error))
    }

    /// Who is not a member of the other forum cannot tell whether it has such a meeting.
    fn same_forum(&self, user: &UserId, one: MeetingId, other: MeetingId) -> Result<(), Rejection> {
        let forum = |id| self.directory.meeting(id).map(|entry| entry.forum);
        let known =
            |id| forum(id).and_then(|forum| self.forums.get(forum)).filter(|f| f.actor(user).is_some());
        match (known(one), known(other)) {
            (Some(one), Some(other)) if one.id == other.id => Ok(()),
            (Some(_), Some(_)) => Err(Rejection::OtherForum),
            _ => Err(Rejection::Unknown("møde")),
        }
    }

    async fn read_room<T: Send + 'static>(
        &self,
        id: MeetingId,
        read: impl FnOnce(&mut Room) -> T + Send + 'static,
    ) -> Result<T, CommandError> {
        let room = self.room(id).ok_or(CommandError::NoMeeting)?;
        room.read(read).await.map_err(|_| CommandError::Unavailable)
    }

    /// Asked before the item comes to the other meeting; decided again when it leaves. One that has left for
    /// another meeting may be on its way with this very command.
    async fn may_leave(&self, user: &UserId, from: Place) -> Result<Result<(), Rejection>, CommandError> {
        let user = user.clone();
        self.read_room(from.meeting, move |room| {
            let gone = &room.meeting().withdrawn;
            if gone.iter().any(|gone| gone.item.id == from.item && gone.moved_to.is_some()) {
                return Ok(());
            }
            let actor = room.actor(&user).ok_or(Rejection::NotMember)?;
            room.meeting().require_move_away(&actor, from.item)
        })
        .await
    }

    /// The item comes to the other meeting, or came there with this command before.
    async fn arrive(
        &self,
        meta: &CommandMeta,
        from: Place,
        to: MeetingId,
        because: &str,
    ) -> Result<Result<Moving, Rejection>, CommandError> {
        let _naming = self.files.naming().await;
        let brought = match self.read_item(&meta.user, from, to, Some(because)).await? {
            Ok(brought) => Ok(brought),
            Err(rejection) => return Ok(Err(rejection)),
        };
        let item = match self.command(to, meta, &MeetingCommand::BringItem { brought }).await {
            Ok(done) => done.created.map(ItemId::from_bytes).ok_or(CommandError::Unavailable)?,
            Err(CommandError::Rejected(Rejection::Frozen | Rejection::Published)) => {
                return Ok(Err(Rejection::OtherAgendaShut));
            }
            Err(CommandError::Rejected(rejection)) => return Ok(Err(rejection)),
            Err(error) => return Err(error),
        };
        let there = self.read_room(to, move |room| room.meeting().item(item)?.arrived.clone()).await?;
        // It came and was withdrawn again: this command has failed before.
        let Some(arrived) = there else { return Ok(Err(Rejection::WrittenMeanwhile)) };
        Ok(Ok(Moving {
            from,
            to: Place { meeting: to, item },
            sequence: arrived.from.sequence,
            because: arrived.because,
            arrival: meta.clone(),
        }))
    }

    /// The item leaves the meeting that it was in; if it cannot, it is withdrawn where it had come to.
    async fn depart(&self, moving: &Moving) -> Result<Done, CommandError> {
        let Moving { from, to, sequence, because, arrival } = moving;
        let date = self.directory.meeting(to.meeting).ok_or(CommandError::NoMeeting)?.date;
        let leave = MeetingCommand::MoveItemAway {
            item: from.item,
            to: Ok(MovedTo { meeting: to.meeting, item: to.item, date }),
            reason: because.clone(),
            sequence: *sequence,
        };
        let departure = CommandMeta { id: part(arrival.id, "departure"), ..arrival.clone() };
        match self.command(from.meeting, &departure, &leave).await {
            Ok(done) => Ok(Done { created: Some(*to.item.as_bytes()), ..done }),
            Err(CommandError::Rejected(rejection)) => {
                let why = rejection.explain(Language::Danish);
                let reason = format!("Flytningen blev ikke til noget. {why}");
                let undo = CommandMeta { id: part(arrival.id, "undo"), ..arrival.clone() };
                self.command(to.meeting, &undo, &MeetingCommand::WithdrawItem { item: to.item, reason })
                    .await?;
                Err(CommandError::Rejected(rejection))
            }
            Err(error) => Err(error),
        }
    }

    /// The refusal is recorded where the item is, as every refusal.
    async fn refuse_departure(
        &self,
        arrival: &CommandMeta,
        from: Place,
        rejection: Rejection,
    ) -> Result<Done, CommandError> {
        let (item, to, reason) = (from.item, Err(rejection), String::new());
        let refused = MeetingCommand::MoveItemAway { item, to, reason, sequence: 0 };
        let departure = CommandMeta { id: part(arrival.id, "departure"), ..arrival.clone() };
        self.command(from.meeting, &departure, &refused).await
    }
}

/// Items that have come to a meeting and not yet left the other, by their id where they came to.
#[derive(Debug, Default)]
pub struct InTransit(BTreeMap<ItemId, Moving>);

impl InTransit {
    pub fn take_in(&mut self, recorded: &Recorded, meeting: MeetingId, event: &Event) {
        match event {
            Event::ItemAdded(e) => {
                if let Some(origin) = e.origin.filter(|origin| origin.moved) {
                    let commit = &recorded.commit;
                    let (id, user, session) = (commit.command, commit.by.clone(), commit.session);
                    let moving = Moving {
                        from: Place { meeting: origin.meeting, item: origin.item },
                        to: Place { meeting, item: e.item },
                        sequence: origin.sequence,
                        because: e.moved_because.clone(),
                        arrival: CommandMeta { id, user, session },
                    };
                    self.0.insert(e.item, moving);
                }
            }
            Event::ItemWithdrawn(e) => {
                self.0.remove(&e.item);
                if let Some(to) = &e.moved_to {
                    self.0.remove(&to.item);
                }
            }
            _ => {}
        }
    }

    pub fn all(&self) -> Vec<Moving> {
        self.0.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
