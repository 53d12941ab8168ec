//! One change: who made it, on top of what, and its operations. Decoded here rather than by
//! automerge, whose decoder panics on mutated bytes and follows run lengths of any size; this
//! one is stricter, so whatever it takes, automerge reads the same way.

use super::{
    Violation,
    chunk::Chunk,
    limit,
    operation::{self, Operations},
    reader::Reader,
};
use crate::id::Hash;

/// Longest actor id, in bytes.
pub const MAX_ACTOR_BYTES: usize = 64;
/// Longest commit message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 200;
/// Most operations in one change: forty pages pasted, or taken out again, at once.
pub const MAX_OPERATIONS: usize = 100_000;
/// Most changes that one change may build on directly.
pub const MAX_DEPENDENCIES: usize = 1_000;
/// Most other actors that one change may refer to.
pub const MAX_OTHER_ACTORS: usize = 1_000;
/// Largest distance of the claimed time from 1970. It is kept, never believed.
const MAX_TIME: i64 = 1 << 53;
/// Largest operation number; leaves automerge's 32 bits far away.
pub const MAX_OPERATION_NUMBER: u32 = 1 << 31;
/// What `changeAt` puts before an actor id, followed by a level.
const CONCURRENT_PREFIX: [u8; 4] = [0x13, 0xb2, 0x23, 0x09];
const AUTHOR_FOOTER: u64 = 1;
const PART: &str = "change";

/// A decoded change; borrows the chunk.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    pub hash: Hash,
    /// The whole chunk, as it is stored and passed on.
    pub bytes: &'a [u8],
    pub actor: &'a [u8],
    /// Counted from 1 for each actor.
    pub seq: u32,
    /// Number of the first operation.
    pub start_op: u32,
    /// By the client's clock.
    pub time: i64,
    pub message: &'a str,
    /// Ascending, without repeats.
    pub deps: Vec<Hash>,
    /// The author that the change claims; only an actor's first change may.
    pub author: Option<&'a [u8]>,
    pub(super) other_actors: Vec<&'a [u8]>,
    pub operations: Operations<'a>,
}

impl<'a> Change<'a> {
    pub fn parse(chunk: &Chunk<'a>) -> Result<Self, Violation> {
        let mut reader = Reader::new(PART, chunk.body);
        let deps = ascending(reader.hashes()?, "dependencies are not in order")?;
        limit("dependencies", deps.len() as u64, MAX_DEPENDENCIES as u64)?;
        let actor = read_actor(&mut reader)?;
        let (seq, start_op) = (reader.uleb32()?, reader.uleb32()?);
        let time = reader.leb()?;
        let message_bytes = reader.uleb()?;
        limit("commit message", message_bytes, MAX_MESSAGE_BYTES as u64)?;
        let message = reader.text(message_bytes)?;
        let other_actors = read_other_actors(&mut reader, actor)?;
        let operations = operation::read(&mut reader, 1 + other_actors.len())?;
        let last = u64::from(start_op) + operations.list.len() as u64;
        if seq == 0 || start_op == 0 || !(-MAX_TIME..=MAX_TIME).contains(&time) {
            return reader.malformed("a number is out of range");
        }
        limit("operation number", last, u64::from(MAX_OPERATION_NUMBER))?;
        let author = read_author(reader)?;
        if author.is_some() && seq != 1 {
            return reader.malformed("names an author after its actor's first");
        }
        let (hash, bytes) = (chunk.hash, chunk.bytes);
        Ok(Self { hash, bytes, actor, seq, start_op, time, message, deps, author, other_actors, operations })
    }

    /// Number of the last operation; one below `start_op` for an empty change.
    pub fn last_op(&self) -> u32 {
        self.start_op - 1 + self.operations.list.len() as u32
    }

    /// The id of an actor by its place in the change: 0 is the change's own.
    pub fn actor_at(&self, place: u32) -> &'a [u8] {
        match place.checked_sub(1) {
            None => self.actor,
            Some(other) => self.other_actors.get(other as usize).copied().unwrap_or_default(),
        }
    }
}

/// The part of an actor id that is bound to a user: `changeAt` writes under a derived id.
pub fn binding_actor(actor: &[u8]) -> &[u8] {
    let Some(derived) = actor.strip_prefix(&CONCURRENT_PREFIX) else { return actor };
    let mut reader = Reader::new(PART, derived);
    match reader.uleb() {
        Ok(_) if !reader.is_empty() => reader.rest(),
        _ => actor,
    }
}

