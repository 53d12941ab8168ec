//! Items that are erased: what is left, and that it depends on no word that is gone.

use super::scene::*;

use agenda::{
    event::{DocumentKind, Timestamp},
    id::{ItemId, TextId, UserId},
    meeting::{Access, MeetingCommand as Command, Meta, Phase},
    rejection::Rejection,
};
use std::collections::BTreeSet;

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

/// A copy of the log from before the erasure: its item is erased again, whatever was going on when it was taken.
fn erased_again(scene: &mut Scene, item: ItemId) {
    let meeting = scene.room.meeting();
    let texts = BTreeSet::from([TextId::from(item)]);
    let meta =
        Meta { at: Timestamp(99), by: UserId::new("dagsorden").unwrap(), sequence: meeting.sequence + 1 };
    let mut id = (1u128 << 100) + (u128::from(meta.sequence) << 64);
    let mut fresh = || {
        id += 1;
        id.to_be_bytes()
    };
    let events = meeting.erase_again(&meta, &texts, &BTreeSet::new(), "Slettet igen", &mut fresh).unwrap();
    scene.take(&meta, events);
    let kept = scene.room.meeting().known_item(item).unwrap().erased.clone();
    assert_eq!(kept.unwrap().reason, "Slettet igen");
    let mut replayed = scene.reloaded();
    assert_eq!(replayed.meeting(), scene.room.meeting());
    assert_eq!(replayed.texts(), scene.room.texts());
}

#[test]
fn what_was_erased_after_a_copy_is_erased_again_in_it() {
    // While it is written.
    let mut scene = Scene::new();
    let item = scene.item(0);
    erased_again(&mut scene, item);
    assert_eq!((titles(&scene.next())[0], words(&scene.next(), 0)), ((1, "Slettet punkt"), vec![]));
    scene.rename(item, "Havnen igen").unwrap();
    scene.write(item, DocumentKind::Case, "Ny tekst").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(words(&scene.last(), 0), ["Ny tekst"]);
    // While it is frozen, and held.
    let mut scene = Scene::new();
    let (item, other) = (scene.item(0), scene.item(1));
    scene.ask(Command::HoldItem { item, reason: "Aktindsigt".into() }).unwrap();
    scene.freeze().unwrap();
    erased_again(&mut scene, item);
    assert_eq!(scene.room.meeting().phase, Phase::Open, "what was frozen cannot be published any more");
    assert_eq!(words(&scene.next(), 1), ["Teksten"]);
    scene.write(other, DocumentKind::Case, "Videre").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(titles(&scene.last())[0], (1, "Slettet punkt"));
    assert_eq!(words(&scene.last(), 1), ["Teksten", "Videre"]);
    // While it is corrected, and when the correction is given up after all.
    let mut scene = Scene::published();
    let item = scene.item(0);
    scene.correct(1, &[item]).unwrap();
    scene.write(item, DocumentKind::Case, "Rettet").unwrap();
    erased_again(&mut scene, item);
    scene.abandon().unwrap();
    let erased = scene.room.meeting().item(item).unwrap();
    assert_eq!((erased.title.as_str(), erased.erased.is_some()), ("Slettet punkt", true));
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.write(item, DocumentKind::Decision, "Besluttet").unwrap();
    scene.freeze_minutes().unwrap();
    erased_again(&mut scene, item);
    assert_eq!(scene.room.meeting().phase, Phase::Published);
    // When it is withdrawn.
    let mut scene = Scene::new();
    let item = scene.item(0);
    scene.ask(Command::WithdrawItem { item, reason: "Udsat".into() }).unwrap();
    erased_again(&mut scene, item);
}

#[test]
fn what_a_copy_does_not_have_is_not_erased_in_it() {
    let scene = Scene::published();
    let meta = Meta { at: Timestamp(99), by: secretary(), sequence: 99 };
    let texts = BTreeSet::from([TextId::from(ItemId::from_bytes([9; 16]))]);
    let events =
        scene.room.meeting().erase_again(&meta, &texts, &BTreeSet::new(), "Slettet igen", &mut || [0; 16]);
    assert_eq!(events, Ok(Vec::new()));
}
