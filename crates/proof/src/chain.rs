//! The hashes of the log: what each is made of, and what each can show.
//!
//! * The **leaf** of a commit is the hash of its stored bytes. It finds any change of them.
//! * The **stream chain**: each commit's bytes hold the leaf of the commit before it in its
//!   stream. Whoever holds the leaf of a stream's last commit can show that the stream's
//!   list is complete and in order; a commit that was changed, removed or swapped and whose
//!   successors were not rewritten is found without knowing any head.
//! * The **log chain** runs over all commits of all streams. Whoever kept one of its values
//!   (a signed checkpoint) finds any rewriting before it, even one that rewrote a stream
//!   consistently to its end, and a commit moved between other streams' commits.
//!
//! None of them finds that the *end* was cut off, or that everything after some commit was
//! computed anew, unless a later value is known from elsewhere: for accidents that is the
//! `HEAD` file beside the log, for malice a signed checkpoint that somebody else holds.
//!
//! Leaves are those of RFC 6962, so that a Merkle tree can be built over the same commits.

use crate::hash::Hash;
use sha2::{Digest, Sha256};

/// Stands before the first commit of a stream, and of the log.
pub const ORIGIN: Hash = Hash([0; 32]);

const LEAF: u8 = 0x00;
const LINK: u8 = 0x01;

/// SHA-256 of `0x00` and the stored bytes of a commit.
pub fn leaf(envelope: &[u8]) -> Hash {
    Hash(Sha256::new_with_prefix([LEAF]).chain_update(envelope).finalize().into())
}

/// SHA-256 of `0x01`, the chain up to the commit before, and the commit's leaf.
pub fn link(before: &Hash, leaf: &Hash) -> Hash {
    Hash(Sha256::new_with_prefix([LINK]).chain_update(before.0).chain_update(leaf.0).finalize().into())
}