fn ascending<T: Ord>(list: Vec<T>, reason: &'static str) -> Result<Vec<T>, Violation> {
    if list.is_sorted_by(|a, b| a < b) { Ok(list) } else { Err(Violation::Malformed { part: PART, reason }) }
}

fn read_actor<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Violation> {
    let actor = reader.prefixed()?;
    limit("actor id", actor.len() as u64, MAX_ACTOR_BYTES as u64)?;
    if actor.is_empty() { reader.malformed("the actor id is empty") } else { Ok(actor) }
}

fn read_other_actors<'a>(reader: &mut Reader<'a>, own: &[u8]) -> Result<Vec<&'a [u8]>, Violation> {
    let count = reader.uleb()?;
    limit("other actors", count, MAX_OTHER_ACTORS as u64)?;
    let mut actors = Vec::new();
    for _ in 0..count {
        actors.push(read_actor(reader)?);
    }
    if actors.contains(&own) {
        return reader.malformed("its own actor stands among the others");
    }
    ascending(actors, "actors are not in order")
}

fn read_author<'a>(mut reader: Reader<'a>) -> Result<Option<&'a [u8]>, Violation> {
    if reader.is_empty() {
        return Ok(None);
    }
    if reader.uleb()? != AUTHOR_FOOTER {
        return reader.malformed("unknown footer");
    }
    let author = reader.prefixed()?;
    if reader.is_empty() { Ok(Some(author)) } else { reader.malformed("bytes after its end") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{chunk, fixture};
    use automerge::{ActorId, AutoCommit, ROOT, transaction::Transactable as _};

    #[test]
    fn the_header_is_what_automerge_reads() {
        for theirs in fixture::typing("hej 😀") {
            let chunks = chunk::split(theirs.raw_bytes()).unwrap();
            let ours = Change::parse(&chunks[0]).unwrap();
            assert_eq!((ours.hash.0, ours.actor), (theirs.hash().0, theirs.actor_id().to_bytes()));
            assert_eq!(
                (u64::from(ours.seq), u64::from(ours.start_op)),
                (theirs.seq(), theirs.start_op().get())
            );
            assert_eq!((u64::from(ours.last_op()), ours.time), (theirs.max_op(), theirs.timestamp()));
            assert_eq!(
                ours.deps.iter().map(|d| d.0).collect::<Vec<_>>(),
                theirs.deps().iter().map(|d| d.0).collect::<Vec<_>>()
            );
            assert_eq!(ours.author, None);
        }
    }

    #[test]
    fn a_derived_actor_is_bound_as_its_base() {
        let base = ActorId::from(&b"basebase"[..]);
        let mut doc = AutoCommit::new().with_actor(base.clone());
        doc.put(ROOT, "a", 1).unwrap();
        let heads = doc.get_heads();
        doc.put(ROOT, "a", 2).unwrap();
        doc.isolate(&heads);
        doc.put(ROOT, "b", 3).unwrap();
        doc.integrate();
        let derived = doc.get_changes(&heads).into_iter().map(|change| change.actor_id().clone());
        let derived = derived.filter(|actor| *actor != base).last().unwrap();
        assert_eq!(binding_actor(derived.to_bytes()), base.to_bytes());
        assert_eq!(binding_actor(base.to_bytes()), base.to_bytes());
        assert_eq!(binding_actor(&CONCURRENT_PREFIX), CONCURRENT_PREFIX);
    }

    #[test]
    fn what_a_client_could_inflate_is_capped() {
        let refused = |make: &dyn Fn(&mut automerge::ExpandedChange)| {
            let mut expanded = fixture::typing("a")[0].decode();
            make(&mut expanded);
            let bytes = automerge::Change::from(expanded).raw_bytes().to_vec();
            Change::parse(&chunk::split(&bytes).unwrap()[0]).is_err()
        };
        assert!(!refused(&|_| ()));
        assert!(refused(&|c| c.message = Some("æ".repeat(101))));
        assert!(refused(&|c| c.actor_id = ActorId::from(vec![1; 65])));
        assert!(refused(&|c| c.time = i64::MAX));
        assert!(refused(&|c| c.start_op = std::num::NonZeroU64::new(1 << 32).unwrap()));
        assert!(refused(&|c| c.seq = 0));
        assert!(refused(&|c| c.extra_bytes = vec![2, 1, 1]));
        assert!(refused(&|c| {
            c.extra_bytes = vec![1, 1, 1];
            c.seq = 2
        }));
        assert!(!refused(&|c| {
            c.extra_bytes = vec![1, 1, 1];
            c.seq = 1
        }));
    }
}
