//! One open document: the graph of its changes, which accepting needs, and the materialised
//! text, which only readers need. The two are kept apart: accepting a change costs the same
//! in a young document and in an old one, and the text catches up in batches.

use crate::{
    document::{empty, read_sections},
    history::Past,
    id::{DocumentId, Hash},
    meeting::DocumentText,
    sync::{
        Violation,
        change::Change,
        chunk,
        history::{History, Refusal},
        trial,
    },
};
use automerge::Automerge;
use std::sync::Arc;

/// Why stored changes do not make up a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredChangeError {
    #[error("a stored change of document {document} cannot be read: {violation}")]
    Unreadable { document: DocumentId, violation: Violation },
    #[error("stored change {hash} of document {document} does not fit: {refusal}")]
    Unfit { document: DocumentId, hash: Hash, refusal: Refusal },
}

#[derive(Debug, Clone)]
pub struct LiveDocument {
    id: DocumentId,
    history: History,
    /// Whole chunks, in the order of acceptance, which is causal.
    changes: Vec<Arc<[u8]>>,
    /// The commit that each change came with.
    sequences: Vec<u64>,
    text: Text,
}

/// The materialised document; it has the first `applied` changes.
#[derive(Debug, Clone)]
struct Text {
    document: Automerge,
    applied: usize,
}

impl LiveDocument {
    pub fn new(id: DocumentId) -> Self {
        Self {
            id,
            history: History::default(),
            changes: Vec::new(),
            sequences: Vec::new(),
            text: Text { document: empty(), applied: 0 },
        }
    }

    /// The same text under a new id.
    pub fn fork(&self, id: DocumentId) -> Self {
        Self { id, ..self.clone() }
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// Ascending.
    pub fn heads(&self) -> &[Hash] {
        self.history.graph().heads()
    }

    /// Takes in a change that was checked (`Verdict::Plain` or a tried `Unusual`).
    pub fn insert(
        &mut self,
        change: &Change<'_>,
        admission: crate::sync::history::Admission,
        sequence: u64,
    ) -> Result<Arc<[u8]>, Refusal> {
        self.history.insert(change, admission)?;
        let bytes: Arc<[u8]> = change.bytes.into();
        self.changes.push(bytes.clone());
        self.sequences.push(sequence);
        Ok(bytes)
    }

    /// Takes in a change from the log.
    pub fn replay(&mut self, bytes: &[u8], sequence: u64) -> Result<(), StoredChangeError> {
        let document = self.id;
        let unreadable = |violation| StoredChangeError::Unreadable { document, violation };
        for chunk in chunk::split(bytes).map_err(unreadable)? {
            let change = Change::parse(&chunk).map_err(unreadable)?;
            if self.history.graph().contains(&change.hash) {
                continue;
            }
            self.history.replay(&change).map_err(|refusal| StoredChangeError::Unfit {
                document,
                hash: change.hash,
                refusal,
            })?;
            self.changes.push(chunk.bytes.into());
            self.sequences.push(sequence);
        }
        Ok(())
    }

    /// The document with all changes applied, in one batch since the last time.
    pub fn materialise(&mut self) -> &Automerge {
        if self.text.applied < self.changes.len() {
            let document = std::mem::replace(&mut self.text.document, empty());
            let waiting: Vec<&[u8]> = self.changes[self.text.applied..].iter().map(|c| &**c).collect();
            self.text.document =
                trial::apply_accepted(document, &waiting).unwrap_or_else(|_| rebuild(&self.changes));
            self.text.applied = self.changes.len();
        }
        &self.text.document
    }

    /// Changes that the text does not have yet.
    pub fn waiting(&self) -> usize {
        self.changes.len() - self.text.applied
    }

    /// What the document says now.
    pub fn read<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) -> DocumentText {
        let heads = self.heads().to_vec();
        let sections = read_sections(self.materialise(), keys, &heads);
        DocumentText { heads, sections }
    }

    /// What the document said when the stream was at `sequence`.
    pub fn read_at<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>, sequence: u64) -> DocumentText {
        let count = self.sequences.partition_point(|s| *s <= sequence);
        let heads = self.history.graph().heads_after(count);
        if heads.is_empty() {
            return DocumentText::default();
        }
        let sections = read_sections(self.materialise(), keys, &heads);
        DocumentText { heads, sections }
    }

    /// The changes that are not in `other`, in order.
    pub fn beyond(&self, other: &Self) -> impl Iterator<Item = &Arc<[u8]>> {
        let graph = other.history.graph();
        let known = |index| self.history.graph().hash_at(index).is_some_and(|hash| graph.contains(&hash));
        self.changes.iter().enumerate().filter(move |(index, _)| !known(*index)).map(|(_, change)| change)
    }

    /// The document as it is now, to look back in; the room goes on meanwhile.
    pub fn past(&mut self) -> Past {
        let document = self.materialise().clone();
        Past::new(document, self.history.graph().clone(), self.changes.clone(), self.sequences.clone())
    }

    /// The bytes of a change by its place in the order of acceptance.
    pub fn change(&self, index: usize) -> Option<&Arc<[u8]>> {
        self.changes.get(index)
    }

    /// The commits that its changes came with after the first, which lays out the empty text; ascending.
    pub fn written_at(&self) -> &[u64] {
        self.sequences.get(1..).unwrap_or_default()
    }

    /// The commit that the last change came with; zero before the first.
    pub fn last_sequence(&self) -> u64 {
        self.sequences.last().copied().unwrap_or_default()
    }

    /// How many changes there are.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What someone who has `known` lacks: single changes, or the whole document where that
    /// is shorter.
    pub fn missing_from(&mut self, known: &[Hash]) -> Vec<Arc<[u8]>> {
        let missing = self.history.graph().changes_since(known);
        if missing.len() * 3 > self.len() && self.len() > WHOLE_DOCUMENT_ABOVE {
            return vec![self.materialise().save().into()];
        }
        missing.into_iter().filter_map(|index| self.changes.get(index).cloned()).collect()
    }
}

/// A document of so few changes is sent as changes.
const WHOLE_DOCUMENT_ABOVE: usize = 8;

/// Applies one by one and leaves out what cannot be applied: a change that passed every check
/// and still fails is kept in the log, and its reader loses that change only.
fn rebuild(changes: &[Arc<[u8]>]) -> Automerge {
    let mut document = empty();
    for change in changes {
        if let Ok(next) = trial::try_changes(&document, &[change]) {
            document = next;
        }
    }
    document
}
