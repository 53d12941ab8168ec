//! One test for each kind of change that is not taken in, and what is taken in beside it.

use super::{
    Violation, chunk,
    fixture::{self, object, replica, with_change},
    history::{History, Origin, Refusal, Verdict},
    trial,
};
use automerge::{
    ActorId, AutoCommit, Automerge, Change, ExpandedChange, ObjType, ROOT,
    legacy::{Key, OpType},
    marks::{ExpandMark, Mark},
    transaction::Transactable,
};
use std::num::NonZeroU64;

fn check(history: &History, bytes: &[u8], origin: Origin) -> Verdict {
    with_change(bytes, |change| history.check(change, origin))
}

fn refusal(history: &History, bytes: &[u8]) -> Option<Refusal> {
    match check(history, bytes, Origin::Client) {
        Verdict::Refused(refusal) => Some(refusal),
        _ => None,
    }
}

/// The server's document, its history, and a client's copy with some text in it.
fn written() -> (History, AutoCommit) {
    let mut doc = replica(&mut fixture::document(), b"client");
    let body = object(&doc, &["sections", "lov", "body"]);
    doc.splice_text(&body, 0, 0, "Sagen").unwrap();
    doc.commit();
    (fixture::history(&doc.get_changes(&[])), doc)
}

/// What becomes of one edit of a client's copy.
fn edit(make: impl Fn(&mut AutoCommit)) -> (Option<Refusal>, Verdict) {
    let (history, mut doc) = written();
    make(&mut doc);
    let bytes = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
    (refusal(&history, &bytes), check(&history, &bytes, Origin::Server))
}

/// What becomes of a client's next change after it was tampered with.
fn tamper(make: impl Fn(&mut ExpandedChange)) -> (Option<Refusal>, Vec<u8>, Automerge) {
    let (history, mut doc) = written();
    let before = doc.document().clone();
    let body = object(&doc, &["sections", "lov", "body"]);
    doc.mark(&body, Mark::new("strong".into(), true, 1, 4), ExpandMark::After).unwrap();
    let mut change = doc.get_last_local_change().unwrap().decode();
    make(&mut change);
    let bytes = Change::from(change).raw_bytes().to_vec();
    (refusal(&history, &bytes), bytes, before)
}

#[test]
fn the_frame_is_the_servers() {
    let edits: [fn(&mut AutoCommit); 8] = [
        |doc| doc.put(ROOT, "v", 2).unwrap(),
        |doc| doc.delete(ROOT, "sections").unwrap(),
        |doc| drop(doc.put_object(ROOT, "tables", ObjType::Map).unwrap()),
        |doc| doc.put(object(doc, &["sections"]), "lov", 1).unwrap(),
        |doc| doc.delete(object(doc, &["sections"]), "lov").unwrap(),
        |doc| drop(doc.put_object(object(doc, &["sections"]), "ny", ObjType::Map).unwrap()),
        |doc| doc.delete(object(doc, &["sections", "lov"]), "body").unwrap(),
        |doc| drop(doc.put_object(object(doc, &["sections", "lov"]), "body", ObjType::Text).unwrap()),
    ];
    for make in edits {
        let (refused, by_server) = edit(make);
        assert_eq!(refused, Some(Refusal::Frame));
        assert!(matches!(by_server, Verdict::Plain(_)));
    }
    let allowed: [fn(&mut AutoCommit); 3] = [
        |doc| doc.put(object(doc, &["sections", "lov"]), "nothing", true).unwrap(),
        |doc| doc.put(ROOT, "note", 1).unwrap(),
        |doc| drop(doc.put_object(object(doc, &["tables"]), "t1", ObjType::Map).unwrap()),
    ];
    assert!(allowed.into_iter().all(|make| edit(make).0.is_none()));
}

#[test]
fn objects_are_not_nested_for_ever() {
    let nest = |doc: &mut AutoCommit, depth: usize| {
        (0..depth).fold(ROOT, |object, _| doc.put_object(&object, "x", ObjType::Map).unwrap());
    };
    assert_eq!(edit(|doc| nest(doc, 12)).0, None);
    assert_eq!(edit(|doc| nest(doc, 13)).0, Some(Refusal::TooDeep));
}

