//! A client that keeps the protocol is never closed for what another one did: only because
//! its own rights ended, the text was erased, it was replaced by itself, or somebody took its name first.

use super::{Checked, require};
use crate::replica::Replica;
use agenda::live::{Close, CloseCode};

/// `lost_rights`: whether the person was ever without access; the news of it may come late.
pub fn check(replica: &Replica, lost_rights: bool, close: &Close) -> Checked {
    let fair = replica.hostile
        || match close.code {
            CloseCode::Forbidden => lost_rights || close.reason.contains("belongs to somebody else"),
            CloseCode::NotFound => lost_rights,
            CloseCode::Reconnect => true,
            CloseCode::Violation | CloseCode::TooMany => false,
        };
    require(fair, || format!("the socket of {} ({}) was closed: {close:?}", replica.user, replica.peer_id))
}
