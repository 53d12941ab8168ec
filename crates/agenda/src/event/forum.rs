//! What happens to a forum: its members, its template, and what its secretariat decides for all its meetings.

use super::{Role, TemplateSection};
use crate::{drafts::DraftPolicy, id::UserId, retention::RetentionPlan};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumFounded {
    pub name: String,
    pub template: Vec<TemplateSection>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAdded {
    pub user: UserId,
    pub name: String,
    /// As printed: "Afdelingschef for Plan & Byg".
    pub title: String,
    pub roles: Vec<Role>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRoleChanged {
    pub user: UserId,
    pub title: String,
    pub roles: Vec<Role>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRemoved {
    pub user: UserId,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChanged {
    pub template: Vec<TemplateSection>,
}

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
