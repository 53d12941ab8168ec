//! Files in a folder: `ab/abcd…`, by their SHA-256. The spool is in the same file system, so that
//! a file is moved to its name at once or not at all.

use super::store::{ByteStream, FileStore};
use agenda::id::Hash;
use futures::{FutureExt, StreamExt, future::BoxFuture};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tokio_util::io::ReaderStream;

pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn place(&self, sha256: Hash) -> PathBuf {
        let name = sha256.to_string();
        let shelf: String = name.chars().take(2).collect();
        self.root.join(shelf).join(name)
    }
}

impl FileStore for Folder {
    fn put<'a>(&'a self, sha256: Hash, path: &'a Path) -> BoxFuture<'a, io::Result<()>> {
        let (from, to) = (path.to_owned(), self.place(sha256));
        let moved = tokio::task::spawn_blocking(move || keep(&from, &to));
        async move { moved.await.map_err(io::Error::other)? }.boxed()
    }

    fn get(&self, sha256: Hash) -> BoxFuture<'_, io::Result<Option<ByteStream>>> {
        let place = self.place(sha256);
        async move {
            match tokio::fs::File::open(place).await {
                Ok(file) => Ok(Some(ReaderStream::new(file).boxed())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        }
        .boxed()
    }

    fn erase(&self, sha256: Hash) -> BoxFuture<'_, io::Result<()>> {
        let place = self.place(sha256);
        let removed = tokio::task::spawn_blocking(move || match fs::remove_file(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => place.parent().map_or(Ok(()), |shelf| File::open(shelf)?.sync_all()),
        });
        async move { removed.await.map_err(io::Error::other)? }.boxed()
    }
}

fn keep(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_data()?;
    let shelf = to.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    fs::create_dir_all(shelf)?;
    fs::rename(from, to)?;
    File::open(shelf)?.sync_all()?;
    shelf.parent().map_or(Ok(()), |root| File::open(root)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::store::conformance;

    #[tokio::test]
    async fn a_folder_keeps_files() {
        let data = tempfile::tempdir().unwrap();
        conformance::passes(&Folder::new(data.path().to_owned())).await;
        // As after a restart.
        conformance_again(&Folder::new(data.path().to_owned())).await;
    }

    async fn conformance_again(folder: &Folder) {
        use sha2::{Digest, Sha256};
        let kept = folder.get(Hash(Sha256::digest(b"en fil").into())).await.unwrap();
        assert!(kept.is_some(), "what was stored is there after a restart");
    }
}
