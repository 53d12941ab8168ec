//! The bytes of a stored commit and of every kind of event, as they were when each was fixed.
//! If this fails, logs that exist can no longer be read or proven: give the event or the
//! envelope a new version and add a line to `golden/`; never change one.

#![allow(clippy::unwrap_used, reason = "a test")]

use agenda::event::*;
use agenda::id::*;
use eventlog::{chain, codec};
use std::fmt::Write;

const COMMIT: &str = include_str!("golden/commit-v1.hex");
/// Kind, version and body, a line to each.
const EVENTS: &str = include_str!("golden/events.txt");

#[test]
fn a_stored_commit_never_changes() {
    let commit = commit();
    let bytes = codec::encode(&commit, &Hash([0xab; 32])).unwrap();
    assert_eq!(hex(&bytes), COMMIT.trim(), "the stored form has changed");
    let envelope = codec::decode(&bytes).unwrap();
    assert_eq!((envelope.previous, envelope.commit), (Hash([0xab; 32]), commit));
}

#[test]
fn a_stored_event_never_changes() {
    let events = [
        forum_events(),
        agenda_events(),
        attachment_events(),
        text_events(),
        suggestion_events(),
        comment_events(),
        freeze_events(),
        edition_events(),
    ]
    .concat();
    for (kind, version) in Event::KINDS {
        let line = EVENTS.lines().find_map(|line| line.strip_prefix(&format!("{kind} {version} ")));
        let event = events.iter().find(|event| event.kind() == (*kind, *version));
        let event = event.unwrap_or_else(|| panic!("an example of {kind} is missing here"));
        let body = event.encode().unwrap();
        assert_eq!(Some(hex(&body).as_str()), line, "{kind} {version}");
        assert_eq!(Event::decode(kind, *version, &body).as_ref(), Ok(event));
    }
}

