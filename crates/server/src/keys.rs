//! The keys that the service signs with, in a folder of the data folder: one file each, readable by
//! the service's user alone. The newest signs. Making a new one retires the others: their secret
//! halves are thrown away, their public halves stay, so that what they signed can be checked.

use agenda::event::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use proof::note::{Signer, Verifier};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

const FOLDER: &str = "keys";
/// The ending of a file that is being written.
const UNFINISHED: &str = "new";

/// One key as it lies in its file.
#[derive(Serialize, Deserialize)]
pub struct Key {
    /// `name+id+base64`, the verifier key of C2SP's signed note.
    pub public: String,
    pub from: Timestamp,
    /// When the next one took over.
    pub until: Option<Timestamp>,
    /// Base64; gone when it is retired.
    secret: Option<String>,
}

impl Key {
    pub fn verifier(&self) -> io::Result<Verifier> {
        self.public.parse().map_err(io::Error::other)
    }

    fn signer(&self) -> io::Result<Option<Signer>> {
        let Some(secret) = &self.secret else { return Ok(None) };
        let seed = BASE64.decode(secret).map_err(io::Error::other)?;
        let seed = seed.try_into().map_err(|_| io::Error::other("a key's secret has 32 bytes"))?;
        let signer = Signer::new(self.verifier()?.name(), &seed).map_err(io::Error::other)?;
        if signer.verifier() == self.verifier()? {
            Ok(Some(signer))
        } else {
            Err(io::Error::other(format!("the secret of {} is another key's", self.public)))
        }
    }

    fn path(&self, folder: &Path) -> io::Result<PathBuf> {
        let id = u32::from_be_bytes(self.verifier()?.id());
        Ok(folder.join(format!("{:015}-{id:08x}.json", self.from.0)))
    }
}

/// All keys, the oldest first.
pub fn all(data: &Path) -> io::Result<Vec<Key>> {
    let folder = data.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| serde_json::from_slice(&fs::read(path)?).map_err(io::Error::other)).collect()
}

/// The public halves of all keys.
pub fn verifiers(data: &Path) -> io::Result<Vec<Verifier>> {
    all(data)?.iter().map(Key::verifier).collect()
}

/// The key that signs now; made if there is none.
pub fn signer(data: &Path, name: &str, now: Timestamp) -> io::Result<Signer> {
    let newest = all(data)?.pop();
    let newest = match newest {
        Some(key) => key,
        None => create(data, name, now)?,
    };
    newest
        .signer()?
        .ok_or_else(|| io::Error::other("the newest key has no secret; make one with `dagsorden keys new`"))
}

/// Makes a key and retires those before it.
pub fn create(data: &Path, name: &str, now: Timestamp) -> io::Result<Key> {
    let folder = data.join(FOLDER);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let seed: [u8; 32] = rand::random();
    let signer = Signer::new(name, &seed).map_err(io::Error::other)?;
    let earlier = all(data)?;
    // Files sort by their time; a clock that went back must not make the new one old.
    let from = earlier.last().map_or(now, |last| Timestamp(now.0.max(last.from.0 + 1)));
    let public = signer.verifier().to_string();
    let key = Key { public, from, until: None, secret: Some(BASE64.encode(seed)) };
    // The new one first: at no moment is there none that signs.
    write(&folder, &key)?;
    for old in earlier.into_iter().filter(|old| old.secret.is_some()) {
        write(&folder, &Key { secret: None, until: Some(from), ..old })?;
    }
    Ok(key)
}

fn write(folder: &Path, key: &Key) -> io::Result<()> {
    let path = key.path(folder)?;
    let unfinished = path.with_extension(UNFINISHED);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(&serde_json::to_vec_pretty(key)?)?;
    file.sync_all()?;
    fs::rename(&unfinished, &path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_first_key_is_made_when_it_is_needed_and_stays() {
        let data = tempfile::tempdir().unwrap();
        assert!(all(data.path()).unwrap().is_empty());
        let line = signer(data.path(), "by", Timestamp(5)).unwrap().sign("tekst\n");
        assert_eq!(signer(data.path(), "andet", Timestamp(6)).unwrap().sign("tekst\n"), line);
        assert!(verifiers(data.path()).unwrap()[0].verifies("tekst\n", &line));
    }

    #[test]
    fn a_new_key_signs_and_the_old_one_still_verifies_but_has_no_secret() {
        let data = tempfile::tempdir().unwrap();
        let old = signer(data.path(), "by", Timestamp(5)).unwrap();
        let line = old.sign("tekst\n");
        // The clock went back.
        create(data.path(), "by", Timestamp(4)).unwrap();
        let new = signer(data.path(), "by", Timestamp(7)).unwrap();
        assert_ne!(new.verifier(), old.verifier());
        let keys = all(data.path()).unwrap();
        assert_eq!(keys.iter().map(|key| key.secret.is_some()).collect::<Vec<_>>(), [false, true]);
        assert_eq!(keys[0].until, Some(keys[1].from));
        assert!(keys[0].verifier().unwrap().verifies("tekst\n", &line));
    }

    #[test]
    fn nobody_else_reads_a_key_and_a_damaged_one_is_told() {
        let data = tempfile::tempdir().unwrap();
        let key = create(data.path(), "by", Timestamp(5)).unwrap();
        let path = key.path(&data.path().join(FOLDER)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let other = Signer::new("by", &[9; 32]).unwrap().verifier().to_string();
        let swapped = fs::read_to_string(&path).unwrap().replace(&key.public, &other);
        fs::write(&path, swapped).unwrap();
        assert!(signer(data.path(), "by", Timestamp(6)).is_err());
        fs::write(&path, "{").unwrap();
        assert!(all(data.path()).is_err());
    }
}
