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
        &self,
        meta: &CommandMeta,
        from: Place,
        to: MeetingId,
    ) -> Result<Done, CommandError> {
        let brought = self.read_item(&meta.user, from, to, None).await?;
        self.command(to, meta, &MeetingCommand::BringItem { brought }).await
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
        let moved = tokio::spawn(async move { app.carry_over(&meta, from, to, &because).await }).await;
        moved.unwrap_or_else(|error| {
            tracing::error!(%error, "moving an item was interrupted");
            Err(CommandError::Unavailable)
        })
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
        let known = |id| forum(id).and_then(|forum| self.forums.get(forum)).filter(|f| f.actor(user).is_some());
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
                self.command(to.meeting, &undo, &MeetingCommand::WithdrawItem { item: to.item, reason }).await?;
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
mod tests {
    use super::*;
    use crate::config::{Config, Limits};
    use agenda::{
        content::Block,
        event::{DocumentKind, Role},
        forum::ForumCommand,
        id::{ForumId, SessionId},
    };
    use eventlog::{EventLog, backend::memory::MemoryLog};
    use jiff::civil::{date, time};

    const MAY: MeetingId = MeetingId::from_bytes([5; 16]);
    const JUNE: MeetingId = MeetingId::from_bytes([6; 16]);

    struct Given {
        app: Arc<App>,
        log: Arc<dyn EventLog>,
        folder: tempfile::TempDir,
        place: Place,
    }

    fn meta(number: u8, user: &str) -> CommandMeta {
        let user = UserId::new(user).unwrap();
        CommandMeta { id: CommandId::from_bytes([number; 16]), user, session: SessionId::from_bytes([1; 16]) }
    }

    async fn opened(log: &Arc<dyn EventLog>, folder: &std::path::Path) -> Arc<App> {
        let config = Config {
            data: folder.to_owned(),
            listen: "127.0.0.1:0".parse().unwrap(),
            demo: true,
            tokens: None,
            public_origin: None,
            files: crate::files::FileSettings::default(),
            mirror: None,
            limits: Limits::default(),
        };
        App::open(config, log.clone()).await.unwrap()
    }

    /// An item in May with a text by Bo; and a meeting in June.
    async fn given() -> Given {
        let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
        let folder = tempfile::tempdir().unwrap();
        let app = opened(&log, folder.path()).await;
        let sofie = meta(1, "sofie");
        let id = ForumId::from_bytes([1; 16]);
        app.forums.found(id, "Chefforum", &sofie, "Sofie").await.unwrap();
        let bo = ForumCommand::AddMember {
            user: UserId::new("bo").unwrap(),
            name: "Bo".into(),
            title: String::new(),
            roles: vec![Role::HeadOfDepartment],
        };
        app.forums.command(id, &meta(2, "sofie"), &bo).await.unwrap();
        let forum = app.forums.get(id).unwrap();
        for (number, meeting, day) in [(3, MAY, date(2027, 5, 6)), (4, JUNE, date(2027, 6, 6))] {
            let details = (day, time(9, 0, 0, 0), "Lærken");
            app.schedule(&forum, meeting, &meta(number, "sofie"), details, None).await.unwrap();
        }
        let add = MeetingCommand::AddItem {
            title: "Cykelstier".into(),
            journal_number: None,
            minutes: None,
            item_type: None,
            source: None,
        };
        let added = app.command(MAY, &meta(5, "sofie"), &add).await.unwrap();
        let item = ItemId::from_bytes(added.created.unwrap());
        app.command(MAY, &meta(6, "bo"), &write(item)).await.unwrap();
        Given { app, log, folder, place: Place { meeting: MAY, item } }
    }

    fn write(item: ItemId) -> MeetingCommand {
        MeetingCommand::WriteSection {
            item,
            document: DocumentKind::Case,
            section: "resume".into(),
            blocks: vec![Block::paragraph("Bo skrev")],
            nothing: false,
            source: None,
        }
    }

    /// Items on the agendas of May and June.
    async fn listed(app: &App) -> (usize, usize) {
        let count = |id| app.read_room(id, |room| room.meeting().items.len());
        (count(MAY).await.unwrap(), count(JUNE).await.unwrap())
    }

    #[tokio::test]
    async fn a_move_is_carried_out_once_however_often_it_is_asked_for() {
        let given = given().await;
        let app = &given.app;
        let moved = app.move_item(&meta(9, "sofie"), given.place, JUNE, "Udsat".into()).await.unwrap();
        let again = app.move_item(&meta(9, "sofie"), given.place, JUNE, "Udsat".into()).await.unwrap();
        assert_eq!(moved, again);
        assert_eq!(listed(app).await, (0, 1));
        assert_eq!(app.directory.in_transit(), []);
        let gone = app.read_room(MAY, |room| room.meeting().withdrawn[0].moved_to).await.unwrap().unwrap();
        assert_eq!((gone.meeting, Some(*gone.item.as_bytes())), (JUNE, moved.created));
    }

    #[tokio::test]
    async fn a_move_that_was_cut_in_two_is_finished_at_the_next_start() {
        let Given { app, log, folder, place } = given().await;
        let arrival = CommandMeta { id: part(meta(9, "sofie").id, "arrival"), ..meta(9, "sofie") };
        app.arrive(&arrival, place, JUNE, "Udsat").await.unwrap().unwrap();
        assert_eq!(listed(&app).await, (1, 1), "in both, never in none");
        app.rooms.stop().await;
        let app = opened(&log, folder.path()).await;
        assert_eq!(app.directory.in_transit().len(), 1);
        app.finish_moves().await;
        assert_eq!(listed(&app).await, (0, 1));
        assert_eq!(app.directory.in_transit(), []);
        // Whoever asked asks again, and is answered as if nothing had happened.
        app.move_item(&meta(9, "sofie"), place, JUNE, "Udsat".into()).await.unwrap();
        assert_eq!(listed(&app).await, (0, 1));
    }

    #[tokio::test]
    async fn what_is_written_meanwhile_stays_with_the_item_and_the_move_is_taken_back() {
        let given = given().await;
        let app = &given.app;
        let arrival = CommandMeta { id: part(meta(9, "sofie").id, "arrival"), ..meta(9, "sofie") };
        let moving = app.arrive(&arrival, given.place, JUNE, "").await.unwrap().unwrap();
        app.command(MAY, &meta(10, "bo"), &write(given.place.item)).await.unwrap();
        let refused = app.depart(&moving).await;
        assert!(matches!(refused, Err(CommandError::Rejected(Rejection::WrittenMeanwhile))));
        assert_eq!(listed(app).await, (1, 0));
        let again = app.move_item(&meta(9, "sofie"), given.place, JUNE, String::new()).await;
        assert!(matches!(again, Err(CommandError::Rejected(Rejection::WrittenMeanwhile))));
        app.move_item(&meta(11, "sofie"), given.place, JUNE, String::new()).await.unwrap();
        assert_eq!(listed(app).await, (0, 1));
    }

    #[tokio::test]
    async fn what_cannot_be_done_changes_neither_meeting() {
        let given = given().await;
        let app = &given.app;
        let rejected = |done: Result<Done, CommandError>| match done {
            Err(CommandError::Rejected(rejection)) => rejection,
            other => panic!("not rejected: {other:?}"),
        };
        let Place { item, .. } = given.place;
        let nowhere = MeetingId::from_bytes([7; 16]);
        let sofie = meta(20, "sofie");
        let to = |to| app.move_item(&sofie, given.place, to, String::new());
        assert_eq!(rejected(to(nowhere).await), Rejection::Unknown("møde"));
        assert_eq!(rejected(to(MAY).await), Rejection::SameMeeting);
        let by_bo = app.move_item(&meta(21, "bo"), given.place, JUNE, String::new()).await;
        assert_eq!(rejected(by_bo), Rejection::NeedsSecretariat);
        let unknown = Place { meeting: MAY, item: ItemId::from_bytes([9; 16]) };
        assert_eq!(rejected(app.copy_item(&meta(22, "bo"), unknown, JUNE).await), Rejection::UnknownItem);
        let other = ForumId::from_bytes([2; 16]);
        app.forums.found(other, "Direktørforum", &meta(23, "sofie"), "Sofie").await.unwrap();
        let (forum, theirs) = (app.forums.get(other).unwrap(), MeetingId::from_bytes([8; 16]));
        let details = (date(2027, 7, 1), time(9, 0, 0, 0), "");
        app.schedule(&forum, theirs, &meta(24, "sofie"), details, None).await.unwrap();
        assert_eq!(rejected(to(theirs).await), Rejection::OtherForum);
        let from_there = Place { meeting: theirs, item };
        assert_eq!(rejected(app.copy_item(&meta(25, "bo"), from_there, JUNE).await), Rejection::Unknown("møde"));
        assert_eq!(listed(app).await, (1, 0));
        app.copy_item(&meta(26, "bo"), given.place, JUNE).await.unwrap();
        let freeze = MeetingCommand::Freeze { reason: String::new() };
        app.command(JUNE, &meta(27, "sofie"), &freeze).await.unwrap();
        let shut = app.move_item(&meta(28, "sofie"), given.place, JUNE, String::new()).await;
        assert_eq!(rejected(shut), Rejection::OtherAgendaShut);
        assert_eq!(listed(app).await, (1, 1));
    }
}
