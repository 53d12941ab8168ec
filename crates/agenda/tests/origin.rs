//! Items that are brought from one meeting to another: every character keeps who wrote it first, when and
//! where, whatever is written around it later; what was closed stays closed; and nothing else comes along.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use agenda::{
    content::{Block, Cell, Row},
    event::{
        Commit, DocumentKind, Event, ItemOrigin, MemberAdded, MovedTo, Position, Recorded, Role, Source, Timestamp,
    },
    forum::{Forum, found},
    history::{BlameText, Chronicle, Credits, Past, TextPath, Written, blame, brought, carriers, entries},
    id::{CommandId, ForumId, ItemId, MeetingId, SessionId, StreamId, UserId},
    language::Language,
    live::{CommandMeta, Effect, FrameLimits, Input, LiveDocument, ReplyKey, Room, ServerNames, World},
    meeting::{Brought, MeetingCommand, schedule},
    rejection::Rejection,
};
use automerge::{ActorId, ReadDoc, transaction::Transactable};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

/// Whoever the log does not know: who edits a copy here.
const SINCE: &str = "since";
const WRITERS: [&str; 3] = ["sofie", "bo", "lise"];

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn forum() -> Forum {
    let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
    for event in found("Chefforum", &user("sofie"), "Sofie").unwrap() {
        forum.apply(&event).unwrap();
    }
    for (name, role) in [("bo", Role::HeadOfDepartment), ("lise", Role::Author), ("rita", Role::Reviewer)] {
        let (name, roles) = (user(name), vec![role]);
        let added = MemberAdded { user: name.clone(), name: name.as_str().into(), title: String::new(), roles };
        forum.apply(&added.into()).unwrap();
    }
    forum
}

/// One meeting: its room, its stream, and what is said of its past.
struct Scene {
    room: Room,
    commits: Vec<Recorded>,
    number: u8,
    counter: u8,
}

impl Scene {
    fn new(number: u8) -> Self {
        Self::with(number, &forum())
    }

    fn with(number: u8, forum: &Forum) -> Self {
        let actor = forum.actor(&user("sofie")).unwrap();
        let (date, time) = (jiff::civil::date(2027, number as i8, 6), jiff::civil::time(9, 0, 0, 0));
        let id = MeetingId::from_bytes([number; 16]);
        let commit = Commit {
            stream: StreamId::Meeting(id),
            sequence: 1,
            at: Timestamp(i64::from(number) * 1_000),
            by: user("sofie"),
            session: SessionId::from_bytes([3; 16]),
            command: CommandId::from_bytes([0; 16]),
            events: schedule(forum, &actor, date, time, "Lærken", None).unwrap(),
        };
        let first = Recorded { position: Position(u64::from(number) * 1_000), commit };
        let names = ServerNames { peer_id: "server".into(), storage_id: "storage".into() };
        let limits = FrameLimits { per_second: 10, burst: 10 };
        let mut room = Room::new(id, Arc::new(forum.clone()), names, limits);
        room.replay(&first).unwrap();
        Self { room, commits: vec![first], number, counter: 0 }
    }

    fn tried(&mut self, by: &str, command: MeetingCommand) -> Result<Option<ItemId>, Rejection> {
        self.counter += 1;
        let id = CommandId::from_bytes([self.counter; 16]);
        let meta = CommandMeta { id, user: user(by), session: SessionId::from_bytes([3; 16]) };
        let mut id = [self.number; 16];
        id[1] = self.counter;
        let mut fresh = || {
            id[2] += 1;
            id
        };
        let now = Timestamp(i64::from(self.number) * 1_000 + i64::from(self.counter));
        let mut world = World { now, fresh: &mut fresh };
        self.room.handle(&mut world, Input::Command { reply: ReplyKey(1), meta, command });
        let mut answers = Vec::new();
        for _ in 0..2 {
            for effect in self.room.take_effects() {
                match effect {
                    Effect::Append { ticket, commit } => {
                        let position = Position(self.commits[0].position.0 + self.commits.len() as u64);
                        self.commits.push(Recorded { position, commit });
                        self.room.handle(&mut world, Input::Appended { ticket, position });
                    }
                    Effect::Reply { answer, .. } => answers.push(answer),
                    _ => {}
                }
            }
        }
        answers.remove(0).map(|done| done.created.map(ItemId::from_bytes))
    }

