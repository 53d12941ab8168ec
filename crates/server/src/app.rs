//! The running service: what every handler needs, opened once and shut down in order.

use crate::{
    access::AccessLog,
    auth::{DemoTokens, Identity, OperatorKey, TicketKey, TokenError, Verifier},
    checkpoints,
    clock::now,
    config::{Config, ConfigError},
    directory::Directory,
    editions::Editions,
    erasures,
    files::Files,
    forums::{ForumError, Forums, LoadForumsError, commit},
    histories::Histories,
    measure::Measure,
    mirror,
    rate::RateLimiter,
    retention::Retention,
    rooms::{Registry, RoomHandle},
    sealer::{self, Outdated},
    secret,
    witnesses::{self, Witnesses},
};
use agenda::{
    event::{CommandKind, Position},
    forum::Forum,
    id::{DocumentId, MeetingId, StreamId},
    live::{CommandMeta, Done, FrameLimits, ServerNames},
    meeting::{MeetingCommand, schedule},
    rejection::Rejection,
};
use axum::http::{HeaderMap, header};
use eventlog::{AppendError, EventLog, ReadError};
use jiff::civil::{Date, Time};
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore, watch};

pub struct App {
    pub config: Config,
    pub log: Arc<dyn EventLog>,
    pub files: Arc<Files>,
    pub forums: Arc<Forums>,
    pub directory: Arc<Directory>,
    pub rooms: Registry,
    pub histories: Histories,
    pub retention: Retention,
    pub access: AccessLog,
    pub editions: Editions,
    pub measure: Measure,
    pub witnesses: Witnesses,
    /// Editions to be sealed again.
    pub outdated: Outdated,
    /// Held while something is added to the stream of what the service signs.
    pub signing: Mutex<()>,
    pub tickets: TicketKey,
    pub operator: OperatorKey,
    pub demo: Option<DemoTokens>,
    pub limiter: RateLimiter,
    pub sockets: Arc<Semaphore>,
    verifier: Option<Verifier>,
    stopping: watch::Sender<bool>,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Log(#[from] ReadError),
    #[error(transparent)]
    Forums(#[from] LoadForumsError),
    #[error("the secret in the data folder cannot be read or made: {0}")]
    Secret(std::io::Error),
    #[error("no connection to witnesses can be prepared: {0}")]
    Http(#[from] reqwest::Error),
    #[error("the place for attachments cannot be opened: {0}")]
    Files(std::io::Error),
    #[error("the access log cannot be opened: {0}")]
    Access(std::io::Error),
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("rejected")]
    Rejected(Rejection),
    #[error("there is no such meeting")]
    NoMeeting,
    #[error("the meeting cannot be reached right now")]
    Unavailable,
}

impl From<Rejection> for CommandError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<ForumError> for CommandError {
    fn from(error: ForumError) -> Self {
        match error {
            ForumError::Rejected(rejection) => Self::Rejected(rejection),
            ForumError::Log(AppendError::CommandReused { .. }) => {
                Self::Rejected(Rejection::Exists("kommando"))
            }
            ForumError::Log(_) | ForumError::Unfit(_) => Self::Unavailable,
        }
    }
}

/// A command is sent again this often when its room ends under it; it is carried out once.
const COMMAND_TRIES: u32 = 3;

impl App {
    /// Checks the configuration and reads the log.
    pub async fn open(config: Config, log: Arc<dyn EventLog>) -> Result<Arc<Self>, StartError> {
        let secret = secret::load_or_create(&config.data).map_err(StartError::Secret)?;
        let files = Arc::new(Files::open(&config.data, &config.files).map_err(StartError::Files)?);
        let verifier = config.tokens.as_ref().map(Verifier::new).transpose()?;
        let forums = Arc::new(Forums::load(log.clone()).await?);
        let directory = Arc::new(Directory::load(&*log).await?);
        tokio::spawn(directory.clone().follow(log.clone()));
        let limits =
            FrameLimits { per_second: config.limits.frames_per_second, burst: config.limits.frame_burst };
        let names = server_names(&secret);
        let rooms = Registry::new(log.clone(), forums.clone(), names, limits);
        Ok(Arc::new(Self {
            limiter: RateLimiter::new(config.limits.requests_per_second, config.limits.request_burst),
            sockets: Arc::new(Semaphore::new(config.limits.sockets)),
            tickets: TicketKey::new(secret),
            operator: OperatorKey::new(secret),
            demo: config.demo.then(|| DemoTokens::new(secret)),
            verifier,
            histories: Histories::new(log.clone()),
            retention: Retention::new(log.clone()),
            access: AccessLog::open(&config.data, config.limits.lookups_per_hour)
                .map_err(StartError::Access)?,
            editions: Editions::new(log.clone(), files.clone()),
            measure: Measure::default(),
            witnesses: Witnesses::open(
                &config.data,
                config.witnesses.clone(),
                directory.checkpoint().as_ref().map(|known| &*known.note),
            )?,
            outdated: Outdated::default(),
            signing: Mutex::default(),
            log,
            files,
            forums,
            directory,
            rooms,
            stopping: watch::Sender::new(false),
            config,
        }))
    }

    /// From now on what is published is sealed, also what was published before, and the log gets its checkpoints.
    pub fn start_signing(self: &Arc<Self>) {
        tokio::spawn(sealer::run(self.clone()));
        tokio::spawn(checkpoints::run(self.clone()));
    }

    /// What erasures have left to do is done.
    pub fn finish_erasures(self: &Arc<Self>) {
        let app = self.clone();
        tokio::spawn(async move { erasures::remove_files(&app).await });
    }

    /// From now on the mirrors, if there are to be any, are kept up to date.
    pub fn start_mirrors(self: &Arc<Self>) {
        let folder = self.config.mirror.clone().map(mirror::Target::Folder);
        let bucket = self.config.mirror_bucket.clone().map(mirror::Target::Bucket);
        for target in folder.into_iter().chain(bucket) {
            tokio::spawn(mirror::run(self.clone(), target));
        }
    }

    /// From now on the witnesses, if there are any, are asked to cosign.
    pub fn start_witnesses(self: &Arc<Self>) {
        tokio::spawn(witnesses::run(self.clone()));
    }

    /// Who a session token vouches for.
    pub fn identify(&self, token: &str) -> Result<Identity, TokenError> {
        let demo = self.demo.as_ref().map(|demo| demo.verify(token));
        match (demo, &self.verifier) {
            (Some(Ok(identity)), _) => Ok(identity),
            (_, Some(verifier)) => verifier.verify(token),
            (Some(Err(error)), None) => Err(error),
            (None, None) => Err(TokenError::Invalid("no sign-in is configured".into())),
        }
    }

    /// Whether the request's `Origin` is this service's own.
    pub fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(origin) = text(header::ORIGIN) else { return false };
        match &self.config.public_origin {
            Some(own) => origin == own,
            None => text(header::HOST).is_some_and(|host| origin == format!("http://{host}")),
        }
    }

    pub fn is_https(&self) -> bool {
        self.config.public_origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// The meeting's room, if there is such a meeting.
    pub fn room(&self, id: MeetingId) -> Option<RoomHandle> {
        (self.log.head_of(StreamId::Meeting(id)).sequence > 0).then(|| self.rooms.room(id))
    }

    pub fn room_of_document(&self, id: DocumentId) -> Option<RoomHandle> {
        self.directory.meeting_of_document(id).and_then(|meeting| self.room(meeting))
    }

    /// Carries out a command on a meeting; when it returns the directory knows of it too.
    pub async fn command(
        &self,
        id: MeetingId,
        meta: &CommandMeta,
        command: &MeetingCommand,
    ) -> Result<Done, CommandError> {
        for _ in 0..COMMAND_TRIES {
            let room = self.room(id).ok_or(CommandError::NoMeeting)?;
            if let Ok(answer) = room.command(meta.clone(), command.clone()).await {
                let done = answer?;
                self.directory.reaches(done.position).await;
                if matches!(command, MeetingCommand::EraseItem { .. }) {
                    erasures::forget(self, id).await;
                }
                return Ok(done);
            }
        }
        Err(CommandError::Unavailable)
    }

    /// Carries something out to its end, also if whoever asked for it goes away.
    pub async fn to_the_end<T: Send + 'static>(
        work: impl Future<Output = Result<T, CommandError>> + Send + 'static,
    ) -> Result<T, CommandError> {
        tokio::spawn(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a command was interrupted");
            Err(CommandError::Unavailable)
        })
    }

