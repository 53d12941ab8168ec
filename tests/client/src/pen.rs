//! What one client knows of one document, whatever becomes of its sockets: what it wrote, how
//! much of that the service acknowledged, and what it heard of the others. Pure.
//!
//! A pen types a run of characters, each after its own last one, so that in the text of any
//! replica its run stands whole and in order.

use crate::Failure;
use crate::typing::{Header, Keystroke, Place};
use agenda::id::Hash;
use agenda::sync::{chunk, message};
use automerge::{Automerge, ObjId, ROOT, ReadDoc};
use std::collections::{BTreeSet, HashMap};

/// Actors of pens begin so; each of their changes is one operation.
pub const ACTOR_PREFIX: &[u8] = b"pen:";
const DOCUMENT_CHUNK: u8 = 0;

/// A change of the pen's own.
#[derive(Debug, Clone)]
pub struct Written {
    pub hash: Hash,
    pub bytes: Vec<u8>,
}

/// A change of somebody else that arrived for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub actor: Vec<u8>,
    pub seq: u64,
    /// As its writer claims.
    pub time: i64,
}

/// What one sync message brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub arrivals: Vec<Arrival>,
    /// Changes that had come before.
    pub repeated: usize,
}

pub struct Pen {
    pub document: String,
    pub peer_id: String,
    pub actor: Vec<u8>,
    pub own: Vec<Written>,
    /// So many of the own changes are in the service's log.
    pub acknowledged: usize,
    /// The service said that it does not take them.
    pub refused: Vec<String>,
    /// Of each known change, how many of the own ones it builds on or is.
    graph: HashMap<Hash, usize>,
    heads: BTreeSet<Hash>,
    server_heads: Vec<Hash>,
    last_number: u64,
    last_own: Option<u64>,
    text: Option<Place>,
    /// The section of which it writes the text.
    section: &'static str,
}

impl Pen {
    /// A pen that knows nothing yet; `seed` makes its actor, which must be its own.
    pub fn new(document: &str, section: &'static str, seed: [u8; 16]) -> Self {
        let actor = [ACTOR_PREFIX, &seed[..12]].concat();
        let peer_id = format!("peer-{}", actor.iter().map(|b| format!("{b:02x}")).collect::<String>());
        Self {
            document: document.to_owned(),
            peer_id,
            actor,
            own: Vec::new(),
            acknowledged: 0,
            refused: Vec::new(),
            graph: HashMap::new(),
            heads: BTreeSet::new(),
            server_heads: Vec::new(),
            last_number: 0,
            last_own: None,
            text: None,
            section,
        }
    }

    /// It has the document's first change, so it can write.
    pub fn is_ready(&self) -> bool {
        self.text.is_some()
    }

    /// Changes that it knows, its own among them.
    pub fn known(&self) -> usize {
        self.graph.len()
    }

    pub fn knows(&self, hash: &Hash) -> bool {
        self.graph.contains_key(hash)
    }

    /// Types one character after its last; `None` while it is not ready.
    pub fn write(&mut self, character: char, time: i64) -> Option<&Written> {
        let text = self.text.as_ref()?;
        let deps: Vec<Hash> = self.heads.iter().copied().collect();
        let (seq, number) = (self.own.len() as u64 + 1, self.last_number + 1);
        let (actor, after) = (&self.actor[..], self.last_own);
        let stroke = Keystroke { actor, seq, number, deps: &deps, time, text, after, character };
        let (bytes, hash) = stroke.encode();
        self.graph.insert(hash, self.own.len() + 1);
        self.heads = BTreeSet::from([hash]);
        (self.last_number, self.last_own) = (number, Some(number));
        self.own.push(Written { hash, bytes });
        self.own.last()
    }

    /// Types a character so many times; `time` is asked for each.
    pub fn write_many(&mut self, character: char, count: usize, time: impl Fn() -> i64) {
        for _ in 0..count {
            if self.write(character, time()).is_none() {
                return;
            }
        }
    }

    /// Takes over a change that automerge made for this pen; it builds on all that is known.
    pub fn adopt(&mut self, hash: Hash, bytes: Vec<u8>, last_op: u64) {
        self.graph.insert(hash, self.own.len() + 1);
        self.heads = BTreeSet::from([hash]);
        self.last_number = self.last_number.max(last_op);
        self.own.push(Written { hash, bytes });
    }

    /// The data of a sync message with the own changes from a place on, and the heads.
    pub fn message(&self, from: usize) -> Vec<u8> {
        let changes: Vec<&[u8]> = self.own.iter().skip(from).map(|written| &written.bytes[..]).collect();
        // The first message says what both sides have, so that only the rest is sent.
        let heads: Vec<Hash> =
            if changes.is_empty() { self.server_heads.clone() } else { self.heads.iter().copied().collect() };
        message::Outgoing { heads: &heads, need: &[], changes: &changes, read_only: false }.encode()
    }

