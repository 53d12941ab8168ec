//! A forum's life: who became a member and what they may do, the template, and what was refused.
//! It also knows who held which roles at any moment.

use super::{Entry, HistoryKind, Reader, Words, refused::Tried};
use crate::{
    event::{Event, Position, Recorded, Role},
    forum::{Forum, Member},
    id::{ForumId, UserId},
    language::Language,
    retention::RetentionPlan,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Did {
    Founded(String),
    Added {
        member: String,
        title: String,
        roles: Vec<Role>,
    },
    Changed {
        member: String,
        title: String,
        roles: Vec<Role>,
    },
    Removed(String),
    Template,
    /// How many days drafts are shown from now on; none for always.
    Drafts(Option<u16>),
    Retention(RetentionPlan),
}

impl Did {
    pub fn sentence(&self, name: &str, language: Language) -> String {
        match self {
            Self::Founded(forum) => language.pick(
                format!("{name} oprettede forummet «{forum}»."),
                format!("{name} founded the forum «{forum}»."),
            ),
            Self::Added { member, title, roles } => {
                let held = held(title, roles, language);
                language.pick(
                    format!("{name} tilføjede {member} som medlem{held}."),
                    format!("{name} added {member} as a member{held}."),
                )
            }
            Self::Changed { member, title, roles } => {
                let held = held(title, roles, language);
                language.pick(
                    format!("{name} ændrede roller eller stilling for {member}{held}."),
                    format!("{name} changed the roles or the position of {member}{held}."),
                )
            }
            Self::Removed(member) => language.pick(
                format!("{name} fjernede {member} som medlem."),
                format!("{name} removed {member} as a member."),
            ),
            Self::Template => language.pick(
                format!("{name} ændrede skabelonen for dagsordener."),
                format!("{name} changed the template of agendas."),
            ),
            Self::Retention(plan) => {
                let plan = plan.told(language);
                language.pick(
                    format!("{name} ændrede sletteplanen: {plan}."),
                    format!("{name} changed the retention plan: {plan}."),
                )
            }
            Self::Drafts(None) => language.pick(
                format!("{name} bestemte, at udkast altid vises."),
                format!("{name} decided that drafts are always shown."),
            ),
            Self::Drafts(Some(days)) => language.pick(
                format!("{name} bestemte, at udkast vises i {days} dage efter udsendelsen."),
                format!("{name} decided that drafts are shown for {days} days after publication."),
            ),
        }
    }
}

/// ", Afdelingschef for Plan & Byg: dagsordenssamler, sagsproducent".
fn held(title: &str, roles: &[Role], language: Language) -> String {
    let roles: Vec<&str> = roles.iter().map(|role| role.word(language)).collect();
    let title = if title.is_empty() { String::new() } else { format!(", {title}") };
    format!("{title}: {}", roles.join(", "))
}

/// Takes a forum's commits in one by one.
#[derive(Debug)]
pub struct ForumChronicle {
    forum: Forum,
    /// Each member after each change of theirs.
    members: BTreeMap<UserId, Vec<(Position, Member)>>,
}

impl ForumChronicle {
    pub fn new(id: ForumId) -> Self {
        Self { forum: Forum::new(id), members: BTreeMap::new() }
    }

    /// Takes in the forum's next commit, and tells what was done; that is not kept.
    pub fn read(&mut self, recorded: &Recorded) -> Vec<Entry> {
        let mut acts = Vec::new();
        for event in &recorded.commit.events {
            // The log was checked when it was written; what does not fit is not ours to hide.
            drop(self.forum.apply(event));
            let Some((kind, words, user)) = self.words(event) else { continue };
            let mut entry = Reader::entry(recorded, kind, words);
            entry.event = event.kind().0;
            acts.push(entry);
            if let Some((user, member)) = user.and_then(|user| Some((user, self.forum.members.get(user)?))) {
                let states = self.members.entry(user.clone()).or_default();
                states.push((recorded.position, member.clone()));
            }
        }
        self.forum.sequence = recorded.commit.sequence;
        acts
    }

    /// What an event is told by, and whose membership it changed.
    fn words<'e>(&self, event: &'e Event) -> Option<(HistoryKind, Words, Option<&'e UserId>)> {
        use HistoryKind::{Members, Refused, Template};
        Some(match event {
            Event::ForumFounded(e) => (Members, Words::Forum(Did::Founded(e.name.clone())), None),
            Event::MemberAdded(e) => {
                let (title, roles) = (e.title.clone(), e.roles.clone());
                (Members, Words::Forum(Did::Added { member: e.name.clone(), title, roles }), Some(&e.user))
            }
            Event::MemberRoleChanged(e) => {
                let (title, roles) = (e.title.clone(), e.roles.clone());
                let did = Did::Changed { member: self.name(&e.user), title, roles };
                (Members, Words::Forum(did), Some(&e.user))
            }
            Event::MemberRemoved(e) => {
                (Members, Words::Forum(Did::Removed(self.name(&e.user))), Some(&e.user))
            }
            Event::TemplateChanged(_) => (Template, Words::Forum(Did::Template), None),
            Event::DraftPolicyChanged(e) => (Template, Words::Forum(Did::Drafts(e.policy.days)), None),
            Event::RetentionPlanChanged(e) => (Template, Words::Forum(Did::Retention(e.plan)), None),
            Event::CommandRefused(e) => {
                let member = e.member.as_ref().map(|user| self.name(user));
                (Refused, Words::CommandRefused(Tried::new(e, member)), None)
            }
            _ => return None,
        })
    }

    fn name(&self, user: &UserId) -> String {
        self.forum.name_of(user)
    }

    /// Commits taken in so far.
    pub fn sequence(&self) -> u64 {
        self.forum.sequence
    }

    /// A person as they were a member then; as they became one, for what they did before.
    pub fn member_at(&self, user: &UserId, position: Position) -> Option<&Member> {
        let states = self.members.get(user)?;
        let count = states.partition_point(|(at, _)| *at <= position);
        states.get(count.saturating_sub(1)).map(|(_, member)| member)
    }
}
