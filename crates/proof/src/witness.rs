//! What a witness is asked, and what it answers (C2SP tlog-witness, <https://c2sp.org/tlog-witness>).
//!
//! ```text
//! old <commits of the checkpoint that the witness cosigned last>
//! <the consistency proof from there, a hash in base64 on each line>
//!
//! <the checkpoint, a signed note>
//! ```

use crate::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    hash::Hash,
    merkle::verify_consistency,
    note::Verifier,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::fmt;

/// The most hashes of a proof.
const MAX_PROOF: usize = 63;

/// A checkpoint with the proof that it continues the one that the witness knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// 0: the witness knows none.
    pub old: u64,
    pub proof: Vec<Hash>,
    /// The signed note.
    pub note: String,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this is no request for a cosignature")]
    Form,
    #[error("the log is not one that is witnessed here")]
    UnknownLog,
    #[error("none of the log's keys signed the checkpoint")]
    Unsigned,
    /// Holds how many.
    #[error("the last checkpoint that was cosigned here has {0} commits")]
    Behind(u64),
    #[error("the log has shown another history of as many commits here before")]
    Forked,
    #[error("the proof does not show that the log has only grown")]
    Inconsistent,
}

impl Refusal {
    /// The status of the answer, as the protocol has it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Form => 400,
            Self::Unsigned => 403,
            Self::UnknownLog => 404,
            Self::Behind(_) | Self::Forked => 409,
            Self::Inconsistent => 422,
        }
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash.0)))?;
        write!(f, "\n{}", self.note)
    }
}

impl AddCheckpoint {
    /// Reads a request; says nothing yet of whether it is right.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (head, note) = text.split_once("\n\n").ok_or(Refusal::Form)?;
        let mut lines = head.split('\n');
        let size = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or(Refusal::Form)?;
        let old: u64 = size.parse().map_err(|_| Refusal::Form)?;
        let hash = |line| Some(Hash(BASE64.decode(line).ok()?.try_into().ok()?));
        let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>().ok_or(Refusal::Form)?;
        if old.to_string() != size || proof.len() > MAX_PROOF {
            return Err(Refusal::Form);
        }
        Ok(Self { old, proof, note: note.to_owned() })
    }

    /// The checkpoint, if a witness that trusts these keys for its log may cosign it. `last` is the one of this log
    /// that it cosigned last.
    pub fn judge(&self, keys: &[Verifier], last: Option<&Checkpoint>) -> Result<SignedCheckpoint, Refusal> {
        let signed = SignedCheckpoint::parse(&self.note).map_err(|_| Refusal::Form)?;
        let new = &signed.checkpoint;
        signed.signed_by(keys).map_err(|_| Refusal::Unsigned)?;
        if self.old > new.size {
            return Err(Refusal::Form);
        }
        let known = last.map_or(0, |last| last.size);
        if self.old != known {
            return Err(Refusal::Behind(known));
        }
        let Some(last) = last else {
            return if self.proof.is_empty() { Ok(signed) } else { Err(Refusal::Inconsistent) };
        };
        if last.size == new.size && last.root != new.root {
            return Err(Refusal::Forked);
        }
        let grown = verify_consistency((last.size, last.root), (new.size, new.root), &self.proof);
        if grown { Ok(signed) } else { Err(Refusal::Inconsistent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{checkpoint::origin, merkle, note::Signer, tree::Tree};

    fn signer() -> Signer {
        Signer::new("dagsorden", &[7; 32]).unwrap()
    }

    fn grown(size: u64, other_from: u64) -> Tree {
        let mut tree = Tree::default();
        let commit = |n: u64| merkle::leaf(&[&n.to_be_bytes()[..], &[u8::from(n >= other_from)]].concat());
        (0..size).for_each(|n| tree.push(commit(n)));
        tree
    }

    fn checkpoint(tree: &Tree, size: u64) -> Checkpoint {
        Checkpoint { origin: origin(tree.commit(1).unwrap()), size, root: tree.root(size).unwrap() }
    }

    fn request(tree: &Tree, old: u64, size: u64) -> AddCheckpoint {
        let proof = if old == 0 { Vec::new() } else { tree.consistency(old, size).unwrap() };
        AddCheckpoint { old, proof, note: checkpoint(tree, size).sign(&signer()) }
    }

    #[test]
    fn a_request_is_read_as_it_is_written() {
        let asked = request(&grown(70, 99), 30, 70);
        assert_eq!(AddCheckpoint::parse(&asked.to_string()), Ok(asked.clone()));
        assert!(asked.to_string().starts_with("old 30\n"));
        let first = request(&grown(70, 99), 0, 70);
        assert!(first.to_string().starts_with("old 0\n\ndagsorden/"));
        assert_eq!(AddCheckpoint::parse(&first.to_string()), Ok(first));
        let text = asked.to_string();
        let long =
            format!("old 1\n{}\n{}", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n".repeat(64), asked.note);
        for bad in [
            "",
            "old 30",
            "old 30\n\n",
            &text.replace("old ", "new "),
            &text.replace("old 30", "old 030"),
            &long,
        ] {
            let read = AddCheckpoint::parse(bad).and_then(|asked| asked.judge(&[signer().verifier()], None));
            assert_eq!(read.unwrap_err(), Refusal::Form, "{bad}");
        }
    }

    #[test]
    fn only_what_has_grown_from_what_was_seen_is_cosigned() {
        let (tree, fork, keys) = (grown(90, 999), grown(90, 40), [signer().verifier()]);
        let seen = checkpoint(&tree, 50);
        let judge =
            |asked: AddCheckpoint| asked.judge(&keys, Some(&seen)).map(|signed| signed.checkpoint.size);
        assert_eq!(request(&tree, 0, 50).judge(&keys, None).unwrap().checkpoint, seen);
        assert_eq!(judge(request(&tree, 50, 90)), Ok(90));
        assert_eq!(judge(request(&tree, 50, 50)), Ok(50), "once more");
        assert_eq!(judge(request(&tree, 0, 90)), Err(Refusal::Behind(50)));
        assert_eq!(judge(request(&tree, 20, 40)), Err(Refusal::Behind(50)), "an older one");
        assert_eq!(judge(request(&fork, 50, 90)), Err(Refusal::Inconsistent));
        assert_eq!(judge(request(&fork, 50, 50)), Err(Refusal::Forked));
        assert_eq!(
            judge(AddCheckpoint { proof: Vec::new(), ..request(&tree, 50, 90) }),
            Err(Refusal::Inconsistent)
        );
        assert_eq!(judge(AddCheckpoint { old: 91, ..request(&tree, 50, 90) }), Err(Refusal::Form));
        let other = [Signer::new("dagsorden", &[8; 32]).unwrap().verifier()];
        assert_eq!(request(&tree, 50, 90).judge(&other, Some(&seen)).unwrap_err(), Refusal::Unsigned);
        let padded = AddCheckpoint { proof: vec![seen.root], ..request(&tree, 0, 50) };
        assert_eq!(padded.judge(&keys, None).unwrap_err(), Refusal::Inconsistent);
    }
}
