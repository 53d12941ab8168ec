//! A client that keeps the protocol is never closed for what another one did: only because
//! its own rights ended, it was replaced by itself, or somebody took its name first.

use super::{Checked, require};
use crate::replica::Replica;
use agenda::{
    live::{Close, CloseCode},
    meeting::Access,
};

pub fn check(replica: &Replica, access: Access, close: &Close) -> Checked {
    let fair = replica.hostile
        || match close.code {
            CloseCode::Forbidden => {
                access == Access::None || close.reason.contains("belongs to somebody else")
            }
            CloseCode::NotFound => access == Access::None,
            CloseCode::Reconnect => true,
            CloseCode::Violation | CloseCode::TooMany => false,
        };
    require(fair, || format!("the socket of {} ({}) was closed: {close:?}", replica.user, replica.peer_id))
}
