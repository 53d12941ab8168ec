//! The end of a meeting's simulation: everybody comes back, the network drains, and then all
//! that must hold when it is quiet is checked.

use crate::{
    check::{Checked, converged, fates::Fates, frozen, moved, past, replay, require, restored, suggestions},
    simulation::{MEETING, Simulation, empty_room},
};
use agenda::meeting::Access;

/// Rounds (everything delivered both ways once) within which all must be quiet.
const MAX_ROUNDS: usize = 16;
/// Rounds in which nobody may say a word any more.
const IDLE_ROUNDS: usize = 4;

pub fn settle(s: &mut Simulation) -> Checked {
    s.note("all come back".into());
    let mut rounds = 0;
    while round(s)? {
        rounds += 1;
        require(rounds < MAX_ROUNDS, || format!("not quiet after {MAX_ROUNDS} rounds: a storm"))?;
    }
    for _ in 0..IDLE_ROUNDS {
        require(!round(s)?, || "somebody spoke although all were idle".into())?;
    }
    check(s)
}

/// Delivers everything once; whether anything moved.
fn round(s: &mut Simulation) -> Result<bool, String> {
    let before = (s.frames, s.log.durable.len());
    s.now += 1_000;
    for index in 0..s.replicas.len() {
        let replica = &s.replicas[index];
        match (replica.hostile, replica.link.is_some()) {
            (true, true) => s.drop_link(index),
            (false, false) if s.access(&replica.user, replica.document) != Access::None => {
                s.connect(index)?
            }
            _ => {}
        }
    }
    while !s.hangups.is_empty() {
        s.hang_up()?;
    }
    for index in 0..s.replicas.len() {
        s.replicas[index].speak();
        while s.replicas[index].link.as_ref().is_some_and(|link| !link.up.is_empty()) {
            s.deliver_up(index)?;
        }
    }
    while let Some(input) = s.calls.arrive() {
        s.input(input)?;
    }
    s.flush()?;
    s.complete_all()?;
    for index in 0..s.replicas.len() {
        while s.replicas[index].link.as_ref().is_some_and(|link| !link.down.is_empty()) {
            s.deliver_down(index)?;
        }
    }
    let answers = s.replicas.iter().filter_map(|r| r.link.as_ref()).any(|link| !link.up.is_empty());
    Ok(answers || before != (s.frames, s.log.durable.len()) || !s.calls.is_quiet())
}

fn check(s: &mut Simulation) -> Checked {
    s.snapshot()?;
    let fates = Fates::of(&s.log.written)?;
    for index in 0..s.replicas.len() {
        let replica = &s.replicas[index];
        let open = replica.link.is_some() && s.erased.has(replica.document);
        require(!open, || format!("{} still has an erased text open", replica.user))?;
        if replica.hostile || s.access(&replica.user, replica.document) == Access::None {
            continue;
        }
        fates.check(replica)?;
        converged::check(&mut s.room, replica, &fates)?;
    }
    s.calls.check(&s.log.durable)?;
    suggestions::check(&s.log.written, &mut s.room)?;
    frozen::check(MEETING, &s.log.written, &mut s.room)?;
    let empty = || empty_room(MEETING, &s.forum);
    moved::check(empty(), &s.log.written, &mut s.elsewhere)?;
    replay::check(empty, &s.log, &s.snapshots)?;
    s.erased.check(MEETING, &s.log, &mut s.room, empty())?;
    restored::check(empty, &s.log)?;
    past::check(MEETING, empty(), &s.log.durable, &mut s.room)
}
