//! The stored bytes of every event, per version, in hex. A test that fails here says: the
//! shape of what is in people's logs was changed. Give the event a new version and raise the
//! old one in `Event::decode`; never edit a line of `golden/events.txt`. A new kind gets a new
//! line, which the failing test prints.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::rejection::Rejection;
use agenda::{
    drafts::{Detail, DraftPolicy},
    event::{
        words::{put_together, take_apart},
        *,
    },
    id::{AttachmentId, Bytes, CommandId, CommentId, DocumentId, ForumId, Hash, ItemId, MeetingId, UserId},
    retention::RetentionPlan,
};
use jiff::civil::{date, time};

const GOLDEN: &str = include_str!("golden/events.txt");

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}
fn source() -> Option<Source> {
    Some(Source { file: "2026-06.md".into(), line: 12 })
}
fn template() -> Vec<TemplateSection> {
    vec![TemplateSection { key: "resume".into(), heading: "Resumé".into(), guidance: "Kort".into() }]
}

const ITEM: ItemId = ItemId::from_bytes([2; 16]);
const DOCUMENT: DocumentId = DocumentId::from_bytes([3; 16]);
const FORK: DocumentId = DocumentId::from_bytes([4; 16]);
const ATTACHMENT: AttachmentId = AttachmentId::from_bytes([5; 16]);
const HASH: Hash = Hash([6; 32]);

fn forum_events() -> Vec<Event> {
    let all = vec![
        Role::Secretariat,
        Role::Director,
        Role::HeadOfDepartment,
        Role::Coordinator,
        Role::Author,
        Role::Reader,
    ];
    vec![
        ForumFounded { name: "Chefforum".into(), template: template() }.into(),
        MemberAdded { user: user("karl"), name: "Karl Bæk".into(), title: "Chef".into(), roles: all }.into(),
        MemberRoleChanged { user: user("karl"), title: String::new(), roles: vec![Role::Reader] }.into(),
        MemberRemoved { user: user("karl") }.into(),
        TemplateChanged { template: template() }.into(),
        DraftPolicyChanged { policy: DraftPolicy { days: Some(30), detail: Detail::Steps } }.into(),
        RetentionPlanChanged { plan: RetentionPlan { closed: Some(60), open: None, withdrawn: Some(12) } }
            .into(),
    ]
}

fn meeting_events() -> Vec<Event> {
    vec![
        MeetingScheduled {
            forum: ForumId::from_bytes([1; 16]),
            forum_name: "Chefforum".into(),
            template: template(),
            date: date(2026, 6, 17),
            time: time(9, 0, 0, 0),
            place: "Mødelokale Æ".into(),
            source: source(),
        }
        .into(),
        MeetingDetailsChanged { date: date(2026, 6, 18), time: time(13, 30, 0, 0), place: String::new() }
            .into(),
        ParticipantsChanged {
            participants: vec![Participant { name: "Anna".into(), roles: vec!["Formand".into()] }],
        }
        .into(),
    ]
}

fn item_events() -> Vec<Event> {
    let documents =
        ItemDocuments { case: DOCUMENT, planning: FORK, decision: DocumentId::from_bytes([7; 16]) };
    vec![
        ItemAdded {
            item: ITEM,
            title: "Budget".into(),
            journal_number: Some("00.01.00-A00-1-26".into()),
            minutes: Some(20),
            item_type: None,
            documents,
            source: None,
            origin: None,
            moved_because: String::new(),
        }
        .into(),
        ItemDetailsChanged {
            item: ITEM,
            title: "Budget 2".into(),
            journal_number: None,
            minutes: None,
            item_type: None,
        }
        .into(),
        ItemReordered { item: ITEM, index: 3 }.into(),
        ItemWithdrawn { item: ITEM, reason: "Udsat".into(), moved_to: None }.into(),
        ItemErased {
            item: ITEM,
            reason: "Anmodning".into(),
            texts: vec![ITEM.into(), DOCUMENT.into()],
            files: vec![HASH],
            documents: vec![Fork { from: DOCUMENT, to: FORK }],
        }
        .into(),
        ItemHeld { item: ITEM, reason: "Aktindsigt".into() }.into(),
        ItemReleased { item: ITEM }.into(),
        ItemClosed { item: ITEM, reason: "Personsag".into() }.into(),
        ItemOpened { item: ITEM }.into(),
        ContributorsChanged { item: ITEM, contributors: vec![user("karl")] }.into(),
        ItemStateChanged { item: ITEM, state: ItemState::Ready }.into(),
        ItemStateChanged { item: ITEM, state: ItemState::Draft }.into(),
        AttachmentAdded {
            item: ITEM,
            attachment: ATTACHMENT,
            name: "Bilag 1".into(),
            source: source(),
            file: None,
        }
        .into(),
        AttachmentRemoved { item: ITEM, attachment: ATTACHMENT }.into(),
    ]
}

