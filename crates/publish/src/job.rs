//! What a process that renders is given, and what it says at the end.

use crate::{
    artefact::{Artefact, RenderError},
    pdf::Warning,
    proof::{Proof, Stand},
};
use agenda::publication::Publication;
use serde::{Deserialize, Serialize};

/// One artefact to be made, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub publication: Publication,
    pub stand: JobStand,
    pub artefact: Artefact,
}

/// [`Stand`] as a value of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStand {
    Published(Proof),
    Imported,
    Draft,
}

/// What the process says at the end, as JSON, beside the bytes.
pub type Outcome = Result<Vec<Warning>, RenderError>;

impl JobStand {
    pub fn stand(&self) -> Stand<'_> {
        match self {
            Self::Published(proof) => Stand::Published(proof),
            Self::Imported => Stand::Imported,
            Self::Draft => Stand::Draft,
        }
    }
}
