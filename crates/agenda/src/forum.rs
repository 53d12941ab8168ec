//! A forum: its members with their roles, and the template its agendas follow.

use crate::{
    content::SECTIONS,
    drafts::DraftPolicy,
    event::{
        CommandKind, Event, ForumFounded, MemberAdded, MemberRemoved, MemberRoleChanged, Role,
        TemplateChanged, TemplateSection,
    },
    id::{ForumId, UserId},
    rejection::{Rejection, optional, required},
    retention::RetentionPlan,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAX_NAME: usize = 120;
const MAX_TITLE: usize = 200;
const MAX_MEMBERS: usize = 2_000;
const MAX_SECTIONS: usize = 40;
const MAX_GUIDANCE: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forum {
    pub id: ForumId,
    pub name: String,
    pub template: Vec<TemplateSection>,
    pub drafts: DraftPolicy,
    pub retention: RetentionPlan,
    /// Former members stay, inactive, so that their names can still be shown.
    pub members: BTreeMap<UserId, Member>,
    /// Commits applied so far.
    pub sequence: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub title: String,
    pub roles: Vec<Role>,
    pub active: bool,
}

impl Member {
    /// The department out of the title as it is printed: "Plan & Byg" of "Afdelingschef for Plan & Byg" and of
    /// "Konsulent, Plan & Byg". A title that names none stands for itself.
    pub fn department(&self) -> &str {
        let first = self.title.split(" + ").next().unwrap_or_default();
        let named = first.split_once(" for ").or_else(|| first.split_once(", "));
        named.map_or(first, |(_, department)| department).trim()
    }
}

/// By whom the log says that the service itself did something. No member is called so.
pub const SERVICE: &str = "dagsorden";

/// Who acts, with the rights that the log gives them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub roles: Vec<Role>,
}

impl Actor {
    pub fn is_secretariat(&self) -> bool {
        self.roles.contains(&Role::Secretariat)
    }
    pub fn require_secretariat(&self) -> Result<(), Rejection> {
        if self.is_secretariat() { Ok(()) } else { Err(Rejection::NeedsSecretariat) }
    }
}

/// What a person may ask of a forum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ForumCommand {
    AddMember { user: UserId, name: String, title: String, roles: Vec<Role> },
    ChangeMemberRole { user: UserId, title: String, roles: Vec<Role> },
    RemoveMember { user: UserId },
    ChangeTemplate { template: Vec<TemplateSection> },
    ChangeDraftPolicy { policy: DraftPolicy },
    ChangeRetentionPlan { plan: RetentionPlan },
}

impl ForumCommand {
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::AddMember { .. } => CommandKind::AddMember,
            Self::ChangeMemberRole { .. } => CommandKind::ChangeMemberRole,
            Self::RemoveMember { .. } => CommandKind::RemoveMember,
            Self::ChangeTemplate { .. } => CommandKind::ChangeTemplate,
            Self::ChangeDraftPolicy { .. } => CommandKind::ChangeDraftPolicy,
            Self::ChangeRetentionPlan { .. } => CommandKind::ChangeRetentionPlan,
        }
    }

    /// The member that it is about.
    pub fn member(&self) -> Option<&UserId> {
        match self {
            Self::AddMember { user, .. }
            | Self::ChangeMemberRole { user, .. }
            | Self::RemoveMember { user } => Some(user),
            Self::ChangeTemplate { .. }
            | Self::ChangeDraftPolicy { .. }
            | Self::ChangeRetentionPlan { .. } => None,
        }
    }
}

/// The template a new forum starts with: the canonical sections, each with its guidance.
pub fn default_template() -> Vec<TemplateSection> {
    const GUIDANCE: [&str; 8] = [
        "Hvem indstiller, og hvad skal forummet beslutte? Skriv hvert punkt som en at-sætning.",
        "Det vigtigste i få linjer: hvad handler sagen om, og hvorfor nu?",
        "Baggrund, overvejelser og forslag. Skriv først formålet, så det nødvendige.",
        "Hvilke politikker og mål understøtter sagen?",
        "Hvad koster det, hvem betaler, og hvornår?",
        "Hvilke regler gælder?",
        "Hvad betyder det for borgerne?",
        "Hvornår har forummet behandlet sagen før?",
    ];
    SECTIONS
        .iter()
        .zip(GUIDANCE)
        .map(|((key, heading), guidance)| TemplateSection {
            key: (*key).to_owned(),
            heading: (*heading).to_owned(),
            guidance: guidance.to_owned(),
        })
        .collect()
}

/// The events that found a forum with its first member, who is its secretariat.
pub fn found(name: &str, secretary: &UserId, secretary_name: &str) -> Result<Vec<Event>, Rejection> {
    Ok(vec![
        ForumFounded { name: required("Navn", name, MAX_NAME)?, template: default_template() }.into(),
        MemberAdded {
            user: secretary.clone(),
            name: required("Navn", secretary_name, MAX_NAME)?,
            title: String::new(),
            roles: vec![Role::Secretariat],
        }
        .into(),
    ])
}

