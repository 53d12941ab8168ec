//! Who is here: joining, leaving, and presence frames that are passed on and never recorded.

use super::{CloseCode, Effect, PeerKey, Room, World};
use crate::{
    id::DocumentId,
    sync::{
        frame::{self, Frame, PeerIdentity},
        wire::Ephemeral,
    },
};

impl Room {
    pub(super) fn join(&mut self, key: PeerKey, peer_id: &str, speaks_version_1: bool) {
        let Some(peer) = self.peers.get(&key) else { return };
        let (document, user) = (peer.document, peer.user.clone());
        if !speaks_version_1 {
            let error = frame::error(&self.names.peer_id, "unsupported protocol version");
            self.outbox.hold(Effect::Send { peer: key, frame: error.for_peer(peer_id) });
            return self.close(key, CloseCode::Violation, "unsupported protocol version");
        }
        if peer.peer_id.as_deref().is_some_and(|own| own != peer_id) {
            return self.close(key, CloseCode::Violation, "already joined under another senderId");
        }
        let same = |other: &&super::peer::Peer| {
            other.document == document && other.peer_id.as_deref() == Some(peer_id)
        };
        let holder = self.peers.iter().find(|(k, other)| **k != key && same(other));
        match holder.map(|(k, other)| (*k, other.user.clone())) {
            Some((_, owner)) if owner != user => {
                return self.close(key, CloseCode::Forbidden, "that senderId belongs to somebody else here");
            }
            // The same client came back before its old socket was found dead.
            Some((old, _)) => self.close(old, CloseCode::Reconnect, "replaced by a newer connection"),
            None => {}
        }
        if let Some(peer) = self.peers.get_mut(&key) {
            peer.peer_id = Some(peer_id.to_owned());
        }
        let welcome = frame::peer(&self.names.peer_id, &self.names.storage_id).for_peer(peer_id);
        self.outbox.hold(Effect::Send { peer: key, frame: welcome });
        self.announce(document);
    }

    /// Tells everyone who has the document open who they are.
    fn announce(&mut self, document: DocumentId) {
        let peers: Vec<PeerIdentity<'_>> = self
            .peers
            .values()
            .filter(|peer| peer.document == document)
            .filter_map(|peer| {
                let member = self.forum.members.get(&peer.user);
                Some(PeerIdentity {
                    peer_id: peer.peer_id.as_deref()?,
                    user: &peer.user,
                    name: member.map_or(peer.user.as_str(), |member| &member.name),
                    title: member.map_or("", |member| &member.title),
                })
            })
            .collect();
        let frame = frame::peer_identity(&self.names.peer_id, document, &peers);
        self.send_to_all(document, &frame);
    }

    pub(super) fn leave(&mut self, key: PeerKey) {
        if let Some(peer) = self.peers.remove(&key)
            && peer.peer_id.is_some()
        {
            self.announce(peer.document);
        }
    }

    /// Holds a frame for every joined socket of a document.
    pub(super) fn send_to_all(&mut self, document: DocumentId, frame: &Frame) {
        for (key, peer) in &self.peers {
            if peer.document == document
                && let Some(peer_id) = &peer.peer_id
            {
                self.outbox.hold(Effect::Send { peer: *key, frame: frame.for_peer(peer_id) });
            }
        }
    }

    /// Passes presence on to the others. It may be dropped: it never carries text.
    pub(super) fn presence(&mut self, world: &World<'_>, key: PeerKey, message: &Ephemeral<'_>) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        let document = peer.document;
        let stale = peer
            .presence_count
            .as_ref()
            .is_some_and(|(session, count)| session == message.session_id && message.count <= *count);
        if stale || message.document_id != document.to_string() || !peer.may_show_presence(world.now) {
            return;
        }
        peer.presence_count = Some((message.session_id.to_owned(), message.count));
        let frame = frame::ephemeral(message);
        for (other, peer) in &self.peers {
            if *other != key
                && peer.document == document
                && let Some(peer_id) = &peer.peer_id
            {
                self.outbox.now(Effect::Send { peer: *other, frame: frame.for_peer(peer_id) });
            }
        }
    }
}
