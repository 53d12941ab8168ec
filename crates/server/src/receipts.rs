//! Receipts: that something was frozen, or published, proven to whoever has the file and a key.

use crate::{app::App, seals::EditionId};
use agenda::{
    event::Position,
    id::{MeetingId, StreamId},
};
use eventlog::ReadError;
use proof::receipt::{ProvenCommit, Receipt};
use std::sync::PoisonError;

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum NoReceipt {
    #[error("there is no such freeze or edition")]
    Unknown,
    /// The checkpoint that covers it is signed within moments.
    #[error("it is not signed yet")]
    NotYet,
    #[error(transparent)]
    Log(#[from] ReadError),
}

/// How much of a commit a receipt shows.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    /// It also tells of what is not for everyone.
    Hash,
}

/// Of a freeze, for those who may see the meeting: what was fixed, by whom and why.
pub async fn of_freeze(app: &App, meeting: MeetingId, sequence: u64) -> Result<Receipt, NoReceipt> {
    let frozen = place(app, StreamId::Meeting(meeting), sequence).await?;
    receipt(app, &[(frozen, Part::Whole)]).await
}

/// Of a published edition, for everyone: the freeze by its hash alone, since it also names closed items;
/// the publication; and the newest seal, which names every file.
pub async fn of_edition(app: &App, edition: EditionId, frozen: Position) -> Result<Receipt, NoReceipt> {
    let published = app.directory.seals(|seals| seals.published_at(edition)).ok_or(NoReceipt::Unknown)?;
    let seal = app.directory.seals(|seals| seals.newest(edition)).ok_or(NoReceipt::NotYet)?;
    let seal = place(app, StreamId::Seals, seal).await?;
    receipt(app, &[(frozen, Part::Hash), (published, Part::Whole), (seal, Part::Whole)]).await
}

/// Where a commit of a stream stands in the whole log.
async fn place(app: &App, stream: StreamId, sequence: u64) -> Result<Position, NoReceipt> {
    let page = app.log.read(stream, sequence, 1).await?;
    page.first().map(|recorded| recorded.position).ok_or(NoReceipt::Unknown)
}

async fn receipt(app: &App, commits: &[(Position, Part)]) -> Result<Receipt, NoReceipt> {
    let checkpoint = app.directory.checkpoint().ok_or(NoReceipt::NotYet)?;
    if commits.iter().any(|(position, _)| position.0 > checkpoint.size) {
        return Err(NoReceipt::NotYet);
    }
    let mut proven = Vec::new();
    for (position, part) in commits {
        let bytes = match part {
            Part::Whole => app.log.bytes(*position, 1).await?.pop(),
            Part::Hash => None,
        };
        let tree = app.log.tree();
        let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
        let commit = ProvenCommit::new(&tree, checkpoint.size, position.0, bytes.as_deref());
        proven.push(commit.ok_or(NoReceipt::Unknown)?);
    }
    Ok(Receipt::new(proven, app.witnesses.note(&checkpoint.note), checkpoint.key.to_string()))
}
