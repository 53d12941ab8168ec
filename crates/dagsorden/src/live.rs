//! What `dagsorden verify https://…` fetches: the newest checkpoint, the proofs from what is at hand to it, and
//! the receipts of published files. Whether any of it holds is for the verifier to say.

use crate::service::Service;
use proof::{checkpoint::SignedCheckpoint, hash::Hash, merkle, tiles::Tiles};
use serde_json::Value;
use std::{collections::BTreeSet, error::Error};
use verifier::{Evidence, Live};

/// Most receipts that are fetched for one file: an attachment may be part of many editions.
const MAX_RECEIPTS: usize = 20;

type Failure = Box<dyn Error + Send + Sync>;

/// The newest checkpoint with proofs from logs of these sizes on.
pub async fn fetch(service: &Service, name: &str, sizes: &BTreeSet<u64>) -> Result<Live, Failure> {
    let note = service.checkpoint().await?.ok_or_else(|| format!("{name}: no checkpoint"))?;
    let checkpoint = SignedCheckpoint::parse(&note).map_err(|error| format!("{name}: {error}"))?;
    let now = checkpoint.checkpoint.size;
    let (mut proofs, mut tiles) = (Vec::new(), Tiles::new(now));
    for old in sizes.iter().copied().filter(|old| (1..now).contains(old)) {
        let proof = service.of_tiles(&mut tiles, |tiles| merkle::consistency(tiles, old, now)).await?;
        proofs.extend(proof.map(|proof| (old, proof)));
    }
    Ok(Live { name: name.to_owned(), checkpoint, proofs })
}

/// The receipts of the editions that have this file, each with its address.
pub async fn receipts(service: &Service, file: Hash) -> Result<Vec<(String, Evidence)>, Failure> {
    let Some(known) = service.json::<Value>(&format!("/api/verify?sha256={file}")).await? else {
        return Ok(Vec::new());
    };
    let editions = known["editions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for url in editions.iter().filter_map(|edition| edition["url"].as_str()).take(MAX_RECEIPTS) {
        let path = format!("{url}/kvittering.json");
        if let Some(receipt) = service.json::<Value>(&path).await? {
            found.push((path, Evidence::Receipt(Box::new(serde_json::from_value(receipt)?))));
        }
    }
    Ok(found)
}
