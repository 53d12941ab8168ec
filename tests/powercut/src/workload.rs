//! What the writer writes. Each commit follows from the seed, the stream and the sequence, so
//! the checker knows what must be there without being told. Now and then one erases what was written
//! right before it, or a while ago.

use crate::disk::mix;
use agenda::event::{ChangesRecorded, Commit, Event, ItemErased, Timestamp};
use agenda::id::{BadId, Bytes, CommandId, DocumentId, ItemId, MeetingId, SessionId, StreamId, UserId};

/// Streams, each written by a task of its own.
pub const STREAMS: u8 = 6;

/// Commits that a task has in flight.
pub const IN_FLIGHT: usize = 8;

/// Commits of a stream that write in the same texts; the last of them may erase.
const PART: u64 = 24;

/// Texts that a part writes in, in turn.
const TEXTS: u64 = 2;

pub fn stream(number: u8) -> StreamId {
    StreamId::Meeting(MeetingId::from_bytes([number; 16]))
}

fn part(sequence: u64) -> u64 {
    (sequence - 1) / PART
}

/// The part whose words this commit erases: of four parts the first at its end, the second when the third ends.
fn erases(sequence: u64) -> Option<u64> {
    let part = part(sequence);
    match (sequence % PART, part % 4) {
        (0, 0) => Some(part),
        (0, 2) => Some(part - 1),
        _ => None,
    }
}

/// The sequence of the commit that erases the words of this one; none if none does.
pub fn erased_by(sequence: u64) -> Option<u64> {
    let part = part(sequence);
    match part % 4 {
        _ if erases(sequence).is_some() => None,
        0 => Some((part + 1) * PART),
        1 => Some((part + 2) * PART),
        _ => None,
    }
}

fn id(number: u8, part: u64, text: u64) -> [u8; 16] {
    let mut id = [number; 16];
    id[..8].copy_from_slice(&part.to_be_bytes());
    id[8] = text as u8;
    id
}

/// The commit with this sequence in stream `number`.
pub fn commit(seed: u64, number: u8, sequence: u64) -> Result<Commit, BadId> {
    let mut command = [number; 16];
    command[..8].copy_from_slice(&sequence.to_be_bytes());
    Ok(Commit {
        stream: stream(number),
        sequence,
        at: Timestamp(sequence as i64),
        by: UserId::new(format!("writer {number}"))?,
        session: SessionId::from_bytes([number; 16]),
        command: CommandId::from_bytes(command),
        events: vec![erases(sequence).map_or_else(|| write(seed, number, sequence), |p| erase(number, p))],
    })
}

fn write(seed: u64, number: u8, sequence: u64) -> Event {
    let random = mix(seed ^ mix(u64::from(number) << 48 ^ sequence));
    let document = DocumentId::from_bytes(id(number, part(sequence), sequence % TEXTS));
    let change = Bytes(bytes(random, size(random)));
    ChangesRecorded { document, changes: vec![change], source: None }.into()
}

fn erase(number: u8, part: u64) -> Event {
    let item = ItemId::from_bytes(id(number, part, TEXTS));
    let texts = (0..TEXTS).map(|text| DocumentId::from_bytes(id(number, part, text)).into());
    let reason = "Efter anmodning".to_owned();
    ItemErased { item, reason, texts: texts.collect(), files: vec![], documents: vec![] }.into()
}

/// The commit as the log shows it when its words are gone.
pub fn without_words(mut commit: Commit) -> Commit {
    for event in &mut commit.events {
        if let Event::ChangesRecorded(e) = event {
            e.changes.clear();
        }
    }
    commit
}

/// Mostly a few hundred bytes, now and then many parts of 4 KiB.
fn size(random: u64) -> usize {
    let spread = (random >> 32) as usize;
    match random % 500 {
        0 => spread % 300_000,
        1..20 => spread % 20_000,
        _ => spread % 600,
    }
}

fn bytes(seed: u64, length: usize) -> Vec<u8> {
    (0..length.div_ceil(8) as u64).flat_map(|i| mix(seed ^ i).to_be_bytes()).take(length).collect()
}
