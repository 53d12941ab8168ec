//! What keeps an item from being erased, and erasing what a retention plan says is due.

use super::scene::*;

use agenda::{
    event::{Event, RetentionPlanChanged},
    forum::Forum,
    id::ItemId,
    live::{Input, World},
    meeting::MeetingCommand as Command,
    rejection::Rejection,
    retention::RetentionPlan,
};
use std::sync::Arc;

const MONTH_MS: i64 = 31 * 24 * 60 * 60 * 1_000;

impl Scene {
    fn hold(&mut self, item: ItemId, reason: &str) -> Result<(), Rejection> {
        self.ask(Command::HoldItem { item, reason: reason.to_owned() })
    }

    fn release(&mut self, item: ItemId) -> Result<(), Rejection> {
        self.ask(Command::ReleaseItem { item })
    }

    fn erase_planned(&mut self, item: ItemId) -> Result<(), Rejection> {
        self.ask(Command::EraseItem { item, reason: "Sletteplan".into(), planned: true })
    }

    fn held(&self, item: ItemId) -> Option<&str> {
        Some(self.room.meeting().known_item(item)?.held.as_ref()?.reason.as_str())
    }

    fn plan(&mut self, plan: RetentionPlan) {
        let mut forum = Forum::clone(self.room.forum());
        forum.apply(&Event::from(RetentionPlanChanged { plan })).unwrap();
        let mut world = World { now: agenda::event::Timestamp(0), fresh: &mut || [0; 16] };
        self.room.handle(&mut world, Input::Forum(Arc::new(forum)));
    }
}

#[test]
fn a_held_item_is_not_erased_until_it_is_released() {
    let mut scene = Scene::published();
    let item = scene.item(0);
    assert_eq!(scene.hold(item, "  "), Err(Rejection::Empty("Begrundelse")));
    scene.hold(item, "Aktindsigt").unwrap();
    assert_eq!(scene.hold(item, "Aktindsigt"), Err(Rejection::NoChange));
    scene.hold(item, "Aflevering til arkiv").unwrap();
    assert_eq!(scene.held(item), Some("Aflevering til arkiv"));
    assert_eq!(scene.erase(item), Err(Rejection::Held));
    assert_eq!(scene.erase_planned(item), Err(Rejection::Held));
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.release(item).unwrap();
    assert_eq!(scene.release(item), Err(Rejection::NoChange));
    scene.erase(item).unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting(), "the reasons of old holds are gone, too");
}

#[test]
fn a_hold_comes_and_goes_in_every_phase_and_stays_through_all_of_them() {
    let mut scene = Scene::new();
    let (gone, item) = (scene.item(0), scene.item(1));
    scene.hold(gone, "I kladde").unwrap();
    scene.ask(Command::WithdrawItem { item: gone, reason: "Udsat".into() }).unwrap();
    assert_eq!(scene.held(gone), Some("I kladde"), "it stays on what is withdrawn");
    assert_eq!(scene.erase(gone), Err(Rejection::Held));
    scene.release(gone).unwrap();
    scene.freeze().unwrap();
    scene.hold(item, "Mens den er låst").unwrap();
    scene.hold(gone, "Tilbagetrukket").unwrap();
    scene.ask(Command::Publish).unwrap();
    scene.correct(1, &[item]).unwrap();
    scene.hold(item, "Under en rettelse").unwrap();
    scene.abandon().unwrap();
    assert_eq!(scene.held(item), Some("Under en rettelse"), "a correction that is given up leaves it");
    assert_eq!(scene.hold(ItemId::from_bytes([9; 16]), "x"), Err(Rejection::UnknownItem));
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
}

#[test]
fn a_hold_changes_nothing_that_is_published() {
    let mut scene = Scene::published();
    let before = scene.next();
    scene.hold(scene.item(0), "Aktindsigt").unwrap();
    assert_eq!(scene.next().content_hash(), before.content_hash());
}

#[test]
fn the_plan_erases_what_is_due_under_the_plan_in_force_and_nothing_else() {
    let mut scene = Scene::published();
    let item = scene.item(0);
    scene.later = MONTH_MS;
    assert_eq!(scene.erase_planned(item), Err(Rejection::NotDue), "no plan");
    scene.plan(RetentionPlan { closed: Some(1), open: Some(2), withdrawn: None });
    assert_eq!(scene.erase_planned(item), Err(Rejection::NotDue), "two months");
    scene.ask(Command::OpenSupplement { reason: "En hastesag".into() }).unwrap();
    scene.later = 2 * MONTH_MS;
    scene.erase_planned(item).unwrap();
    assert_eq!(scene.erase_planned(item), Err(Rejection::NotDue), "it is erased already");
    let urgent = scene.add("Hastesag");
    assert_eq!(scene.erase_planned(urgent), Err(Rejection::InWork));
}
