//! What the writer writes. Each commit follows from the seed, the stream and the sequence, so
//! the checker knows what must be there without being told.

use crate::disk::mix;
use agenda::event::{ChangesRecorded, Commit, Event, Timestamp};
use agenda::id::{BadId, Bytes, CommandId, DocumentId, MeetingId, SessionId, StreamId, UserId};

/// Streams, each written by a task of its own.
pub const STREAMS: u8 = 6;

/// Commits that a task has in flight.
pub const IN_FLIGHT: usize = 8;

pub fn stream(number: u8) -> StreamId {
    StreamId::Meeting(MeetingId::from_bytes([number; 16]))
}

/// The commit with this sequence in stream `number`.
pub fn commit(seed: u64, number: u8, sequence: u64) -> Result<Commit, BadId> {
    let random = mix(seed ^ mix(u64::from(number) << 48 ^ sequence));
    let document = DocumentId::from_bytes([number; 16]);
    let change = Bytes(bytes(random, size(random)));
    let event = ChangesRecorded { document, changes: vec![change], source: None };
    let mut command = [number; 16];
    command[..8].copy_from_slice(&sequence.to_be_bytes());
    Ok(Commit {
        stream: stream(number),
        sequence,
        at: Timestamp(sequence as i64),
        by: UserId::new(format!("writer {number}"))?,
        session: SessionId::from_bytes([number; 16]),
        command: CommandId::from_bytes(command),
        events: vec![Event::from(event)],
    })
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