fn origin_events() -> Vec<Event> {
    let documents = ItemDocuments { case: DOCUMENT, planning: FORK, decision: DOCUMENT };
    let (meeting, day) = (MeetingId::from_bytes([9; 16]), date(2026, 5, 6));
    let added = |moved, reason: &str| {
        let moved_because = reason.to_owned();
        let origin = Some(ItemOrigin { meeting, item: ITEM, date: day, sequence: 300, moved });
        let (title, journal_number) = ("Budget".to_owned(), None);
        let (minutes, item_type, source) = (None, None, None);
        ItemAdded {
            item: ITEM,
            title,
            journal_number,
            minutes,
            item_type,
            documents,
            source,
            origin,
            moved_because,
        }
        .into()
    };
    let credit = |source| {
        let (position, at) = (Position(70_000), Timestamp(1_781_000_000_000));
        CopiedCredit { person: 0, place: 0, position, at, source }
    };
    let moved_to = Some(MovedTo { meeting, item: ITEM, date: day });
    let copied = TextCopied {
        document: DOCUMENT,
        change: HASH,
        from: FORK,
        heads: vec![HASH],
        people: vec![user("karl")],
        places: vec![WrittenIn { meeting, item: ITEM, date: day }],
        sources: source().into_iter().collect(),
        credits: vec![credit(None), credit(Some(0))],
        runs: vec![
            CopiedRun { first: 30, last: 90, credit: 0 },
            CopiedRun { first: 95, last: 300, credit: 1 },
        ],
    };
    vec![
        added(false, ""),
        added(true, "Udsat"),
        ItemWithdrawn { item: ITEM, reason: "Udsat".into(), moved_to }.into(),
        copied.into(),
    ]
}

fn attachment_events() -> Vec<Event> {
    let (item, attachment) = (ITEM, ATTACHMENT);
    let file =
        |kind| AttachedFile { name: "Å 1.pdf".into(), kind, size: 70_000, sha256: HASH, sealed: None };
    let sealed = Some(SealedFile { sha256: HASH, key: Bytes(vec![6; 32]) });
    let sealed = AttachedFile { sealed, ..file(FileKind::Pdf) };
    let added = AttachmentAdded {
        item,
        attachment,
        name: "Kort".into(),
        source: None,
        file: Some(file(FileKind::Pdf)),
    };
    let replaced = |kind| AttachmentReplaced { item, attachment, file: file(kind) }.into();
    let mut events: Vec<Event> = FileKind::ALL.into_iter().map(replaced).collect();
    events.extend([
        added.into(),
        AttachmentRenamed { item, attachment, name: "Kort over åen".into() }.into(),
        AttachmentReordered { item, attachment, index: 2 }.into(),
        AttachmentClosed { item, attachment, reason: "Personoplysninger".into() }.into(),
        AttachmentOpened { item, attachment }.into(),
        AttachmentReplaced { item, attachment, file: sealed }.into(),
    ]);
    events
}

fn text_events() -> Vec<Event> {
    let change = || Bytes(vec![0x85, 0x6f, 0x4a, 0x83]);
    let mut events = vec![
        ActorBound { document: DOCUMENT, actor: Bytes(vec![8; 16]), user: user("karl") }.into(),
        ChangesRecorded { document: DOCUMENT, changes: vec![change(), change()], source: source() }.into(),
    ];
    let reasons = [
        RefusalReason::Frozen,
        RefusalReason::Forbidden,
        RefusalReason::BuildsOnRefused,
        RefusalReason::Invalid,
        RefusalReason::Settled,
    ];
    for reason in reasons {
        events.push(EditRefused { document: DOCUMENT, hash: HASH, reason, change: change() }.into());
    }
    events
}

