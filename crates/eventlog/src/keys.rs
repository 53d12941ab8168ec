//! The keys of texts. The words of every event are encrypted under the key of the text that they belong to, so
//! that destroying one key removes them from the log and from every copy of it, and leaves all hashes as they are.
//!
//! The keys lie in a file of their own, apart from the log, in records of 64 bytes, so that none crosses a sector:
//!
//! ```text
//! text: 16 bytes, its key: 48 bytes, encrypted under the wrapping key (AES-256-GCM-SIV, RFC 8452);
//!                            zeros once it is destroyed
//! ```
//!
//! The first record is `dagsorden-keys 1` with a key of zeros: it tells whether the wrapping key is the right one.
//! Records are only added, and destroyed in place.

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use agenda::id::TextId;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

const RECORD: usize = 64;
const MAGIC: [u8; 16] = *b"dagsorden-keys 1";
const WRAPPED: usize = 48;
const DESTROYED: [u8; WRAPPED] = [0; WRAPPED];
const KEY_ID: usize = 8;
/// Where the keys lie, and the wrapping key, in the folder that the log lies in.
pub const FOLDER: &str = "item-keys";
const FILE: &str = "keys";
const WRAPPING_FOLDER: &str = "keys";
const WRAPPING: &str = "wrapping.key";

type Key = [u8; 32];
/// Names a key without telling it: the first bytes of what is encrypted under it.
pub type KeyId = [u8; KEY_ID];

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "{0} is missing, and without it the texts' keys cannot be read: put it back from your backup of the keys"
    )]
    NoWrappingKey(PathBuf),
    #[error("{0} was encrypted under another wrapping key: put back the two that belong together")]
    OtherWrappingKey(PathBuf),
    #[error("{path}: the key in record {record} is damaged: put the file back from your backup of the keys")]
    Damaged { path: PathBuf, record: usize },
}

/// Words are encrypted or not stored at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the words could not be encrypted")]
pub struct NotSealed;

/// Where words stand, which is bound into their encryption: they open nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub stream: [u8; 17],
    pub sequence: u64,
    /// Counted from 0 in the commit.
    pub event: u32,
    pub kind: &'a str,
}

/// What encrypted words are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    Words(KeyId, Vec<u8>),
    /// Their key was destroyed, or is not here.
    NoKey(KeyId),
    /// The key is here, and they were not encrypted under it at this place.
    Altered,
}

/// The keys of all texts.
pub struct TextKeys(RwLock<Keys>);

#[derive(Default)]
struct Keys {
    ciphers: HashMap<KeyId, Arc<Aes256GcmSiv>>,
    /// What new words of a text are encrypted under.
    current: HashMap<TextId, KeyId>,
    /// In which record a key stands.
    records: HashMap<KeyId, u64>,
    retired: Vec<KeyId>,
    /// How many records there are, with those that are not in the file yet.
    count: u64,
    unwritten: Vec<[u8; RECORD]>,
    store: Option<Store>,
    plain: bool,
}

struct Store {
    file: File,
    path: PathBuf,
    wrapping: Aes256GcmSiv,
}

impl TextKeys {
    /// Keys that last as long as the process.
    pub fn in_memory() -> Self {
        Self(RwLock::new(Keys { count: 1, ..Keys::default() }))
    }

    /// New words are stored as they are, and can never be erased: for measuring what encryption costs.
    pub fn plain() -> Self {
        Self(RwLock::new(Keys { plain: true, ..Keys::default() }))
    }

    /// The keys in a folder, encrypted under the key in the file `wrapping`; both are made if neither is there.
    pub fn open(folder: &Path, wrapping: &Path) -> Result<Self, KeysError> {
        let path = folder.join(FILE);
        let there = path.exists();
        if there && !wrapping.exists() {
            return Err(KeysError::NoWrappingKey(wrapping.to_owned()));
        }
        let key = wrapping_key(wrapping).map_err(|source| io_error(wrapping, source))?;
        let wrapping = Aes256GcmSiv::new(&key.into());
        if !there {
            let first = record(&wrapping, TextId::from_bytes(MAGIC), &[0; 32]);
            create(&path, &first).map_err(|source| io_error(&path, source))?;
        }
        let read = fs::read(&path)
            .and_then(|bytes| Ok((bytes, File::options().read(true).write(true).open(&path)?)));
        let (bytes, file) = read.map_err(|source| io_error(&path, source))?;
        let keys = Keys { store: Some(Store { file, path, wrapping }), ..Keys::default() };
        Ok(Self(RwLock::new(keys.read(&bytes)?)))
    }

