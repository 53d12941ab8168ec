//! The seal: the hashes of the store's files, block by block, written when the log is closed
//! and taken off when it is opened. Much of sled's file is old pages that nothing refers to;
//! a byte changed there changes no commit, but it is still a byte that somebody changed, and
//! between closing and opening nobody should.
//!
//! Like the head file it finds accidents, not malice: whoever can change the store can write
//! a new seal.

use crate::verify::Damage;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

const NAME: &str = "SEAL";
const MAGIC: &str = "dagsorden-seal 1";
/// Bytes that one hash covers.
const BLOCK: usize = 64 * 1024;
/// Readers may hold the store open a moment longer than the log.
const CLOSE_TRIES: u32 = 100;
const CLOSE_PAUSE: Duration = Duration::from_millis(20);

/// Seals a closed store. Waits until nobody has it open; leaves it unsealed if that takes
/// too long.
pub(super) fn put_on(dir: &Path) -> io::Result<()> {
    let Some(_alone) = wait_until_closed(dir)? else { return Ok(()) };
    let text = describe(dir)?;
    let check = hex(&Sha256::digest(&text));
    let draft = dir.join("SEAL.new");
    fs::write(&draft, format!("{text}{check}\n"))?;
    File::open(&draft)?.sync_all()?;
    fs::rename(&draft, dir.join(NAME))?;
    File::open(dir)?.sync_all()
}

/// Takes the seal off, durably, before anything is changed.
pub(super) fn take_off(dir: &Path) -> io::Result<()> {
    match fs::remove_file(dir.join(NAME)) {
        Ok(()) => File::open(dir)?.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the store is as it was sealed: `Ok(false)` if it has no seal.
pub(super) fn check(dir: &Path) -> Result<bool, Damage> {
    let unusable = |reason: &str| Damage::Store(format!("the file SEAL cannot be used: {reason}"));
    let sealed = match fs::read_to_string(dir.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unusable(&error.to_string())),
    };
    let body = sealed.strip_suffix('\n').and_then(|text| text.rsplit_once('\n'));
    let (text, sum) = body.ok_or_else(|| unusable("it is cut off"))?;
    let text = format!("{text}\n");
    if hex(&Sha256::digest(&text)) != sum || !text.starts_with(MAGIC) {
        return Err(unusable("it was changed"));
    }
    let now = describe(dir).map_err(|error| Damage::Store(error.to_string()))?;
    match text.lines().zip(now.lines()).find(|(then, now)| then != now) {
        Some((then, now)) => {
            Err(changed(then).or_else(|| changed(now)).unwrap_or_else(|| unusable("unknown lines")))
        }
        None if text == now => Ok(true),
        None => Err(unusable("the store has other files than when it was closed")),
    }
}

/// The damage that a line about a block tells of: "<hash> <offset> <file>".
fn changed(line: &str) -> Option<Damage> {
    let mut words = line.splitn(3, ' ').skip(1);
    let offset = words.next()?.parse().ok()?;
    Some(Damage::Sealed { file: words.next()?.to_owned(), offset, length: BLOCK as u64, effect: None })
}

/// One line per block of each file, in the order of the names.
fn describe(dir: &Path) -> io::Result<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.starts_with(NAME) {
            names.push(name);
        }
    }
    names.sort_unstable();
    let mut text = format!("{MAGIC}\n");
    let mut block = vec![0; BLOCK];
    for name in names {
        let mut file = File::open(dir.join(&name))?;
        let mut offset = 0;
        loop {
            let length = read_block(&mut file, &mut block)?;
            if length == 0 && offset > 0 {
                break;
            }
            let hash = hex(&Sha256::digest(block.get(..length).unwrap_or_default()));
            text.push_str(&format!("{hash} {offset} {name}\n"));
            offset += BLOCK;
            if length < BLOCK {
                break;
            }
        }
    }
    Ok(text)
}

fn read_block(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            length => filled += length,
        }
    }
    Ok(filled)
}

/// The lock that sled holds while it is open.
fn wait_until_closed(dir: &Path) -> io::Result<Option<File>> {
    let file = File::open(dir.join("db"))?;
    for _ in 0..CLOSE_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(CLOSE_PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
