//! What a forum has decided for all its meetings.

use crate::{drafts::DraftPolicy, retention::RetentionPlan};
use serde::{Deserialize, Serialize};

/// How drafts may be looked back at from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPolicyChanged {
    pub policy: DraftPolicy,
}

/// After how long words are to be erased from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPlanChanged {
    pub plan: RetentionPlan,
}
