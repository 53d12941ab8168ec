//! A file on its way in: written to the disk as it comes, counted and hashed. It is removed when
//! it is let go, whatever became of it.

use agenda::id::Hash;
use attachment::MAX_FILE_BYTES;
use axum::body::Body;
use futures::StreamExt;
use sha2::{Digest, Sha256};
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::{fs::File, io::AsyncWriteExt};

const INCOMING: &str = "incoming";

pub struct Spool {
    folder: PathBuf,
}

#[derive(Debug)]
pub enum SpoolError {
    TooLarge,
    /// The connection ended first.
    Cut,
    Disk(io::Error),
}

/// A whole file, under a name of its own.
pub struct Spooled {
    path: PathBuf,
    size: u64,
    sha256: Hash,
}

impl Spool {
    /// Clears what an earlier run left: nothing of it was ever acknowledged.
    pub fn open(root: &Path) -> io::Result<Self> {
        let folder = root.join(INCOMING);
        std::fs::create_dir_all(&folder)?;
        for left in std::fs::read_dir(&folder)? {
            std::fs::remove_file(left?.path())?;
        }
        Ok(Self { folder })
    }

    pub async fn write(&self, body: Body) -> Result<Spooled, SpoolError> {
        let name = Hash(rand::random()).to_string();
        // From here on the file goes when this does.
        let mut spooled = Spooled { path: self.folder.join(name), size: 0, sha256: Hash([0; 32]) };
        let mut file = File::create_new(&spooled.path).await.map_err(SpoolError::Disk)?;
        let (mut hash, mut pieces) = (Sha256::new(), body.into_data_stream());
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| SpoolError::Cut)?;
            spooled.size += piece.len() as u64;
            if spooled.size > MAX_FILE_BYTES {
                drop(file);
                drain(Body::from_stream(pieces)).await;
                return Err(SpoolError::TooLarge);
            }
            hash.update(&piece);
            file.write_all(&piece).await.map_err(SpoolError::Disk)?;
        }
        file.flush().await.map_err(SpoolError::Disk)?;
        spooled.sha256 = Hash(hash.finalize().into());
        Ok(spooled)
    }
}

impl Spooled {
    pub fn path(&self) -> &Path {
        &self.path
    }
    /// Where it may be written in another form; goes with it.
    pub fn beside(&self) -> PathBuf {
        self.path.with_extension("sealed")
    }
    pub fn size(&self) -> u64 {
        self.size
    }
    pub fn sha256(&self) -> Hash {
        self.sha256
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        for path in [&self.path, &self.beside()] {
            match std::fs::remove_file(path) {
                Ok(()) => {}
                // It was never there, or has been stored under its lasting name.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => tracing::warn!(%error, path = %path.display(), "a spooled file stays behind"),
            }
        }
    }
}

/// Reads and forgets, up to the size of a file.
pub async fn drain(body: Body) {
    let (mut pieces, mut seen) = (body.into_data_stream(), 0);
    while let Some(Ok(piece)) = pieces.next().await {
        seen += piece.len() as u64;
        if seen > MAX_FILE_BYTES {
            return;
        }
    }
}
