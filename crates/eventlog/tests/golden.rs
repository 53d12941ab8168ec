//! The bytes of a stored commit and its hashes, as they were when they were fixed. If this fails,
//! logs that exist can no longer be read or proven: give the envelope a new version and a file
//! of its own in `golden/`; never change one. The events have theirs in `crates/agenda/tests`.

#![allow(clippy::unwrap_used, reason = "a test")]

use agenda::event::*;
use agenda::id::*;
use eventlog::{chain, codec, keys::TextKeys};
use std::fmt::Write;

const PLAIN: &str = include_str!("golden/commit-v1.hex");
const SEALED: &str = include_str!("golden/commit-v2.hex");

#[test]
fn a_stored_commit_never_changes() {
    let known = TextKeys::known(&[(document(3).into(), [7; 32])]);
    for (keys, golden) in [(TextKeys::plain(), PLAIN), (known, SEALED)] {
        let bytes = codec::encode(&commit(), &Hash([0xab; 32]), &keys).unwrap();
        assert_eq!(hex(&bytes), golden.trim(), "the stored form has changed");
        let envelope = codec::decode(&bytes, &keys).unwrap();
        assert_eq!((envelope.previous, envelope.commit), (Hash([0xab; 32]), commit()));
    }
}

/// Computed by another program, `sha256sum`, from the definition.
#[test]
fn hashes_never_change() {
    let leaf = chain::leaf(b"dagsorden");
    let link = chain::link(&chain::ORIGIN, &leaf);
    let expected = [
        "07903eaa7049bad8ac707c7ee89db6ffbcb7a28399c3b305cf71e6357edfc62e",
        "6990626847ec31147c50df48bdbc5b9143521747db984012aa09b0fac84ff3da",
    ];
    assert_eq!([leaf.to_string(), link.to_string()], expected);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn commit() -> Commit {
    Commit {
        stream: StreamId::Meeting(MeetingId::from_bytes(*b"a meeting's id  ")),
        sequence: 70_000,
        at: Timestamp(1_750_143_600_123),
        by: UserId::new("søren@by.dk").unwrap(),
        session: SessionId::from_bytes([5; 16]),
        command: CommandId::from_bytes([6; 16]),
        events: text_events(),
    }
}

fn user() -> UserId {
    UserId::new("åse").unwrap()
}

fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

fn text_events() -> Vec<Event> {
    vec![
        ActorBound { document: document(3), actor: Bytes(vec![9; 16]), user: user() }.into(),
        ChangesRecorded {
            document: document(3),
            changes: vec![Bytes(vec![0x85, 0x6f]), Bytes(vec![])],
            source: None,
        }
        .into(),
        EditRefused {
            document: document(3),
            hash: Hash([4; 32]),
            reason: RefusalReason::BuildsOnRefused,
            change: Bytes(vec![1; 3]),
        }
        .into(),
    ]
}
