//! Signs for what was published, after it was: makes every file of an edition once, writes down
//! their hashes, signs, and appends that to the log. What a crash left unsealed is sealed at the next
//! start; what a newer version of the program makes otherwise is sealed again.

use crate::{
    app::App,
    clock::{fresh, now},
    edition::EditionError,
    editions::FileError,
    forums::commit,
    keys,
    seals::EditionId,
};
use agenda::{
    event::{EditionSealed, Event},
    forum::SERVICE,
    id::{CommandId, SessionId, StreamId, UserId},
    live::CommandMeta,
};
use eventlog::AppendError;
use publish::{Artefact, Manifest, NamedFile};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::sleep};

/// The wait after a seal that could not be made.
const RETRY: Duration = Duration::from_secs(30);

/// Editions that are to be sealed again.
#[derive(Default)]
pub struct Outdated {
    editions: Mutex<BTreeSet<EditionId>>,
    added: Notify,
}

/// Why something is not signed yet.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the key cannot be read or made: {0}")]
    Key(#[from] std::io::Error),
    #[error(transparent)]
    Name(#[from] agenda::id::BadId),
    #[error(transparent)]
    Log(#[from] AppendError),
}

impl Outdated {
    pub fn add(&self, edition: EditionId) {
        self.editions.lock().unwrap_or_else(PoisonError::into_inner).insert(edition);
        self.added.notify_one();
    }

    fn take(&self) -> BTreeSet<EditionId> {
        std::mem::take(&mut *self.editions.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Seals until the service goes down.
pub async fn run(app: Arc<App>) {
    let (mut stopping, mut milestones) = (app.stopping(), app.directory.milestones());
    loop {
        let mut due = app.outdated.take();
        due.extend(app.directory.seals(|seals| seals.missing()));
        let mut failed = false;
        for edition in due {
            if *stopping.borrow() {
                return;
            }
            let sealed = seal(&app, edition).await;
            if let Err(SignError::File(FileError::Edition(EditionError::Erased(_)))) = sealed {
                app.directory.never_sealed(edition);
                continue;
            }
            if let Err(error) = sealed
                && !*stopping.borrow()
            {
                let (meeting, edition) = edition;
                tracing::error!(%error, %meeting, edition, "an edition could not be sealed; it is tried again");
                failed = true;
            }
        }
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            changed = milestones.changed() => if changed.is_err() { return },
            () = app.outdated.added.notified() => {}
            () = sleep(RETRY), if failed => {}
        }
    }
}

async fn seal(app: &App, (meeting, number): EditionId) -> Result<(), SignError> {
    let edition = app.editions.edition(meeting, number).await?;
    let mut files = Vec::new();
    for artefact in Artefact::all(&edition.publication) {
        match app.editions.file(meeting, number, artefact).await {
            Ok(file) => files.push(NamedFile::artefact(artefact, &file.bytes)),
            // What nobody can have needs no seal.
            Err(FileError::Work(error)) if error.is_refusal() => {
                tracing::warn!(%error, %meeting, number, path = artefact.path(), "a file of an edition cannot be made");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let manifest = Manifest::new(&edition.publication, &edition.proof, files).text();
    let signer = keys::signer(&app.config.data, SERVICE, now())?;
    let signature = signer.sign(&format!("{manifest}\n"));
    let key = signer.verifier().to_string();
    let event = EditionSealed { meeting, edition: number, manifest, signature, key };
    append(app, event.into()).await
}

/// Adds to the stream of what the service signs; one at a time, so that none loses its place to another.
pub async fn append(app: &App, event: Event) -> Result<(), SignError> {
    let _turn = app.signing.lock().await;
    let by = CommandMeta {
        id: CommandId::from_bytes(fresh()),
        user: UserId::new(SERVICE)?,
        session: SessionId::from_bytes(fresh()),
    };
    let next = app.log.head_of(StreamId::Seals).sequence + 1;
    let appended = app.log.append(commit(StreamId::Seals, next, now(), &by, vec![event])).await?;
    app.directory.reaches(appended.position).await;
    Ok(())
}
