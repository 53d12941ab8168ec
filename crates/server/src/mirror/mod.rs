//! A second copy of the record on other hands, written as the log grows: in a folder (`log.jsonl` in the format of
//! [`proof::log`], `files` with every attachment by its hash, `keys.txt` and `checkpoint.txt` with the public keys and
//! the newest checkpoint), or in an object store (`bucket`: the same, where nothing is added to an object). The log
//! and the files are only ever added to. It is a backup that `dagsorden restore` reads, up to any position, and what
//! shows an administrator's change of the log to whoever keeps the copy. `dagsorden backup` writes the same folder,
//! now and then.

mod bucket;
mod copy;
mod extent;
mod page;
mod segment;

pub use copy::{CHECKPOINT, Copy, FILES, LOG, MirrorError, replace, write_checkpoint, write_keys};
pub use extent::{Extent, extent};
pub use page::Page;
pub use segment::{SEGMENTS, Segment, chosen};

use crate::{
    app::App,
    files::{S3Settings, s3},
    keys,
};
use agenda::event::Position;
use futures::StreamExt;
use std::{
    fmt,
    future::ready,
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::{task::spawn_blocking, time::sleep};

/// Where the copy lies.
pub enum Target {
    Folder(PathBuf),
    Bucket(S3Settings),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket(settings) => write!(f, "s3://{}", settings.bucket),
        }
    }
}

/// The wait after the copy could not be written.
const RETRY: Duration = Duration::from_secs(30);

/// Copies until the service goes down. What is there already is checked first, and never overwritten.
pub async fn run(app: Arc<App>, target: Target) {
    let mut stopping = app.stopping();
    loop {
        let ended = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            ended = keep_up(&app, &target) => ended,
        };
        let Err(error) = ended else { return };
        if !error.passes() {
            return tracing::error!(%error, %target, "the mirror is not continued: keep it, find out why, and mirror into an empty place");
        }
        tracing::error!(%error, %target, "the mirror is behind; it is tried again");
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = sleep(RETRY) => {}
        }
    }
}

async fn keep_up(app: &Arc<App>, target: &Target) -> Result<(), MirrorError> {
    match target {
        Target::Folder(folder) => in_folder(app, folder).await,
        Target::Bucket(settings) => bucket::keep_up(app, s3(settings)?).await,
    }
}

/// Ends without an error when the log is closed.
async fn in_folder(app: &Arc<App>, folder: &Path) -> Result<(), MirrorError> {
    let place = folder.to_owned();
    let opened = spawn_blocking(move || Copy::open(&place)).await;
    let mut copy = opened.map_err(io::Error::other)??;
    let tree = app.log.tree();
    let root_of = |size| Ok::<_, MirrorError>(tree.read().unwrap_or_else(PoisonError::into_inner).root(size));
    copy.begins(|size| ready(root_of(size))).await?;
    let mut new = app.log.follow(Position(copy.held() + 1));
    loop {
        let page = Page::read(app, Position(copy.held() + 1)).await?;
        if page.commits.is_empty() {
            match new.next().await {
                Some(recorded) => recorded?,
                None => return Ok(()),
            };
            continue;
        }
        for sha256 in page.files {
            let copied = app.files.copy(sha256, &folder.join(FILES)).await;
            copied.map_err(|error| MirrorError::File(sha256, error))?;
        }
        write_keys(folder, &keys::verifiers(&app.config.data)?)?;
        let added = spawn_blocking(move || copy.add(&page.commits).map(|()| copy)).await;
        copy = added.map_err(io::Error::other)??;
        if let Some(known) = app.directory.checkpoint().filter(|known| known.position.0 <= copy.held()) {
            write_checkpoint(folder, &app.witnesses.note(&known.note))?;
        }
    }
}