impl Forum {
    pub fn new(id: ForumId) -> Self {
        Self {
            id,
            name: String::new(),
            template: Vec::new(),
            drafts: DraftPolicy::default(),
            retention: RetentionPlan::default(),
            members: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// What a person is called, also one who is a member no more; else by their id.
    pub fn name_of(&self, user: &UserId) -> String {
        match self.members.get(user) {
            Some(member) => member.name.clone(),
            None if user.as_str() == SERVICE => "Dagsorden (system)".to_owned(),
            None => user.to_string(),
        }
    }

    /// The person as an actor, if they are a member now.
    pub fn actor(&self, user: &UserId) -> Option<Actor> {
        let member = self.members.get(user).filter(|member| member.active)?;
        Some(Actor { user: user.clone(), roles: member.roles.clone() })
    }

    /// Decides a command. The state is not changed; see [`Forum::apply`].
    pub fn decide(&self, actor: &Actor, command: &ForumCommand) -> Result<Vec<Event>, Rejection> {
        actor.require_secretariat()?;
        let event = match command {
            ForumCommand::AddMember { user, name, title, roles } => {
                let taken = self.members.get(user).is_some_and(|member| member.active);
                if taken || user.as_str() == SERVICE {
                    return Err(Rejection::Exists("medlem"));
                }
                if self.members.len() >= MAX_MEMBERS {
                    return Err(Rejection::TooMany { what: "medlemmer", limit: MAX_MEMBERS });
                }
                MemberAdded {
                    user: user.clone(),
                    name: required("Navn", name, MAX_NAME)?,
                    title: optional("Stilling", title, MAX_TITLE)?,
                    roles: checked_roles(roles)?,
                }
                .into()
            }
            ForumCommand::ChangeMemberRole { user, title, roles } => {
                self.active(user)?;
                let roles = checked_roles(roles)?;
                if !roles.contains(&Role::Secretariat) {
                    self.require_other_secretary(user)?;
                }
                MemberRoleChanged {
                    user: user.clone(),
                    title: optional("Stilling", title, MAX_TITLE)?,
                    roles,
                }
                .into()
            }
            ForumCommand::RemoveMember { user } => {
                self.active(user)?;
                self.require_other_secretary(user)?;
                MemberRemoved { user: user.clone() }.into()
            }
            ForumCommand::ChangeTemplate { template } => {
                TemplateChanged { template: checked_template(template)? }.into()
            }
            ForumCommand::ChangeDraftPolicy { policy } => self.drafts.changed_to(*policy)?.into(),
            ForumCommand::ChangeRetentionPlan { plan } => self.retention.changed_to(*plan)?.into(),
        };
        Ok(vec![event])
    }

    fn active(&self, user: &UserId) -> Result<&Member, Rejection> {
        self.members.get(user).filter(|member| member.active).ok_or(Rejection::Unknown("medlem"))
    }

    fn require_other_secretary(&self, user: &UserId) -> Result<(), Rejection> {
        let is_other = |(id, member): (&UserId, &Member)| {
            id != user && member.active && member.roles.contains(&Role::Secretariat)
        };
        if self.members.iter().any(is_other) { Ok(()) } else { Err(Rejection::LastSecretary) }
    }

    /// Applies one event; `Err` says which event does not fit this history.
    pub fn apply(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::ForumFounded(e) => {
                self.name.clone_from(&e.name);
                self.template.clone_from(&e.template);
            }
            Event::MemberAdded(e) => {
                let member = Member {
                    name: e.name.clone(),
                    title: e.title.clone(),
                    roles: e.roles.clone(),
                    active: true,
                };
                self.members.insert(e.user.clone(), member);
            }
            Event::MemberRoleChanged(e) => {
                let member = self.members.get_mut(&e.user).ok_or_else(|| format!("no member {}", e.user))?;
                member.title.clone_from(&e.title);
                member.roles.clone_from(&e.roles);
            }
            Event::MemberRemoved(e) => {
                let member = self.members.get_mut(&e.user).ok_or_else(|| format!("no member {}", e.user))?;
                member.active = false;
            }
            Event::TemplateChanged(e) => self.template.clone_from(&e.template),
            Event::CommandRefused(_) => {}
            Event::DraftPolicyChanged(e) => self.drafts = e.policy,
            Event::RetentionPlanChanged(e) => self.retention = e.plan,
            Event::MeetingScheduled(_)
            | Event::MeetingDetailsChanged(_)
            | Event::ParticipantsChanged(_)
            | Event::ItemAdded(_)
            | Event::ItemDetailsChanged(_)
            | Event::ItemReordered(_)
            | Event::ItemWithdrawn(_)
            | Event::ItemErased(_)
            | Event::ItemHeld(_)
            | Event::ItemReleased(_)
            | Event::ContributorsChanged(_)
            | Event::ItemStateChanged(_)
            | Event::ItemClosed(_)
            | Event::ItemOpened(_)
            | Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AttachmentReplaced(_)
            | Event::AttachmentRenamed(_)
            | Event::AttachmentReordered(_)
            | Event::AttachmentClosed(_)
            | Event::AttachmentOpened(_)
            | Event::ActorBound(_)
            | Event::ChangesRecorded(_)
            | Event::EditRefused(_)
            | Event::SuggestionOpened(_)
            | Event::SuggestionAccepted(_)
            | Event::SuggestionRejected(_)
            | Event::AgendaFrozen(_)
            | Event::AgendaThawed(_)
            | Event::AgendaPublished(_)
            | Event::SupplementOpened(_)
            | Event::CorrectionOpened(_)
            | Event::EditionAbandoned(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_)
            | Event::CommentMade(_)
            | Event::CommentResolved(_)
            | Event::CommentReopened(_)
            | Event::TextCopied(_) => return Err(format!("{} is not a forum's event", event.kind().0)),
        }
        Ok(())
    }
}

fn checked_roles(roles: &[Role]) -> Result<Vec<Role>, Rejection> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err(Rejection::Empty("Rolle")) } else { Ok(roles) }
}