#[test]
fn a_change_has_one_place_in_its_actors_row() {
    let (mut history, mut doc) = written();
    let body = object(&doc, &["sections", "lov", "body"]);
    let mut other = doc.clone().with_actor(ActorId::from(&b"client"[..]));
    let next = |doc: &mut AutoCommit, text| {
        doc.splice_text(&body, 0, 0, text).unwrap();
        doc.get_last_local_change().unwrap().clone()
    };
    let (first, second, twin) = (next(&mut doc, "a"), next(&mut doc, "b"), next(&mut other, "c"));
    let missing = check(&history, second.raw_bytes(), Origin::Client);
    assert!(matches!(missing, Verdict::Missing(hashes) if hashes[0].0 == first.hash().0));
    let Verdict::Plain(admission) = check(&history, first.raw_bytes(), Origin::Client) else { panic!() };
    let stale = admission.clone();
    with_change(first.raw_bytes(), |change| history.insert(change, admission)).unwrap();
    assert!(matches!(check(&history, first.raw_bytes(), Origin::Client), Verdict::Known));
    assert_eq!(refusal(&history, twin.raw_bytes()), Some(Refusal::DuplicateSequence));
    assert_eq!(with_change(twin.raw_bytes(), |c| history.insert(c, stale)), Err(Refusal::Stale));
    assert!(matches!(check(&history, second.raw_bytes(), Origin::Client), Verdict::Plain(_)));
    assert_eq!(tamper(|change| change.seq = 9).0, Some(Refusal::BadSequence));
}

#[test]
fn numbers_follow_and_references_exist() {
    let moved = |by: i64| {
        tamper(move |change| {
            let start = change.start_op.get().checked_add_signed(by).unwrap();
            change.start_op = NonZeroU64::new(start).unwrap();
        })
    };
    assert_eq!(moved(-1).0, Some(Refusal::BadOperationNumber));
    assert_eq!(moved(20_000).0, Some(Refusal::BadOperationNumber));
    assert_eq!(tamper(|change| change.deps.clear()).0, Some(Refusal::UnknownOperation));
    assert_eq!(
        tamper(|change| change.operations[0].obj = automerge::legacy::ObjectId::Root).0,
        Some(Refusal::WrongKind)
    );
}

#[test]
fn a_mark_ends_after_it_begins_or_no_one_could_load_the_document() {
    assert_eq!(tamper(|_| ()).0, None);
    let (refused, bytes, document) = tamper(|change| change.operations[1].key = Key::head());
    assert_eq!(refused, Some(Refusal::Malformed("a mark that ends before it begins")));
    assert_eq!(trial::try_changes(&document, &[&bytes]).unwrap_err(), Refusal::Trial);
    let (refused, ..) = tamper(|change| drop(change.operations.pop()));
    assert_eq!(refused, Some(Refusal::Malformed("a mark that does not end")));
    let (refused, ..) = tamper(|change| change.operations[1].action = OpType::Put("x".into()));
    assert_eq!(refused, Some(Refusal::Malformed("a mark that does not end at once")));
}

#[test]
fn a_deflated_change_and_a_whole_document_are_named_as_such() {
    let mut long = fixture::typing("a")[0].decode();
    long.extra_bytes = [&[1, 200, 2][..], &[7; 328]].concat();
    let mut long = Change::from(long);
    let deflated = long.bytes().to_vec();
    assert_eq!(chunk::split(&deflated), Err(Violation::ChunkType("deflated")));
    assert_eq!(chunk::split(&fixture::document().save()), Err(Violation::ChunkType("document")));
}

#[test]
fn accepted_changes_are_applied_and_a_failure_is_told() {
    let (_, mut doc) = written();
    let changes: Vec<_> = doc.get_changes(&[]).iter().map(|c| c.raw_bytes().to_vec()).collect();
    let chunks: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let applied = trial::apply_accepted(Automerge::new(), &chunks).unwrap();
    assert_eq!(applied.get_heads(), doc.get_heads());
    assert_eq!(trial::apply_accepted(Automerge::new(), &[b"no chunk"]).unwrap_err(), Refusal::Trial);
}
