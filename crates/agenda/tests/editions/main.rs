//! The editions of a meeting: agenda, supplement, minutes and corrections, through a whole room, so
//! that texts, freezes and forks are the real ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod erasure;
mod hold;
mod scene;

use agenda::{
    event::{DocumentKind, EditionKind, Participant},
    id::{DocumentId, ItemId},
    meeting::{DocumentState, MeetingCommand as Command, Phase},
    publication::Publication,
    rejection::Rejection,
};

use scene::*;

#[test]
fn an_agenda_is_published_as_before_there_were_kinds() {
    let scene = Scene::published();
    let json = agenda::publication::canonical_json(&scene.last());
    assert!(!json.contains("kind") && !json.contains("correction"), "{json}");
}

#[test]
fn minutes_have_the_whole_agenda_with_its_decisions() {
    let mut scene = Scene::published();
    let (first, second) = (scene.item(0), scene.item(1));
    scene.write(first, DocumentKind::Decision, "Godkendt").unwrap();
    let there = vec![Participant { name: "Anna".into(), roles: vec![] }];
    scene.ask(Command::ChangeParticipants { participants: there.clone() }).unwrap();
    assert_eq!(scene.rename(second, "Andet"), Err(Rejection::Published));
    scene.freeze_minutes().unwrap();
    assert_eq!(scene.write(second, DocumentKind::Decision, "For sent"), Err(Rejection::Frozen));
    scene.ask(Command::Thaw { reason: "Et punkt mangler".into() }).unwrap();
    assert_eq!(scene.room.meeting().phase, Phase::Published);
    scene.write(second, DocumentKind::Decision, "Udsat").unwrap();
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();

    let minutes = scene.last();
    assert_eq!((minutes.kind, minutes.participants.clone()), (EditionKind::Minutes, there));
    assert_eq!(words(&minutes, 0), ["Teksten", "Godkendt"]);
    assert_eq!(words(&minutes, 1), ["Teksten", "Udsat"]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 2], 2));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::HasMinutes));
    assert_eq!(scene.supplement(), Err(Rejection::HasMinutes));
    assert_eq!(scene.correct(1, &[first]), Err(Rejection::HasMinutes));
    let participants = Vec::new();
    assert_eq!(scene.ask(Command::ChangeParticipants { participants }), Err(Rejection::Published));
}

#[test]
fn a_supplement_has_only_what_was_added_in_it() {
    let mut scene = Scene::published();
    let old = scene.item(0);
    assert_eq!(scene.try_add("For sent"), Err(Rejection::Published));
    scene.supplement().unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::Empty("Dagsorden")));
    let late = scene.add("Hastesag");
    scene.write(late, DocumentKind::Case, "Haster").unwrap();
    assert_eq!(scene.rename(old, "Nyt navn"), Err(Rejection::Published));
    assert_eq!(scene.write(old, DocumentKind::Case, "Mere"), Err(Rejection::Frozen));
    assert_eq!(scene.ask(Command::MoveItem { item: late, index: 0 }), Err(Rejection::Invalid("plads")));
    assert_eq!(scene.ask(Command::WithdrawItem { item: old, reason: "x".into() }), Err(Rejection::Published));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::EditionUnderWay));
    scene.freeze().unwrap();
    scene.ask(Command::Thaw { reason: "Et ord".into() }).unwrap();
    scene.rename(late, "Hastesag om havnen").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();

    let supplement = scene.last();
    assert_eq!(supplement.kind, EditionKind::Supplement);
    assert_eq!(titles(&supplement), [(3, "Hastesag om havnen")]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 2], 1));
    scene.supplement().unwrap();
    let again = scene.add("Endnu en");
    assert_eq!(titles(&scene.next()), [(4, "Endnu en")]);
    assert_eq!(scene.rename(late, "x"), Err(Rejection::Published));
    scene.abandon().unwrap();
    let meeting = scene.room.meeting();
    assert!(meeting.item(again).is_none() && meeting.withdrawn.iter().any(|w| w.item.id == again));
    assert_eq!(titles(&scene.next()).len(), 3, "the minutes are next");
}

#[test]
fn a_correction_is_an_edition_of_its_own() {
    let mut scene = Scene::published();
    let (first, second) = (scene.item(0), scene.item(1));
    assert_eq!(scene.correct(2, &[first]), Err(Rejection::Unknown("udgave")));
    assert_eq!(scene.correct(1, &[ItemId::from_bytes([9; 16])]), Err(Rejection::UnknownItem));
    scene.correct(1, &[first]).unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::NoChange), "nothing was corrected");
    assert_eq!(scene.write(second, DocumentKind::Case, "Mere"), Err(Rejection::Frozen));
    assert_eq!(scene.rename(second, "x"), Err(Rejection::Published));
    assert_eq!(scene.try_add("Nyt"), Err(Rejection::Published));
    scene.write(first, DocumentKind::Case, "Rettet").unwrap();
    scene.rename(first, "Havnen og kajen").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();

    let corrected = scene.last();
    assert_eq!(corrected.kind, EditionKind::Agenda);
    let correction = corrected.correction.as_ref().unwrap();
    assert_eq!((correction.edition, correction.reason.as_str()), (1, "Forkert beløb"));
    assert_eq!(titles(&corrected), [(1, "Havnen og kajen"), (2, "Fyret")]);
    assert_eq!(words(&corrected, 0), ["Teksten", "Rettet"]);
    assert_eq!((scene.current(), scene.main()), (vec![2], 2));
    assert_eq!(scene.room.meeting().superseded_by(1), Some(2));
    assert_eq!(scene.correct(1, &[first]), Err(Rejection::Superseded));
    scene.correct(2, &[first]).unwrap();
}