fn suggestion_events() -> Vec<Event> {
    let opened =
        |handed_over| SuggestionOpened { item: ITEM, document: FORK, case: DOCUMENT, handed_over }.into();
    vec![
        MemberRoleChanged { user: user("karl"), title: String::new(), roles: vec![Role::Reviewer] }.into(),
        opened(false),
        opened(true),
        SuggestionAccepted { document: FORK, case: DOCUMENT }.into(),
        SuggestionRejected { document: FORK, reason: "Allerede besluttet".into() }.into(),
    ]
}

fn freeze_events() -> Vec<Event> {
    let kinds = [DocumentKind::Case, DocumentKind::Planning, DocumentKind::Decision];
    let documents = kinds.map(|kind| FrozenDocument {
        item: ITEM,
        kind,
        document: DOCUMENT,
        heads: vec![HASH],
        content_hash: HASH,
    });
    let forks = vec![Fork { from: DOCUMENT, to: FORK }];
    vec![
        AgendaFrozen {
            round: 1,
            documents: documents.into(),
            content_hash: HASH,
            reason: "Nu".into(),
            kind: EditionKind::Agenda,
        }
        .into(),
        AgendaThawed { round: 2, reason: "En fejl".into(), documents: forks }.into(),
        AgendaPublished { edition: 1, round: 2, content_hash: HASH, kind: EditionKind::Agenda }.into(),
    ]
}

fn edition_events() -> Vec<Event> {
    let (documents, reason) = (vec![], "Efter mødet".to_owned());
    let kind = EditionKind::Minutes;
    let forks = vec![Fork { from: DOCUMENT, to: FORK }];
    vec![
        AgendaFrozen { round: 3, documents, content_hash: HASH, reason, kind }.into(),
        AgendaPublished { edition: 2, round: 3, content_hash: HASH, kind: EditionKind::Supplement }.into(),
        SupplementOpened { round: 3, reason: "En hastesag".into() }.into(),
        CorrectionOpened {
            round: 4,
            edition: 2,
            items: vec![ITEM],
            reason: "Forkert beløb".into(),
            documents: forks,
        }
        .into(),
        EditionAbandoned { round: 4, reason: "Beløbet var rigtigt".into() }.into(),
        EditionSealed {
            meeting: MeetingId::from_bytes([1; 16]),
            edition: 1,
            manifest: "{\"edition\":1}".into(),
            signature: "\u{2014} dagsorden AAAA".into(),
            key: "dagsorden+00000000+AQ==".into(),
        }
        .into(),
        CheckpointSigned { note: "dagsorden/x\n1\nAA==\n".into(), key: "dagsorden+00000000+AQ==".into() }
            .into(),
    ]
}

fn comment_events() -> Vec<Event> {
    let comment = CommentId::from_bytes([9; 16]);
    let anchor = CommentAnchor {
        path: vec!["sections".into(), "resume".into(), "body".into()],
        from: "12@0808".into(),
        to: "-19@0808".into(),
        quote: "tre år".into(),
    };
    let made = |thread, anchor| CommentMade {
        item: ITEM,
        document: DOCUMENT,
        comment,
        thread,
        anchor,
        text: "Er det rigtigt?\nSe bilag 1.".into(),
        mentions: vec![user("karl")],
    };
    vec![
        made(None, Some(anchor)).into(),
        made(Some(CommentId::from_bytes([10; 16])), None).into(),
        CommentResolved { item: ITEM, comment }.into(),
        CommentReopened { item: ITEM, comment }.into(),
    ]
}

fn command_kinds() -> Vec<CommandKind> {
    use CommandKind::*;
    vec![
        ChangeDetails,
        ChangeParticipants,
        AddItem,
        ChangeItem,
        MoveItem,
        WithdrawItem,
        EraseItem,
        HoldItem,
        ReleaseItem,
        CloseItem,
        OpenItem,
        SetItemState,
        SetContributors,
        AddAttachment,
        ReplaceFile,
        RenameAttachment,
        MoveAttachment,
        CloseAttachment,
        OpenAttachment,
        RemoveAttachment,
        WriteSection,
        OpenSuggestion,
        AcceptSuggestion,
        RejectSuggestion,
        SuggestRefused,
        Comment,
        ResolveComment,
        ReopenComment,
        Freeze,
        Thaw,
        Publish,
        FreezeMinutes,
        OpenSupplement,
        OpenCorrection,
        AbandonEdition,
        AddMember,
        ChangeMemberRole,
        RemoveMember,
        ChangeTemplate,
        ChangeDraftPolicy,
        ChangeRetentionPlan,
        ScheduleMeeting,
        ImportAgenda,
        BringItem,
        MoveItemAway,
    ]
}

