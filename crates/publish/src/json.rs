//! The agenda as JSON: the publication exactly as it was hashed, with the proof beside it.
//! The whole is canonical, so the SHA-256 of the bytes of its `publication` is the content
//! hash. [`SCHEMA`] describes it.

use crate::proof::{Proof, Stand};
use agenda::{
    id::Hash,
    publication::{Publication, PublishedItem, canonical_json, content_hash},
};
use serde::Serialize;

/// JSON Schema, draft 2020-12.
pub const SCHEMA: &str = include_str!("../schema/publication.schema.json");

/// Raised when what stands around the publication changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    stand: &'static str,
    proof: Option<ProofJson>,
    publication: &'a Publication,
}

#[derive(Serialize)]
struct Extract<'a> {
    version: u32,
    stand: &'static str,
    /// Of the whole agenda.
    proof: Option<ProofJson>,
    /// SHA-256 of the canonical JSON of the item.
    item_hash: Hash,
    item: &'a PublishedItem,
    /// The agenda that the item stands on, without its items.
    agenda: Publication,
}

#[derive(Serialize)]
pub(crate) struct ProofJson {
    edition: u32,
    round: u32,
    position: u64,
    content_hash: Hash,
}

pub(crate) fn proof(stand: Stand<'_>) -> Option<ProofJson> {
    let Stand::Published(&Proof { edition, round, position, content_hash }) = stand else { return None };
    Some(ProofJson { edition, round, position, content_hash })
}

pub(crate) fn stand_name(stand: Stand<'_>) -> &'static str {
    match stand {
        Stand::Published(_) => "published",
        Stand::Imported => "imported",
        Stand::Draft => "draft",
    }
}

/// The whole agenda.
pub fn json(publication: &Publication, stand: Stand<'_>) -> String {
    let (proof, stand) = (proof(stand), stand_name(stand));
    canonical_json(&Document { version: VERSION, stand, proof, publication })
}

/// One item, and the agenda that it stands on. `only` is that agenda with no other item.
pub(crate) fn extract(only: &Publication, item: &PublishedItem, stand: Stand<'_>) -> String {
    canonical_json(&Extract {
        version: VERSION,
        stand: stand_name(stand),
        proof: proof(stand),
        item_hash: content_hash(item),
        item,
        agenda: Publication { items: vec![], ..only.clone() },
    })
}