/// Old versions too are read for ever.
#[test]
fn every_stored_event_is_readable() {
    for line in EVENTS.lines() {
        let [kind, version, body] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let digits: Vec<char> = body.chars().collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
        let body: Vec<u8> = digits.chunks(2).map(byte).collect();
        Event::decode(kind, version.parse().unwrap(), &body).unwrap();
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

fn item() -> ItemId {
    ItemId::from_bytes([1; 16])
}

fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

fn source() -> Option<Source> {
    Some(Source { file: "dagsorden.md".into(), line: 12 })
}

fn section() -> TemplateSection {
    TemplateSection {
        key: "indstilling".into(),
        heading: "Indstilling".into(),
        guidance: "Hvad skal besluttes?".into(),
    }
}

fn forum_events() -> Vec<Event> {
    let roles = vec![
        Role::Secretariat,
        Role::Director,
        Role::HeadOfDepartment,
        Role::Coordinator,
        Role::Author,
        Role::Reader,
    ];
    vec![
        ForumFounded { name: "Chefforum".into(), template: vec![section()] }.into(),
        MemberAdded { user: user(), name: "Åse Ø".into(), title: "Chef for Plan & Byg".into(), roles }.into(),
        MemberRoleChanged { user: user(), title: String::new(), roles: vec![Role::Reader] }.into(),
        MemberRemoved { user: user() }.into(),
        TemplateChanged { template: vec![section()] }.into(),
    ]
}

fn agenda_events() -> Vec<Event> {
    let date = "2026-06-17".parse().unwrap();
    let time = "09:30:00".parse().unwrap();
    let forum = ForumId::from_bytes([2; 16]);
    let documents = ItemDocuments { case: document(3), planning: document(4), decision: document(5) };
    let participant = Participant { name: "Bo".into(), roles: vec!["mødeleder".into(), "referent".into()] };
    let attachment = AttachmentId::from_bytes([8; 16]);
    vec![
        MeetingScheduled {
            forum,
            forum_name: "Chefforum".into(),
            template: vec![section()],
            date,
            time,
            place: "Lokale 1".into(),
            source: source(),
        }
        .into(),
        MeetingDetailsChanged { date, time, place: "Lokale 2".into() }.into(),
        ParticipantsChanged { participants: vec![participant] }.into(),
        ItemAdded {
            item: item(),
            title: "Budget".into(),
            journal_number: Some("00.30.00-S00-1-26".into()),
            minutes: Some(300),
            item_type: None,
            documents,
            source: None,
        }
        .into(),
        ItemDetailsChanged {
            item: item(),
            title: "Budget II".into(),
            journal_number: None,
            minutes: None,
            item_type: None,
        }
        .into(),
        ItemReordered { item: item(), index: 3 }.into(),
        ItemWithdrawn { item: item(), reason: "udsat".into() }.into(),
        ItemClosed { item: item(), reason: "Personsag".into() }.into(),
        ItemOpened { item: item() }.into(),
        ContributorsChanged { item: item(), contributors: vec![user()] }.into(),
        ItemStateChanged { item: item(), state: ItemState::Ready }.into(),
        AttachmentAdded {
            item: item(),
            attachment,
            name: "Bilag 1.pdf".into(),
            source: source(),
            file: None,
        }
        .into(),
        AttachmentRemoved { item: item(), attachment }.into(),
    ]
}

fn attachment_events() -> Vec<Event> {
    let (item, attachment) = (item(), AttachmentId::from_bytes([8; 16]));
    let file = AttachedFile {
        name: "støjkort.pdf".into(),
        kind: FileKind::Pdf,
        size: 5_000_000_000,
        sha256: Hash([11; 32]),
    };
    vec![
        AttachmentReplaced { item, attachment, file }.into(),
        AttachmentRenamed { item, attachment, name: "Støjkort".into() }.into(),
        AttachmentReordered { item, attachment, index: 1 }.into(),
        AttachmentClosed { item, attachment, reason: "forhandling".into() }.into(),
        AttachmentOpened { item, attachment }.into(),
    ]
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

fn suggestion_events() -> Vec<Event> {
    let (document, case) = (document(7), document(3));
    vec![
        SuggestionOpened { item: item(), document, case, handed_over: false }.into(),
        SuggestionAccepted { document, case }.into(),
        SuggestionRejected { document, reason: "udgår".into() }.into(),
    ]
}

fn comment_events() -> Vec<Event> {
    let (comment, thread) = (CommentId::from_bytes([8; 16]), Some(CommentId::from_bytes([9; 16])));
    let anchor = CommentAnchor {
        path: vec!["sections".into(), "resume".into(), "body".into()],
        from: "2@0a".into(),
        to: "-9@0a".into(),
        quote: "årets skråplan".into(),
    };
    vec![
        CommentMade {
            item: item(),
            document: document(3),
            comment,
            thread,
            anchor: Some(anchor),
            text: "Hvad koster det?".into(),
            mentions: vec![user()],
        }
        .into(),
        CommentResolved { item: item(), comment }.into(),
        CommentReopened { item: item(), comment }.into(),
    ]
}

fn freeze_events() -> Vec<Event> {
    let frozen = FrozenDocument {
        item: item(),
        kind: DocumentKind::Case,
        document: document(3),
        heads: vec![Hash([1; 32]), Hash([2; 32])],
        content_hash: Hash([3; 32]),
    };
    let content_hash = Hash([7; 32]);
    vec![
        AgendaFrozen {
            round: 1,
            documents: vec![frozen],
            content_hash,
            reason: "klar".into(),
            kind: EditionKind::Agenda,
        }
        .into(),
        AgendaThawed {
            round: 2,
            reason: "fejl i punkt 3".into(),
            documents: vec![Fork { from: document(3), to: document(6) }],
        }
        .into(),
        AgendaPublished { edition: 1, round: 2, content_hash, kind: EditionKind::Agenda }.into(),
    ]
}

fn edition_events() -> Vec<Event> {
    let forks = vec![Fork { from: document(3), to: document(6) }];
    vec![
        SupplementOpened { round: 3, reason: "hastesag".into() }.into(),
        CorrectionOpened {
            round: 4,
            edition: 2,
            items: vec![item()],
            reason: "forkert beløb".into(),
            documents: forks,
        }
        .into(),
        EditionAbandoned { round: 4, reason: "beløbet var rigtigt".into() }.into(),
        EditionSealed {
            meeting: MeetingId::from_bytes([1; 16]),
            edition: 1,
            manifest: "{\"edition\":1}".into(),
            signature: "\u{2014} dagsorden AAAA".into(),
            key: "dagsorden+00000000+AQ==".into(),
        }
        .into(),
    ]
}
