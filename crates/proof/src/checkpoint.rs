//! What the service signs about the whole log: how many commits it has and the root over them, in the C2SP
//! tlog-checkpoint format (<https://c2sp.org/tlog-checkpoint>).
//!
//! ```text
//! origin
//! size in decimal
//! base64(root)
//!
//! — name base64(key id ‖ signature)
//! ```
//!
//! Whoever keeps one finds any later change of the commits before it. Further signatures (of witnesses)
//! may follow.

use crate::{
    cosignature::WitnessKey,
    hash::Hash,
    note::{Signer, Verifier},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

/// The longest checkpoint that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

/// How far the log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log; see [`origin`].
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

/// A checkpoint as it was signed: its text and the signature lines under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    pub checkpoint: Checkpoint,
    text: String,
    signatures: Vec<String>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    #[error("a checkpoint has an origin, a size and a root, an empty line, and signatures")]
    Form,
    #[error("none of the keys given signed the checkpoint")]
    Signature,
}

/// The name of a log: made from the hash of its first commit, so no other log has it, and it stays
/// when the service moves.
pub fn origin(first: Hash) -> String {
    let digits: String = first.to_string().chars().take(16).collect();
    format!("dagsorden/{digits}")
}

impl Checkpoint {
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.0))
    }

    /// The whole note.
    pub fn sign(&self, signer: &Signer) -> String {
        let text = self.text();
        format!("{text}\n{}\n", signer.sign(&text))
    }
}

impl SignedCheckpoint {
    /// Reads a note; says nothing yet of who signed it.
    pub fn parse(note: &str) -> Result<Self, BadCheckpoint> {
        let (body, signatures) = note.rsplit_once("\n\n").ok_or(BadCheckpoint::Form)?;
        let text = format!("{body}\n");
        let mut lines = body.split('\n');
        let mut next = || lines.next().filter(|line| !line.is_empty()).ok_or(BadCheckpoint::Form);
        let (origin, size, root) = (next()?.to_owned(), next()?, next()?);
        let root = BASE64.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
        let root = Hash(root.ok_or(BadCheckpoint::Form)?);
        let number: u64 = size.parse().map_err(|_| BadCheckpoint::Form)?;
        // "+7" and "007" are numbers, but not how one is written here.
        let signed = signatures.ends_with('\n') && number.to_string() == size && note.len() <= MAX_BYTES;
        if !signed {
            return Err(BadCheckpoint::Form);
        }
        let signatures = signatures.lines().map(str::to_owned).collect();
        Ok(Self { checkpoint: Checkpoint { origin, size: number, root }, text, signatures })
    }

    /// What was signed: the note without its signatures.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// When the witness saw that the log had only grown to this, in seconds since 1970; `None` if it is not said.
    pub fn witnessed_by(&self, witness: &WitnessKey) -> Option<u64> {
        self.signatures.iter().find_map(|line| witness.cosigned(&self.text, line))
    }

    /// The key among these that signed it.
    pub fn signed_by<'a>(&self, keys: &'a [Verifier]) -> Result<&'a Verifier, BadCheckpoint> {
        let signed = |key: &&Verifier| self.signatures.iter().any(|line| key.verifies(&self.text, line));
        keys.iter().find(signed).ok_or(BadCheckpoint::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: origin(Hash([0xab; 32])), size: 70_000, root: Hash([7; 32]) }
    }

    #[test]
    fn a_signed_checkpoint_is_read_back_and_names_its_key() {
        let (signer, other) = (Signer::new("by", &[1; 32]).unwrap(), Signer::new("by", &[2; 32]).unwrap());
        let note = checkpoint().sign(&signer);
        assert!(note.starts_with("dagsorden/abababababababab\n70000\nBwcHBwcH"), "{note}");
        let read = SignedCheckpoint::parse(&note).unwrap();
        assert_eq!(read.checkpoint, checkpoint());
        let keys = [other.verifier(), signer.verifier()];
        assert_eq!(read.signed_by(&keys), Ok(&keys[1]));
        assert_eq!(read.signed_by(&keys[..1]), Err(BadCheckpoint::Signature));
        let witnessed = format!("{note}{}\n", other.sign(&checkpoint().text()));
        assert!(SignedCheckpoint::parse(&witnessed).unwrap().signed_by(&keys[..1]).is_ok());
        let changed = SignedCheckpoint::parse(&note.replace("70000", "70001")).unwrap();
        assert_eq!(changed.signed_by(&keys), Err(BadCheckpoint::Signature));
    }

    #[test]
    fn other_text_is_no_checkpoint() {
        let note = checkpoint().sign(&Signer::new("by", &[1; 32]).unwrap());
        let bad = [
            String::new(),
            note.trim_end().to_owned(),
            note.replace("\n\n", "\n"),
            note.replace("70000", "+70000"),
            note.replace("70000", "070000"),
            note.replace("70000", ""),
            note.replacen("BwcH", "Bwc", 1),
            "a\n".repeat(MAX_BYTES),
        ];
        for text in bad {
            assert_eq!(SignedCheckpoint::parse(&text), Err(BadCheckpoint::Form), "{text}");
        }
    }
}
