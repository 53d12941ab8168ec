//! Frames that no honest client sends, made by a member who may write and knows the protocol.

use crate::{check::presence::MARK, edit, frames, random::Random, replica::Replica};
use agenda::{
    document::server_actor,
    id::{Hash, UserId},
    sync::message::Outgoing,
};
use automerge::{ActorId, Automerge, Change};
use sha2::{Digest, Sha256};

/// One wicked thing to send on the socket that the replica has open; several frames in order.
pub fn frames(
    replica: &mut Replica,
    others: &[UserId],
    peers: &[String],
    random: &mut Random,
) -> Vec<Vec<u8>> {
    let own = replica.peer_id.clone();
    let id = replica.document.to_string();
    let sync = |data: &[u8]| frames::document("sync", &own, &id, data);
    match random.weighted(&[1, 2, 8, 8, 1, 1, 1, 3, 2, 1, 1, 1, 1, 5]) {
        0 => vec![(0..random.below(40)).map(|_| random.next() as u8).collect()],
        1 => vec![flip(sync(&with_changes(replica, &[written(replica, None, random)])), random)],
        2 => vec![sync(&with_changes(replica, &[foreign(replica, random)]))],
        3 => {
            // Most likely the secretary's, who writes most commands.
            let others = if random.percent(50) { &others[..1] } else { others };
            let user = random.pick(others).cloned().unwrap_or_else(|| replica.user.clone());
            let actor = server_actor(replica.document, &user);
            vec![sync(&with_changes(replica, &[written(replica, Some(actor), random)]))]
        }
        4 => {
            let data = with_changes(replica, &[]);
            vec![frames::document("sync", peers.first().map_or("x", String::as_str), &id, &data)]
        }
        5 => {
            let somebody = random.pick(peers).cloned().unwrap_or_else(|| "x".into());
            vec![frames::ephemeral(&somebody, &id, "s", 9, MARK)]
        }
        6 => vec![sync(&with_changes(replica, &[replica.copy.save()]))],
        7 => {
            let (first, second) = pair(replica, random);
            vec![sync(&with_changes(replica, &[second])), sync(&with_changes(replica, &[first]))]
        }
        8 => vec![sync(&with_changes(replica, &[pair(replica, random).1]))],
        9 => {
            vec![frames::document("sync", &own, "4NMNnkMhL8jXrdJ9jamS58PAVdXu", &with_changes(replica, &[]))]
        }
        10 => vec![frames::leave(&own), sync(&with_changes(replica, &[written(replica, None, random)]))],
        11 => vec![frames::join(random.pick(peers).map_or("x", String::as_str))],
        12 => vec![sync(&[0x42, 0, 0, 1, 0, 3, 1, 0, 7, 0])],
        _ => vec![sync(&with_changes(replica, &[mutated(&written(replica, None, random), random)]))],
    }
}

/// A sync message with these chunks, by the server's own encoder.
fn with_changes(replica: &Replica, chunks: &[Vec<u8>]) -> Vec<u8> {
    let heads: Vec<Hash> = replica.heads();
    let changes: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
    Outgoing { heads: &heads, need: &[], changes: &changes, read_only: false }.encode()
}

/// A sound change on a copy that is thrown away; by a fresh actor unless one is given.
fn written(replica: &Replica, actor: Option<Vec<u8>>, random: &mut Random) -> Vec<u8> {
    let mut copy = replica.copy.clone();
    copy.set_actor(ActorId::from(actor.unwrap_or_else(|| random.bytes().to_vec())));
    last(&mut copy, random)
}

fn last(copy: &mut Automerge, random: &mut Random) -> Vec<u8> {
    for _ in 0..8 {
        if edit::edit(copy, random, 0).is_some() {
            break;
        }
    }
    copy.get_last_local_change().map_or_else(Vec::new, |change: Change| change.raw_bytes().to_vec())
}

/// A change by an actor that somebody else wrote under.
fn foreign(replica: &Replica, random: &mut Random) -> Vec<u8> {
    let changes = replica.copy.get_changes(&[]);
    let others = changes.iter().map(|change| change.actor_id()).filter(|a| *a != replica.copy.get_actor());
    let actors: Vec<Vec<u8>> = others.map(|actor| actor.to_bytes().to_vec()).collect();
    let actor = random.pick(&actors).cloned();
    written(replica, actor, random)
}

/// Two changes of which the second builds on the first.
fn pair(replica: &Replica, random: &mut Random) -> (Vec<u8>, Vec<u8>) {
    let mut copy = replica.copy.clone();
    copy.set_actor(ActorId::from(random.bytes()));
    (last(&mut copy, random), last(&mut copy, random))
}

fn flip(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << random.below(8);
        }
    }
    bytes
}

/// Flipped bits in a change's body, under a checksum that fits.
fn mutated(change: &[u8], random: &mut Random) -> Vec<u8> {
    if change.len() < 12 {
        return change.to_vec();
    }
    let body = flip(change[10..].to_vec(), random);
    let mut out = [&change[..10], &body].concat();
    let digest = Sha256::digest(&out[8..]);
    out[4..8].copy_from_slice(&digest[..4]);
    out
}
