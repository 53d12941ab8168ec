//! Hostile changes with correct checksums: mutations of honest ones, byte by byte and operation
//! by operation. Whatever passes as plain must be safe for automerge to apply, save and load.

use super::{
    change::Change as Ours,
    chunk,
    fixture::{self, Dice},
    history::{History, Origin, Verdict},
    oracle_tests::write_together,
    trial,
};
use automerge::{
    ActorId, Automerge, Change, ExpandedChange, ObjType, ReadDoc, ScalarValue,
    legacy::{self as expanded, Key, ObjectId, OpId, OpType},
};
use std::{
    num::NonZeroU64,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A moment in a history: what was there, and an honest change that came next.
struct Moment {
    history: History,
    document: Automerge,
    next: Change,
    later: Vec<Change>,
    /// Ids to refer to wrongly.
    ids: Vec<OpId>,
    /// Elements with the sequence that each stands in.
    elements: Vec<(ObjectId, OpId)>,
}

fn moments() -> Vec<Moment> {
    let mut moments = Vec::new();
    for seed in 100..112 {
        let changes = write_together(seed, 90).pop().unwrap().get_changes(&[]);
        for at in (2..changes.len()).step_by(9) {
            let history = fixture::history(&changes[..at]);
            let mut document = Automerge::new();
            document.apply_changes(changes[..at].to_vec()).unwrap();
            let ids = changes[..=at].iter().flat_map(|c| {
                (c.start_op().get()..=c.max_op()).map(|n| OpId(n, c.actor_id().clone())).collect::<Vec<_>>()
            });
            let (next, later) = (changes[at].clone(), changes[at + 1..].to_vec());
            let elements = changes[..at].iter().flat_map(elements).collect();
            moments.push(Moment { history, document, next, later, ids: ids.collect(), elements });
        }
    }
    moments
}

fn elements(change: &Change) -> Vec<(ObjectId, OpId)> {
    let ops = change.decode().operations;
    let numbered = (change.start_op().get()..).zip(ops).filter(|(_, op)| op.insert);
    numbered.map(|(n, op)| (op.obj, OpId(n, change.actor_id().clone()))).collect()
}

/// A change that a clever client might make: it refers to what exists, in one sequence, but
/// puts together what no honest client does.
fn construct(moment: &Moment, dice: &mut Dice) -> Option<Vec<u8>> {
    if moment.elements.is_empty() {
        return None;
    }
    let mut change: ExpandedChange = moment.next.decode();
    change.deps = moment.document.clone().get_heads();
    change.start_op = NonZeroU64::new(u64::from(moment.history.graph().highest_operation()) + 1)?;
    let object = moment.elements[dice.roll(moment.elements.len())].0.clone();
    let mut known: Vec<_> = moment.elements.iter().filter(|e| e.0 == object).map(|e| e.1.clone()).collect();
    change.operations.clear();
    for number in change.start_op.get()..=change.start_op.get() + dice.roll(5) as u64 {
        let id = known[dice.roll(known.len())].clone();
        let mut action = any_action(dice);
        if let Some(OpType::MarkBegin(_)) = change.operations.last().map(|op| &op.action) {
            action = OpType::MarkEnd(true);
        }
        let insert = matches!(action, OpType::MarkBegin(_) | OpType::MarkEnd(_)) || dice.roll(2) == 0;
        let key = Key::Seq(expanded::ElementId::Id(id.clone()));
        let pred = if insert { vec![] } else { vec![id] }.into();
        change.operations.push(expanded::Op { action, obj: object.clone(), key, pred, insert });
        known.extend(insert.then(|| OpId(number, change.actor_id.clone())));
    }
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec())).ok()
}

