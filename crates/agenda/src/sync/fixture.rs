//! Documents and changes for the tests.

use super::{change::Change, chunk, history::History};
use automerge::{
    ActorId, AutoCommit, LoadOptions, ObjId, ObjType, ROOT, TextEncoding, transaction::Transactable as _,
};
use sha2::{Digest as _, Sha256};

/// A chunk of any type with a correct checksum.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    super::reader::write_uleb(&mut hashed, body.len() as u64);
    hashed.extend(body);
    let mut out = vec![0x85, 0x6f, 0x4a, 0x83];
    out.extend(&Sha256::digest(&hashed)[..4]);
    out.extend(hashed);
    out
}

/// One change for each character, by one actor, in a new text.
pub fn typing(text: &str) -> Vec<automerge::Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(&b"typist"[..]));
    let body = doc.put_object(ROOT, "t", ObjType::Text).unwrap();
    for (i, character) in text.chars().enumerate() {
        doc.splice_text(&body, i, 0, &character.to_string()).unwrap();
        doc.commit();
    }
    doc.get_changes(&[])
}

/// A case document as the server lays it down, with two sections and a table map; UTF-16
/// indexes, as JavaScript counts.
pub fn document() -> AutoCommit {
    let mut doc =
        AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit).with_actor(ActorId::from(&b"server"[..]));
    doc.put(ROOT, "v", 1).unwrap();
    let sections = doc.put_object(ROOT, "sections", ObjType::Map).unwrap();
    for key in ["resume", "lov"] {
        let section = doc.put_object(&sections, key, ObjType::Map).unwrap();
        doc.put_object(&section, "body", ObjType::Text).unwrap();
        doc.put(&section, "nothing", false).unwrap();
    }
    doc.put_object(ROOT, "tables", ObjType::Map).unwrap();
    doc.commit();
    doc
}

/// The same document for another actor.
pub fn replica(doc: &mut AutoCommit, actor: &[u8]) -> AutoCommit {
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    AutoCommit::load_with_options(&doc.save(), options).unwrap().with_actor(ActorId::from(actor))
}

/// The object at a path of map keys.
pub fn object(doc: &AutoCommit, path: &[&str]) -> ObjId {
    use automerge::ReadDoc as _;
    path.iter().fold(ROOT, |object, key| doc.get(&object, *key).unwrap().unwrap().1)
}

/// A history that has taken in all of `changes`.
pub fn history(changes: &[automerge::Change]) -> History {
    let mut history = History::default();
    for change in changes {
        with_change(change.raw_bytes(), |change| history.replay(change)).unwrap();
    }
    history
}

/// Decodes one chunk for the length of a call.
pub fn with_change<T>(bytes: &[u8], call: impl FnOnce(&Change<'_>) -> T) -> T {
    call(&Change::parse(&chunk::split(bytes).unwrap()[0]).unwrap())
}

/// Reproducible choices (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}
