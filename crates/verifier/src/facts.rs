//! What commits say of editions: which were published with which content, for which files the service
//! signed, and which correction took the place of which.

use proof::{
    envelope::StoredEvent,
    hash::Hash,
    note::Verifier,
    readable::readable,
    receipt::{Said, ShownReceipt},
};
use serde_json::Value;
use std::collections::HashMap;

type Stream = [u8; 17];

/// A file that the service signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    pub path: String,
    pub edition: Edition,
    /// The commit that holds the seal.
    pub position: u64,
}

/// An edition of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edition {
    pub meeting: String,
    pub number: u64,
    /// "Chefforum 2026-06-17".
    pub of: String,
}

/// Why a seal seals nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSeal {
    Form,
    /// None of the keys given signed it.
    Signature,
    /// It is of other content than was published.
    Content,
}

#[derive(Debug, Default)]
pub struct Facts {
    published: HashMap<(Stream, u64), Hash>,
    corrections: HashMap<Stream, u64>,
    superseded: HashMap<(String, u64), u64>,
    seals: Vec<(u64, Value)>,
}

impl Facts {
    /// Takes in the events of a commit.
    pub fn take(&mut self, stream: &Stream, position: u64, events: &[StoredEvent<'_>]) {
        for event in events.iter().filter(|event| KINDS.contains(&event.kind)) {
            if let Ok(body) = readable(event.body) {
                self.event(stream, position, event.kind, body);
            }
        }
    }

    /// Takes in what a good receipt shows.
    pub fn shown(&mut self, receipt: &ShownReceipt) {
        for commit in &receipt.commits {
            let Some(content) = &commit.content else { continue };
            for Said { kind, body, .. } in &content.events {
                self.event(&content.stream, commit.position, kind, body.clone());
            }
        }
    }

    fn event(&mut self, stream: &Stream, position: u64, kind: &str, body: Value) {
        let edition = body["edition"].as_u64().unwrap_or_default();
        match kind {
            "AgendaPublished" => {
                if let Some(content) = hash(&body["content_hash"]) {
                    self.published.insert((*stream, edition), content);
                }
                if let Some(old) = self.corrections.remove(stream) {
                    self.superseded.insert((hex(&stream[1..]), old), edition);
                }
            }
            "CorrectionOpened" => drop(self.corrections.insert(*stream, edition)),
            "EditionAbandoned" => drop(self.corrections.remove(stream)),
            "EditionSealed" => self.seals.push((position, body)),
            _ => {}
        }
    }

    /// The edition that took the place of this one.
    pub fn superseded_by(&self, edition: &Edition) -> Option<u64> {
        self.superseded.get(&(edition.meeting.clone(), edition.number)).copied()
    }

    /// Where this file was signed for, in every good seal.
    pub fn sealed(&self, sha256: Hash, keys: &[Verifier]) -> Vec<SealedFile> {
        let good = self.seals.iter().filter_map(|(position, body)| {
            let (manifest, edition) = self.open(body, keys).ok()?;
            let files = manifest["files"].as_array()?;
            let file = files.iter().find(|file| hash(&file["sha256"]) == Some(sha256))?;
            let path = file["path"].as_str()?.to_owned();
            Some(SealedFile { path, edition, position: *position })
        });
        good.collect()
    }

    /// The seals that are not good, by position.
    pub fn bad_seals(&self, keys: &[Verifier]) -> Vec<(u64, BadSeal)> {
        let bad = |(position, body): &(u64, Value)| Some((*position, self.open(body, keys).err()?));
        self.seals.iter().filter_map(bad).collect()
    }

    /// The manifest of a seal, if a key signed it and it is of what was published.
    fn open(&self, seal: &Value, keys: &[Verifier]) -> Result<(Value, Edition), BadSeal> {
        let text = |name: &str| seal[name].as_str().ok_or(BadSeal::Form);
        let (manifest, signature) = (text("manifest")?, text("signature")?);
        let (meeting, number) = (text("meeting")?, seal["edition"].as_u64().ok_or(BadSeal::Form)?);
        if !keys.iter().any(|key| key.verifies(&format!("{manifest}\n"), signature)) {
            return Err(BadSeal::Signature);
        }
        let manifest: Value = serde_json::from_str(manifest).map_err(|_| BadSeal::Form)?;
        let stream = [b'M'].into_iter().chain(unhex(meeting).ok_or(BadSeal::Form)?);
        let stream: Stream = stream.collect::<Vec<_>>().try_into().map_err(|_| BadSeal::Form)?;
        let published = self.published.get(&(stream, number));
        let same = manifest["edition"].as_u64() == Some(number)
            && manifest["meeting"].as_str().map(|id| id.replace('-', "")).as_deref() == Some(meeting)
            && published.is_some_and(|content| hash(&manifest["content_hash"]) == Some(*content));
        if !same {
            return Err(BadSeal::Content);
        }
        let part = |name: &str| manifest[name].as_str().unwrap_or_default().to_owned();
        let of = format!("{} {}", part("forum"), part("date"));
        Ok((manifest, Edition { meeting: meeting.to_owned(), number, of }))
    }
}

/// The events that say something of editions.
const KINDS: [&str; 4] = ["AgendaPublished", "CorrectionOpened", "EditionAbandoned", "EditionSealed"];

fn hash(value: &Value) -> Option<Hash> {
    value.as_str()?.parse().ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
