//! Signs how far the log has come: at every freeze, publication and seal, and once an hour when something
//! came in between. A checkpoint is a commit itself, so that the record holds all of them; whoever
//! keeps one outside finds any later change of what was before it.

use crate::{
    app::App,
    clock::now,
    keys,
    sealer::{self, SignError},
};
use agenda::{
    event::{CheckpointSigned, Position},
    forum::SERVICE,
    id::Hash,
};
use proof::checkpoint::{BadCheckpoint, Checkpoint, SignedCheckpoint, origin};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::time::sleep;

/// The longest that a change is in no checkpoint.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// The wait after one that could not be signed.
const RETRY: Duration = Duration::from_secs(30);

/// The newest checkpoint of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCheckpoint {
    /// The commits that it covers.
    pub size: u64,
    /// Where it stands in the log itself.
    pub position: Position,
    /// The signed note.
    pub note: Arc<str>,
    pub key: Arc<str>,
}

impl KnownCheckpoint {
    /// What stands in the log; the log's check has the last word on whether it is true.
    pub fn read(position: Position, event: &CheckpointSigned) -> Result<Self, BadCheckpoint> {
        let size = SignedCheckpoint::parse(&event.note)?.checkpoint.size;
        Ok(Self { size, position, note: event.note.as_str().into(), key: event.key.as_str().into() })
    }
}

/// Signs until the service goes down.
pub async fn run(app: Arc<App>) {
    let (mut stopping, mut milestones) = (app.stopping(), app.directory.milestones());
    loop {
        let mut wait = EVERY;
        if let Err(error) = sign(&app).await
            && !*stopping.borrow()
        {
            tracing::error!(%error, "a checkpoint could not be signed; it is tried again");
            wait = RETRY;
        }
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            changed = milestones.changed() => if changed.is_err() { return },
            () = sleep(wait) => {}
        }
    }
}

/// Signs, unless nothing has come since the last time. When it returns the directory knows of it.
pub async fn sign(app: &App) -> Result<(), SignError> {
    let known = app.directory.checkpoint().map_or(Position(0), |known| known.position);
    let Some(checkpoint) = whole(app).filter(|checkpoint| checkpoint.size > known.0) else { return Ok(()) };
    let signer = keys::signer(&app.config.data, SERVICE, now())?;
    let key = signer.verifier().to_string();
    sealer::append(app, CheckpointSigned { note: checkpoint.sign(&signer), key }.into()).await?;
    app.witnesses.signed();
    Ok(())
}

/// The log as it is now; nothing for an empty one.
fn whole(app: &App) -> Option<Checkpoint> {
    let tree = app.log.tree();
    let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
    let first: Hash = tree.commit(1)?;
    Some(Checkpoint { origin: origin(first), size: tree.size(), root: tree.root(tree.size())? })
}
