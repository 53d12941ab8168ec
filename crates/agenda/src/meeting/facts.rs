//! When and where a meeting is, and who takes part. An edition has these as they are when it is frozen; a
//! correction may change them, and if it is given up they are again what they were.

use super::{Details, Meeting, Scope};
use crate::event::Participant;

/// Them as they are at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    details: Option<Details>,
    participants: Vec<Participant>,
    invited: Option<Vec<Participant>>,
}

impl Meeting {
    /// Who was to be there, by the agenda; who was there, by the minutes.
    pub(super) fn participants_of(&self, scope: Scope) -> &[Participant] {
        match (scope, &self.invited) {
            (Scope::Agenda | Scope::Supplement(_), Some(invited)) => invited,
            _ => &self.participants,
        }
    }

    /// The participants that the next edition names, and that can be changed for it.
    pub fn participants_in_work(&self) -> &[Participant] {
        self.participants_of(self.work.scope)
    }

    /// Those of the agenda if it is corrected, and else those of what comes. Who was to be there also was there,
    /// until the secretariat says otherwise.
    pub(super) fn participants_changed(&mut self, people: &[Participant]) {
        match &mut self.invited {
            Some(invited) if self.work.scope != Scope::Minutes => {
                if self.participants == *invited {
                    self.participants = people.to_vec();
                }
                *invited = people.to_vec();
            }
            _ => self.participants = people.to_vec(),
        }
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            details: self.details.clone(),
            participants: self.participants.clone(),
            invited: self.invited.clone(),
        }
    }

    pub(super) fn restore_facts(&mut self, before: Facts) {
        (self.details, self.participants, self.invited) =
            (before.details, before.participants, before.invited);
    }
}
