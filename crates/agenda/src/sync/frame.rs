//! automerge-repo protocol 1, to the client. A frame's body is encoded once; only the envelope
//! (`targetId`, which therefore comes last in the map) differs from peer to peer. Types of our
//! own begin with `agenda-` or are `peer-identity`; stock clients ignore them (SYNC.md 2.1).

use super::wire::Ephemeral;
use crate::{
    event::{RefusalReason, Timestamp},
    id::{DocumentId, Hash, UserId},
};

const TEXT: u8 = 3;
const BYTES: u8 = 2;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// A message for any number of peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    prefix: Vec<u8>,
}

impl Frame {
    /// The frame's bytes for the peer of that id.
    pub fn for_peer(&self, target_id: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.prefix.len() + target_id.len() + 16);
        out.extend_from_slice(&self.prefix);
        text(&mut out, "targetId");
        text(&mut out, target_id);
        out
    }

    /// Size without the target, in bytes; for queues that are bounded in bytes.
    pub fn body_bytes(&self) -> usize {
        self.prefix.len()
    }
}

/// Answers a join. `storage_id` makes clients report saved heads (SYNC.md 6.4).
pub fn peer(server_id: &str, storage_id: &str) -> Frame {
    let mut out = open("peer", server_id, 2);
    text(&mut out, "selectedProtocolVersion");
    text(&mut out, "1");
    text(&mut out, "peerMetadata");
    head(&mut out, MAP, 2);
    text(&mut out, "storageId");
    text(&mut out, storage_id);
    text(&mut out, "isEphemeral");
    out.push(0xf4);
    Frame { prefix: out }
}

/// Says why the socket is about to be closed; stock clients only log it.
pub fn error(server_id: &str, message: &str) -> Frame {
    let mut out = open("error", server_id, 1);
    text(&mut out, "message");
    text(&mut out, message);
    Frame { prefix: out }
}

/// Carries what [`super::message::Outgoing::encode`] made.
pub fn sync(server_id: &str, document: DocumentId, data: &[u8]) -> Frame {
    let mut out = for_document("sync", server_id, document, 1);
    out.reserve(data.len() + 48);
    text(&mut out, "data");
    bytes(&mut out, data);
    Frame { prefix: out }
}

/// The same answer for "does not exist" and "not for you". The id is given back as it came.
pub fn doc_unavailable(server_id: &str, document_id: &str) -> Frame {
    let mut out = open("doc-unavailable", server_id, 1);
    text(&mut out, "documentId");
    text(&mut out, document_id);
    Frame { prefix: out }
}

/// Passes presence on, in its author's name.
pub fn ephemeral(message: &Ephemeral<'_>) -> Frame {
    let mut out = open("ephemeral", message.sender_id, 4);
    text(&mut out, "documentId");
    text(&mut out, message.document_id);
    text(&mut out, "sessionId");
    text(&mut out, message.session_id);
    text(&mut out, "count");
    number(&mut out, message.count);
    text(&mut out, "data");
    bytes(&mut out, message.data);
    Frame { prefix: out }
}

/// `agenda-reject`: these changes were kept but not taken in. Hashes are hex, as Automerge
/// shows them; heads are bs58check, as automerge-repo shows them.
pub fn reject(
    server_id: &str,
    document: DocumentId,
    reason: RefusalReason,
    hashes: &[Hash],
    server_heads: &[Hash],
) -> Frame {
    let mut out = for_document("agenda-reject", server_id, document, 3);
    text(&mut out, "reason");
    text(&mut out, reason_name(reason));
    text(&mut out, "hashes");
    head(&mut out, ARRAY, hashes.len() as u64);
    hashes.iter().for_each(|hash| text(&mut out, &hash.to_string()));
    text(&mut out, "serverHeads");
    encoded_heads(&mut out, server_heads);
    Frame { prefix: out }
}

/// `agenda-frozen`: the text was fixed at these heads.
pub fn frozen(server_id: &str, document: DocumentId, heads: &[Hash], by: &str, at: Timestamp) -> Frame {
    let mut out = for_document("agenda-frozen", server_id, document, 3);
    text(&mut out, "heads");
    encoded_heads(&mut out, heads);
    text(&mut out, "by");
    text(&mut out, by);
    text(&mut out, "at");
    number(&mut out, at.0.unsigned_abs());
    Frame { prefix: out }
}

/// `agenda-moved`: a thaw gave the text a new document.
pub fn moved(server_id: &str, document: DocumentId, to: DocumentId) -> Frame {
    let mut out = for_document("agenda-moved", server_id, document, 1);
    text(&mut out, "to");
    text(&mut out, &to.to_string());
    Frame { prefix: out }
}

/// Who sits behind a peer id, as the server authenticated them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerIdentity<'a> {
    pub peer_id: &'a str,
    pub user: &'a UserId,
    pub name: &'a str,
    pub title: &'a str,
}

