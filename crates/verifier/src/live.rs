//! What a service shows now, against what it has shown before.

use crate::case::{Case, Standing};
use proof::{
    checkpoint::{Checkpoint, SignedCheckpoint, origin},
    hash::Hash,
    log::hold,
    merkle::verify_consistency,
    tree::Tree,
};

/// The newest checkpoint of a running service, and the proofs that were made of its tiles.
pub struct Live {
    /// Its address.
    pub name: String,
    pub checkpoint: SignedCheckpoint,
    /// From so many commits to those of the checkpoint. Nothing has checked them yet.
    pub proofs: Vec<(u64, Vec<Hash>)>,
}

/// How a checkpoint and the newest one stand to each other.
enum Relation {
    Continued,
    OtherLog,
    Shorter,
    Forked,
    /// The service's tiles do not lead to its own checkpoint, or are not all there.
    Unproven,
}

impl Live {
    fn relation(&self, older: &Checkpoint) -> Relation {
        let now = &self.checkpoint.checkpoint;
        let (old, new) = ((older.size, older.root), (now.size, now.root));
        if older.origin != now.origin {
            return Relation::OtherLog;
        }
        if old.0 > new.0 {
            return Relation::Shorter;
        }
        if old.0 == new.0 {
            return if old == new { Relation::Continued } else { Relation::Forked };
        }
        let Some((_, proof)) = self.proofs.iter().find(|(size, _)| *size == old.0) else {
            return Relation::Unproven;
        };
        if verify_consistency(old, new, proof) { Relation::Continued } else { Relation::Forked }
    }
}

impl Case {
    /// Each checkpoint and each log at hand against what the service shows.
    pub(crate) fn against_live(&mut self, live: &Live, signed: &[(String, Checkpoint)], trees: &[&Tree]) {
        let Some(now) = self.checkpoint(&live.name, &live.checkpoint) else { return };
        let mut older: Vec<_> = signed.to_vec();
        for tree in trees {
            if tree.size() > now.size && hold(&now, tree).is_ok() {
                self.shown(&live.name, now.size);
            } else if let (Some(first), Some(root)) = (tree.commit(1), tree.root(tree.size())) {
                let name = self.words.pick("loggen", "the log");
                older.push((name, Checkpoint { origin: origin(first), size: tree.size(), root }));
            }
        }
        older.sort_by_key(|(_, checkpoint)| checkpoint.size);
        let mut held = 0;
        for (name, checkpoint) in older {
            let relation = live.relation(&checkpoint);
            if matches!(relation, Relation::Continued) {
                held = checkpoint.size;
            }
            self.related(&name, &live.name, &relation, (held, checkpoint.size, now.size));
        }
    }

    fn shown(&mut self, name: &str, size: u64) {
        self.say(
            Standing::Holds,
            name,
            format!("de {size} poster, som tjenesten har underskrevet nu, er dem i den log, du har."),
            format!(
                "the {size} commits that the service has signed for now are those of the log that you have."
            ),
        );
    }

    fn related(
        &mut self,
        name: &str,
        service: &str,
        relation: &Relation,
        (held, size, now): (u64, u64, u64),
    ) {
        let from = held + 1;
        let (standing, danish, english) = match relation {
            Relation::Continued => (
                Standing::Holds,
                format!("{service} viser den samme log: dens {now} poster begynder med de {size}."),
                format!("{service} shows the same log: its {now} commits begin with the {size}."),
            ),
            Relation::OtherLog => (
                Standing::Fails,
                format!("{service} viser en anden log."),
                format!("{service} shows another log."),
            ),
            Relation::Shorter => (
                Standing::Fails,
                format!(
                    "{service} viser kun {now} poster, men her er {size}: dens log har mistet sin slutning, eller den viser en gammel udgave."
                ),
                format!(
                    "{service} shows only {now} commits, but here are {size}: its log has lost its end, or it shows an old one."
                ),
            ),
            Relation::Forked => (
                Standing::Fails,
                format!(
                    "{service} viser en anden historie: den første ændrede post er en af {from} til {size}."
                ),
                format!(
                    "{service} shows another history: the first changed commit is one of {from} to {size}."
                ),
            ),
            Relation::Unproven => (
                Standing::Fails,
                format!(
                    "{service} viser ikke, at dens {now} poster begynder med de {size}: dens fliser mangler."
                ),
                format!(
                    "{service} does not show that its {now} commits begin with the {size}: its tiles are missing."
                ),
            ),
        };
        self.say(standing, name, danish, english);
    }
}