    fn done(&mut self, by: &str, command: MeetingCommand) -> Option<ItemId> {
        self.tried(by, command).unwrap()
    }

    fn add(&mut self, title: &str) -> ItemId {
        let (title, journal_number) = (title.into(), Some("00.01.00-A00-1-26".into()));
        let (minutes, item_type, source) = (Some(20), None, None);
        self.done("sofie", MeetingCommand::AddItem { title, journal_number, minutes, item_type, source }).unwrap()
    }

    fn write(&mut self, by: &str, item: ItemId, section: &str, blocks: Vec<Block>) {
        let (document, section) = (DocumentKind::Case, section.to_owned());
        let write =
            MeetingCommand::WriteSection { item, document, section, blocks, nothing: false, source: None };
        self.done(by, write);
    }

    fn chronicle(&self) -> Chronicle {
        let mut chronicle = Chronicle::new(self.room.meeting().id);
        self.commits.iter().for_each(|recorded| chronicle.read(recorded));
        chronicle
    }

    fn brought(&mut self, item: ItemId, moved: Option<&str>) -> Brought {
        let chronicle = self.chronicle();
        let mut past = |(_, id)| (id, Arc::new(self.room.document(id).unwrap().past()));
        let pasts: BTreeMap<_, _> = carriers(&chronicle, item).into_iter().map(&mut past).collect();
        brought(&chronicle, item, moved, &pasts).unwrap()
    }

    fn past(&mut self, item: ItemId) -> Past {
        let case = self.room.meeting().item(item).unwrap().documents.case;
        self.room.document(case).unwrap().past()
    }

    fn words(&mut self, item: ItemId) -> Vec<Said> {
        let past = self.past(item);
        let case = self.room.meeting().item(item).unwrap().documents.case;
        let document = self.room.document(case).unwrap().materialise().clone();
        said(&self.chronicle(), case, &past, &document)
    }
}

/// A character with who wrote it, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    character: char,
    by: UserId,
    written: Option<Written>,
    sequence: u64,
}

fn bring(brought: Brought) -> MeetingCommand {
    MeetingCommand::BringItem { brought: Ok(Box::new(brought)) }
}

/// All characters of the sections and their tables with their authors, without the beginnings of blocks.
fn said(
    chronicle: &Chronicle,
    case: agenda::id::DocumentId,
    past: &Past,
    document: &automerge::Automerge,
) -> Vec<Said> {
    let authors = chronicle.authors(case);
    let mut credits = Credits::new(past, &authors);
    let texts = blame(past, ["resume", "lov"], u64::MAX, &mut credits);
    texts.iter().flat_map(|text| letters(text, document, &credits)).collect()
}

fn letters(text: &BlameText, document: &automerge::Automerge, credits: &Credits<'_>) -> Vec<Said> {
    let path: Vec<&str> = match &text.path {
        TextPath::Section { section } => vec!["sections", section, "body"],
        TextPath::Cell { table, key } => vec!["tables", table, "cells", key, "t"],
    };
    let object = path.iter().fold(automerge::ROOT, |at, key| document.get(&at, *key).unwrap().unwrap().1);
    let words = document.text(&object).unwrap();
    let mut place = 0;
    let mut found = Vec::new();
    for character in words.chars() {
        let run = text.runs.iter().find(|run| run.start <= place && place < run.end).unwrap();
        place += character.len_utf16();
        if character != '\u{fffc}' {
            let credit = run.credit.map(|at| &credits.list[at as usize]);
            found.push(Said {
                character,
                by: credit.map_or_else(|| user(SINCE), |credit| credits.users[credit.user as usize].clone()),
                written: credit.and_then(|credit| credit.written.clone()),
                sequence: credit.map_or(0, |credit| credit.sequence),
            });
        }
    }
    found
}

fn paragraph(text: &str) -> Vec<Block> {
    vec![Block::paragraph(text)]
}

