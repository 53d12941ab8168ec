//! What witnesses have said of a checkpoint.

use crate::{
    case::{Case, Standing},
    words::time,
};
use proof::checkpoint::SignedCheckpoint;

impl Case {
    /// When each witness that is asked for confirmed the checkpoint.
    pub(crate) fn witnesses(&mut self, name: &str, signed: &SignedCheckpoint) {
        for witness in self.witnesses.clone() {
            let by = witness.name();
            match signed.witnessed_by(&witness).and_then(|seconds| i64::try_from(seconds).ok()) {
                Some(seconds) => {
                    let at = time(seconds.saturating_mul(1_000));
                    self.say(
                        Standing::Holds,
                        name,
                        format!(
                            "bevidnet af {by} den {at}: loggen var kun vokset, siden vidnet så den sidst."
                        ),
                        format!(
                            "witnessed by {by} on {at}: the log had only grown since the witness saw it last."
                        ),
                    );
                }
                None => self.say(
                    Standing::Open,
                    name,
                    format!("ikke bevidnet af {by}. Hent et nyere kontrolpunkt, eller spørg vidnet hvorfor."),
                    format!("not witnessed by {by}. Fetch a newer checkpoint, or ask the witness why."),
                ),
            }
        }
    }
}
