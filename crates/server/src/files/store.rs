//! Where files lie, behind a small interface, and the suite that every place passes.

use agenda::id::Hash;
use axum::body::Bytes;
use futures::{future::BoxFuture, stream::BoxStream};
use std::{io, path::Path};

/// The bytes of a file, piece by piece.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;

/// Keeps files under their SHA-256, for ever.
pub trait FileStore: Send + Sync + 'static {
    /// Stores the file at `path`, which may be moved away. Durable when it returns; the same
    /// file again changes nothing.
    fn put<'a>(&'a self, sha256: Hash, path: &'a Path) -> BoxFuture<'a, io::Result<()>>;

    /// The file; `None` if there is none.
    fn get(&self, sha256: Hash) -> BoxFuture<'_, io::Result<Option<ByteStream>>>;

    /// Removes the file for good; that it is not there is fine.
    fn erase(&self, sha256: Hash) -> BoxFuture<'_, io::Result<()>>;
}

#[cfg(test)]
pub mod conformance {
    use super::*;
    use futures::TryStreamExt;
    use sha2::{Digest, Sha256};

    async fn read(store: &dyn FileStore, sha256: Hash) -> Option<Vec<u8>> {
        let pieces = store.get(sha256).await.unwrap()?;
        Some(pieces.try_collect::<Vec<_>>().await.unwrap().concat())
    }

    async fn put(store: &dyn FileStore, spool: &Path, bytes: &[u8]) -> Hash {
        let sha256 = Hash(Sha256::digest(bytes).into());
        let path = spool.join("coming");
        std::fs::write(&path, bytes).unwrap();
        store.put(sha256, &path).await.unwrap();
        sha256
    }

    /// What every place for files must do.
    pub async fn passes(store: &dyn FileStore) {
        let spool = tempfile::tempdir().unwrap();
        assert_eq!(read(store, Hash([7; 32])).await, None, "what was never stored is not there");
        let small = put(store, spool.path(), b"en fil").await;
        let large_bytes: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_le_bytes).collect();
        let large = put(store, spool.path(), &large_bytes).await;
        assert_eq!(read(store, small).await.as_deref(), Some(&b"en fil"[..]));
        assert!(read(store, large).await.as_deref() == Some(&large_bytes[..]), "a file of many pieces");
        let again = put(store, spool.path(), b"en fil").await;
        assert_eq!(again, small);
        assert_eq!(read(store, small).await.as_deref(), Some(&b"en fil"[..]), "stored twice");
        let empty = put(store, spool.path(), b"").await;
        assert_eq!(read(store, empty).await.as_deref(), Some(&b""[..]));
        let missing = spool.path().join("never");
        assert!(store.put(Hash([8; 32]), &missing).await.is_err(), "what is not there cannot be stored");
        assert_eq!(read(store, Hash([8; 32])).await, None);
        for _ in 0..2 {
            store.erase(large).await.unwrap();
            assert_eq!(read(store, large).await, None, "what was erased is there");
        }
        assert_eq!(read(store, small).await.as_deref(), Some(&b"en fil"[..]), "another file went, too");
    }
}
