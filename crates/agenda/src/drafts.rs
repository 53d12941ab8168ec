//! Access to drafts: how long one may look back at what an edition was before it was frozen, and how fine
//! the looking begins. A policy of the forum, changed by its secretariat; here it is a pure function.
//!
//! The secretariat is excepted: it answers for the record when an auditor or a party asks, and cannot do so
//! from what it may not see. Its looks are recorded like everyone's.

use crate::{
    event::{DraftPolicyChanged, Timestamp},
    forum::Actor,
    language::Language,
    meeting::Meeting,
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};

/// The longest time that can be set, in days: ten years. Longer is "always".
pub const MAX_DAYS: u16 = 3_650;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How fine a look at the past begins; whoever looks may ask for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Detail {
    /// What a person wrote in a row is one step.
    #[default]
    ChangeSets,
    /// Each change by itself, down to letters.
    Steps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DraftPolicy {
    /// Days after publication that drafts are shown; always, if it is left out.
    #[cfg_attr(feature = "schema", schema(required))]
    pub days: Option<u16>,
    pub detail: Detail,
}

impl DraftPolicy {
    pub(crate) fn changed_to(self, wanted: Self) -> Result<DraftPolicyChanged, Rejection> {
        if wanted.days.is_some_and(|days| days > MAX_DAYS) {
            return Err(Rejection::Invalid("antal dage"));
        }
        if wanted == self { Err(Rejection::NoChange) } else { Ok(DraftPolicyChanged { policy: wanted }) }
    }

    /// What of a meeting's past the person may not see now.
    pub fn withheld(self, actor: Option<&Actor>, meeting: &Meeting, now: Timestamp) -> Withheld {
        let days = self.days.filter(|_| !actor.is_some_and(Actor::is_secretariat));
        let Some(days) = days else { return Withheld::default() };
        let time = i64::from(days) * DAY_MS;
        let mut spans = Vec::new();
        let mut after = 0;
        for edition in &meeting.publications {
            let freeze = meeting.freezes.iter().find(|freeze| freeze.round == edition.round);
            if let Some(freeze) = freeze
                && now.0.saturating_sub(edition.at.0) >= time
            {
                spans.push(Span { after, frozen: freeze.sequence });
            }
            after = edition.sequence;
        }
        Withheld { spans, days }
    }
}

/// What one edition was before it was frozen: all between the publication before it, or the beginning,
/// and its freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    after: u64,
    frozen: u64,
}

/// The commits of a meeting that are not shown any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Withheld {
    spans: Vec<Span>,
    days: u16,
}

impl Withheld {
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub fn hides(&self, sequence: u64) -> bool {
        self.span(sequence).is_some()
    }

    /// Whether any of these commits, in ascending order, is hidden.
    pub fn hides_any(&self, sequences: &[u64]) -> bool {
        let first_after = |span: &Span| sequences.get(sequences.partition_point(|at| *at <= span.after));
        self.spans.iter().any(|span| first_after(span).is_some_and(|at| *at < span.frozen))
    }

    /// The commit that may be named in place of one: itself, or the freeze that fixed what it did.
    pub fn shown_as(&self, sequence: u64) -> u64 {
        self.span(sequence).map_or(sequence, |span| span.frozen)
    }

    fn span(&self, sequence: u64) -> Option<&Span> {
        self.spans.iter().find(|span| span.after < sequence && sequence < span.frozen)
    }