/// Flips, sets, removes, doubles or swaps a few bytes of the body.
fn mutate_bytes(moment: &Moment, dice: &mut Dice) -> Vec<u8> {
    let mut body = chunk::split(moment.next.raw_bytes()).unwrap()[0].body.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(body.len());
        match dice.roll(6) {
            0 => body[at] ^= 1 << dice.roll(8),
            1 => body[at] = dice.pick(&[0, 1, 2, 0x7f, 0x80, 0xff]),
            2 => body[at] = body[at].wrapping_add(1),
            3 if body.len() > 1 => drop(body.remove(at)),
            4 => body.insert(at, dice.roll(256) as u8),
            _ => {
                let other = dice.roll(body.len());
                body.swap(at, other);
            }
        }
    }
    fixture::chunk(1, &body)
}

fn any_id(moment: &Moment, dice: &mut Dice) -> OpId {
    let id = &moment.ids[dice.roll(moment.ids.len())];
    match dice.roll(12) {
        0 => OpId(id.0 + dice.roll(40) as u64, id.1.clone()),
        1 => OpId(id.0, ActorId::from(&b"nobody"[..])),
        _ => id.clone(),
    }
}

fn any_action(dice: &mut Dice) -> OpType {
    let mark = |value: ScalarValue| expanded::MarkData { name: "strong".into(), value, expand: true };
    match dice.roll(13) {
        0 => OpType::Delete,
        1 => OpType::Increment(1),
        2 => OpType::Put(ScalarValue::counter(3)),
        3 => OpType::Put("x".into()),
        4 => OpType::Put("".into()),
        5 => OpType::Put(ScalarValue::Null),
        6 => OpType::Make(ObjType::Map),
        7 => OpType::Make(ObjType::List),
        8 => OpType::Make(ObjType::Text),
        9 => OpType::Make(ObjType::Table),
        10 => OpType::MarkBegin(mark(true.into())),
        11 => OpType::MarkEnd(false),
        _ => OpType::Put(ScalarValue::Unknown { type_code: 12, bytes: vec![1] }),
    }
}

fn mutate_operation(op: &mut expanded::Op, moment: &Moment, dice: &mut Dice) {
    match dice.roll(8) {
        0 => op.obj = ObjectId::Id(any_id(moment, dice)),
        1 => op.obj = ObjectId::Root,
        2 => op.key = Key::Seq(expanded::ElementId::Id(any_id(moment, dice))),
        3 => {
            op.key = dice.pick(&[
                Key::head as fn() -> Key,
                || Key::Map("sections".into()),
                || Key::Map("k".into()),
            ])()
        }
        4 => op.pred = (0..dice.roll(3)).map(|_| any_id(moment, dice)).collect(),
        5 => op.insert = !op.insert,
        6 => op.action = any_action(dice),
        _ => {
            // Something that might well be right: delete or overwrite an element.
            let id = any_id(moment, dice);
            op.action = any_action(dice);
            op.insert = dice.roll(3) == 0;
            op.pred = if op.insert { Vec::new() } else { vec![id.clone()] }.into();
            op.key = Key::Seq(expanded::ElementId::Id(id));
        }
    }
}

fn mutate_change(moment: &Moment, dice: &mut Dice) -> Option<Vec<u8>> {
    let mut change: ExpandedChange = moment.next.decode();
    for _ in 0..=dice.roll(2) {
        let ops = change.operations.len();
        match dice.roll(12) {
            0 => change.start_op = NonZeroU64::new(1 + dice.roll(200) as u64)?,
            1 => change.seq = 1 + dice.roll(6) as u64,
            2 => drop(change.deps.pop()),
            3 => change.deps = vec![moment.document.get_changes(&[]).first()?.hash()],
            4 => change.actor_id = ActorId::from(dice.pick(&[&b"a"[..], b"new", b"server"])),
            5 if ops > 0 => drop(change.operations.remove(dice.roll(ops))),
            6 if ops > 0 => change.operations.swap(dice.roll(ops), dice.roll(ops)),
            7 if ops > 0 => {
                let again = change.operations[dice.roll(ops)].clone();
                change.operations.insert(dice.roll(ops + 1), again);
            }
            _ if ops > 0 => mutate_operation(&mut change.operations[dice.roll(ops)], moment, dice),
            _ => {}
        }
    }
    // Automerge's encoder may panic itself on what it would never write.
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec())).ok()
}

