//! Attachments: who may, when, what a freeze fixes, and what of it is published.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::{
    event::{AttachedFile, Event, FileKind, Recorded, Role, Timestamp},
    event::{Commit, Position},
    forum::{Actor, Forum},
    history::entries,
    id::{AttachmentId, CommandId, ForumId, Hash, ItemId, MeetingId, SessionId, StreamId, UserId},
    language::Language,
    meeting::{Meeting, MeetingCommand, Meta, Supplies, Texts, schedule},
    publication::{Publication, PublishedAttachment, canonical_json},
    rejection::Rejection,
};
use jiff::civil::{date, time};

const MEETING: MeetingId = MeetingId::from_bytes([7; 16]);

fn actor(name: &str, role: Role) -> Actor {
    Actor { user: UserId::new(name).unwrap(), roles: vec![role] }
}

fn file(n: u8) -> AttachedFile {
    AttachedFile {
        name: format!("fil {n}.pdf"),
        kind: FileKind::Pdf,
        size: 1_200_000,
        sha256: Hash([n; 32]),
        sealed: None,
    }
}

/// A meeting with one item, and what has happened to it.
struct Agenda {
    meeting: Meeting,
    log: Vec<Recorded>,
    item: ItemId,
    ids: u8,
}

impl Agenda {
    fn new() -> Self {
        let mut agenda = Self {
            meeting: Meeting::new(MEETING),
            log: Vec::new(),
            item: ItemId::from_bytes([0; 16]),
            ids: 0,
        };
        let secretary = actor("sofie", Role::Secretariat);
        let forum = Forum::new(ForumId::from_bytes([1; 16]));
        let events = schedule(&forum, &secretary, date(2026, 6, 17), time(9, 0, 0, 0), "", None).unwrap();
        agenda.commit(&secretary, events);
        let add = MeetingCommand::AddItem {
            title: "Budget".into(),
            journal_number: None,
            minutes: None,
            item_type: None,
            source: None,
        };
        agenda.ask(&secretary, &add).unwrap();
        agenda.item = agenda.meeting.items[0].id;
        agenda
    }

    fn commit(&mut self, by: &Actor, events: Vec<Event>) {
        let sequence = self.meeting.sequence + 1;
        let meta = Meta { at: Timestamp(sequence as i64), by: by.user.clone(), sequence };
        events.iter().for_each(|event| self.meeting.apply(&meta, event).unwrap());
        let commit = Commit {
            stream: StreamId::Meeting(MEETING),
            sequence,
            at: meta.at,
            by: meta.by,
            session: SessionId::from_bytes([0; 16]),
            command: CommandId::from_bytes([sequence as u8; 16]),
            events,
        };
        self.log.push(Recorded { position: Position(sequence), commit });
    }

    fn ask(&mut self, by: &Actor, command: &MeetingCommand) -> Result<(), Rejection> {
        let ids = &mut self.ids;
        let mut fresh = || {
            *ids += 1;
            [*ids; 16]
        };
        let forum = Forum::new(ForumId::from_bytes([1; 16]));
        let texts = Texts::new();
        let mut supplies =
            Supplies { fresh: &mut fresh, forum: &forum, now: Timestamp(0), texts: &texts, suggested: &[] };
        let events = self.meeting.decide(by, command, &mut supplies)?;
        self.commit(by, events);
        Ok(())
    }

    fn attach(&mut self, by: &Actor, name: &str, n: u8) -> Result<AttachmentId, Rejection> {
        self.ask(by, &MeetingCommand::AttachFile { item: self.item, name: name.into(), file: file(n) })?;
        Ok(self.meeting.items[0].attachments.last().unwrap().id)
    }

    fn publication(&self) -> Publication {
        self.meeting.publication(&Texts::new()).unwrap()
    }

    fn titles(&self) -> Vec<String> {
        self.publication().items[0].attachment_titles().map(str::to_owned).collect()
    }
}

fn author() -> Actor {
    actor("bo", Role::Author)
}

