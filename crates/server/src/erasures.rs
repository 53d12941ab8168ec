//! What an erasure removes outside the log: what was made of the meeting and lies at hand, and the files of the
//! item's attachments that nothing else names.

use crate::{app::App, files::named};
use agenda::{
    event::Position,
    id::{Hash, MeetingId},
};
use eventlog::{MAX_PAGE, ReadError};
use std::{collections::BTreeSet, io};

#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Files(#[from] io::Error),
}

/// After words of the meeting were erased. What fails here is done when the service starts again.
pub async fn forget(app: &App, meeting: MeetingId) {
    app.editions.forget(meeting);
    app.histories.forget(meeting);
    app.retention.forget(meeting);
    remove_files(app).await;
}

/// Removes the files of all erased attachments that still lie there.
pub async fn remove_files(app: &App) {
    if let Err(error) = try_remove_files(app).await {
        tracing::error!(%error, "files of erased attachments could not be removed; it is tried again at the next start");
    }
}

async fn try_remove_files(app: &App) -> Result<(), Unfinished> {
    let mut there = BTreeSet::new();
    for sha256 in app.directory.erased_files() {
        if app.files.stored(sha256).await?.is_some() {
            there.insert(sha256);
        }
    }
    if there.is_empty() {
        return Ok(());
    }
    let (mut kept, read) = still_named(app, &there, Position(1)).await?;
    // Only the end of a long log is read while nobody may name a file anew.
    let _alone = app.files.erasing().await;
    kept.extend(still_named(app, &there, read).await?.0);
    for sha256 in there.difference(&kept) {
        app.files.erase(*sha256).await?;
        tracing::info!(%sha256, "the file of an erased attachment was removed");
    }
    Ok(())
}

/// Those of the files that a commit from `next` on still names, and what comes after the last one read: words that
/// were erased name none.
async fn still_named(
    app: &App,
    files: &BTreeSet<Hash>,
    mut next: Position,
) -> Result<(BTreeSet<Hash>, Position), ReadError> {
    let mut kept = BTreeSet::new();
    loop {
        let page = app.log.scan(next, MAX_PAGE).await?;
        let Some(last) = page.last() else { return Ok((kept, next)) };
        next = Position(last.position.0 + 1);
        let all = page.iter().flat_map(|recorded| named(recorded));
        kept.extend(all.filter(|sha256| files.contains(sha256)));
    }
}

#[cfg(test)]
mod tests;
