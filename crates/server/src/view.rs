//! What the API answers with. Shapes for readers, made from state; snake_case everywhere.

mod attachments;
mod comments;
mod editions;
mod hold;
mod origin;
mod suggestions;
pub mod verdict;

pub use attachments::{AttachmentView, ClosedView, CreatedAttachment, VersionView};
pub use comments::{CommentCounts, CommentsView, comment_counts, comments};
pub use editions::{PublicationView, WorkView};
pub use hold::{HoldView, hold};
pub use origin::{MovedToView, OriginView};
pub use suggestions::Suggesting;

use agenda::{
    content::Block,
    event::{
        DocumentKind, EditionKind, ItemDocuments, ItemState, ItemType, Participant, Position, Role,
        TemplateSection, Timestamp,
    },
    forum::{Forum, Member},
    id::{DocumentId, ForumId, Hash, ItemId, MeetingId, UserId},
    live::{Room, Viewer},
    meeting::{Access, DocumentState, Item, Phase, is_valid_journal_number},
    publication::{PublishedSection, clock_time},
};
use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    pub user: UserId,
    pub name: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberView {
    pub user: UserId,
    pub name: String,
    pub title: String,
    pub roles: Vec<Role>,
    /// A former member is kept so that their name can be shown.
    pub active: bool,
}