#[test]
fn those_who_write_the_case_attach_files_and_nobody_after_a_freeze() {
    let mut agenda = Agenda::new();
    let secretary = actor("sofie", Role::Secretariat);
    let first = agenda.attach(&author(), "Kort", 1).unwrap();
    agenda.attach(&secretary, "Regnskab", 2).unwrap();
    for role in [Role::Reader, Role::Reviewer] {
        assert_eq!(agenda.attach(&actor("per", role), "x", 3), Err(Rejection::ReadOnly), "{role:?}");
    }
    agenda.ask(&secretary, &MeetingCommand::Freeze { reason: "Nu".into() }).unwrap();
    let item = agenda.item;
    let asks = [
        MeetingCommand::AttachFile { item, name: "Sent".into(), file: file(4) },
        MeetingCommand::ReplaceFile { item, attachment: first, file: file(4) },
        MeetingCommand::RenameAttachment { item, attachment: first, name: "Sent".into() },
        MeetingCommand::MoveAttachment { item, attachment: first, index: 1 },
        MeetingCommand::CloseAttachment { item, attachment: first, reason: "x".into() },
        MeetingCommand::RemoveAttachment { item, attachment: first },
    ];
    for ask in asks {
        assert_eq!(agenda.ask(&secretary, &ask), Err(Rejection::Frozen), "{ask:?}");
    }
    assert_eq!(agenda.meeting.require_attach(&secretary, item), Err(Rejection::Frozen));
    assert_eq!(agenda.titles(), ["Kort", "Regnskab"]);
}

#[test]
fn a_freeze_fixes_the_versions_and_its_hash_shows_it() {
    let mut agenda = Agenda::new();
    let (by, item) = (author(), agenda.item);
    let id = agenda.attach(&by, "Kort", 1).unwrap();
    let before = agenda.publication().content_hash();
    agenda.ask(&by, &MeetingCommand::ReplaceFile { item, attachment: id, file: file(2) }).unwrap();
    let after = agenda.publication();
    assert_ne!(after.content_hash(), before, "another file is another agenda");
    let PublishedAttachment::File(published) = &after.items[0].attachments[0] else { panic!("a file") };
    assert_eq!((published.number, published.sha256, published.size), (1, Hash([2; 32]), 1_200_000));
    let versions = &agenda.meeting.items[0].attachments[0].versions;
    assert_eq!(versions.iter().map(|v| v.file.sha256).collect::<Vec<_>>(), [Hash([1; 32]), Hash([2; 32])]);
    let same = MeetingCommand::ReplaceFile { item, attachment: id, file: file(2) };
    assert_eq!(agenda.ask(&by, &same), Err(Rejection::NoChange));
}

#[test]
fn they_are_ordered_named_and_removed() {
    let mut agenda = Agenda::new();
    let (by, item) = (author(), agenda.item);
    let ids = ["A", "B", "C"].map(|name| agenda.attach(&by, name, name.as_bytes()[0]).unwrap());
    let to = |attachment, index| MeetingCommand::MoveAttachment { item, attachment, index };
    agenda.ask(&by, &to(ids[2], 0)).unwrap();
    assert_eq!(agenda.titles(), ["C", "A", "B"]);
    assert_eq!(agenda.ask(&by, &to(ids[2], 0)), Err(Rejection::NoChange));
    assert_eq!(agenda.ask(&by, &to(ids[2], 3)), Err(Rejection::Invalid("plads")));
    let rename = MeetingCommand::RenameAttachment { item, attachment: ids[0], name: "  Anlæg ".into() };
    agenda.ask(&by, &rename).unwrap();
    agenda.ask(&by, &MeetingCommand::RemoveAttachment { item, attachment: ids[1] }).unwrap();
    assert_eq!(agenda.titles(), ["C", "Anlæg"]);
    assert_eq!(agenda.meeting.items[0].removed_attachments[0].name, "B", "it goes from the agenda only");
    let gone = MeetingCommand::RemoveAttachment { item, attachment: ids[1] };
    assert_eq!(agenda.ask(&by, &gone), Err(Rejection::Unknown("bilag")));
}

