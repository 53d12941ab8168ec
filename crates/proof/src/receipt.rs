//! A receipt: a few commits with the proof that they stand in the log, in one small file that needs nothing
//! else to be checked but a key.
//!
//! ```text
//! { "format": "dagsorden-receipt", "version": 1,
//!   "commits": [ { "position": 17, "hash": hex, "inclusion": [hex, ...],
//!                  "commit": base64 or null, "says": [{"kind": ..., "version": ..., "body": ...}, ...] or null } ],
//!   "checkpoint": the signed checkpoint, "key": the public key that signed it }
//! ```
//!
//! A commit whose words are not for everyone is there by its hash alone. `says` is what the bytes hold, for
//! people; whoever checks makes it again from the bytes.

use crate::{
    chain,
    checkpoint::{BadCheckpoint, Checkpoint, SignedCheckpoint},
    envelope::{BadEnvelope, Envelope},
    hash::Hash,
    merkle,
    note::Verifier,
    readable::readable,
    tree::Tree,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the field `format` says.
pub const FORMAT: &str = "dagsorden-receipt";
const VERSION: u32 = 1;
/// Most commits in one receipt.
const MAX_COMMITS: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    format: String,
    version: u32,
    commits: Vec<ProvenCommit>,
    /// A C2SP signed checkpoint of the log, with all these commits in it.
    checkpoint: String,
    /// The public key that signed the checkpoint.
    key: String,
}

/// A commit with the proof that it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProvenCommit {
    /// Counted from 1.
    position: u64,
    /// SHA-256 of a zero byte and the stored bytes.
    hash: Hash,
    /// RFC 6962 inclusion proof, from the leaf up.
    inclusion: Vec<Hash>,
    /// The stored bytes in base64; left out where they are not for everyone.
    commit: Option<String>,
    says: Option<Vec<Said>>,
}

/// An event of a commit, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub kind: String,
    pub version: u8,
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub body: Value,
}

/// Why a receipt shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReceipt {
    #[error("it is no receipt of this version: {0}")]
    Form(String),
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] BadCheckpoint),
    #[error("position {0}: the bytes are not those of the hash")]
    Bytes(u64),
    #[error("position {0}: {1}")]
    Envelope(u64, BadEnvelope),
    #[error("position {0}: what it says is not what the bytes say")]
    Says(u64),
    #[error("position {0}: the proof does not lead to the checkpoint")]
    Inclusion(u64),
}

/// A commit that a good receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub position: u64,
    pub hash: Hash,
    /// Nothing where only the hash is shown.
    pub content: Option<ShownContent>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownContent {
    /// One byte for the kind and 16 for the id, as in the envelope.
    pub stream: [u8; 17],
    pub by: String,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    pub events: Vec<Said>,
}

/// What a good receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownReceipt {
    pub checkpoint: Checkpoint,
    pub signed_by: Verifier,
    pub commits: Vec<Shown>,
}

impl ProvenCommit {
    /// The commit at a position of a log, proven to be among the first `size`. `None` when it is not
    /// there, or the bytes are another commit's.
    pub fn new(tree: &Tree, size: u64, position: u64, bytes: Option<&[u8]>) -> Option<Self> {
        let hash = tree.commit(position)?;
        let inclusion = tree.inclusion(position, size)?;
        let says = match bytes {
            None => None,
            Some(bytes) if chain::leaf(bytes) == hash => Some(said(&Envelope::decode(bytes).ok()?).ok()?),
            Some(_) => return None,
        };
        Some(Self { position, hash, inclusion, commit: bytes.map(|bytes| BASE64.encode(bytes)), says })
    }

    fn show(&self, checkpoint: &Checkpoint) -> Result<Shown, BadReceipt> {
        let Self { position, hash, .. } = *self;
        let leaf = merkle::leaf(&hash.0);
        let index = position.checked_sub(1).ok_or(BadReceipt::Inclusion(position))?;
        if !merkle::verify_inclusion(leaf, index, checkpoint.size, checkpoint.root, &self.inclusion) {
            return Err(BadReceipt::Inclusion(position));
        }
        let Some(encoded) = &self.commit else {
            return if self.says.is_none() {
                Ok(Shown { position, hash, content: None })
            } else {
                Err(BadReceipt::Says(position))
            };
        };
        let bytes = BASE64.decode(encoded).map_err(|_| BadReceipt::Bytes(position))?;
        if chain::leaf(&bytes) != hash {
            return Err(BadReceipt::Bytes(position));
        }
        let envelope = Envelope::decode(&bytes).map_err(|error| BadReceipt::Envelope(position, error))?;
        let events = said(&envelope).map_err(|_| BadReceipt::Says(position))?;
        if self.says.as_ref() != Some(&events) {
            return Err(BadReceipt::Says(position));
        }
        let content =
            ShownContent { stream: envelope.stream, by: envelope.by.to_owned(), at: envelope.at, events };
        Ok(Shown { position, hash, content: Some(content) })
    }
}

/// The events of a commit, for people.
pub fn said(envelope: &Envelope<'_>) -> Result<Vec<Said>, String> {
    let said = |event: &crate::envelope::StoredEvent<'_>| {
        Ok(Said { kind: event.kind.to_owned(), version: event.version, body: readable(event.body)? })
    };
    envelope.events.iter().map(said).collect()
}

