//! A stored file once more in another folder, by the same name.

use super::{Files, folder::Folder, store::FileStore};
use agenda::id::Hash;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::{io, path::Path};
use tokio::{fs, io::AsyncWriteExt};

/// Why a file was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("it is not where files are stored")]
    Missing,
    #[error("it is no longer what was stored")]
    Altered,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Files {
    /// Copies a file unless it is there. Checked on the way, and durable when it returns.
    pub async fn copy(&self, sha256: Hash, folder: &Path) -> Result<(), CopyError> {
        let to = Folder::new(folder.to_owned());
        if fs::try_exists(to.place(sha256)).await? {
            return Ok(());
        }
        let mut pieces = self.read(sha256).await?.ok_or(CopyError::Missing)?;
        fs::create_dir_all(folder).await?;
        let unfinished = folder.join("unfinished");
        let (mut file, mut hash) = (fs::File::create(&unfinished).await?, Sha256::new());
        while let Some(piece) = pieces.try_next().await? {
            hash.update(&piece);
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        if Hash(hash.finalize().into()) != sha256 {
            return Err(CopyError::Altered);
        }
        Ok(to.put(sha256, &unfinished).await?)
    }
}
