//! Items that are erased: what is left, and that it depends on no word that is gone.

use super::scene::*;

use agenda::{
    event::DocumentKind,
    id::{ItemId, TextId},
    meeting::{Access, MeetingCommand as Command},
    rejection::Rejection,
};

#[test]
fn an_erased_item_leaves_its_place_and_nothing_of_its_words() {
    let mut scene = Scene::published();
    let (gone, kept) = (scene.item(0), scene.item(1));
    scene.write(gone, DocumentKind::Decision, "Hemmelig beslutning").unwrap();
    let old = scene.room.meeting().item(gone).unwrap().documents;
    let before = scene.next();
    scene.erase(gone).unwrap();
    let after = scene.next();
    assert_eq!(titles(&after), [(1, "Slettet punkt"), (2, "Fyret")]);
    assert_eq!((words(&after, 0), &after.items[1]), (vec![], &before.items[1]));
    let meeting = scene.room.meeting();
    let actor = scene.room.actor(&secretary()).unwrap();
    for (_, document) in old.all() {
        assert_eq!(meeting.access(Some(&actor), document), Access::None);
    }
    let item = meeting.item(gone).unwrap();
    assert_eq!(item.erased.as_ref().unwrap().reason, "Anmodning om sletning");
    assert!(meeting.is_open(item.documents.decision), "a decision may still be written");
    scene.write(gone, DocumentKind::Decision, "Ny beslutning").unwrap();
    let texts: Vec<TextId> = scene.erased_after(0).collect();
    let mut replayed = scene.reloaded();
    assert!(old.all().iter().all(|(_, document)| texts.contains(&(*document).into())));
    assert_eq!(replayed.meeting(), scene.room.meeting(), "what is left depends on words that are gone");
    assert_eq!(replayed.texts(), scene.room.texts());
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    let minutes = scene.last();
    assert_eq!((words(&minutes, 0), minutes.items[1].id), (vec!["Ny beslutning".to_owned()], kept));
}

#[test]
fn a_correction_of_an_erased_item_begins_with_an_empty_text() {
    let mut scene = Scene::published();
    let (gone, other) = (scene.item(0), scene.item(1));
    scene.erase(gone).unwrap();
    scene.correct(1, &[gone, other]).unwrap();
    assert_eq!(words(&scene.next(), 0), Vec::<String>::new());
    scene.write(gone, DocumentKind::Case, "Uden personoplysninger").unwrap();
    scene.rename(gone, "Havnen").unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(scene.current(), [2]);
    let corrected = scene.last();
    assert_eq!(titles(&corrected), [(1, "Havnen"), (2, "Fyret")]);
    assert_eq!(words(&corrected, 0), ["Uden personoplysninger"]);
    scene.erase(gone).unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting(), "erased twice");
}

#[test]
fn what_is_being_written_or_frozen_is_not_erased() {
    let mut scene = Scene::new();
    let item = scene.item(0);
    assert_eq!(scene.erase(item), Err(Rejection::InWork));
    scene.ask(Command::WithdrawItem { item, reason: "Udsat".into() }).unwrap();
    scene.erase(item).unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.freeze().unwrap();
    let other = scene.item(0);
    assert_eq!(scene.erase(other), Err(Rejection::Frozen));
    scene.ask(Command::Publish).unwrap();
    scene.correct(1, &[other]).unwrap();
    assert_eq!(scene.erase(other), Err(Rejection::EditionUnderWay));
    let unknown = ItemId::from_bytes([9; 16]);
    scene.abandon().unwrap();
    assert_eq!(scene.erase(unknown), Err(Rejection::UnknownItem));
}