fn refused_events() -> Vec<Event> {
    use Rejection::{Empty, Exists, Invalid, TooLong, TooMany, Unknown};
    let refused = |command, item, member: Option<UserId>, rejection: Rejection| {
        let id = CommandId::from_bytes([11; 16]);
        let last = member.is_some();
        CommandRefused { id, command, item, member, rejection: rejection.stored(), last }.into()
    };
    let of_item = [
        Rejection::NotMember,
        Rejection::NeedsSecretariat,
        Rejection::ReadOnly,
        Rejection::Frozen,
        Rejection::Published,
        Rejection::NotFrozen,
        Rejection::NotPublished,
        Rejection::EditionUnderWay,
        Rejection::InWork,
        Rejection::Held,
        Rejection::NotDue,
        Rejection::NothingOpened,
        Rejection::HasMinutes,
        Rejection::Superseded,
        Rejection::UnknownItem,
        Rejection::NoChange,
        Rejection::LastSecretary,
        Rejection::Settled,
        Rejection::ChangedMeanwhile,
        Rejection::OtherForum,
        Rejection::SameMeeting,
        Rejection::OtherAgendaShut,
        Rejection::WrittenMeanwhile,
        Unknown("bilag"),
        Empty("Titel"),
        TooLong { field: "Titel", limit: 300 },
        TooMany { what: "punkter", limit: 200 },
        Exists("medlem"),
        Invalid("forslag"),
    ];
    let mut events: Vec<Event> =
        of_item.into_iter().map(|why| refused(CommandKind::MoveItem, Some(ITEM), None, why)).collect();
    events.extend(command_kinds().into_iter().map(|kind| refused(kind, None, None, Rejection::Frozen)));
    events.push(refused(CommandKind::RemoveMember, None, Some(user("karl")), Rejection::LastSecretary));
    events
}

fn samples() -> Vec<Event> {
    [
        forum_events(),
        meeting_events(),
        item_events(),
        origin_events(),
        attachment_events(),
        text_events(),
        suggestion_events(),
        freeze_events(),
        edition_events(),
        comment_events(),
        refused_events(),
    ]
    .concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A line of the file: `Kind version hex`.
fn line(event: &Event) -> String {
    let (kind, version) = event.kind();
    format!("{kind} {version} {}", hex(&event.encode().unwrap()))
}

#[test]
fn every_event_is_stored_in_the_bytes_it_always_was() {
    let lines: Vec<String> = samples().iter().map(line).collect();
    let wrong: Vec<&String> =
        lines.iter().filter(|line| !GOLDEN.lines().any(|known| known == *line)).collect();
    assert!(wrong.is_empty(), "stored otherwise than in golden/events.txt: {wrong:#?}");
}

#[test]
fn every_stored_version_is_still_read() {
    let samples = samples();
    for stored in GOLDEN.lines() {
        let words: Vec<&str> = stored.split(' ').collect();
        let (kind, version) = (words[0], words[1].parse().unwrap());
        let event = Event::decode(kind, version, &unhex(words[2])).unwrap();
        if Event::KINDS.contains(&event.kind()) && event.kind().1 == version {
            assert!(samples.contains(&event), "{stored} is read as {event:?}");
        }
    }
}

#[test]
fn every_kind_has_its_golden_bytes() {
    for (kind, version) in Event::KINDS {
        let start = format!("{kind} {version} ");
        assert!(GOLDEN.lines().any(|line| line.starts_with(&start)), "add a sample and a line: {start}");
    }
}

/// The words of every event come apart and together again, and what stands in their place can be read.
#[test]
fn an_event_is_read_with_its_words_and_without() {
    for event in samples() {
        let (kind, version) = event.kind();
        let body = event.encode().unwrap();
        let apart = take_apart(kind, &body).unwrap();
        assert_eq!(apart.is_some(), event.words_of().is_some(), "{kind} has words of a text, or it has not");
        let Some(apart) = apart else { continue };
        let read =
            |words| Event::decode(kind, version, &put_together(kind, &apart.rest, words).unwrap()).unwrap();
        assert_eq!(read(Some(&apart.words)), event);
        let without = read(None);
        assert_eq!(without.words_of(), event.words_of());
        assert_eq!(take_apart(kind, &without.encode().unwrap()).unwrap().unwrap().rest, apart.rest);
    }
}