    /// The keys that lie beside a log, in the folder that both belong to.
    pub fn beside(log: &Path) -> Result<Self, KeysError> {
        Self::open(&log.with_file_name(FOLDER), &log.with_file_name(WRAPPING_FOLDER).join(WRAPPING))
    }

    /// Keys that are known, and none else until words of another text come.
    pub fn known(keys: &[(TextId, [u8; 32])]) -> Self {
        let mut all = Keys { count: 1, ..Keys::default() };
        keys.iter().for_each(|(text, key)| drop(all.make(*text, key)));
        Self(RwLock::new(all))
    }

    /// Encrypts words under the key of their text. A new key is not on the disk before [`TextKeys::settle`].
    /// None if words are stored as they are.
    pub fn seal(&self, text: TextId, place: &Place<'_>, words: &[u8]) -> Result<Option<Vec<u8>>, NotSealed> {
        if self.read().plain {
            return Ok(None);
        }
        let (id, cipher) = self.current(text).ok_or(NotSealed)?;
        let sealed = cipher.encrypt(&nonce(place), Payload { msg: words, aad: &bound(place) });
        Ok(Some([&id[..], &sealed.map_err(|_| NotSealed)?].concat()))
    }

    /// The inverse of [`TextKeys::seal`].
    pub fn unseal(&self, place: &Place<'_>, sealed: &[u8]) -> Opened {
        let Some((id, sealed)) = sealed.split_first_chunk::<KEY_ID>() else { return Opened::Altered };
        let Some(cipher) = self.read().ciphers.get(id).cloned() else { return Opened::NoKey(*id) };
        let words = cipher.decrypt(&nonce(place), Payload { msg: sealed, aad: &bound(place) });
        words.map_or(Opened::Altered, |words| Opened::Words(*id, words))
    }

    fn current(&self, text: TextId) -> Option<(KeyId, Arc<Aes256GcmSiv>)> {
        let found = self.read().of(text);
        if found.is_some() {
            return found;
        }
        self.write().make(text, &rand::random())
    }

    /// Makes new keys durable: before any words that are encrypted under them.
    pub fn settle(&self) -> io::Result<()> {
        if self.read().unwritten.is_empty() {
            return Ok(());
        }
        self.write().settle()
    }

    /// From here on words of these texts get another key; [`TextKeys::destroy_retired`] destroys the one they had.
    pub fn retire(&self, texts: impl Iterator<Item = TextId>) {
        self.write().retire(texts);
    }

    /// Destroys what was retired, for good. What was encrypted under it stays as it is, and unreadable.
    pub fn destroy_retired(&self) -> io::Result<()> {
        let mut keys = self.write();
        let retired = std::mem::take(&mut keys.retired);
        keys.destroy(&retired)
    }

    /// Destroys those of the keys that are still here.
    pub fn destroy(&self, ids: impl Iterator<Item = KeyId>) -> io::Result<()> {
        let mut keys = self.write();
        let there: Vec<KeyId> = ids.filter(|id| keys.records.contains_key(id)).collect();
        if there.is_empty() { Ok(()) } else { keys.destroy(&there) }
    }

    // Nothing that holds the lock can panic half-way through a change.
    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Keys> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keys {
    fn read(mut self, bytes: &[u8]) -> Result<Self, KeysError> {
        let Some(Store { wrapping, path, .. }) = &self.store else { return Ok(self) };
        let (wrapping, path) = (wrapping.clone(), path.clone());
        // A record that was not written to its end has encrypted nothing.
        for (at, record) in bytes.as_chunks::<RECORD>().0.iter().enumerate() {
            let (text, key) = (text_of(record), unwrapped(&wrapping, record));
            match key {
                Some(_) if at == 0 && *text.as_bytes() == MAGIC => {}
                _ if at == 0 => return Err(KeysError::OtherWrappingKey(path)),
                _ if record.ends_with(&DESTROYED) => {}
                Some(key) => self.add(text, &key),
                None => return Err(KeysError::Damaged { path, record: at }),
            }
            self.count = at as u64 + 1;
        }
        Ok(self)
    }

    fn of(&self, text: TextId) -> Option<(KeyId, Arc<Aes256GcmSiv>)> {
        let id = self.current.get(&text)?;
        Some((*id, self.ciphers.get(id)?.clone()))
    }

    fn make(&mut self, text: TextId, key: &Key) -> Option<(KeyId, Arc<Aes256GcmSiv>)> {
        if let Some(made_meanwhile) = self.of(text) {
            return Some(made_meanwhile);
        }
        self.add(text, key);
        self.count += 1;
        if let Some(store) = &self.store {
            self.unwritten.push(record(&store.wrapping, text, key));
        }
        self.of(text)
    }

    /// The key stands in the next record.
    fn add(&mut self, text: TextId, key: &Key) {
        let id = key_id(key);
        self.ciphers.insert(id, Arc::new(Aes256GcmSiv::new(key.into())));
        self.current.insert(text, id);
        self.records.insert(id, self.count);
    }

    fn settle(&mut self) -> io::Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let first = self.count - self.unwritten.len() as u64;
        store.file.write_all_at(self.unwritten.as_flattened(), first * RECORD as u64)?;
        store.file.sync_data()?;
        self.unwritten.clear();
        Ok(())
    }