#[test]
fn corrected_minutes_have_the_old_participants_and_new_words() {
    let mut scene = Scene::published();
    let first = scene.item(0);
    scene.write(first, DocumentKind::Decision, "Godkendt").unwrap();
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    scene.correct(2, &[first]).unwrap();
    scene.write(first, DocumentKind::Decision, "med bemærkninger").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Thaw { reason: "Et ord".into() }).unwrap();
    assert_eq!(scene.room.meeting().phase, Phase::Open, "the correction goes on");
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(words(&scene.last(), 0), ["Teksten", "Godkendt", "med bemærkninger"]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 3], 3));
}

/// Who takes part, and where.
fn facts(publication: &Publication) -> (Vec<&str>, &str) {
    (publication.participants.iter().map(|one| one.name.as_str()).collect(), &publication.place)
}

#[test]
fn a_correction_may_change_when_where_and_who_and_the_old_edition_keeps_them() {
    let mut scene = Scene::new();
    scene.invite(&["Agnete", "Bo"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    let published = scene.last();
    assert_eq!(scene.move_to("Broen"), Err(Rejection::Published), "nothing is being corrected");
    scene.correct(1, &[]).unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::NoChange));
    scene.move_to("Broen").unwrap();
    scene.invite(&["Agnete", "Carl"]).unwrap();
    scene.freeze().unwrap();
    assert_eq!(scene.move_to("Kajen"), Err(Rejection::Frozen));
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()), (vec!["Agnete", "Carl"], "Broen"));
    assert_eq!(facts(&published), (vec!["Agnete", "Bo"], "Rådhuset"));
    assert_eq!(facts(&scene.next()), (vec!["Agnete", "Carl"], "Broen"), "the minutes say the same");

    // Who was there is another matter than who was to be there.
    scene.invite(&["Carl"]).unwrap();
    scene.correct(2, &[]).unwrap();
    assert_eq!(facts(&scene.next()).0, ["Agnete", "Carl"]);
    scene.invite(&["Agnete", "Dorte"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()).0, ["Agnete", "Dorte"]);
    assert_eq!(facts(&scene.next()).0, ["Carl"]);
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    scene.correct(4, &[]).unwrap();
    scene.invite(&["Carl", "Eva"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()).0, ["Carl", "Eva"]);
}

#[test]
fn a_correction_that_is_given_up_leaves_when_where_and_who() {
    let mut scene = Scene::published();
    let before = scene.next();
    scene.correct(1, &[]).unwrap();
    scene.move_to("Broen").unwrap();
    scene.invite(&["Agnete"]).unwrap();
    scene.abandon().unwrap();
    assert_eq!(scene.next(), before);
    assert_eq!(scene.supplement(), Ok(()));
    assert_eq!(scene.move_to("Broen"), Err(Rejection::Published), "a supplement says nothing of it");
}

#[test]
fn a_correction_that_is_given_up_leaves_what_was_published() {
    let mut scene = Scene::published();
    let first = scene.item(0);
    let before = scene.room.meeting().item(first).unwrap().clone();
    let published = scene.last();
    scene.correct(1, &[first]).unwrap();
    scene.write(first, DocumentKind::Case, "Forkert rettelse").unwrap();
    scene.rename(first, "Andet navn").unwrap();
    let name = "Kort".to_owned();
    scene.ask(Command::AddAttachment { item: first, name, source: None }).unwrap();
    let written: DocumentId = scene.room.meeting().item(first).unwrap().documents.case;
    scene.freeze().unwrap();
    assert_eq!(scene.abandon(), Err(Rejection::Frozen));
    scene.ask(Command::Thaw { reason: "Opgives".into() }).unwrap();
    scene.abandon().unwrap();

    let meeting = scene.room.meeting();
    assert_eq!(meeting.item(first), Some(&before));
    let back = before.documents.case;
    assert!(matches!(meeting.documents[&back].state, DocumentState::Frozen { .. }));
    assert!(!meeting.is_open(written) && meeting.phase == Phase::Published);
    assert_eq!(scene.write(first, DocumentKind::Case, "Sent"), Err(Rejection::Frozen));
    assert_eq!(scene.abandon(), Err(Rejection::Published));
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(scene.last().items, published.items, "no decision was written, and nothing else changed");
}

#[test]
fn the_agenda_itself_cannot_be_given_up() {
    let mut scene = Scene::new();
    assert_eq!(scene.abandon(), Err(Rejection::NothingOpened));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::NotPublished));
    assert_eq!(scene.supplement(), Err(Rejection::NotPublished));
}
