//! Any plan of appends, retries and restarts, against the simplest log there could be: a list.

use super::{Harness, commit, everything, stream, whole_stream};
use crate::{AppendError, EventLog};
use agenda::event::{Commit, Position, Recorded};
use agenda::id::CommandId;

const STREAMS: u8 = 3;

/// Carries out a plan, four bytes to a step: what, stream, command, and how far the sequence
/// is off. Panics where the log does not do as the list does.
pub fn run<H: Harness>(mut harness: H, plan: &[[u8; 4]]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut list = Vec::new();
        let mut log = harness.open();
        for [what, place, command, off] in plan {
            match what % 8 {
                0 => {
                    log.shutdown().await.expect("a shutdown");
                    drop(log);
                    log = harness.open();
                }
                1 => compare(&log, &list).await,
                _ => {
                    let commit = step(&list, place % STREAMS, command % 32, *off);
                    let expected = append(&mut list, commit.clone());
                    let answer = log.append(commit).await.map(|a| (a.position, a.sequence, a.duplicate));
                    assert_eq!(answer, expected);
                }
            }
        }
        compare(&log, &list).await;
        log.shutdown().await.expect("a shutdown");
    });
}

/// The body follows from the low bits of the command, so some commands meet another content.
fn step(list: &[Recorded], place: u8, command: u8, off: u8) -> Commit {
    let head = list.iter().filter(|r| r.commit.stream == stream(place)).count() as u64;
    let sequence = head + if off < 200 { 1 } else { u64::from(off % 3) };
    Commit {
        command: CommandId::from_bytes([command; 16]),
        ..commit(stream(place), sequence, &[u8::from(off.is_multiple_of(16))])
    }
}

fn append(list: &mut Vec<Recorded>, commit: Commit) -> Result<(Position, u64, bool), AppendError> {
    let mut mine = list.iter().filter(|r| r.commit.stream == commit.stream);
    let head = mine.clone().count() as u64;
    if let Some(before) = mine.find(|r| r.commit.command == commit.command) {
        return if before.commit.events == commit.events {
            Ok((before.position, before.commit.sequence, true))
        } else {
            Err(AppendError::CommandReused { position: before.position })
        };
    }
    if commit.sequence != head + 1 {
        return Err(AppendError::Conflict { head });
    }
    let position = Position(list.len() as u64 + 1);
    list.push(Recorded { position, commit });
    Ok((position, head + 1, false))
}

async fn compare(log: &impl EventLog, list: &[Recorded]) {
    assert_eq!(everything(log).await, list);
    for place in 0..STREAMS {
        let mine: Vec<Recorded> = list.iter().filter(|r| r.commit.stream == stream(place)).cloned().collect();
        assert_eq!(log.head_of(stream(place)).sequence, mine.len() as u64);
        assert_eq!(whole_stream(log, stream(place)).await, mine);
    }
}
