//! Items that are brought from one meeting to another: every character keeps who wrote it first, when and
//! where, whatever is written around it later; what was closed stays closed; and nothing else comes along.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod scene;

use agenda::{
    content::{Block, Cell, Row},
    event::{DocumentKind, Event, ItemOrigin, MovedTo, Recorded, Source},
    history::entries,
    id::{ItemId, MeetingId},
    language::Language,
    live::LiveDocument,
    meeting::{Brought, MeetingCommand},
    rejection::Rejection,
};
use automerge::{ActorId, ReadDoc, transaction::Transactable};
use proptest::prelude::*;
use scene::{SINCE, Said, Scene, WRITERS, forum, said, user};

fn bring(brought: Brought) -> MeetingCommand {
    MeetingCommand::BringItem { brought: Ok(Box::new(brought)) }
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
    let of =
        |by: &str| -> String { words.iter().filter(|s| s.by == user(by)).map(|s| s.character).collect() };
    assert_eq!(
        (of("bo").as_str(), of("lise").as_str(), of("sofie").as_str()),
        ("Cykelstier i Herstedøster", "Vejloven", "Nyt")
    );
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
    let stored: Vec<u8> =
        june.commits.iter().flat_map(|r| &r.commit.events).flat_map(|e| e.encode().unwrap()).collect();
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
fn a_hold_goes_along_when_an_item_is_moved_and_stays_where_it_was() {
    let mut may = Scene::new(5);
    let item = may.add("Havnen");
    may.done("sofie", MeetingCommand::HoldItem { item, reason: "Aktindsigt".into() });
    for (moved, kept) in [(Some("Udsat"), Some("Aktindsigt")), (None, None)] {
        let brought = may.brought(item, moved);
        let mut june = Scene::new(6);
        let there = june.done("sofie", bring(brought)).unwrap();
        let held = june.room.meeting().item(there).unwrap().held.as_ref();
        assert_eq!(held.map(|hold| hold.reason.as_str()), kept);
        let erase = MeetingCommand::EraseItem { item: there, reason: "Slet".into(), planned: false };
        assert_eq!(june.tried("sofie", erase) == Err(Rejection::Held), kept.is_some());
    }
    assert!(may.room.meeting().item(item).unwrap().held.is_some());
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
    let signs = june.words(copy);
    let of =
        |by: &str| -> String { signs.iter().filter(|s| s.by == user(by)).map(|s| s.character).collect() };
    assert_eq!(
        (of("sofie").as_str(), of("lise").as_str()),
        ("Lovgrundlag", "Vejloven"),
        "the heading is new"
    );
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
    assert!(
        matches!(&refused.commit.events[0], Event::CommandRefused(e) if e.rejection == Rejection::Frozen)
    );
}

#[test]
fn the_history_says_where_it_came_from_and_not_that_somebody_wrote_it() {
    let (mut may, item, june, copy) = given();
    let sentences = |commits: &[Recorded], item| -> Vec<String> {
        let told = entries(commits, Some(item));
        told.iter().map(|entry| entry.sentence(entry.by.as_str(), Language::Danish)).collect()
    };
    assert_eq!(
        sentences(&june.commits, copy),
        ["sofie hentede punktet «Cykelstier» fra mødet d. 6. maj 2027."]
    );
    let sequence = may.room.meeting().sequence;
    may.done("sofie", moved_to(item, sequence));
    assert_eq!(
        sentences(&may.commits, item).last().unwrap(),
        "sofie flyttede punktet til mødet d. 6. juni 2027: Udsat"
    );
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