impl Receipt {
    /// The checkpoint that its proofs lead to; who signed it is not asked here.
    pub fn signed_checkpoint(&self) -> Option<SignedCheckpoint> {
        SignedCheckpoint::parse(&self.checkpoint).ok()
    }

    pub fn new(commits: Vec<ProvenCommit>, checkpoint: String, key: String) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, commits, checkpoint, key }
    }

    /// The key that the receipt itself names; who trusts only that trusts whoever made the receipt.
    pub fn named_key(&self) -> Option<Verifier> {
        self.key.parse().ok()
    }

    /// What it shows, if one of these keys signed it and every proof is good.
    pub fn show(&self, keys: &[Verifier]) -> Result<ShownReceipt, BadReceipt> {
        let known = self.format == FORMAT && self.version == VERSION;
        if !known || self.commits.len() > MAX_COMMITS || self.commits.is_empty() {
            return Err(BadReceipt::Form(format!("{} {}", self.format, self.version)));
        }
        let signed = SignedCheckpoint::parse(&self.checkpoint)?;
        let signed_by = signed.signed_by(keys)?.clone();
        let commits = self.commits.iter().map(|commit| commit.show(&signed.checkpoint));
        let commits = commits.collect::<Result<Vec<_>, _>>()?;
        Ok(ShownReceipt { checkpoint: signed.checkpoint, signed_by, commits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{envelope::StoredEvent, note::Signer};
    use serde_json::json;

    const FROZEN: &[u8] = b"\xa1\x65round\x01";

    fn stored(sequence: u64, previous: Hash) -> Vec<u8> {
        let event = StoredEvent { kind: "AgendaFrozen", version: 1, body: FROZEN };
        let envelope = Envelope {
            previous,
            stream: [b'M'; 17],
            sequence,
            at: 1_750_143_600_123,
            by: "søren",
            session: [1; 16],
            command: [2; 16],
            events: vec![event],
        };
        envelope.encode().unwrap()
    }

    fn receipt(signer: &Signer) -> Receipt {
        let (mut tree, mut all, mut previous) = (Tree::default(), Vec::new(), chain::ORIGIN);
        for sequence in 1..=300 {
            all.push(stored(sequence, previous));
            previous = chain::leaf(&all[all.len() - 1]);
            tree.push(previous);
        }
        let checkpoint =
            Checkpoint { origin: "dagsorden/x".into(), size: 290, root: tree.root(290).unwrap() };
        let commits = vec![
            ProvenCommit::new(&tree, 290, 17, Some(&all[16])).unwrap(),
            ProvenCommit::new(&tree, 290, 290, None).unwrap(),
        ];
        assert_eq!(ProvenCommit::new(&tree, 290, 18, Some(&all[16])), None, "another commit's bytes");
        assert_eq!(ProvenCommit::new(&tree, 290, 291, None), None, "later than the checkpoint");
        Receipt::new(commits, checkpoint.sign(signer), signer.verifier().to_string())
    }

    #[test]
    fn a_receipt_shows_its_commits() {
        let signer = Signer::new("by", &[1; 32]).unwrap();
        let text = serde_json::to_string(&receipt(&signer)).unwrap();
        let read: Receipt = serde_json::from_str(&text).unwrap();
        let shown = read.show(&[signer.verifier()]).unwrap();
        assert_eq!((shown.checkpoint.size, shown.signed_by), (290, signer.verifier()));
        assert_eq!(shown.commits[1], Shown { position: 290, content: None, ..shown.commits[1].clone() });
        let content = shown.commits[0].content.as_ref().unwrap();
        assert_eq!((content.by.as_str(), content.at), ("søren", 1_750_143_600_123));
        let said = Said { kind: "AgendaFrozen".into(), version: 1, body: json!({ "round": 1 }) };
        assert_eq!(content.events, [said]);
        assert_eq!(read.named_key(), Some(signer.verifier()));
        let other = Signer::new("by", &[2; 32]).unwrap().verifier();
        assert_eq!(read.show(&[other]), Err(BadCheckpoint::Signature.into()));
    }

    /// Every character of the file is changed, one at a time: either it is no receipt any more, or it
    /// shows nothing, or the change is in what nobody relies on (white space, the named key).
    #[test]
    fn no_change_of_a_receipt_goes_unseen() {
        let signer = Signer::new("by", &[1; 32]).unwrap();
        let good = receipt(&signer);
        let shown = good.show(&[signer.verifier()]).unwrap();
        let text = serde_json::to_string(&good).unwrap();
        let key_at = text.rfind("\"key\"").unwrap();
        let mut refused = 0;
        for at in (0..key_at).filter(|at| text.is_char_boundary(*at) && text.is_char_boundary(at + 1)) {
            let old = text.as_bytes()[at];
            let new = if old == b'1' { '2' } else { '1' };
            let changed = format!("{}{new}{}", &text[..at], &text[at + 1..]);
            let Ok(receipt) = serde_json::from_str::<Receipt>(&changed) else { continue };
            match receipt.show(&[signer.verifier()]) {
                Err(_) => refused += 1,
                Ok(again) => assert_eq!(again, shown, "byte {at}: {changed}"),
            }
        }
        assert!(refused > 1_000, "{refused}");
    }
}