/// `peer-identity`: all peers that have the document open.
pub fn peer_identity(server_id: &str, document: DocumentId, peers: &[PeerIdentity<'_>]) -> Frame {
    let mut out = for_document("peer-identity", server_id, document, 1);
    text(&mut out, "peers");
    head(&mut out, MAP, peers.len() as u64);
    for peer in peers {
        text(&mut out, peer.peer_id);
        head(&mut out, MAP, 3);
        for (key, value) in [("user", peer.user.as_str()), ("name", peer.name), ("title", peer.title)] {
            text(&mut out, key);
            text(&mut out, value);
        }
    }
    Frame { prefix: out }
}

fn reason_name(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::Frozen => "frozen",
        RefusalReason::Forbidden => "forbidden",
        RefusalReason::BuildsOnRefused => "builds_on_refused",
        RefusalReason::Invalid => "invalid",
        RefusalReason::Settled => "settled",
    }
}

/// The head of a map with `type`, `senderId`, `more` entries, and `targetId`.
fn open(kind: &str, sender_id: &str, more: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    head(&mut out, MAP, more + 3);
    text(&mut out, "type");
    text(&mut out, kind);
    text(&mut out, "senderId");
    text(&mut out, sender_id);
    out
}

fn for_document(kind: &str, sender_id: &str, document: DocumentId, more: u64) -> Vec<u8> {
    let mut out = open(kind, sender_id, more + 1);
    text(&mut out, "documentId");
    text(&mut out, &document.to_string());
    out
}

fn encoded_heads(out: &mut Vec<u8>, heads: &[Hash]) {
    head(out, ARRAY, heads.len() as u64);
    heads.iter().for_each(|hash| text(out, &bs58::encode(hash.0).with_check().into_string()));
}

fn text(out: &mut Vec<u8>, value: &str) {
    head(out, TEXT, value.len() as u64);
    out.extend_from_slice(value.as_bytes());
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    head(out, BYTES, value.len() as u64);
    out.extend_from_slice(value);
}

/// Above 32 bits as a float: JavaScript would read an integer as a BigInt.
fn number(out: &mut Vec<u8>, value: u64) {
    if value > u64::from(u32::MAX) {
        out.push(0xfb);
        out.extend_from_slice(&(value as f64).to_be_bytes());
    } else {
        head(out, 0, value);
    }
}

fn head(out: &mut Vec<u8>, major: u8, value: u64) {
    let major = major << 5;
    match value {
        0..24 => out.push(major | value as u8),
        24..0x100 => out.extend_from_slice(&[major | 24, value as u8]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend_from_slice(&(value as u16).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend_from_slice(&(value as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&value.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::wire::{self, ClientMessage, DocumentMessage};
    use serde_json::{Value, json};

    const DOCUMENT: DocumentId = DocumentId::from_bytes([5; 16]);

    fn as_json(frame: &Frame) -> Value {
        minicbor_serde::from_slice(&frame.for_peer("p1")).unwrap()
    }

    #[test]
    fn sync_and_presence_survive_our_own_decoder() {
        for size in [1, 23, 24, 255, 256, 70_000] {
            let data = vec![9; size];
            let document_id = DOCUMENT.to_string();
            let bytes = sync("server", DOCUMENT, &data).for_peer("p1");
            let expected = DocumentMessage {
                sender_id: "server",
                target_id: "p1",
                document_id: &document_id,
                data: &data,
            };
            assert_eq!(wire::decode(&bytes), Ok(ClientMessage::Sync(expected)));
        }
        let presence = Ephemeral {
            sender_id: "p2",
            target_id: "p1",
            document_id: "d",
            session_id: "s",
            count: 1 << 40,
            data: &[1, 2, 3],
        };
        let bytes = ephemeral(&presence).for_peer("p1");
        assert_eq!(wire::decode(&bytes), Ok(ClientMessage::Ephemeral(presence)));
    }

    #[test]
    fn envelopes_are_what_clients_read() {
        let joined = json!({"type": "peer", "senderId": "server", "targetId": "p1", "selectedProtocolVersion": "1",
            "peerMetadata": {"storageId": "store", "isEphemeral": false}});
        assert_eq!(as_json(&peer("server", "store")), joined);
        assert_eq!(as_json(&error("server", "nej"))["message"], "nej");
        assert_eq!(as_json(&doc_unavailable("server", "x"))["documentId"], "x");
        assert_eq!(as_json(&moved("server", DOCUMENT, DOCUMENT))["to"], DOCUMENT.to_string());
        let heads = [Hash([1; 32])];
        let refused = as_json(&reject("server", DOCUMENT, RefusalReason::BuildsOnRefused, &heads, &heads));
        let reason = serde_json::to_value(RefusalReason::BuildsOnRefused).unwrap();
        assert_eq!((&refused["reason"], &refused["hashes"]), (&reason, &json!([heads[0].to_string()])));
        let by = UserId::new("anna").unwrap();
        let cut = as_json(&frozen("server", DOCUMENT, &heads, by.as_str(), Timestamp(1_781_000_000_000)));
        assert_eq!((&cut["at"], &cut["by"]), (&json!(1_781_000_000_000.0), &json!("anna")));
        assert_eq!(cut["heads"][0], bs58::encode([1; 32]).with_check().into_string());
        let who = [PeerIdentity { peer_id: "p2", user: &by, name: "Anna", title: "Chef" }];
        let peers = as_json(&peer_identity("server", DOCUMENT, &who));
        assert_eq!(peers["peers"]["p2"], json!({"user": "anna", "name": "Anna", "title": "Chef"}));
    }
}
