//! automerge-repo frames as a stock JavaScript client writes them (maps with a 16-bit head,
//! SYNC.md 1.1), and the server's frames as it reads them.

use agenda::id::DocumentId;
use serde::Deserialize;

/// What the server says, as far as a client looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerFrame {
    pub r#type: String,
    pub sender_id: String,
    pub target_id: String,
    pub document_id: Option<String>,
    pub data: Option<serde_bytes::ByteBuf>,
    /// Of `agenda-reject`: the refused changes, in hex.
    pub hashes: Option<Vec<String>>,
    /// Of `agenda-moved`.
    pub to: Option<String>,
}

impl ServerFrame {
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        minicbor_serde::from_slice(bytes).map_err(|error| format!("a frame that no client reads: {error}"))
    }

    pub fn document(&self) -> Option<DocumentId> {
        self.document_id.as_deref()?.parse().ok()
    }

    pub fn data(&self) -> &[u8] {
        self.data.as_ref().map_or(&[], |data| data.as_slice())
    }
}

pub fn join(sender: &str) -> Vec<u8> {
    let mut out = map(4);
    pair(&mut out, "type", "join");
    pair(&mut out, "senderId", sender);
    text(&mut out, "peerMetadata");
    out.extend(map(2));
    text(&mut out, "storageId");
    out.push(0xf7);
    text(&mut out, "isEphemeral");
    out.push(0xf5);
    text(&mut out, "supportedProtocolVersions");
    out.push(0x81);
    text(&mut out, "1");
    out
}

/// A `sync` or `request`.
pub fn document(kind: &str, sender: &str, document: &str, data: &[u8]) -> Vec<u8> {
    let mut out = map(5);
    pair(&mut out, "type", kind);
    pair(&mut out, "senderId", sender);
    pair(&mut out, "targetId", "server");
    pair(&mut out, "documentId", document);
    bytes(&mut out, "data", data);
    out
}

pub fn ephemeral(sender: &str, document: &str, session: &str, count: u32, data: &[u8]) -> Vec<u8> {
    let mut out = map(7);
    pair(&mut out, "type", "ephemeral");
    pair(&mut out, "senderId", sender);
    pair(&mut out, "targetId", "server");
    text(&mut out, "count");
    // Small numbers as integers, large ones as JavaScript writes them.
    out.push(0xfb);
    out.extend(f64::from(count).to_be_bytes());
    pair(&mut out, "sessionId", session);
    pair(&mut out, "documentId", document);
    bytes(&mut out, "data", data);
    out
}

pub fn leave(sender: &str) -> Vec<u8> {
    let mut out = map(2);
    pair(&mut out, "type", "leave");
    pair(&mut out, "senderId", sender);
    out
}

fn map(entries: u16) -> Vec<u8> {
    let mut out = vec![0xb9];
    out.extend(entries.to_be_bytes());
    out
}

fn pair(out: &mut Vec<u8>, key: &str, value: &str) {
    text(out, key);
    text(out, value);
}

fn text(out: &mut Vec<u8>, value: &str) {
    head(out, 0x60, value.len());
    out.extend(value.as_bytes());
}

fn bytes(out: &mut Vec<u8>, key: &str, value: &[u8]) {
    text(out, key);
    head(out, 0x40, value.len());
    out.extend(value);
}

fn head(out: &mut Vec<u8>, major: u8, length: usize) {
    match length {
        0..24 => out.push(major | length as u8),
        24..0x100 => out.extend([major | 24, length as u8]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend((length as u16).to_be_bytes());
        }
        _ => {
            out.push(major | 26);
            out.extend((length as u32).to_be_bytes());
        }
    }
}