    /// What a person is told, with what to do about it.
    pub fn explain(&self, language: Language) -> String {
        match self.days {
            0 => language.pick(
                "Detaljer fra før låsningen vises ikke, når dagsordenen er udsendt. Du kan se teksten, som den \
                 blev låst. Spørg sekretariatet, hvis du har brug for mere.",
                "Details from before the freeze are not shown once the agenda is published. You can see the text \
                 as it was frozen. Ask the secretariat if you need more.",
            )
            .to_owned(),
            days => language.pick(
                format!(
                    "Detaljer fra før låsningen vises i {days} dage efter udsendelsen, og de er gået. Du kan se \
                     teksten, som den blev låst. Spørg sekretariatet, hvis du har brug for mere."
                ),
                format!(
                    "Details from before the freeze are shown for {days} days after publication, and these have \
                     passed. You can see the text as it was frozen. Ask the secretariat if you need more."
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{EditionKind, Role},
        id::{Hash, MeetingId, UserId},
        meeting::{Freeze, PublishedEdition, Scope},
    };
    use std::collections::BTreeSet;

    const NOON: i64 = 1_781_000_000_000;

    fn actor(role: Role) -> Actor {
        Actor { user: UserId::new("bo").unwrap(), roles: vec![role] }
    }

    /// Frozen at 5, thawed, frozen again at 8 and published at 9; minutes frozen at 14, published at 15 ten
    /// days later.
    fn meeting() -> Meeting {
        let mut meeting = Meeting::new(MeetingId::from_bytes([1; 16]));
        let by = UserId::new("sofie").unwrap();
        for (round, sequence) in [(1, 5), (2, 8), (3, 14)] {
            meeting.freezes.push(Freeze {
                kind: EditionKind::Agenda,
                round,
                documents: BTreeSet::new(),
                at: Timestamp(NOON),
                by: by.clone(),
                reason: String::new(),
                content_hash: Hash([0; 32]),
                sequence,
            });
        }
        for (edition, round, sequence, at) in [(1, 2, 9, NOON), (2, 3, 15, NOON + 10 * DAY_MS)] {
            meeting.publications.push(PublishedEdition {
                edition,
                scope: Scope::Agenda,
                corrects: None,
                round,
                at: Timestamp(at),
                by: by.clone(),
                content_hash: Hash([0; 32]),
                sequence,
            });
        }
        meeting
    }

    fn shown(days: Option<u16>, role: Role, after_days: i64) -> Vec<u64> {
        let policy = DraftPolicy { days, ..DraftPolicy::default() };
        let now = Timestamp(NOON + after_days * DAY_MS);
        let withheld = policy.withheld(Some(&actor(role)), &meeting(), now);
        (1..=16).filter(|sequence| !withheld.hides(*sequence)).collect()
    }

    #[test]
    fn drafts_are_shown_until_the_days_have_passed_and_what_was_frozen_always() {
        let all: Vec<u64> = (1..=16).collect();
        assert_eq!(shown(None, Role::Reader, 9_999), all, "no limit");
        assert_eq!(shown(Some(30), Role::Reader, 29), all);
        let agenda_alone: Vec<u64> = (8..=16).collect();
        assert_eq!(shown(Some(30), Role::Reader, 30), agenda_alone, "the minutes have ten days more");
        assert_eq!(shown(Some(30), Role::HeadOfDepartment, 40), [8, 9, 14, 15, 16]);
        assert_eq!(shown(Some(0), Role::Author, 0), agenda_alone, "at once");
    }

    #[test]
    fn the_secretariat_is_excepted_and_nobody_else_is() {
        assert_eq!(shown(Some(0), Role::Secretariat, 99).len(), 16);
        for role in [Role::Director, Role::Coordinator, Role::Reviewer] {
            assert_eq!(shown(Some(0), role, 99), [8, 9, 14, 15, 16]);
        }
        let policy = DraftPolicy { days: Some(0), ..DraftPolicy::default() };
        assert!(policy.withheld(None, &meeting(), Timestamp(NOON)).hides(3), "nor is an outsider");
    }

    #[test]
    fn what_is_hidden_is_named_by_the_freeze_that_fixed_it() {
        let policy = DraftPolicy { days: Some(0), ..DraftPolicy::default() };
        let late = Timestamp(NOON + 99 * DAY_MS);
        let withheld = policy.withheld(Some(&actor(Role::Author)), &meeting(), late);
        assert_eq!([3, 5, 8, 9, 12, 14, 16].map(|at| withheld.shown_as(at)), [8, 8, 8, 9, 14, 14, 16]);
    }

    #[test]
    fn a_text_is_hidden_if_any_of_it_was_written_in_a_hidden_time() {
        let policy = DraftPolicy { days: Some(0), ..DraftPolicy::default() };
        let withheld = policy.withheld(Some(&actor(Role::Reader)), &meeting(), Timestamp(NOON + 99 * DAY_MS));
        for (written, hidden) in [
            (vec![], false),
            (vec![3], true),
            (vec![8, 9], false),
            (vec![9, 12], true),
            (vec![14, 20], false),
        ] {
            assert_eq!(withheld.hides_any(&written), hidden, "{written:?}");
        }
    }

    #[test]
    fn a_policy_changes_within_limits() {
        let policy = |days| DraftPolicy { days, ..DraftPolicy::default() };
        assert_eq!(policy(None).changed_to(policy(None)), Err(Rejection::NoChange));
        assert_eq!(
            policy(None).changed_to(policy(Some(MAX_DAYS + 1))),
            Err(Rejection::Invalid("antal dage"))
        );
        assert_eq!(policy(Some(30)).changed_to(policy(None)).unwrap().policy.days, None);
    }
}
