//! A file as it is stored: encrypted under a key of its own, in pieces, so that it can be read as a stream.
//!
//! ```text
//! piece n, from 0: 65,536 bytes of the file (the last one: what is left), AES-256-GCM-SIV (RFC 8452), so 16 bytes more
//! nonce:           n in 8 bytes, 1 for the last piece, else 0, in 4 bytes; both big-endian
//! ```
//!
//! That the last piece says so (the STREAM construction: Hoang, Reyhanitabar, Rogaway and Vizár, 2015) is what shows
//! that the end is missing.

use super::store::ByteStream;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce, aead::Aead};
use agenda::{
    event::SealedFile,
    id::{Bytes, Hash},
};
use axum::body::Bytes as Piece;
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};

const PIECE: usize = 65_536;
const TAG: usize = 16;

/// Encrypts the file at `from` under a new key into a new file, which is durable when it returns. Blocks.
pub fn seal(from: &Path, to: &Path) -> io::Result<SealedFile> {
    let key: [u8; 32] = rand::random();
    let cipher = Aes256GcmSiv::new(&key.into());
    let (mut file, mut out) = (BufReader::new(File::open(from)?), BufWriter::new(File::create_new(to)?));
    let mut hash = Sha256::new();
    let mut piece = read_piece(&mut file)?;
    for n in 0.. {
        let next = read_piece(&mut file)?;
        let sealed = cipher.encrypt(&nonce(n, next.is_empty()), &piece[..]).map_err(io::Error::other)?;
        hash.update(&sealed);
        out.write_all(&sealed)?;
        if next.is_empty() {
            break;
        }
        piece = next;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(SealedFile { sha256: Hash(hash.finalize().into()), key: Bytes(key.to_vec()) })
}

fn read_piece(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    file.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

/// The file out of its stored bytes; an error where they are not those that were stored.
pub fn open(stored: ByteStream, key: &Bytes) -> io::Result<ByteStream> {
    let cipher = Aes256GcmSiv::new_from_slice(&key.0).map_err(|_| broken())?;
    let opening = Opening { stored, cipher, waiting: Vec::new(), n: 0 };
    let opened = stream::try_unfold(Some(opening), |opening| async {
        match opening {
            Some(opening) => opening.next().await.map(Some),
            None => Ok(None),
        }
    });
    Ok(opened.boxed())
}

struct Opening {
    stored: ByteStream,
    cipher: Aes256GcmSiv,
    waiting: Vec<u8>,
    n: u64,
}

impl Opening {
    async fn next(mut self) -> io::Result<(Piece, Option<Self>)> {
        // One byte more than a piece shows that it is not the last one.
        while self.waiting.len() <= PIECE + TAG {
            let Some(more) = self.stored.try_next().await? else {
                let last = self.cipher.decrypt(&nonce(self.n, true), &self.waiting[..]);
                return Ok((last.map_err(|_| broken())?.into(), None));
            };
            self.waiting.extend_from_slice(&more);
        }
        let rest = self.waiting.split_off(PIECE + TAG);
        let piece = std::mem::replace(&mut self.waiting, rest);
        let piece = self.cipher.decrypt(&nonce(self.n, false), &piece[..]).map_err(|_| broken())?;
        self.n += 1;
        Ok((piece.into(), Some(self)))
    }
}

fn nonce(n: u64, last: bool) -> Nonce {
    let mut nonce = Nonce::default();
    let (number, end) = nonce.split_at_mut(8);
    number.copy_from_slice(&n.to_be_bytes());
    end.copy_from_slice(&u32::from(last).to_be_bytes());
    nonce
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a stored file cannot be decrypted")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn opened(stored: &[u8], key: &Bytes, split: usize) -> io::Result<Vec<u8>> {
        let pieces: Vec<_> = stored.chunks(split).map(|piece| Ok(Piece::copy_from_slice(piece))).collect();
        let pieces = open(stream::iter(pieces).boxed(), key)?.try_collect::<Vec<_>>().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn a_file_comes_out_as_it_went_in_and_not_at_all_if_anything_was_changed() {
        let folder = tempfile::tempdir().unwrap();
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
            let (from, to) =
                (folder.path().join(format!("{size}")), folder.path().join(format!("{size}.sealed")));
            let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            std::fs::write(&from, &bytes).unwrap();
            let sealed = seal(&from, &to).unwrap();
            let mut stored = std::fs::read(&to).unwrap();
            assert_eq!(Hash(Sha256::digest(&stored).into()), sealed.sha256);
            assert!(
                size < 8 || !stored.windows(8).any(|window| window == &bytes[..8]),
                "it lies there in the clear"
            );
            for split in [1_000, PIECE + TAG, stored.len()] {
                assert_eq!(opened(&stored, &sealed.key, split).await.unwrap(), bytes);
            }
            assert!(opened(&stored, &Bytes(vec![7; 32]), 9_999).await.is_err());
            assert!(opened(&stored, &Bytes(vec![7; 5]), 9_999).await.is_err());
            for end in [0, TAG, stored.len() - 1, (stored.len() / (PIECE + TAG)) * (PIECE + TAG)] {
                let cut = end < stored.len();
                assert_eq!(
                    opened(&stored[..end], &sealed.key, 9_999).await.is_err(),
                    cut,
                    "{size} cut at {end}"
                );
            }
            for at in [0, stored.len() / 2, stored.len() - 1] {
                stored[at] ^= 1;
                assert!(opened(&stored, &sealed.key, 9_999).await.is_err(), "{size} altered at {at}");
                stored[at] ^= 1;
            }
        }
    }
}
