//! The file of keys: what it takes to read it, what is gone when a key is, and what a cut leaves.

use super::*;
use tempfile::TempDir;

const PLACE: Place<'_> = Place { stream: [1; 17], sequence: 3, event: 0, kind: "ChangesRecorded" };

fn text(n: u8) -> TextId {
    TextId::from_bytes([n; 16])
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn open(&self) -> Result<TextKeys, KeysError> {
        TextKeys::beside(&self.0.path().join("log"))
    }
    fn file(&self) -> PathBuf {
        self.0.path().join(FOLDER).join(FILE)
    }
    fn wrapping(&self) -> PathBuf {
        self.0.path().join(WRAPPING_FOLDER).join(WRAPPING)
    }
}

fn sealed(keys: &TextKeys, n: u8) -> Vec<u8> {
    keys.seal(text(n), &PLACE, b"in confidence").unwrap().unwrap()
}

fn reads(keys: &TextKeys, words: &[u8]) -> bool {
    matches!(keys.unseal(&PLACE, words), Opened::Words(_, words) if words == b"in confidence")
}

#[test]
fn words_open_at_their_place_alone() {
    let keys = TextKeys::in_memory();
    let words = sealed(&keys, 1);
    assert!(reads(&keys, &words));
    for elsewhere in [
        Place { stream: [2; 17], ..PLACE },
        Place { sequence: 4, ..PLACE },
        Place { event: 1, ..PLACE },
        Place { kind: "EditRefused", ..PLACE },
    ] {
        assert_eq!(keys.unseal(&elsewhere, &words), Opened::Altered, "{elsewhere:?}");
    }
    for at in KEY_ID..words.len() {
        let mut altered = words.clone();
        altered[at] ^= 1;
        assert_eq!(keys.unseal(&PLACE, &altered), Opened::Altered, "byte {at}");
    }
    assert_eq!(keys.unseal(&PLACE, &words[..4]), Opened::Altered);
    assert!(matches!(TextKeys::in_memory().unseal(&PLACE, &words), Opened::NoKey(_)));
}

#[test]
fn keys_outlive_the_process_once_they_are_settled() {
    let folder = Folder::new();
    let keys = folder.open().unwrap();
    let (one, two) = (sealed(&keys, 1), sealed(&keys, 2));
    keys.settle().unwrap();
    let lost = sealed(&keys, 3);
    let keys = folder.open().unwrap();
    assert!(reads(&keys, &one));
    assert!(reads(&keys, &two));
    assert!(matches!(keys.unseal(&PLACE, &lost), Opened::NoKey(_)));
    assert_eq!(sealed(&keys, 1), one, "a text keeps its key");
}

#[test]
fn a_destroyed_key_is_in_no_file_and_a_new_one_takes_its_place() {
    let folder = Folder::new();
    let keys = folder.open().unwrap();
    let (one, two) = (sealed(&keys, 1), sealed(&keys, 2));
    keys.settle().unwrap();
    let before = fs::read(folder.file()).unwrap();
    keys.retire([text(1), text(9)].into_iter());
    let anew = sealed(&keys, 1);
    assert!(reads(&keys, &one), "what is retired is not destroyed yet");
    keys.destroy_retired().unwrap();
    keys.settle().unwrap();
    let after = fs::read(folder.file()).unwrap();
    assert_eq!(after[RECORD + 16..2 * RECORD], DESTROYED);
    assert_eq!(after[2 * RECORD..3 * RECORD], before[2 * RECORD..], "another key was touched");
    for keys in [keys, folder.open().unwrap()] {
        assert!(matches!(keys.unseal(&PLACE, &one), Opened::NoKey(_)));
        assert!(reads(&keys, &two));
        assert!(reads(&keys, &anew));
    }
}

#[test]
fn the_file_is_of_no_use_without_the_wrapping_key() {
    let folder = Folder::new();
    let keys = folder.open().unwrap();
    sealed(&keys, 1);
    keys.settle().unwrap();
    let wrapping = fs::read(folder.wrapping()).unwrap();
    fs::write(folder.wrapping(), [0; 32]).unwrap();
    assert!(matches!(folder.open(), Err(KeysError::OtherWrappingKey(_))));
    fs::remove_file(folder.wrapping()).unwrap();
    assert!(matches!(folder.open(), Err(KeysError::NoWrappingKey(_))));
    assert!(!folder.wrapping().exists(), "another wrapping key was made");
    fs::write(folder.wrapping(), wrapping).unwrap();
    assert!(folder.open().is_ok());
}

#[test]
fn a_cut_record_is_written_over_and_a_damaged_one_is_named() {
    let folder = Folder::new();
    let keys = folder.open().unwrap();
    let one = sealed(&keys, 1);
    keys.settle().unwrap();
    let whole = fs::read(folder.file()).unwrap();
    fs::write(folder.file(), [&whole[..], &[7; 40]].concat()).unwrap();
    let keys = folder.open().unwrap();
    let two = sealed(&keys, 2);
    keys.settle().unwrap();
    let keys = folder.open().unwrap();
    for words in [&one, &two] {
        assert!(reads(&keys, words));
    }
    for at in RECORD..2 * RECORD {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(folder.file(), damaged).unwrap();
        assert!(matches!(folder.open(), Err(KeysError::Damaged { record: 1, .. })), "byte {at}");
    }
}