    fn retire(&mut self, texts: impl Iterator<Item = TextId>) {
        self.retired.extend(texts.filter_map(|text| self.current.remove(&text)));
    }

    fn destroy(&mut self, ids: &[KeyId]) -> io::Result<()> {
        self.settle()?;
        for id in ids {
            if let (Some(store), Some(at)) = (&self.store, self.records.get(id)) {
                store.file.write_all_at(&DESTROYED, at * RECORD as u64 + MAGIC.len() as u64)?;
            }
        }
        if let Some(store) = &self.store {
            store.file.sync_data()?;
        }
        for id in ids {
            self.records.remove(id);
            self.ciphers.remove(id);
        }
        self.current.retain(|_, id| !ids.contains(id));
        Ok(())
    }
}

fn key_id(key: &Key) -> KeyId {
    let digest: [u8; 32] = Sha256::new().chain_update("dagsorden key id").chain_update(key).finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

/// The same place is never used for two commits that are kept, and what is encrypted twice at one place shows
/// no more than whether it is the same.
fn nonce(place: &Place<'_>) -> Nonce {
    let mut nonce = Nonce::default();
    let (sequence, event) = nonce.split_at_mut(8);
    sequence.copy_from_slice(&place.sequence.to_be_bytes());
    event.copy_from_slice(&place.event.to_be_bytes());
    nonce
}

fn bound(place: &Place<'_>) -> Vec<u8> {
    [&place.stream[..], place.kind.as_bytes()].concat()
}

/// The nonce of a wrapped key: each text's keys are random, so that none is wrapped twice.
fn wrapping_nonce(text: TextId) -> Nonce {
    let mut nonce = Nonce::default();
    nonce.copy_from_slice(&text.as_bytes()[..12]);
    nonce
}

fn record(wrapping: &Aes256GcmSiv, text: TextId, key: &Key) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    let (id, wrapped) = record.split_at_mut(MAGIC.len());
    id.copy_from_slice(text.as_bytes());
    let payload = Payload { msg: key, aad: text.as_bytes() };
    // 32 bytes always encrypt, to 48.
    if let Ok(sealed) = wrapping.encrypt(&wrapping_nonce(text), payload) {
        wrapped.copy_from_slice(&sealed);
    }
    record
}

fn text_of(record: &[u8; RECORD]) -> TextId {
    let mut text = [0; 16];
    text.copy_from_slice(&record[..16]);
    TextId::from_bytes(text)
}

fn unwrapped(wrapping: &Aes256GcmSiv, record: &[u8; RECORD]) -> Option<Key> {
    let text = text_of(record);
    let payload = Payload { msg: &record[MAGIC.len()..], aad: text.as_bytes() };
    wrapping.decrypt(&wrapping_nonce(text), payload).ok()?.try_into().ok()
}

/// Reads the wrapping key, or makes it. It is there whole or not at all.
fn wrapping_key(path: &Path) -> io::Result<Key> {
    if !path.exists() {
        create(path, &rand::random::<Key>())?;
    }
    let bytes = fs::read(path)?;
    bytes.try_into().map_err(|_| io::Error::other("the wrapping key has 32 bytes"))
}

/// Writes a new file that its owner alone may read, whole or not at all.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished = path.with_extension("new");
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    File::open(folder)?.sync_all()?;
    match folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

fn io_error(path: &Path, source: io::Error) -> KeysError {
    KeysError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
