//! A stored file as it is read, held against its name: whoever gets all of it has what was stored.

use super::store::ByteStream;
use agenda::id::Hash;
use axum::body::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use std::io;

/// The file so far: the last piece is kept back until it is known to be the right one.
struct Reading {
    pieces: ByteStream,
    hash: Sha256,
    last: Option<Bytes>,
    sha256: Hash,
}

/// The same pieces; an error in place of the last, if they are not those of a file of this hash.
pub fn checked(pieces: ByteStream, sha256: Hash) -> ByteStream {
    let reading = Reading { pieces, hash: Sha256::new(), last: None, sha256 };
    stream::try_unfold(Some(reading), |reading| async {
        match reading {
            Some(reading) => reading.next().await,
            None => Ok(None),
        }
    })
    .boxed()
}

impl Reading {
    async fn next(mut self) -> io::Result<Option<(Bytes, Option<Self>)>> {
        loop {
            let Some(piece) = self.pieces.try_next().await? else { return self.end() };
            self.hash.update(&piece);
            if let Some(before) = self.last.replace(piece) {
                return Ok(Some((before, Some(self))));
            }
        }
    }

    fn end(self) -> io::Result<Option<(Bytes, Option<Self>)>> {
        let Self { hash, last, sha256, .. } = self;
        if Hash(hash.finalize().into()) == sha256 {
            return Ok(last.map(|last| (last, None)));
        }
        tracing::error!(%sha256, "a stored file is not what was stored: put it back from the mirror or a backup");
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("{sha256} is no longer what was stored")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(pieces: &[&'static [u8]], sha256: Hash) -> (Vec<u8>, bool) {
        let pieces: Vec<io::Result<Bytes>> =
            pieces.iter().map(|piece| Ok(Bytes::from_static(piece))).collect();
        let (mut got, mut whole) = (Vec::new(), true);
        let mut checked = checked(stream::iter(pieces).boxed(), sha256);
        while let Some(piece) = checked.next().await {
            match piece {
                Ok(piece) => got.extend(piece),
                Err(_) => whole = false,
            }
        }
        (got, whole)
    }

    #[tokio::test]
    async fn a_file_is_read_whole_or_not_to_its_end() {
        let named = |bytes: &[u8]| Hash(Sha256::digest(bytes).into());
        for pieces in ["", "en fil", "en| |fil"] {
            let pieces: Vec<&[u8]> = pieces.split_terminator('|').map(str::as_bytes).collect();
            let bytes = pieces.concat();
            assert_eq!(read(&pieces, named(&bytes)).await, (bytes.clone(), true));
            let (got, whole) = read(&pieces, named(b"en gil")).await;
            assert!(!whole && got.len() <= bytes.len().saturating_sub(1), "{got:?}");
        }
    }
}
