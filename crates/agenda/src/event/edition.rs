//! What happens to the editions of a meeting after its agenda: a supplement and a correction are
//! opened, and may be given up again. Freezing and publishing are the same events for all kinds.

use super::Fork;
use crate::{id::ItemId, language::Language};
use serde::{Deserialize, Serialize};

/// What an edition is. One that corrects an earlier edition is of that edition's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EditionKind {
    #[default]
    Agenda,
    /// Tillægsdagsorden: items that were added after the agenda was published.
    Supplement,
    /// Referat: the whole agenda with its decisions.
    Minutes,
}

impl EditionKind {
    /// What was stored before there were kinds is an agenda, and an agenda is stored as then.
    pub fn is_agenda(&self) -> bool {
        *self == Self::Agenda
    }

    /// "dagsordenen", as it stands in a sentence.
    pub fn definite(self, language: Language) -> &'static str {
        match self {
            Self::Agenda => language.pick("dagsordenen", "the agenda"),
            Self::Supplement => language.pick("tillægsdagsordenen", "the supplement"),
            Self::Minutes => language.pick("referatet", "the minutes"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementOpened {
    /// The round that begins.
    pub round: u32,
    pub reason: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionOpened {
    /// The round that begins.
    pub round: u32,
    /// The edition that is corrected.
    pub edition: u32,
    /// The items that are.
    pub items: Vec<ItemId>,
    /// Printed in the correction.
    pub reason: String,
    pub documents: Vec<Fork>,
}
/// A supplement or a correction is not to be published after all. What was written in it stays in
/// the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionAbandoned {
    /// The round that ends.
    pub round: u32,
    pub reason: String,
}
