//! Who changed what: a small meeting's life as entries and sentences, and its texts at any
//! moment of it.

#![allow(clippy::unwrap_used)]

use agenda::{
    content::Block,
    drafts::Withheld,
    event::{DocumentKind, ItemState, ItemType, MemberAdded, Position, Recorded, Role, Timestamp},
    forum::{Forum, found},
    history::{Change, Chronicle, Credits, DiffBlock, HistoryKind, Milestone, blame, diff, entries},
    id::{CommandId, ForumId, ItemId, MeetingId, SessionId, StreamId, UserId},
    language::Language,
    live::{CommandMeta, Effect, FrameLimits, Input, ReplyKey, Room, ServerNames, World},
    meeting::{MeetingCommand, schedule},
};
use std::sync::Arc;

const MINUTE: i64 = 60_000;

struct Scene {
    room: Room,
    commits: Vec<Recorded>,
    now: i64,
    counter: u8,
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

impl Scene {
    fn new() -> Self {
        let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
        for event in found("Chefforum", &user("sofie"), "Sofie").unwrap() {
            forum.apply(&event).unwrap();
        }
        let member = MemberAdded {
            user: user("bo"),
            name: "Bo".into(),
            title: String::new(),
            roles: vec![Role::HeadOfDepartment],
        };
        forum.apply(&member.into()).unwrap();
        let actor = forum.actor(&user("sofie")).unwrap();
        let (date, time) = (jiff::civil::date(2027, 1, 6), jiff::civil::time(9, 0, 0, 0));
        let events = schedule(&forum, &actor, date, time, "Lærken", None).unwrap();
        let id = MeetingId::from_bytes([2; 16]);
        let commit = agenda::event::Commit {
            stream: StreamId::Meeting(id),
            sequence: 1,
            at: Timestamp(0),
            by: user("sofie"),
            session: SessionId::from_bytes([3; 16]),
            command: CommandId::from_bytes([0; 16]),
            events,
        };
        let first = Recorded { position: Position(1), commit };
        let names = ServerNames { peer_id: "server".into(), storage_id: "storage".into() };
        let mut room = Room::new(id, Arc::new(forum), names, FrameLimits { per_second: 10, burst: 10 });
        room.replay(&first).unwrap();
        Self { room, commits: vec![first], now: 0, counter: 0 }
    }

    /// Carries a command out and makes it durable; the item that it created, if any.
    fn done(&mut self, by: &str, command: MeetingCommand) -> Option<ItemId> {
        self.counter += 1;
        let meta = CommandMeta {
            id: CommandId::from_bytes([self.counter; 16]),
            user: user(by),
            session: SessionId::from_bytes([3; 16]),
        };
        let mut number = u64::from(self.counter) << 8;
        let mut fresh = || {
            number += 1;
            let mut id = [7; 16];
            id[..8].copy_from_slice(&number.to_be_bytes());
            id
        };
        let mut world = World { now: Timestamp(self.now), fresh: &mut fresh };
        self.room.handle(&mut world, Input::Command { reply: ReplyKey(1), meta, command });
        let mut created = None;
        for effect in self.room.take_effects() {
            if let Effect::Append { ticket, commit } = effect {
                let position = Position(self.commits.len() as u64 + 1);
                self.commits.push(Recorded { position, commit });
                self.room.handle(&mut world, Input::Appended { ticket, position });
            }
        }
        for effect in self.room.take_effects() {
            if let Effect::Reply { answer, .. } = effect {
                created = answer.unwrap().created;
            }
        }
        created.map(ItemId::from_bytes)
    }

    fn write(&mut self, by: &str, item: ItemId, section: &str, text: &str) {
        let section = section.to_owned();
        let blocks = vec![Block::paragraph(text)];
        let document = DocumentKind::Case;
        self.done(
            by,
            MeetingCommand::WriteSection { item, document, section, blocks, nothing: false, source: None },
        );
    }