/// The caller, as a member of the forum in question.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct You {
    pub user: UserId,
    pub name: String,
    pub roles: Vec<Role>,
    /// Whether they plan, freeze and publish.
    pub may_plan: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    pub user: UserId,
    pub name: String,
    /// Whether this is the demonstration.
    pub demo: bool,
    pub forums: Vec<MyForum>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyForum {
    pub id: ForumId,
    pub name: String,
    pub title: String,
    pub roles: Vec<Role>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForumView {
    pub id: ForumId,
    pub name: String,
    pub template: Vec<TemplateSection>,
    pub members: Vec<MemberView>,
    /// Latest first.
    pub meetings: Vec<MeetingSummary>,
    pub you: You,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseView {
    Open,
    Frozen,
    Published,
}

impl From<Phase> for PhaseView {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Open => Self::Open,
            Phase::Frozen => Self::Frozen,
            Phase::Published => Self::Published,
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeetingSummary {
    pub id: MeetingId,
    #[schema(value_type = String)]
    pub date: Date,
    #[schema(value_type = String)]
    #[serde(with = "clock_time")]
    pub time: Time,
    pub place: String,
    pub phase: PhaseView,
    /// The last kind of edition that was published; null before the agenda was.
    #[schema(required)]
    pub published: Option<EditionKind>,
    pub items: usize,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeetingView {
    pub id: MeetingId,
    pub forum: ForumName,
    #[schema(value_type = String)]
    pub date: Date,
    #[schema(value_type = String)]
    #[serde(with = "clock_time")]
    pub time: Time,
    pub place: String,
    pub phase: PhaseView,
    pub round: u32,
    pub participants: Vec<Participant>,
    pub items: Vec<ItemSummary>,
    pub withdrawn: Vec<WithdrawnItem>,
    pub freezes: Vec<FreezeView>,
    pub thaws: Vec<ThawView>,
    pub publications: Vec<PublicationView>,
    pub work: WorkView,
    pub template: Vec<TemplateSection>,
    pub members: Vec<MemberView>,
    pub you: You,
    /// The position of the log that this shows.
    pub position: Position,
    /// The same place in the meeting's stream.
    #[serde(skip)]
    sequence: u64,
}

impl MeetingView {
    /// Fills in where the log has what the view shows. What was read a moment ago may still
    /// have been on its way to the log, so the room is asked when all of that is durable.
    pub fn with_positions(mut self, room: &Room) -> Self {
        self.position = room.position_of(self.sequence);
        for (view, freeze) in self.freezes.iter_mut().zip(&room.meeting().freezes) {
            view.position = room.position_of(freeze.sequence);
        }
        for (view, thaw) in self.thaws.iter_mut().zip(&room.meeting().thaws) {
            view.position = room.position_of(thaw.sequence);
        }
        self
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForumName {
    pub id: ForumId,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemSummary {
    pub id: ItemId,
    /// Counted from 1.
    pub number: usize,
    pub title: String,
    #[schema(required)]
    pub journal_number: Option<String>,
    /// False for one that breaks the grammar: a warning, never a refusal.
    pub journal_number_valid: bool,
    #[schema(required)]
    pub minutes: Option<u16>,
    #[schema(required)]
    pub item_type: Option<ItemType>,
    pub state: ItemState,
    /// Lukket punkt: the published agenda only says that it is there. Null for an open one.
    #[schema(required)]
    pub closed: Option<ClosedView>,
    /// The first of them is responsible.
    pub contributors: Vec<UserId>,
    pub documents: ItemDocuments,
    pub access: ItemAccess,
    /// Whether its particulars and attachments take changes now.
    pub open: bool,
    /// The supplement that it was added in, counted from 1; null for an item of the agenda.
    #[schema(required)]
    pub supplement: Option<u32>,
    /// The item of another meeting that it was copied or moved from.
    #[schema(required)]
    pub origin: Option<OriginView>,
    /// Its words are gone; null if they are not.
    #[schema(required)]
    pub erased: Option<ErasedView>,
    /// A hold on it, for the secretariat; null if there is none.
    #[schema(required)]
    pub held: Option<HoldView>,
    pub suggesting: Suggesting,
    pub attachments: Vec<AttachmentView>,
    pub comments: CommentCounts,
}

/// Who erased the words of an item, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErasedView {
    pub at: Timestamp,
    pub by: Person,
    pub reason: String,
    /// The documents that are gone: whoever keeps a copy removes it.
    pub documents: Vec<DocumentId>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ItemAccess {
    pub case: Access,
    pub planning: Access,
    pub decision: Access,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WithdrawnItem {
    pub id: ItemId,
    pub title: String,
    pub reason: String,
    /// Where it went, if it was moved; then the reason may be empty.
    #[schema(required)]
    pub moved_to: Option<MovedToView>,
    #[schema(required)]
    pub erased: Option<ErasedView>,
    #[schema(required)]
    pub held: Option<HoldView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FreezeView {
    pub kind: EditionKind,
    pub round: u32,
    pub at: Timestamp,
    pub by: Person,
    pub reason: String,
    pub content_hash: Hash,
    pub position: Position,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThawView {
    pub round: u32,
    pub at: Timestamp,
    pub by: Person,
    pub reason: String,
    pub position: Position,
}

/// What a section said at some moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SectionContent {
    pub key: String,
    pub heading: String,
    pub nothing: bool,
    pub blocks: Vec<Block>,
}

impl From<PublishedSection> for SectionContent {
    fn from(section: PublishedSection) -> Self {
        let PublishedSection { key, heading, nothing, blocks } = section;
        Self { key, heading, nothing, blocks }
    }
}

/// An edit that was not taken in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusedView {
    pub position: Position,
    pub at: Timestamp,
    pub by: Person,
    pub document: DocumentId,
    #[schema(required)]
    pub item: Option<ItemId>,
    pub reason: agenda::event::RefusalReason,
    /// The words that it would have added.
    pub text: String,
}

pub fn person(forum: &Forum, user: &UserId) -> Person {
    let member = forum.members.get(user);
    Person {
        user: user.clone(),
        name: forum.name_of(user),
        title: member.map_or_else(String::new, |member| member.title.clone()),
    }
}

pub fn members(forum: &Forum) -> Vec<MemberView> {
    let view = |(user, member): (&UserId, &Member)| MemberView {
        user: user.clone(),
        name: member.name.clone(),
        title: member.title.clone(),
        roles: member.roles.clone(),
        active: member.active,
    };
    forum.members.iter().map(view).collect()
}

pub fn you(forum: &Forum, user: &UserId) -> You {
    let roles = forum.actor(user).map(|actor| actor.roles).unwrap_or_default();
    let may_plan = roles.contains(&Role::Secretariat);
    You { user: user.clone(), name: person(forum, user).name, roles, may_plan }
}

/// The meeting as this person may see it now, without positions; `None` before it was scheduled.
pub fn meeting(room: &Room, user: &UserId, now: Timestamp) -> Option<MeetingView> {
    let (meeting, forum) = (room.meeting(), room.forum());
    let viewer = room.viewer(user, now);
    let details = meeting.details.as_ref()?;
    let by = |user: &UserId| person(forum, user);
    Some(MeetingView {
        id: meeting.id,
        forum: ForumName { id: details.forum, name: details.forum_name.clone() },
        date: details.date,
        time: details.time,
        place: details.place.clone(),
        phase: meeting.phase.into(),
        round: meeting.round,
        participants: meeting.participants_in_work().to_vec(),
        items: meeting
            .items
            .iter()
            .zip(1..)
            .map(|(item, number)| item_summary(room, &viewer, item, number))
            .collect(),
        withdrawn: meeting
            .withdrawn
            .iter()
            .map(|w| WithdrawnItem {
                id: w.item.id,
                title: w.item.title.clone(),
                reason: w.reason.clone(),
                moved_to: w.moved_to.as_ref().map(origin::moved_to),
                erased: erased(room, &w.item),
                held: hold::shown(forum, viewer.actor.as_ref(), w.item.held.as_ref()),
            })
            .collect(),
        freezes: meeting
            .freezes
            .iter()
            .map(|f| FreezeView {
                kind: f.kind,
                round: f.round,
                at: f.at,
                by: by(&f.by),
                reason: f.reason.clone(),
                content_hash: f.content_hash,
                position: Position::default(),
            })
            .collect(),
        thaws: meeting
            .thaws
            .iter()
            .map(|t| ThawView {
                round: t.round,
                at: t.at,
                by: by(&t.by),
                reason: t.reason.clone(),
                position: Position::default(),
            })
            .collect(),
        publications: editions::publications(meeting, forum),
        work: editions::work(meeting),
        template: details.template.clone(),
        members: members(forum),
        you: you(forum, user),
        position: Position::default(),
        sequence: meeting.sequence,
    })
}

fn erased(room: &Room, item: &Item) -> Option<ErasedView> {
    let erasure = item.erased.as_ref()?;
    let documents = room.meeting().documents.iter();
    let gone = documents.filter(|(_, known)| known.item == item.id && known.state == DocumentState::Erased);
    Some(ErasedView {
        at: erasure.at,
        by: person(room.forum(), &erasure.by),
        reason: erasure.reason.clone(),
        documents: gone.map(|(id, _)| *id).collect(),
    })
}

fn item_summary(room: &Room, viewer: &Viewer<'_>, item: &Item, number: usize) -> ItemSummary {
    let access = |kind: DocumentKind| viewer.access(item.documents.of(kind));
    ItemSummary {
        id: item.id,
        number,
        title: item.title.clone(),
        journal_number: item.journal_number.clone(),
        journal_number_valid: item.journal_number.as_deref().is_none_or(is_valid_journal_number),
        minutes: item.minutes,
        item_type: item.item_type,
        state: item.state,
        closed: item.closed.as_ref().map(|closed| attachments::closed(room.forum(), closed)),
        contributors: item.contributors.clone(),
        documents: item.documents,
        access: ItemAccess {
            case: access(DocumentKind::Case),
            planning: access(DocumentKind::Planning),
            decision: access(DocumentKind::Decision),
        },
        open: room.meeting().require_item_open(item.id).is_ok(),
        supplement: item.supplement,
        origin: item.arrived.as_ref().map(|arrived| origin::origin(room.forum(), arrived)),
        erased: erased(room, item),
        held: hold::shown(room.forum(), viewer.actor.as_ref(), item.held.as_ref()),
        suggesting: suggestions::suggesting(room, viewer, item),
        attachments: attachments::attachments(room, viewer, item),
        comments: comment_counts(room, viewer, item),
    }
}
