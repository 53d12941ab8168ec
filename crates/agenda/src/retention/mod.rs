//! After how long the words of a forum's items are to be erased, and what of a meeting is due for it. A plan erases
//! nothing: it says what a person of the secretariat is to look at. Here it is a pure function of the meeting,
//! the plan and the time.

mod day;
mod kept;
#[cfg(test)]
mod tests;
mod words;

pub use day::{day_of, months_after};
pub use kept::{Class, Kept, kept};

use crate::{
    event::{RetentionPlanChanged, Timestamp},
    id::ItemId,
    meeting::{Hold, Meeting},
    rejection::Rejection,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest time that can be set, in months: fifty years. Longer is "for ever".
pub const MAX_MONTHS: u16 = 600;

/// After how many months the words of each class of items are erased; never, if it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RetentionPlan {
    /// Lukkede punkter: counted from the newest edition that has the item.
    #[cfg_attr(feature = "schema", schema(required))]
    pub closed: Option<u16>,
    /// All other items that were published, counted in the same way.
    #[cfg_attr(feature = "schema", schema(required))]
    pub open: Option<u16>,
    /// Items that were withdrawn, counted from then.
    #[cfg_attr(feature = "schema", schema(required))]
    pub withdrawn: Option<u16>,
}

/// How an item stands under a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its words are gone already.
    Erased,
    /// There is a hold on it; `due` is when it would be due without.
    Held {
        hold: Hold,
        due: Option<Date>,
    },
    /// The plan keeps its class for ever.
    ForEver,
    /// It was neither published nor withdrawn, so no time has begun.
    NotBegun,
    Later {
        due: Date,
    },
    /// It is due, and cannot be erased now.
    Blocked {
        due: Date,
        why: Rejection,
    },
    Due {
        due: Date,
    },
}

impl Standing {
    /// When the item is or was due, if that is known.
    pub fn due(&self) -> Option<Date> {
        match self {
            Self::Held { due, .. } => *due,
            Self::Later { due } | Self::Blocked { due, .. } | Self::Due { due } => Some(*due),
            Self::Erased | Self::ForEver | Self::NotBegun => None,
        }
    }
}

impl RetentionPlan {
    /// The plan, if it is within the limits.
    pub fn checked(self) -> Result<Self, Rejection> {
        let within = |months: u16| (1..=MAX_MONTHS).contains(&months);
        let all = [self.closed, self.open, self.withdrawn];
        if all.into_iter().flatten().all(within) {
            Ok(self)
        } else {
            Err(Rejection::Invalid("antal måneder"))
        }
    }

    pub(crate) fn changed_to(self, wanted: Self) -> Result<RetentionPlanChanged, Rejection> {
        let plan = wanted.checked()?;
        if plan == self { Err(Rejection::NoChange) } else { Ok(RetentionPlanChanged { plan }) }
    }

    pub fn months(self, class: Class) -> Option<u16> {
        match class {
            Class::Closed => self.closed,
            Class::Open => self.open,
            Class::Withdrawn => self.withdrawn,
        }
    }

    /// Whether anything that has happened only since then can be due on the day.
    pub fn can_be_due(self, since: Timestamp, today: Date) -> bool {
        let shortest = [self.closed, self.open, self.withdrawn].into_iter().flatten().min();
        shortest.is_some_and(|months| months_after(day_of(since), months) <= today)
    }

    /// How the item stands on a day.
    pub fn standing(self, item: &Kept, today: Date) -> Standing {
        let due = self.months(item.class).zip(item.since);
        let due = due.map(|(months, since)| months_after(day_of(since), months));
        if item.erased {
            return Standing::Erased;
        }
        if let Some(hold) = &item.held {
            return Standing::Held { hold: hold.clone(), due };
        }
        match (due, &item.refused) {
            (None, _) if item.since.is_none() => Standing::NotBegun,
            (None, _) => Standing::ForEver,
            (Some(due), _) if due > today => Standing::Later { due },
            (Some(due), Some(why)) => Standing::Blocked { due, why: why.clone() },
            (Some(due), None) => Standing::Due { due },
        }
    }

    /// Whether the plan says that the item's words are to be erased now.
    pub(crate) fn require_due(self, meeting: &Meeting, id: ItemId, now: Timestamp) -> Result<(), Rejection> {
        let items = kept(meeting);
        let item = items.iter().find(|item| item.item == id).ok_or(Rejection::UnknownItem)?;
        match self.standing(item, day_of(now)) {
            Standing::Due { .. } => Ok(()),
            _ => Err(Rejection::NotDue),
        }
    }
}
