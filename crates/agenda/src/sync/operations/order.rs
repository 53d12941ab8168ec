//! Which of two elements comes first in a sequence, from what each was inserted after: the
//! elements form a tree, and of those inserted after the same one the latest stands first.

use super::index::{Id, Run};

/// Most steps up the tree; more are left to a trial.
const MAX_STEPS: usize = 5_000;

/// A stretch of the way from the sequence's start down to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    actor: u32,
    first: u32,
    last: u32,
}

/// The way down to a new element `id` that is inserted after `after`.
fn path<'a>(find: impl Fn(Id) -> Option<&'a Run>, id: Id, after: Id) -> Option<Vec<Step>> {
    let mut steps = vec![Step { actor: id.actor, first: id.number, last: id.number }];
    let mut at = after;
    while at != Id::HEAD {
        let run = find(at)?;
        steps.push(Step { actor: at.actor, first: run.start, last: at.number });
        at = run.after;
        if steps.len() > MAX_STEPS {
            return None;
        }
    }
    steps.reverse();
    Some(steps)
}

/// Whether the new element `a` (an id and what it is inserted after) comes before the new `b`.
/// `None` if that takes too long to tell. `latest` orders ids by number, then actor.
pub(super) fn comes_before<'a>(
    find: impl Fn(Id) -> Option<&'a Run> + Copy,
    latest: impl Fn(Id, Id) -> std::cmp::Ordering,
    a: (Id, Id),
    b: (Id, Id),
) -> Option<bool> {
    if b.1 == a.0 {
        return Some(true);
    }
    let (a, b) = (path(find, a.0, a.1)?, path(find, b.0, b.1)?);
    let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (in_a, in_b) = (a.get(common)?, b.get(common)?);
    let first = |step: &Step| Id { actor: step.actor, number: step.first };
    let (child_a, child_b) = if first(in_a) != first(in_b) {
        (first(in_a), first(in_b))
    } else {
        // Both ways go through one run, and one of them leaves it sooner.
        let fork = in_a.last.min(in_b.last);
        let child = |step: &Step, path: &[Step]| match step.last == fork {
            true => path.get(common + 1).map(first),
            false => Some(Id { actor: step.actor, number: fork + 1 }),
        };
        (child(in_a, &a)?, child(in_b, &b)?)
    };
    Some(latest(child_a, child_b).is_gt())
}