    /// Schedules a meeting of the forum under the id that the caller made.
    pub async fn schedule(
        &self,
        forum: &Forum,
        id: MeetingId,
        meta: &CommandMeta,
        (date, time, place): (Date, Time, &str),
        source: Option<agenda::event::Source>,
    ) -> Result<Position, CommandError> {
        let actor = forum.actor(&meta.user).ok_or(Rejection::NotMember)?;
        let events = match schedule(forum, &actor, date, time, place, source) {
            Ok(events) => events,
            Err(rejection) => {
                self.forums.refused(forum.id, meta, CommandKind::ScheduleMeeting, &rejection).await?;
                return Err(rejection.into());
            }
        };
        let appended = self.log.append(commit(StreamId::Meeting(id), 1, now(), meta, events)).await;
        match appended {
            Ok(appended) => {
                self.directory.reaches(appended.position).await;
                Ok(appended.position)
            }
            Err(AppendError::Conflict { .. } | AppendError::CommandReused { .. }) => {
                Err(Rejection::Exists("møde").into())
            }
            Err(error) => {
                tracing::error!(%error, "a meeting could not be scheduled");
                Err(CommandError::Unavailable)
            }
        }
    }

    /// Becomes true when the service is going down.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Tells sockets and streams to end; new ones are refused.
    pub fn begin_stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Lets every room finish, then closes the log. Everything acknowledged is durable
    /// already; this lets what is on its way be acknowledged too.
    pub async fn stop(&self) {
        self.begin_stop();
        self.rooms.stop().await;
        if let Err(error) = self.log.shutdown().await {
            tracing::error!(%error, "the log did not close cleanly");
        }
    }
}

/// Stable per deployment: stock clients keep what they synced under the storage id.
fn server_names(secret: &[u8; 32]) -> ServerNames {
    let name = agenda::publication::content_hash(&("storage", secret)).to_string();
    ServerNames {
        peer_id: format!("dagsorden-{}", &name[..12]),
        storage_id: format!("dagsorden-{}", &name[..32]),
    }
}