#[test]
fn of_a_closed_attachment_nothing_is_published_but_that_it_is_there() {
    let mut agenda = Agenda::new();
    let (by, item) = (author(), agenda.item);
    let open = agenda.attach(&by, "Kort", 1).unwrap();
    let closed = agenda.attach(&by, "Lønforhandling", 0xcc).unwrap();
    let close =
        |reason: &str| MeetingCommand::CloseAttachment { item, attachment: closed, reason: reason.into() };
    assert_eq!(agenda.ask(&by, &close(" ")), Err(Rejection::Empty("Begrundelse")));
    agenda.ask(&by, &close("Personalesag")).unwrap();
    let json = canonical_json(&agenda.publication());
    for word in ["Lønforhandling", "Personalesag", "fil 204", &Hash([0xcc; 32]).to_string()] {
        assert!(!json.contains(word), "{word} in {json}");
    }
    assert!(json.contains(r#"{"closed":true,"number":2}"#), "{json}");
    assert_eq!(agenda.titles(), ["Kort", "Lukket bilag"]);
    let wrong = MeetingCommand::OpenAttachment { item, attachment: open };
    assert_eq!(agenda.ask(&by, &wrong), Err(Rejection::NoChange));
    agenda.ask(&by, &MeetingCommand::OpenAttachment { item, attachment: closed }).unwrap();
    assert_eq!(agenda.titles(), ["Kort", "Lønforhandling"]);
}

#[test]
fn its_history_is_told_in_sentences() {
    let mut agenda = Agenda::new();
    let (by, item) = (author(), agenda.item);
    let add = MeetingCommand::AddAttachment { item, name: "Kort".into(), source: None };
    agenda.ask(&by, &add).unwrap();
    let attachment = agenda.meeting.items[0].attachments[0].id;
    agenda.attach(&by, "Bilag", 9).unwrap();
    for ask in [
        MeetingCommand::ReplaceFile { item, attachment, file: file(1) },
        MeetingCommand::ReplaceFile { item, attachment, file: file(2) },
        MeetingCommand::RenameAttachment { item, attachment, name: "Kort over åen".into() },
        MeetingCommand::MoveAttachment { item, attachment, index: 1 },
        MeetingCommand::CloseAttachment { item, attachment, reason: "Forhandling".into() },
        MeetingCommand::OpenAttachment { item, attachment },
        MeetingCommand::RemoveAttachment { item, attachment },
    ] {
        agenda.ask(&by, &ask).unwrap();
    }
    let told: Vec<String> = entries(&agenda.log, Some(item))
        .iter()
        .skip(1)
        .map(|entry| entry.sentence("Bo", Language::Danish))
        .collect();
    assert_eq!(
        told,
        [
            "Bo tilføjede bilaget «Kort».",
            "Bo tilføjede bilaget «Bilag».",
            "Bo lagde filen til bilaget «Kort» op.",
            "Bo lagde version 2 af bilaget «Kort» op.",
            "Bo gav et bilag titlen «Kort over åen».",
            "Bo flyttede bilaget «Kort over åen» til nummer 2.",
            "Bo lukkede bilaget «Kort over åen»: Forhandling",
            "Bo åbnede bilaget «Kort over åen».",
            "Bo fjernede bilaget «Kort over åen».",
        ]
    );
}

#[test]
fn nobody_can_claim_a_file_that_was_not_looked_through() {
    let item = ItemId::from_bytes([1; 16]);
    let json = format!(
        r#"{{"type":"attach_file","item":"{item}","name":"x","file":{{"name":"x","kind":"pdf","size":1,"sha256":"{}"}}}}"#,
        Hash([1; 32])
    );
    assert!(serde_json::from_str::<MeetingCommand>(&json).is_err());
}