    fn sentences(&self, item: Option<ItemId>) -> Vec<String> {
        entries(&self.commits, item)
            .iter()
            .map(|entry| entry.sentence(entry.by.as_str(), Language::Danish))
            .collect()
    }
}

fn add(title: &str) -> MeetingCommand {
    MeetingCommand::AddItem {
        title: title.into(),
        journal_number: None,
        minutes: None,
        item_type: None,
        source: None,
    }
}

/// Two items; the first is written by two people, marked ready, frozen and reopened.
fn given() -> (Scene, ItemId, ItemId) {
    let mut scene = Scene::new();
    let first = scene.done("sofie", add("Cykelstier")).unwrap();
    let second = scene.done("sofie", add("Skolemad")).unwrap();
    scene.now = MINUTE;
    scene.write("bo", first, "resume", "Æble");
    scene.now = 2 * MINUTE;
    scene.write("bo", first, "lov", "§ 3");
    scene.now = 20 * MINUTE;
    scene.write("bo", first, "resume", "Pære");
    scene.done("bo", MeetingCommand::SetItemState { item: first, state: ItemState::Ready });
    scene.done("sofie", MeetingCommand::Freeze { reason: "Klar".into() });
    scene.done("sofie", MeetingCommand::Thaw { reason: "Et tal er forkert".into() });
    scene.write("bo", first, "resume", "Blomme");
    (scene, first, second)
}

#[test]
fn an_items_life_reads_as_sentences() {
    let (scene, first, second) = given();
    assert_eq!(
        scene.sentences(Some(first)),
        [
            "sofie oprettede punktet «Cykelstier».",
            "bo skrev 7 tegn i Resumé og Lovgrundlag.",
            "bo skrev 4 tegn i Resumé.",
            "bo meldte punktet klar.",
            "sofie låste dagsordenen: Klar",
            "sofie genåbnede dagsordenen: Et tal er forkert",
            "bo skrev 6 tegn i Resumé.",
        ]
    );
    assert_eq!(scene.sentences(Some(second)).len(), 3, "created, frozen, reopened");
}

#[test]
fn a_change_of_type_is_told() {
    let mut scene = Scene::new();
    let item = scene.done("sofie", add("Cykelstier")).unwrap();
    for item_type in [Some(ItemType::Discussion), None] {
        let title = "Cykelstier".into();
        let change =
            MeetingCommand::ChangeItem { item, title, journal_number: None, minutes: None, item_type };
        scene.done("bo", change);
    }
    assert_eq!(
        scene.sentences(Some(item))[1..],
        [
            "bo ændrede punktets oplysninger; titlen er «Cykelstier», typen er drøftelse.",
            "bo ændrede punktets oplysninger; titlen er «Cykelstier».",
        ]
    );
}

#[test]
fn the_whole_agenda_tells_of_every_item_and_of_the_meeting() {
    let (scene, first, second) = given();
    let all = entries(&scene.commits, None);
    assert_eq!(all.iter().filter(|entry| entry.item == Some(first)).count(), 5);
    assert_eq!(all.iter().filter(|entry| entry.item == Some(second)).count(), 1);
    assert_eq!(
        all.iter().filter(|entry| entry.kind == HistoryKind::Freeze && entry.item.is_none()).count(),
        2
    );
    assert_eq!(scene.sentences(None)[0], "sofie planlagde mødet d. 06-01-2027.");
    let positions: Vec<_> = all.iter().map(|entry| entry.position).collect();
    assert!(positions.is_sorted());
}

#[test]
fn an_entry_shows_the_text_as_it_was() {
    let (mut scene, first, _) = given();
    let texts = |scene: &mut Scene, position: Position| {
        let sequence = scene.room.sequence_at(position);
        let document = scene.room.meeting().item(first).unwrap().documents.case;
        let text = scene.room.document(document).unwrap().read_at(["resume"], sequence);
        agenda::content::plain_text(&text.sections.first().map(|s| s.blocks.clone()).unwrap_or_default())
    };
    let stops: Vec<_> =
        entries(&scene.commits, Some(first)).into_iter().filter(|e| e.kind == HistoryKind::Text).collect();
    let shown: Vec<String> = stops.iter().map(|stop| texts(&mut scene, stop.position)).collect();
    assert_eq!(shown, ["Æble", "Æble\nPære", "Æble\nPære\nBlomme"]);
    assert_eq!(texts(&mut scene, stops[0].first_position), "Æble");
}

#[test]
fn two_who_write_at_once_have_an_entry_each() {
    let mut scene = Scene::new();
    let item = scene.done("sofie", add("Cykelstier")).unwrap();
    for (n, text) in ["Æble", "Pære", "Blomme"].into_iter().enumerate() {
        scene.now = n as i64 * 1_000;
        scene.write("bo", item, "resume", text);
        scene.write("sofie", item, "lov", text);
    }
    scene.done("bo", MeetingCommand::SetItemState { item, state: ItemState::Ready });
    scene.write("bo", item, "resume", "Ny");
    assert_eq!(
        scene.sentences(Some(item)),
        [
            "sofie oprettede punktet «Cykelstier».",
            "bo skrev 14 tegn i Resumé.",
            "sofie skrev 14 tegn i Lovgrundlag.",
            "bo meldte punktet klar.",
            "bo skrev 2 tegn i Resumé.",
        ]
    );
}

impl Scene {
    fn chronicle(&self) -> Chronicle {
        let mut chronicle = Chronicle::new(MeetingId::from_bytes([2; 16]));
        self.commits.iter().for_each(|commit| chronicle.read(commit));
        chronicle
    }
}

#[test]
fn authors_of_an_earlier_round_stay_authors_after_a_thaw() {
    let (mut scene, item, _) = given();
    scene.write("sofie", item, "resume", "Kirsebær");
    let chronicle = scene.chronicle();
    let document = chronicle.item(item).unwrap().documents.case;
    let past = scene.room.document(document).unwrap().past();
    let authors = chronicle.authors(document);
    let mut credits = Credits::new(&past, &authors);
    let texts = blame(&past, ["resume"], chronicle.sequence(), &mut credits);
    let told = texts[0].runs.iter().map(|run| {
        let credit = &credits.list[run.credit.unwrap() as usize];
        let at = chronicle.moment(credit.sequence).unwrap().at;
        (run.end - run.start, credits.users[credit.user as usize].as_str(), at.0 / MINUTE)
    });
    // A paragraph's beginning is one place.
    assert_eq!(told.collect::<Vec<_>>(), [(5, "bo", 1), (5, "bo", 20), (7, "bo", 20), (9, "sofie", 20)]);
}

#[test]
fn a_chronicle_that_is_read_on_tells_what_a_new_one_does() {
    let (scene, item, _) = given();
    let mut chronicle = Chronicle::new(MeetingId::from_bytes([2; 16]));
    for (count, commit) in (1..).zip(&scene.commits) {
        chronicle.read(commit);
        assert_eq!(chronicle.entries(Some(item)), entries(&scene.commits[..count], Some(item)));
    }
    let milestones: Vec<_> = chronicle.entries(Some(item)).iter().filter_map(|e| e.milestone()).collect();
    assert_eq!(milestones, [Milestone::Created, Milestone::Ready, Milestone::Frozen, Milestone::Thawed]);
    assert_eq!(chronicle.item_at(item, 2).unwrap().title, "Cykelstier");
    assert!(chronicle.item_at(item, 1).is_none(), "it was not there yet");
}

#[test]
fn a_difference_reaches_over_a_thaw() {
    let (mut scene, item, _) = given();
    let chronicle = scene.chronicle();
    let document = chronicle.item(item).unwrap().documents.case;
    let past = scene.room.document(document).unwrap().past();
    let authors = chronicle.authors(document);
    let frozen =
        chronicle.entries(Some(item)).iter().find(|e| e.milestone() == Some(Milestone::Frozen)).cloned();
    let from = chronicle.sequence_at(frozen.unwrap().position);
    let mut credits = Credits::new(&past, &authors);
    let sections = diff(&past, ["resume", "lov"], (from, chronicle.sequence()), &mut credits);
    assert_eq!(sections.iter().map(|section| section.changed).collect::<Vec<_>>(), [true, false]);
    let told = sections[0].blocks.iter().map(|block| match block {
        DiffBlock::Text { change, runs, .. } => (*change, runs[0].words.text.as_str()),
        DiffBlock::Table { .. } => (Change::Kept, "a table"),
    });
    let expected = [(Change::Kept, "Æble"), (Change::Kept, "Pære"), (Change::Inserted, "Blomme")];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn what_was_written_in_a_correction_that_was_given_up_is_seen_when_it_stood_there() {
    let (mut scene, item, _) = given();
    scene.done("sofie", MeetingCommand::Freeze { reason: String::new() });
    scene.done("sofie", MeetingCommand::Publish);
    let correction = MeetingCommand::OpenCorrection { edition: 1, items: vec![item], reason: "Fejl".into() };
    scene.done("sofie", correction);
    scene.write("sofie", item, "resume", "Rettet");
    let written = scene.commits.len() as u64;
    scene.done("sofie", MeetingCommand::AbandonEdition { reason: "Alligevel ikke".into() });
    let chronicle = scene.chronicle();
    let mut said = |sequence| {
        let document = chronicle.item_at(item, sequence).unwrap().documents.case;
        let past = scene.room.document(chronicle.carrier(document)).unwrap().past();
        let text = chronicle.text_at(DocumentKind::Case, &past, sequence);
        let resume = text.sections.into_iter().find(|section| section.key == "resume").unwrap();
        resume.blocks.last().map(Block::plain_text).unwrap()
    };
    assert_eq!([said(written - 1), said(written), said(written + 1)], ["Blomme", "Rettet", "Blomme"]);
}

#[test]
fn much_text_at_once_is_a_milestone_and_its_steps_are_told_one_by_one() {
    let mut scene = Scene::new();
    let item = scene.done("sofie", add("Cykelstier")).unwrap();
    scene.write("bo", item, "resume", "Kort");
    scene.write("bo", item, "lov", &"Lang ".repeat(120));
    let chronicle = scene.chronicle();
    let entries = chronicle.entries(Some(item));
    let set = entries.last().unwrap();
    assert_eq!((entries.len(), set.milestone()), (2, Some(Milestone::LargeInsertion)));
    let steps = chronicle.steps(item, (set.first_position, set.position), &Withheld::default());
    let told: Vec<_> = steps.iter().map(|step| (step.inserted, step.milestone())).collect();
    assert_eq!(told, [(4, None), (600, Some(Milestone::LargeInsertion))]);
}