fn checked_template(template: &[TemplateSection]) -> Result<Vec<TemplateSection>, Rejection> {
    if template.is_empty() {
        return Err(Rejection::Empty("Skabelon"));
    }
    if template.len() > MAX_SECTIONS {
        return Err(Rejection::TooMany { what: "afsnit", limit: MAX_SECTIONS });
    }
    let mut out: Vec<TemplateSection> = Vec::new();
    for section in template {
        let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if section.key.is_empty() || section.key.len() > 40 || !section.key.chars().all(is_key) {
            return Err(Rejection::Invalid("nøgle"));
        }
        if out.iter().any(|other| other.key == section.key) {
            return Err(Rejection::Exists("nøgle"));
        }
        out.push(TemplateSection {
            key: section.key.clone(),
            heading: required("Overskrift", &section.heading, MAX_NAME)?,
            guidance: optional("Vejledning", &section.guidance, MAX_GUIDANCE)?,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn given() -> (Forum, Actor) {
        let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
        for event in found("Chefforum", &user("sofie"), "Sofie Krog").unwrap() {
            forum.apply(&event).unwrap();
        }
        let actor = forum.actor(&user("sofie")).unwrap();
        (forum, actor)
    }

    fn add(name: &str, roles: Vec<Role>) -> ForumCommand {
        ForumCommand::AddMember { user: user(name), name: name.into(), title: String::new(), roles }
    }

    #[test]
    fn members_come_and_go_but_the_last_secretary_stays() {
        let (mut forum, actor) = given();
        for event in forum.decide(&actor, &add("karl", vec![Role::Author])).unwrap() {
            forum.apply(&event).unwrap();
        }
        assert_eq!(forum.decide(&actor, &add("karl", vec![Role::Author])), Err(Rejection::Exists("medlem")));
        assert_eq!(forum.decide(&actor, &add(SERVICE, vec![Role::Author])), Err(Rejection::Exists("medlem")));
        let leave = ForumCommand::RemoveMember { user: user("sofie") };
        assert_eq!(forum.decide(&actor, &leave), Err(Rejection::LastSecretary));
        let leave = ForumCommand::RemoveMember { user: user("karl") };
        for event in forum.decide(&actor, &leave).unwrap() {
            forum.apply(&event).unwrap();
        }
        assert_eq!(forum.actor(&user("karl")), None);
        assert_eq!(forum.members[&user("karl")].name, "karl", "the name is still known");
    }

    #[test]
    fn only_the_secretariat_decides_about_members() {
        let (forum, _) = given();
        let author = Actor { user: user("karl"), roles: vec![Role::Author] };
        assert_eq!(forum.decide(&author, &add("per", vec![Role::Author])), Err(Rejection::NeedsSecretariat));
    }

    #[test]
    fn a_title_names_its_department() {
        let department = |title: &str| {
            let member = Member { name: "Bo".into(), title: title.into(), roles: vec![], active: true };
            member.department().to_owned()
        };
        assert_eq!(department("Afdelingschef for Plan & Klima"), "Plan & Klima");
        assert_eq!(department("Chefkonsulent, Plan & Klima"), "Plan & Klima");
        assert_eq!(department("Afdelingschef for Økonomi + konst. digitaliseringschef"), "Økonomi");
        assert_eq!(department("Kommunaldirektør"), "Kommunaldirektør");
        assert_eq!(department(""), "");
    }

    #[test]
    fn a_template_needs_distinct_plain_keys() {
        let (forum, actor) = given();
        let section = |key: &str| TemplateSection {
            key: key.into(),
            heading: "Overskrift".into(),
            guidance: String::new(),
        };
        let change = |template| ForumCommand::ChangeTemplate { template };
        assert!(forum.decide(&actor, &change(vec![section("resume")])).is_ok());
        for bad in [vec![], vec![section("a/b")], vec![section("x"), section("x")]] {
            assert!(forum.decide(&actor, &change(bad)).is_err());
        }
    }
}