    /// Takes in the data of a sync message.
    pub fn hear(&mut self, data: &[u8]) -> Result<Heard, Failure> {
        let message = message::decode(data)?;
        let mut heard = Heard::default();
        for bytes in &message.changes {
            if bytes.get(8) == Some(&DOCUMENT_CHUNK) {
                self.hear_document(bytes, &mut heard)?;
            } else {
                for chunk in chunk::split(bytes)? {
                    self.hear_change(&chunk, &mut heard)?;
                }
            }
        }
        let covered = message.heads.iter().filter_map(|head| self.graph.get(head)).max();
        self.acknowledged = self.acknowledged.max(covered.copied().unwrap_or(0));
        self.server_heads = message.heads;
        Ok(heard)
    }

    fn hear_change(&mut self, chunk: &chunk::Chunk<'_>, heard: &mut Heard) -> Result<(), Failure> {
        let header = Header::read(chunk.body).ok_or("a change that ends too early")?;
        if header.actor.starts_with(ACTOR_PREFIX) {
            self.learn(chunk.hash, &header, header.start_op, heard);
            return Ok(());
        }
        let change = automerge::Change::from_bytes(chunk.bytes.to_vec())?;
        if self.text.is_none() {
            let mut document = Automerge::new();
            document.apply_changes([change.clone()])?;
            self.find_text(&document);
        }
        self.learn(chunk.hash, &header, change.max_op(), heard);
        Ok(())
    }

    fn hear_document(&mut self, bytes: &[u8], heard: &mut Heard) -> Result<(), Failure> {
        let document = Automerge::load(bytes)?;
        self.find_text(&document);
        for change in document.get_changes(&[]) {
            let header = Header {
                deps: change.deps().iter().map(|dep| Hash(dep.0)).collect(),
                actor: change.actor_id().to_bytes(),
                seq: change.seq(),
                start_op: change.start_op().get(),
                time: change.timestamp(),
            };
            self.learn(Hash(change.hash().0), &header, change.max_op(), heard);
        }
        Ok(())
    }

    fn learn(&mut self, hash: Hash, header: &Header<'_>, last_op: u64, heard: &mut Heard) {
        if self.graph.contains_key(&hash) {
            heard.repeated += 1;
            return;
        }
        let covered = header.deps.iter().filter_map(|dep| self.graph.get(dep)).max();
        self.graph.insert(hash, covered.copied().unwrap_or(0));
        self.heads.retain(|head| !header.deps.contains(head));
        self.heads.insert(hash);
        self.last_number = self.last_number.max(last_op);
        let actor = header.actor.to_vec();
        heard.arrivals.push(Arrival { actor, seq: header.seq, time: header.time });
    }

    fn find_text(&mut self, document: &Automerge) {
        let path = ["sections", self.section, "body"];
        let found = path.iter().try_fold(ROOT, |object, key| Some(document.get(&object, *key).ok()??.1));
        if let Some(ObjId::Id(counter, actor, _)) = found {
            self.text = Some(Place { counter, actor: actor.to_bytes().to_vec() });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use agenda::sync::message::Outgoing;

    fn document() -> Vec<u8> {
        agenda::document::create(b"server", ["resume"]).unwrap()
    }

    fn from_server(heads: &[Hash], changes: &[&[u8]]) -> Vec<u8> {
        Outgoing { heads, need: &[], changes, read_only: false }.encode()
    }

    #[test]
    fn what_the_heads_cover_is_acknowledged() {
        let created = document();
        let first = chunk::split(&created).unwrap()[0].hash;
        let mut pens = [1, 2].map(|n| Pen::new("doc", "resume", [n; 16]));
        for pen in &mut pens {
            assert!(pen.write('x', 0).is_none());
            assert_eq!(pen.hear(&from_server(&[first], &[&created])).unwrap().arrivals.len(), 1);
        }
        let [a, b] = &mut pens;
        let ones: Vec<Written> = "abc".chars().map(|c| a.write(c, 7).unwrap().clone()).collect();
        a.hear(&from_server(&[ones[1].hash], &[])).unwrap();
        assert_eq!(a.acknowledged, 2);
        let heard = b.hear(&from_server(&[ones[0].hash], &[&ones[0].bytes])).unwrap();
        assert_eq!(heard.arrivals, [Arrival { actor: a.actor.clone(), seq: 1, time: 7 }]);
        // What builds on a change covers it.
        let other = b.write('z', 8).unwrap().clone();
        let mut again = Pen::new("doc", "resume", [1; 16]);
        std::mem::swap(a, &mut again);
        a.hear(&from_server(&[first], &[&created])).unwrap();
        let first_own = a.write('a', 7).unwrap().hash;
        assert_eq!((first_own, a.acknowledged), (ones[0].hash, 0));
        a.hear(&from_server(&[other.hash], &[&other.bytes])).unwrap();
        assert_eq!(a.acknowledged, 1);
        let repeated = a.hear(&from_server(&[other.hash], &[&other.bytes])).unwrap();
        assert_eq!((repeated.repeated, repeated.arrivals.len()), (1, 0));
    }
}