#[derive(Debug, Default)]
struct Tally {
    mutants: usize,
    malformed: usize,
    refused: usize,
    refused_that_panic: usize,
    plain: usize,
    plain_that_panic: usize,
    unusual: usize,
    unusual_that_panic: usize,
    unusual_refused_by_trial: usize,
    trials_that_lie: usize,
}

/// Whether automerge panics on the mutant itself.
fn apply_panics(moment: &Moment, bytes: &[u8]) -> bool {
    let apply = || moment.document.clone().apply_changes(Change::try_from(bytes).ok());
    catch_unwind(AssertUnwindSafe(apply)).is_err()
}

/// Applies the mutant as a room would, and everything honest that came after it. Anything that
/// goes wrong is a panic.
fn panics(moment: &Moment, bytes: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| {
        let mut document = moment.document.clone();
        document.apply_changes([Change::try_from(bytes).unwrap()]).unwrap();
        let heads = document.get_heads();
        assert!(document.get_change_by_hash(heads.first().unwrap()).is_some());
        assert_eq!(Automerge::load(&document.save()).unwrap().get_heads(), heads);
        let mut again = Automerge::new();
        again.apply_changes(document.get_changes(&[])).unwrap();
        assert_eq!(again.get_heads(), heads);
        let clash = moment.later.iter().any(|c| c.actor_id() == Change::try_from(bytes).unwrap().actor_id());
        if !clash {
            document.apply_changes(moment.later.clone()).unwrap();
        }
        document.hydrate(None);
    }))
    .is_err()
}

impl Tally {
    fn count(&mut self, moment: &Moment, bytes: &[u8]) {
        self.mutants += 1;
        let chunks = chunk::split(bytes).unwrap();
        let Ok(ours) = Ours::parse(&chunks[0]) else {
            self.malformed += 1;
            return;
        };
        match moment.history.check(&ours, Origin::Client) {
            Verdict::Plain(_) => {
                self.plain += 1;
                if panics(moment, bytes) {
                    self.plain_that_panic += 1;
                    println!("plain but panics: {:?}", Change::try_from(bytes).unwrap().decode());
                }
            }
            Verdict::Unusual(..) => {
                self.unusual += 1;
                let panicked = panics(moment, bytes);
                let refused = trial::try_changes(&moment.document, &[bytes]).is_err();
                self.unusual_that_panic += usize::from(panicked);
                self.unusual_refused_by_trial += usize::from(refused);
                self.trials_that_lie += usize::from(panicked && !refused);
            }
            Verdict::Known | Verdict::Missing(_) => {}
            Verdict::Refused(_) => {
                self.refused += 1;
                self.refused_that_panic += usize::from(apply_panics(moment, bytes));
            }
        }
    }
}

/// The panics here are expected by the thousand.
fn keep_this_thread_quiet() {
    let (here, hook) = (std::thread::current().id(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != here {
            hook(info);
        }
    }));
}

#[test]
fn no_mutant_that_passes_as_plain_makes_automerge_panic() {
    const MUTANTS: usize = 24_000;
    let moments = moments();
    let mut dice = Dice(7);
    let mut tallies: [Tally; 3] = Default::default();
    keep_this_thread_quiet();
    for round in 0..MUTANTS {
        let moment = &moments[dice.roll(moments.len())];
        let (kind, bytes) = match round % 3 {
            0 => (0, Some(mutate_bytes(moment, &mut dice))),
            1 => (1, mutate_change(moment, &mut dice)),
            _ => (2, construct(moment, &mut dice)),
        };
        bytes.iter().for_each(|bytes| tallies[kind].count(moment, bytes));
    }
    drop(std::panic::take_hook());
    println!("bytes, operations, constructed: {tallies:#?}");
    assert_eq!(tallies.each_ref().map(|tally| tally.plain_that_panic), [0; 3]);
    assert_eq!(tallies.each_ref().map(|tally| tally.trials_that_lie), [0; 3]);
    assert!(tallies.iter().all(|tally| tally.plain > 100), "the mutants are too wild to show anything");
}