fn table(text: &str) -> Vec<Block> {
    let cell = |text: &str, colspan| Cell {
        header: false,
        colspan,
        rowspan: 1,
        blocks: vec![Block::paragraph(text), Block::paragraph("og")],
    };
    let rows =
        vec![Row { cells: vec![cell(text, 2)] }, Row { cells: vec![cell("År", 1), cell("Beløb 🦊", 1)] }];
    vec![Block::Table { rows }, Block::paragraph("efter tabellen")]
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let words = "[a-zæøå 🦊]{0,9}";
    prop_oneof![
        3 => words.prop_map(|text| paragraph(&text)),
        1 => words.prop_map(|text| vec![Block::ListItem { ordered: true, indent: 1, text: vec![agenda::content::Inline::plain(text)] }]),
        1 => words.prop_map(|text| table(&text)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whoever wrote what, in any order and in tables; and whatever is written into the copy afterwards.
    #[test]
    fn every_character_keeps_its_first_author(
        writes in prop::collection::vec((0..3usize, 0..2usize, blocks()), 1..8),
        edits in prop::collection::vec((0..60usize, 0..4usize, "[A-Z]{0,3}"), 0..8),
    ) {
        let mut may = Scene::new(5);
        let item = may.add("Cykelstier");
        for (who, section, blocks) in writes {
            may.write(WRITERS[who], item, ["resume", "lov"][section], blocks);
        }
        let original = may.words(item);
        let text = may.brought(item, None);
        let mut june = Scene::new(6);
        let copy = june.done("lise", bring(text)).unwrap();
        let copied = june.words(copy);
        assert_same(&may, item, &original, &copied);

        // Edits of the copy, as a browser sends them.
        let case = june.room.meeting().item(copy).unwrap().documents.case;
        let mut live: LiveDocument = june.room.document(case).unwrap().clone();
        let mut left = copied;
        let typed: usize = edits.iter().map(|(_, _, inserted)| inserted.len()).sum();
        for (at, (place, deleted, inserted)) in edits.into_iter().enumerate() {
            edit(&mut live, place, deleted, &inserted, 100 + at as u64);
        }
        let document = live.materialise().clone();
        let now = said(&june.chronicle(), case, &live.past(), &document);
        // What is left of the copy stands in its old order, each character by its first author; the rest is new.
        for sign in now.iter().filter(|sign| sign.by != user(SINCE)) {
            let at = left.iter().position(|known| known == sign);
            prop_assert!(at.is_some(), "{sign:?} was not copied, or stands elsewhere");
            left.drain(..=at.unwrap());
        }
        let new = now.iter().filter(|sign| sign.by == user(SINCE));
        prop_assert!(new.clone().all(|sign| sign.character.is_ascii_uppercase()));
        prop_assert!(new.count() <= typed);
    }
}

/// Deletes and inserts at a place of the first section, or at what is left of it by its length.
fn edit(live: &mut LiveDocument, place: usize, deleted: usize, inserted: &str, sequence: u64) {
    let mut document = live.materialise().clone();
    document.set_actor(ActorId::from(*b"a browser"));
    let get = |document: &automerge::Automerge, at: automerge::ObjId, key: &str| {
        document.get(&at, key).unwrap().unwrap().1
    };
    let sections = get(&document, automerge::ROOT, "sections");
    let section = get(&document, sections, "resume");
    let body = get(&document, section, "body");
    let length = document.length(&body);
    let at = place % (length + 1);
    let mut tx = document.transaction();
    tx.splice_text(&body, at, deleted.min(length - at) as isize, inserted).unwrap();
    if tx.commit().0.is_some() {
        let change = document.get_last_local_change().unwrap();
        live.replay(change.raw_bytes(), sequence).unwrap();
    }
}

/// The copy says the same, by the same people with the same commits, and names the item it stood in.
fn assert_same(from: &Scene, item: ItemId, original: &[Said], copied: &[Said]) {
    assert_eq!(original.len(), copied.len());
    let chronicle = from.chronicle();
    for (before, after) in original.iter().zip(copied) {
        let moment = chronicle.moment(before.sequence).unwrap();
        let written = after.written.as_ref().unwrap();
        assert_eq!((before.character, &before.by), (after.character, &after.by));
        assert_eq!((written.position, written.at), (moment.position, moment.at));
        assert_eq!((written.place.meeting, written.place.item), (from.room.meeting().id, item));
    }
}

/// Bo and Lise wrote it in May, from a file and by hand; in June Sofie took it in.
fn given() -> (Scene, ItemId, Scene, ItemId) {
    let mut may = Scene::new(5);
    let item = may.add("Cykelstier");
    may.write("bo", item, "resume", paragraph("Cykelstier i Herstedøster"));
    let import = MeetingCommand::WriteSection {
        item,
        document: DocumentKind::Case,
        section: "lov".into(),
        blocks: paragraph("Vejloven"),
        nothing: false,
        source: Some(Source { file: "maj.md".into(), line: 12 }),
    };
    may.done("lise", import);
    let text = may.brought(item, None);
    let mut june = Scene::new(6);
    let copy = june.done("sofie", bring(text)).unwrap();
    (may, item, june, copy)
}

#[test]
fn a_copy_of_a_copy_names_the_first_item_and_the_file() {
    let (may, item, mut june, copy) = given();
    june.write("sofie", copy, "resume", paragraph("Nyt"));
    let text = june.brought(copy, None);
    let mut july = Scene::new(7);
    let again = july.done("bo", bring(text)).unwrap();
    let words = july.words(again);
    let of = |by: &str| -> String { words.iter().filter(|s| s.by == user(by)).map(|s| s.character).collect() };
    assert_eq!((of("bo").as_str(), of("lise").as_str(), of("sofie").as_str()), ("Cykelstier i Herstedøster", "Vejloven", "Nyt"));
    let place = |by: &str| words.iter().find(|s| s.by == user(by)).unwrap().written.clone().unwrap();
    assert_eq!((place("bo").place.meeting, place("bo").place.item), (may.room.meeting().id, item));
    assert_eq!(place("sofie").place.meeting, june.room.meeting().id);
    assert_eq!(place("lise").source, Some(Source { file: "maj.md".into(), line: 12 }));
    assert_eq!(place("bo").source, None);
}

#[test]
fn a_round_that_is_reopened_keeps_the_origin() {
    let (_, item, mut june, copy) = given();
    june.done("sofie", MeetingCommand::Freeze { reason: String::new() });
    june.done("sofie", MeetingCommand::Thaw { reason: "En fejl".into() });
    let words = june.words(copy);
    assert!(!words.is_empty());
    assert!(words.iter().all(|sign| sign.written.as_ref().is_some_and(|w| w.place.item == item)));
}

#[test]
fn what_was_written_and_deleted_before_does_not_come_along() {
    let mut may = Scene::new(5);
    let item = may.add("Cykelstier");
    may.write("bo", item, "resume", paragraph("Hemmeligt"));
    let case = may.room.meeting().item(item).unwrap().documents.case;
    let live = may.room.document(case).unwrap();
    edit(live, 1, 9, "", 3);
    let text = may.brought(item, None);
    let mut june = Scene::new(6);
    june.done("lise", bring(text));
    let stored: Vec<u8> = june.commits.iter().flat_map(|r| &r.commit.events).flat_map(|e| e.encode().unwrap()).collect();
    assert!(!String::from_utf8_lossy(&stored).contains("Hemmeligt"));
}

#[test]
fn closed_items_stay_closed_and_attachments_come_along() {
    let mut may = Scene::new(5);
    let item = may.add("En ansættelse");
    may.done("sofie", MeetingCommand::CloseItem { item, reason: "Personsag".into() });
    may.done("bo", MeetingCommand::AddAttachment { item, name: "Ansøgning".into(), source: None });
    let attachment = may.room.meeting().item(item).unwrap().attachments[0].id;
    may.done("bo", MeetingCommand::CloseAttachment { item, attachment, reason: "Navne".into() });
    may.done("sofie", MeetingCommand::SetContributors { item, contributors: vec![user("bo"), user("gone")] });
    let text = may.brought(item, Some("Udsat"));
    let mut june = Scene::new(6);
    let copy = june.done("sofie", bring(text)).unwrap();
    let copy = june.room.meeting().item(copy).unwrap();
    assert_eq!(copy.closed.as_ref().map(|closed| closed.reason.as_str()), Some("Personsag"));
    assert_eq!(copy.attachments[0].name, "Ansøgning");
    assert_eq!(copy.attachments[0].closed.as_ref().map(|closed| closed.reason.as_str()), Some("Navne"));
    assert_eq!(copy.contributors, [user("bo")], "and nobody who is no member");
    assert!(copy.arrived.as_ref().is_some_and(|how| how.from.moved && how.because == "Udsat"));
}

#[test]
fn a_section_that_the_template_lacks_comes_last_under_its_heading() {
    let (mut may, item, ..) = given();
    let mut forum = forum();
    forum.template.retain(|section| section.key != "lov");
    let text = may.brought(item, None);
    let mut june = Scene::with(6, &forum);
    let copy = june.done("sofie", bring(text)).unwrap();
    let texts = june.room.texts();
    let case = june.room.meeting().item(copy).unwrap().documents.case;
    let last = texts[&case].sections.last().unwrap().clone();
    let words: Vec<String> = last.blocks.iter().map(Block::plain_text).collect();
    assert_eq!(words, ["Lovgrundlag", "Vejloven"]);
}

fn moved_to(item: ItemId, sequence: u64) -> MeetingCommand {
    let to = MovedTo { meeting: MeetingId::from_bytes([6; 16]), item, date: jiff::civil::date(2027, 6, 6) };
    MeetingCommand::MoveItemAway { item, to: Ok(to), reason: "Udsat".into(), sequence }
}

#[test]
fn who_writes_meanwhile_is_not_left_behind() {
    let (mut may, item, ..) = given();
    let read = may.room.meeting().sequence;
    may.write("bo", item, "resume", paragraph("og i Risby"));
    assert_eq!(may.tried("sofie", moved_to(item, read)), Err(Rejection::WrittenMeanwhile));
    let read = may.room.meeting().sequence;
    may.done("sofie", moved_to(item, read));
    let withdrawn = &may.room.meeting().withdrawn[0];
    assert_eq!(withdrawn.moved_to.as_ref().map(|to| to.meeting), Some(MeetingId::from_bytes([6; 16])));
}

#[test]
fn whoever_may_not_add_items_may_not_bring_any_and_no_frozen_agenda_takes_one() {
    let (mut may, item, mut june, _) = given();
    let text = may.brought(item, None);
    assert_eq!(june.tried("rita", bring(text.clone())), Err(Rejection::ReadOnly));
    assert_eq!(may.tried("sofie", bring(text.clone())), Err(Rejection::SameMeeting));
    let sequence = may.room.meeting().sequence;
    assert_eq!(may.tried("bo", moved_to(item, sequence)), Err(Rejection::NeedsSecretariat));
    june.done("sofie", MeetingCommand::Freeze { reason: String::new() });
    assert_eq!(june.tried("sofie", bring(text)), Err(Rejection::Frozen));
    let refused = june.commits.last().unwrap();
    assert!(matches!(&refused.commit.events[0], Event::CommandRefused(e) if e.rejection == Rejection::Frozen));
}

#[test]
fn the_history_says_where_it_came_from_and_not_that_somebody_wrote_it() {
    let (mut may, item, june, copy) = given();
    let sentences = |commits: &[Recorded], item| -> Vec<String> {
        let told = entries(commits, Some(item));
        told.iter().map(|entry| entry.sentence(entry.by.as_str(), Language::Danish)).collect()
    };
    assert_eq!(sentences(&june.commits, copy), ["sofie hentede punktet «Cykelstier» fra mødet d. 6. maj 2027."]);
    let sequence = may.room.meeting().sequence;
    may.done("sofie", moved_to(item, sequence));
    assert_eq!(sentences(&may.commits, item).last().unwrap(), "sofie flyttede punktet til mødet d. 6. juni 2027: Udsat");
}

#[test]
fn an_origin_of_a_moved_item_is_told_in_both_languages() {
    let (mut may, item, ..) = given();
    let text = may.brought(item, Some("Udsat"));
    assert!(matches!(text.origin, ItemOrigin { moved: true, .. }));
    let mut june = Scene::new(6);
    let copy = june.done("sofie", bring(text)).unwrap();
    let entry = &entries(&june.commits, Some(copy))[0];
    assert_eq!(
        entry.sentence("Sofie", Language::Danish),
        "Sofie flyttede punktet «Cykelstier» hertil fra mødet d. 6. maj 2027: Udsat"
    );
    assert_eq!(
        entry.sentence("Sofie", Language::English),
        "Sofie moved the item «Cykelstier» here from the meeting of 2027-05-06: Udsat"
    );
}
