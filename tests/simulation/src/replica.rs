//! One client's copy of one document, kept in step as automerge-repo's `DocSynchronizer`
//! does it: of the sync state only the shared heads survive a reconnect.

use crate::{
    edit,
    frames::{self, ServerFrame},
    random::Random,
};
use agenda::{
    document,
    id::{DocumentId, Hash, UserId},
    live::{CloseCode, PeerKey},
};
use automerge::{
    ActorId, Automerge,
    sync::{Message, State, SyncDoc},
};
use std::collections::{BTreeSet, VecDeque};

/// One socket: what is on its way in each direction, in order.
#[derive(Debug)]
pub struct Link {
    pub key: PeerKey,
    pub up: VecDeque<Vec<u8>>,
    pub down: VecDeque<Down>,
    welcomed: bool,
}

#[derive(Debug)]
pub enum Down {
    Frame(Vec<u8>),
    Close(CloseCode),
}

pub struct Replica {
    pub user: UserId,
    pub document: DocumentId,
    pub peer_id: String,
    pub hostile: bool,
    pub copy: Automerge,
    state: State,
    pub link: Option<Link>,
    /// Changes made here.
    pub made: Vec<Hash>,
    /// Changes that the server said it refused.
    pub told: BTreeSet<Hash>,
    /// The server said that the text is fixed.
    pub frozen: bool,
    /// The thawed text's document.
    pub moved: Option<DocumentId>,
    /// Sockets opened so far, and the times the server refused one for good.
    pub shut_out: bool,
    count: u32,
}

impl Replica {
    pub fn new(user: &UserId, document: DocumentId, hostile: bool, random: &mut Random) -> Self {
        Self {
            user: user.clone(),
            document,
            peer_id: format!("peer-{:x}", random.next()),
            hostile,
            copy: document::empty().with_actor(ActorId::from(random.bytes())),
            state: State::new(),
            link: None,
            made: Vec::new(),
            told: BTreeSet::new(),
            frozen: false,
            moved: None,
            shut_out: false,
            count: 0,
        }
    }

    /// The socket is open: join, and wait for the server's `peer`.
    pub fn open(&mut self, key: PeerKey) {
        let up = VecDeque::from([frames::join(&self.peer_id)]);
        self.link = Some(Link { key, up, down: VecDeque::new(), welcomed: false });
    }

    pub fn is_empty(&self) -> bool {
        self.copy.get_heads().is_empty()
    }

    /// Ascending.
    pub fn heads(&self) -> Vec<Hash> {
        document::heads(&self.copy)
    }

    /// Every change that the copy has.
    pub fn changes(&self) -> BTreeSet<Hash> {
        self.copy.get_changes(&[]).iter().map(|change| Hash(change.hash().0)).collect()
    }

    pub fn edit(&mut self, random: &mut Random, now: i64) -> bool {
        let hash = edit::edit(&mut self.copy, random, now);
        self.made.extend(hash);
        hash.is_some()
    }

    /// Sends what there is to say, as the throttled loop of the stock client does.
    pub fn speak(&mut self) -> bool {
        let Some(link) = self.link.as_mut().filter(|link| link.welcomed) else { return false };
        let Some(message) = self.copy.generate_sync_message(&mut self.state) else { return false };
        let kind = if self.copy.get_heads().is_empty() { "request" } else { "sync" };
        let id = self.document.to_string();
        link.up.push_back(frames::document(kind, &self.peer_id, &id, &message.encode()));
        true
    }

    pub fn show_presence(&mut self, payload: &[u8]) -> bool {
        let Some(link) = self.link.as_mut().filter(|link| link.welcomed) else { return false };
        self.count += 1;
        let id = self.document.to_string();
        link.up.push_back(frames::ephemeral(&self.peer_id, &id, &self.peer_id, self.count, payload));
        true
    }

    /// Takes the next frame off the socket.
    pub fn receive(&mut self, random: &mut Random) -> Result<(), String> {
        let Some(link) = &mut self.link else { return Ok(()) };
        let frame = match link.down.pop_front() {
            None => return Ok(()),
            Some(Down::Close(code)) => {
                self.closed(code, random);
                return Ok(());
            }
            Some(Down::Frame(bytes)) => ServerFrame::decode(&bytes)?,
        };
        if frame.target_id != self.peer_id {
            return Err(format!("{} got a frame for {}", self.peer_id, frame.target_id));
        }
        match frame.r#type.as_str() {
            "peer" => {
                link.welcomed = true;
                // What the stock client keeps of the state.
                self.state = State::decode(&self.state.encode()).map_err(|e| e.to_string())?;
                self.speak();
            }
            "sync" => {
                let message = Message::decode(frame.data()).map_err(|e| format!("unreadable sync: {e}"))?;
                let taken = self.copy.receive_sync_message(&mut self.state, message);
                // Who forged changes of its own actor cannot take them back in.
                if let Err(error) = taken
                    && !self.hostile
                {
                    return Err(format!("automerge does not take the server's message: {error}"));
                }
                self.speak();
            }
            "agenda-reject" => {
                for hash in frame.hashes.iter().flatten() {
                    self.told.insert(hash.parse().map_err(|_| "agenda-reject with a bad hash")?);
                }
            }
            "agenda-frozen" => self.frozen = true,
            "agenda-moved" => {
                let to = frame.to.as_deref().and_then(|to| to.parse().ok());
                self.moved = Some(to.ok_or("agenda-moved with a bad document")?);
            }
            "ephemeral" | "peer-identity" | "doc-unavailable" | "error" => {}
            other => return Err(format!("unknown frame type {other}")),
        }
        Ok(())
    }

    fn closed(&mut self, code: CloseCode, random: &mut Random) {
        self.link = None;
        if self.hostile {
            // Starts over from what the server has, to be believed again.
            self.copy = document::empty().with_actor(ActorId::from(random.bytes()));
            self.state = State::new();
        }
        match code {
            CloseCode::NotFound => self.shut_out = true,
            // Somebody else took the name: a reload of the page brings another one.
            CloseCode::Forbidden => self.peer_id = format!("peer-{:x}", random.next()),
            CloseCode::Violation | CloseCode::Reconnect | CloseCode::TooMany => {}
        }
    }
}
