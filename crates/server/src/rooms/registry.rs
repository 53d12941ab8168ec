//! At most one task per meeting: asking for a room and starting it happen under one lock.

use super::{MAILBOX_MESSAGES, Mail, RoomEnded, actor};
use crate::forums::Forums;
use agenda::{
    id::MeetingId,
    live::{CommandMeta, Done, FrameLimits, Room, ServerNames},
    meeting::MeetingCommand,
    rejection::Rejection,
};
use eventlog::EventLog;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

/// What every room is started with.
pub struct Surroundings {
    pub log: Arc<dyn EventLog>,
    pub forums: Arc<Forums>,
    pub names: ServerNames,
    pub limits: FrameLimits,
}

pub struct Registry {
    surroundings: Arc<Surroundings>,
    rooms: Mutex<HashMap<MeetingId, (RoomHandle, JoinHandle<()>)>>,
}

/// The way to one room. It may end at any time; then ask the registry again.
#[derive(Clone)]
pub struct RoomHandle {
    mailbox: mpsc::Sender<Mail>,
}

impl Registry {
    pub fn new(log: Arc<dyn EventLog>, forums: Arc<Forums>, names: ServerNames, limits: FrameLimits) -> Self {
        let surroundings = Arc::new(Surroundings { log, forums, names, limits });
        Self { surroundings, rooms: Mutex::default() }
    }

    /// The meeting's room, started if it is not running. The caller knows that the meeting
    /// exists.
    pub fn room(&self, id: MeetingId) -> RoomHandle {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((handle, _)) = rooms.get(&id)
            && !handle.mailbox.is_closed()
        {
            return handle.clone();
        }
        rooms.retain(|_, (handle, _)| !handle.mailbox.is_closed());
        let (sender, receiver) = mpsc::channel(MAILBOX_MESSAGES);
        let handle = RoomHandle { mailbox: sender };
        let task = tokio::spawn(actor::run(id, self.surroundings.clone(), receiver));
        rooms.insert(id, (handle.clone(), task));
        handle
    }

    /// Lets every room finish what is on its way, and waits for them.
    pub async fn stop(&self) {
        let rooms: Vec<_> = {
            let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
            rooms.drain().map(|(_, room)| room).collect()
        };
        for (handle, _) in &rooms {
            // A room that has ended needs no stopping.
            let _ = handle.mailbox.send(Mail::Stop).await;
        }
        for (_, task) in rooms {
            if let Err(error) = task.await {
                tracing::error!(%error, "a room ended badly");
            }
        }
    }
}

impl RoomHandle {
    /// Sends mail; waits while the mailbox is full, which is the back-pressure on sockets.
    pub async fn send(&self, mail: Mail) -> Result<(), RoomEnded> {
        self.mailbox.send(mail).await.map_err(|_| RoomEnded)
    }

    /// Carries out a command; answered when it is durable.
    pub async fn command(
        &self,
        meta: CommandMeta,
        command: MeetingCommand,
    ) -> Result<Result<Done, Rejection>, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        self.send(Mail::Command { meta, command, reply }).await?;
        answer.await.map_err(|_| RoomEnded)
    }

    /// Reads the room; answered when everything that the answer may show is durable.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Room) -> T + Send + 'static,
    ) -> Result<T, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        let reading: super::Reading = Box::new(move |room| {
            let seen = read(room);
            // The asker may have gone; then nobody needs the answer.
            Box::new(move || drop(reply.send(seen)))
        });
        self.send(Mail::Read(reading)).await?;
        answer.await.map_err(|_| RoomEnded)
    }
}
