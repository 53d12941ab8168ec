//! A stored file once more in another folder, by the same name.

use super::{
    Files,
    folder::Folder,
    store::{ByteStream, FileStore},
};
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
    /// Copies a file unless it is there; the bytes that were written. Checked on the way, and durable when it
    /// returns.
    pub async fn copy(&self, sha256: Hash, folder: &Path) -> Result<u64, CopyError> {
        if copied(sha256, folder).await? {
            return Ok(0);
        }
        let pieces = self.store.get(sha256).await?.ok_or(CopyError::Missing)?;
        write_copy(sha256, pieces, folder).await
    }
}

/// Copies a file from one folder of files to another, checked on the way.
pub async fn copy_between(sha256: Hash, from: &Path, to: &Path) -> Result<u64, CopyError> {
    let pieces = Folder::new(from.to_owned()).get(sha256).await?.ok_or(CopyError::Missing)?;
    write_copy(sha256, pieces, to).await
}

/// Whether the file is there.
pub async fn copied(sha256: Hash, folder: &Path) -> io::Result<bool> {
    fs::try_exists(Folder::new(folder.to_owned()).place(sha256)).await
}

/// Writes a copy of a file; its length in bytes.
pub async fn write_copy(sha256: Hash, mut pieces: ByteStream, folder: &Path) -> Result<u64, CopyError> {
    fs::create_dir_all(folder).await?;
    let unfinished = folder.join("unfinished");
    let (mut file, mut hash, mut length) = (fs::File::create(&unfinished).await?, Sha256::new(), 0);
    while let Some(piece) = pieces.try_next().await? {
        hash.update(&piece);
        length += piece.len() as u64;
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    if Hash(hash.finalize().into()) != sha256 {
        fs::remove_file(&unfinished).await?;
        return Err(CopyError::Altered);
    }
    Folder::new(folder.to_owned()).put(sha256, &unfinished).await?;
    Ok(length)
}
