//! What was brought from other meetings keeps when it was written there. Where the forum's policy withholds a
//! draft of that meeting, it is shown as of the freeze that fixed it, here as there.

use super::{drafts::withheld, past::chronicle};
use crate::{app::App, auth::Caller, problem::Problem};
use agenda::{
    event::{Position, Timestamp},
    forum::Forum,
    history::Written,
    id::MeetingId,
};
use std::collections::{BTreeMap, BTreeSet};

/// For what was written at a position that is withheld: the commit that is named in its place.
#[derive(Debug, Default)]
pub(super) struct Elsewhere(BTreeMap<Position, (Position, Timestamp)>);

impl Elsewhere {
    /// For all that was brought to the meeting. One chronicle is held at a time: two meetings may have brought
    /// items from each other.
    pub async fn read(
        app: &App,
        caller: &Caller,
        forum: &Forum,
        meeting: MeetingId,
    ) -> Result<Self, Problem> {
        // Nothing is ever withheld from the secretariat, nor where there is no limit.
        let actor = forum.actor(&caller.identity.user);
        if forum.drafts.days.is_none() || actor.is_some_and(|actor| actor.is_secretariat()) {
            return Ok(Self::default());
        }
        let here = chronicle(app, caller, meeting).await?;
        let mut wanted: BTreeMap<MeetingId, BTreeSet<Position>> = BTreeMap::new();
        for copied in here.all_copied() {
            for credit in &copied.credits {
                if let Some(place) = copied.places.get(credit.place as usize) {
                    wanted.entry(place.meeting).or_default().insert(credit.position);
                }
            }
        }
        drop(here);
        let mut shown = BTreeMap::new();
        for (meeting, positions) in wanted {
            let there = chronicle(app, caller, meeting).await?;
            let withheld = withheld(forum, &there, caller);
            for position in positions {
                let sequence = there.sequence_at(position);
                if withheld.hides(sequence)
                    && let Some(moment) = there.moment(withheld.shown_as(sequence))
                {
                    shown.insert(position, (moment.position, moment.at));
                }
            }
        }
        Ok(Self(shown))
    }

    pub fn shown_as(&self, written: &Written) -> (Position, Timestamp) {
        self.0.get(&written.position).copied().unwrap_or((written.position, written.at))
    }
}
