//! What is due when, of meetings that are made up.

use super::*;
use crate::{
    event::{ItemDocuments, ItemState},
    id::{DocumentId, Hash, MeetingId, UserId},
    language::Language,
    meeting::{Closed, Erasure, Phase, PublishedEdition, Scope, Withdrawn},
};
use jiff::civil::date;

const PLAN: RetentionPlan = RetentionPlan { closed: Some(60), open: Some(120), withdrawn: Some(1) };

fn sofie() -> UserId {
    UserId::new("sofie").unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn item(number: u8) -> crate::meeting::Item {
    let document = |kind| DocumentId::from_bytes([number.wrapping_mul(8).wrapping_add(kind); 16]);
    crate::meeting::Item {
        id: ItemId::from_bytes([number; 16]),
        title: format!("Punkt {number}"),
        journal_number: None,
        minutes: None,
        item_type: None,
        documents: ItemDocuments { case: document(0), planning: document(1), decision: document(2) },
        state: ItemState::Draft,
        closed: None,
        contributors: Vec::new(),
        attachments: Vec::new(),
        removed_attachments: Vec::new(),
        comments: Vec::new(),
        supplement: None,
        erased: None,
        held: None,
        source: None,
        arrived: None,
    }
}

fn edition(edition: u32, scope: Scope, at: Timestamp) -> PublishedEdition {
    let (by, content_hash) = (sofie(), Hash([0; 32]));
    PublishedEdition { edition, scope, corrects: None, round: edition, at, by, content_hash, sequence: 1 }
}

/// Two items, the second one closed, published on the last day of January 2020.
fn meeting() -> Meeting {
    let mut meeting = Meeting::new(MeetingId::from_bytes([1; 16]));
    meeting.items = vec![item(1), item(2)];
    let at = at("2020-01-31T12:00:00Z");
    meeting.items[1].closed = Some(Closed { reason: "Personsag".into(), by: sofie(), at });
    meeting.publications.push(edition(1, Scope::Agenda, at));
    meeting.phase = Phase::Published;
    meeting
}

fn on(meeting: &Meeting, plan: RetentionPlan, today: Date) -> Vec<Standing> {
    kept(meeting).iter().map(|item| plan.standing(item, today)).collect()
}

#[test]
fn a_month_that_is_too_short_ends_on_its_last_day() {
    assert_eq!(months_after(date(2020, 1, 31), 1), date(2020, 2, 29));
    assert_eq!(months_after(date(2021, 1, 31), 1), date(2021, 2, 28));
    assert_eq!(months_after(date(2021, 8, 31), 1), date(2021, 9, 30));
    assert_eq!(months_after(date(2020, 2, 29), 12), date(2021, 2, 28));
    assert_eq!(months_after(date(2020, 2, 29), 48), date(2024, 2, 29));
    assert_eq!(months_after(date(9_999, 12, 1), MAX_MONTHS), date(9_999, 12, 31), "no day is past the last");
}

#[test]
fn a_day_is_the_one_in_denmark() {
    assert_eq!(day_of(at("2026-01-31T22:59:59Z")), date(2026, 1, 31), "winter");
    assert_eq!(day_of(at("2026-01-31T23:00:00Z")), date(2026, 2, 1));
    assert_eq!(day_of(at("2026-07-31T21:59:59Z")), date(2026, 7, 31), "summer");
    assert_eq!(day_of(at("2026-07-31T22:00:00Z")), date(2026, 8, 1));
}

#[test]
fn an_item_is_due_on_the_day_and_not_before() {
    let (closed, open) = (date(2025, 1, 31), date(2030, 1, 31));
    let before = on(&meeting(), PLAN, date(2025, 1, 30));
    assert_eq!(before, [Standing::Later { due: open }, Standing::Later { due: closed }]);
    let after = on(&meeting(), PLAN, closed);
    assert_eq!(after, [Standing::Later { due: open }, Standing::Due { due: closed }]);
    let never = RetentionPlan { closed: None, ..PLAN };
    assert_eq!(on(&meeting(), never, open)[1], Standing::ForEver);
    assert_eq!(on(&meeting(), RetentionPlan::default(), open), [Standing::ForEver, Standing::ForEver]);
}

#[test]
fn the_newest_edition_that_has_the_item_counts() {
    let mut meeting = meeting();
    meeting.items.push(crate::meeting::Item { supplement: Some(1), ..item(3) });
    meeting.publications.push(edition(2, Scope::Supplement(1), at("2021-05-05T12:00:00Z")));
    let all = |meeting: &Meeting| kept(meeting).iter().map(|item| item.since.unwrap()).collect::<Vec<_>>();
    let (agenda, supplement) = (at("2020-01-31T12:00:00Z"), at("2021-05-05T12:00:00Z"));
    assert_eq!(all(&meeting), [agenda, agenda, supplement], "a supplement has its own items");
    let minutes = at("2022-06-06T12:00:00Z");
    meeting.publications.push(edition(3, Scope::Minutes, minutes));
    assert_eq!(all(&meeting), [minutes; 3]);
    let corrected = at("2023-07-07T12:00:00Z");
    meeting.publications.push(edition(4, Scope::Minutes, corrected));
    assert_eq!(all(&meeting), [corrected; 3], "a correction is of the same");
}

#[test]
fn a_withdrawn_item_counts_from_its_withdrawal_and_one_that_was_never_published_not_at_all() {
    let mut meeting = Meeting::new(MeetingId::from_bytes([1; 16]));
    meeting.items.push(item(1));
    let withdrawn = at("2020-03-31T12:00:00Z");
    meeting.withdrawn.push(Withdrawn {
        item: item(2),
        at: withdrawn,
        reason: "Udsat".into(),
        moved_to: None,
    });
    let due = date(2020, 4, 30);
    assert_eq!(on(&meeting, PLAN, due), [Standing::NotBegun, Standing::Due { due }]);
    let classes: Vec<_> = kept(&meeting).iter().map(|item| (item.number, item.class)).collect();
    assert_eq!(classes, [(Some(1), Class::Open), (None, Class::Withdrawn)]);
}

#[test]
fn what_is_erased_held_or_in_work_is_told_apart() {
    let (due, late) = (date(2030, 1, 31), date(2040, 1, 1));
    let mut held = meeting();
    let hold = Hold { at: at("2029-01-01T12:00:00Z"), by: sofie(), reason: "Aktindsigt".into() };
    held.items[0].held = Some(hold.clone());
    assert_eq!(on(&held, PLAN, late)[0], Standing::Held { hold: hold.clone(), due: Some(due) });
    assert_eq!(on(&held, RetentionPlan::default(), late)[0], Standing::Held { hold, due: None });
    let (mut erased, by) = (meeting(), sofie());
    erased.items[0].erased = Some(Erasure { at: at("2029-01-01T12:00:00Z"), by, reason: String::new() });
    assert_eq!(on(&erased, PLAN, late)[0], Standing::Erased);
    // What was decided and published afterwards has a time of its own.
    erased.publications.push(edition(2, Scope::Minutes, at("2029-03-01T12:00:00Z")));
    assert_eq!(on(&erased, PLAN, date(2030, 2, 1))[0], Standing::Later { due: date(2039, 3, 1) });
    assert_eq!(on(&erased, PLAN, late)[0], Standing::Due { due: date(2039, 3, 1) });
    let mut frozen = meeting();
    frozen.phase = Phase::Frozen;
    assert_eq!(on(&frozen, PLAN, late)[0], Standing::Blocked { due, why: Rejection::Frozen });
    assert_eq!(on(&frozen, PLAN, date(2026, 1, 1))[0], Standing::Later { due });
    let mut open = meeting();
    open.phase = Phase::Open;
    assert_eq!(on(&open, PLAN, late)[0], Standing::Blocked { due, why: Rejection::InWork });
}

#[test]
fn only_a_due_item_is_erased_by_the_plan() {
    let (first, now) = (ItemId::from_bytes([1; 16]), at("2030-01-30T23:30:00Z"));
    assert_eq!(PLAN.require_due(&meeting(), first, now), Ok(()), "it is the 31st in Denmark");
    assert_eq!(PLAN.require_due(&meeting(), first, at("2030-01-30T22:30:00Z")), Err(Rejection::NotDue));
    let unknown = ItemId::from_bytes([9; 16]);
    assert_eq!(PLAN.require_due(&meeting(), unknown, now), Err(Rejection::UnknownItem));
}

#[test]
fn a_plan_changes_within_limits() {
    let open = |open| RetentionPlan { open, ..RetentionPlan::default() };
    assert_eq!(open(None).changed_to(open(None)), Err(Rejection::NoChange));
    for wrong in [0, MAX_MONTHS + 1] {
        assert_eq!(open(None).changed_to(open(Some(wrong))), Err(Rejection::Invalid("antal måneder")));
    }
    assert_eq!(open(None).changed_to(open(Some(MAX_MONTHS))).unwrap().plan, open(Some(MAX_MONTHS)));
}

#[test]
fn nothing_younger_than_the_shortest_time_can_be_due() {
    let since = at("2020-01-31T12:00:00Z");
    assert!(!PLAN.can_be_due(since, date(2020, 2, 28)));
    assert!(PLAN.can_be_due(since, date(2020, 2, 29)));
    assert!(!RetentionPlan::default().can_be_due(since, date(2999, 1, 1)));
}

#[test]
fn a_plan_is_told_in_both_languages() {
    let plan = RetentionPlan { closed: Some(60), open: None, withdrawn: Some(13) };
    let danish =
        "lukkede punkter efter 5 år, åbne punkter aldrig, tilbagetrukne punkter efter 1 år og 1 måned";
    assert_eq!(plan.told(Language::Danish), danish);
    let english = "closed items after 5 years, open items never, withdrawn items after 1 year and 1 month";
    assert_eq!(plan.told(Language::English), english);
}
