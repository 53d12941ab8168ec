//! A log that ends before an erasure is erased again where it ends, whatever was going on there: with the words at
//! hand or without them it makes the same meeting, which has none of what was erased later.

use super::{Checked, require};
use crate::log::ModelLog;
use agenda::{
    event::{Commit, EditionAbandoned, Event, ItemErased, Position, Recorded, Timestamp},
    forum::SERVICE,
    id::{CommandId, Hash, ItemId, SessionId, StreamId, TextId, UserId},
    live::Room,
    meeting::{Erasure, Meta, Phase},
};
use std::collections::{BTreeMap, BTreeSet};

const REASON: &str = "Slettet igen";

/// What was erased of an item after the log ends.
type Later = BTreeMap<ItemId, (BTreeSet<TextId>, BTreeSet<Hash>)>;

pub fn check(empty: impl Fn() -> Room, log: &ModelLog) -> Checked {
    for end in ends(&log.durable) {
        let later = later(log.durable.get(end..).unwrap_or_default());
        let mut made = [&log.written, &log.durable].map(|all| {
            let room = erased_again(empty(), all.get(..end).unwrap_or_default(), &later);
            room.map_err(|why| format!("{why} when it is restored to {end}"))
        });
        let [Ok(with), Ok(without)] = &mut made else {
            return made.into_iter().try_for_each(|made| made.map(drop));
        };
        let same = with.meeting() == without.meeting() && with.texts() == without.texts();
        require(same, || format!("words are needed to restore it to {end}"))?;
        let erased = without.meeting().sequence > end as u64;
        let frozen = erased && without.meeting().phase == Phase::Frozen;
        require(!frozen, || format!("restored to {end}, it is frozen with words that nobody has"))?;
        let kept = later.keys().filter_map(|item| without.meeting().known_item(*item));
        let unsaid = kept.filter(|item| !item.erased.as_ref().is_some_and(is_again)).count();
        require(unsaid == 0, || {
            format!("restored to {end}, it does not say that {unsaid} items are erased")
        })?;
        let texts = later.values().flat_map(|(texts, _)| texts);
        let left = without.meeting().documents.keys().filter(|id| !without.meeting().is_erased(**id));
        let left: BTreeSet<TextId> = left.map(|id| (*id).into()).collect();
        let unread = texts.filter(|text| left.contains(text)).count();
        require(unread == 0, || format!("restored to {end}, it has {unread} texts that nobody can read"))?;
    }
    Ok(())
}

/// Before each erasure, and after each commit before it that makes the meeting one of which more is asked.
fn ends(log: &[Recorded]) -> BTreeSet<usize> {
    let has = |recorded: &Recorded, kind: fn(&Event) -> bool| recorded.commit.events.iter().any(kind);
    let erasure = |event: &Event| matches!(event, Event::ItemErased(_));
    let turn = |event: &Event| {
        matches!(event, Event::AgendaFrozen(_) | Event::CorrectionOpened(_) | Event::ItemHeld(_))
    };
    let last = log.iter().rposition(|recorded| has(recorded, erasure)).unwrap_or_default();
    let before = log.iter().take(last).enumerate().filter(|(_, recorded)| has(recorded, turn));
    let erasures = log.iter().enumerate().filter(|(_, recorded)| has(recorded, erasure));
    before.map(|(at, _)| at + 1).chain(erasures.flat_map(|(at, _)| [at, at / 2])).collect()
}

fn is_again(erasure: &Erasure) -> bool {
    erasure.reason == REASON
}

fn later(log: &[Recorded]) -> Later {
    let mut later = Later::new();
    for event in log.iter().flat_map(|recorded| &recorded.commit.events) {
        let Event::ItemErased(ItemErased { item, texts, files, .. }) = event else { continue };
        let of = later.entry(*item).or_default();
        of.0.extend(texts);
        of.1.extend(files);
    }
    later
}

/// What is opened is given up at last, so that what it began with is seen, too.
fn erased_again(mut room: Room, log: &[Recorded], later: &Later) -> Result<Room, String> {
    for recorded in log {
        room.replay(recorded).map_err(|error| error.to_string())?;
    }
    let mut id = 0u128;
    let mut fresh = || {
        id += 1;
        // Nobody else has ids that end so.
        (id << 16 | 0xe5a5).to_be_bytes()
    };
    for (texts, files) in later.values() {
        let meta = meta(&room)?;
        let events = room.meeting().erase_again(&meta, texts, files, REASON, &mut fresh)?;
        append(&mut room, meta, events)?;
    }
    let (phase, round) = (room.meeting().phase, room.meeting().round);
    if phase == Phase::Open && room.meeting().work.correction.is_some() {
        let meta = meta(&room)?;
        append(&mut room, meta, vec![EditionAbandoned { round, reason: String::new() }.into()])?;
    }
    Ok(room)
}

fn meta(room: &Room) -> Result<Meta, String> {
    let by = UserId::new(SERVICE).map_err(|error| error.to_string())?;
    Ok(Meta { at: Timestamp(i64::MAX), by, sequence: room.meeting().sequence + 1 })
}

fn append(room: &mut Room, meta: Meta, events: Vec<Event>) -> Checked {
    if events.is_empty() {
        return Ok(());
    }
    let commit = Commit {
        stream: StreamId::Meeting(room.meeting().id),
        sequence: meta.sequence,
        at: meta.at,
        by: meta.by,
        session: SessionId::from_bytes([0; 16]),
        command: CommandId::from_bytes(u128::from(meta.sequence).to_be_bytes()),
        events,
    };
    room.replay(&Recorded { position: Position(u64::MAX), commit }).map_err(|error| error.to_string())
}
