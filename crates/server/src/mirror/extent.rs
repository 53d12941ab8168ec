//! How far a backup reaches: to a checkpoint that was signed when it began.

use crate::{app::App, checkpoints, keys, sealer::SignError};
use serde::{Deserialize, Serialize};

/// What a backup is held against at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The last commit that belongs to it: the one that holds the checkpoint.
    pub position: u64,
    /// The signed note, over all commits before it.
    pub checkpoint: String,
    /// The public keys, one of which signed it.
    pub keys: Vec<String>,
}

/// Signs a checkpoint if something came since the last one. `None`: the log is empty.
pub async fn extent(app: &App) -> Result<Option<Extent>, SignError> {
    checkpoints::sign(app).await?;
    let Some(known) = app.directory.checkpoint() else { return Ok(None) };
    let keys = keys::verifiers(&app.config.data)?.iter().map(ToString::to_string).collect();
    Ok(Some(Extent { position: known.position.0, checkpoint: app.witnesses.note(&known.note), keys }))
}
