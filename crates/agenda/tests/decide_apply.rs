//! `decide` never emits what `apply` refuses, a rejection changes nothing, and the events of
//! any prefix give the state that was there: for random histories of a forum and a meeting.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::{
    content::Block,
    document::{from_changes, heads, read_sections, write_section},
    event::{
        ActorBound, AttachedFile, ChangesRecorded, CommentAnchor, DocumentKind, Event, FileKind, Fork,
        ItemState, ItemType, Participant, Role, TemplateSection, Timestamp,
    },
    forum::{Actor, Forum, ForumCommand, found},
    id::{AttachmentId, Bytes, CommentId, DocumentId, ForumId, Hash, ItemId, MeetingId, UserId},
    meeting::{
        Access, DocumentText, Meeting, MeetingCommand, Meta, Owner, Phase, Suggested, SuggestionState,
        Supplies, Texts, schedule,
    },
    retention::RetentionPlan,
};
use jiff::civil::{date, time};
use proptest::prelude::*;
use std::collections::BTreeMap;

const USERS: [&str; 5] = ["sofie", "karl", "lise", "rita", "niels"];

fn user(index: usize) -> UserId {
    UserId::new(USERS[index]).unwrap()
}

/// Anybody with any roles, whatever the forum says; mostly such as may.
fn actor() -> impl Strategy<Value = Actor> {
    let reviewer = Just(vec![Role::Reviewer]);
    let roles = prop_oneof![8 => Just(vec![Role::Secretariat]), 1 => reviewer, 1 => roles()];
    (0..USERS.len(), roles).prop_map(|(index, roles)| Actor { user: user(index), roles })
}

fn roles() -> impl Strategy<Value = Vec<Role>> {
    let role = prop_oneof![3 => Just(Role::Secretariat), 1 => Just(Role::Author), 1 => Just(Role::Reader)];
    prop::collection::vec(role, 0..3)
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => "[a-zæøå]{1,12}",
        1 => Just(String::new()),
        1 => Just("\u{0} \n".to_owned()),
        1 => Just("x".repeat(2_001)),
    ]
}

fn forum_command() -> impl Strategy<Value = ForumCommand> {
    let key = prop_oneof![Just("resume".to_owned()), Just("lov".to_owned()), Just("Æ/".to_owned())];
    let section =
        (key, words()).prop_map(|(key, heading)| TemplateSection { key, heading, guidance: String::new() });
    let member = || (0..USERS.len(), words(), roles());
    let months = || prop::option::of(0..3u16);
    let plan = (months(), months(), months());
    prop_oneof![
        plan.prop_map(|(closed, open, withdrawn)| {
            ForumCommand::ChangeRetentionPlan { plan: RetentionPlan { closed, open, withdrawn } }
        }),
        member().prop_map(|(index, name, roles)| {
            ForumCommand::AddMember { user: user(index), title: name.clone(), name, roles }
        }),
        member().prop_map(|(index, title, roles)| {
            ForumCommand::ChangeMemberRole { user: user(index), title, roles }
        }),
        (0..USERS.len()).prop_map(|index| ForumCommand::RemoveMember { user: user(index) }),
        prop::collection::vec(section, 0..3).prop_map(|template| ForumCommand::ChangeTemplate { template }),
    ]
}

/// A meeting's command; the item that it concerns is named by its place.
#[derive(Debug, Clone)]
enum Ask {
    Fixed(MeetingCommand),
    OnItem(usize, OnItem),
}

#[derive(Debug, Clone)]
enum OnItem {
    Change(String),
    Move(u32),
    Withdraw(String),
    Hold(String),
    Release,
    State(ItemState),
    Contributors(usize),
    Attach(String),
    /// The number of the attachment; or none, for a new one. What the file is.
    File(Option<usize>, u8),
    Rename(usize, String),
    Reorder(usize, u32),
    Close(usize, String),
    Disclose(usize),
    Detach(usize),
    Write,
    /// A correction of the edition of that number.
    Correct(u32, String),
    Suggest,
    /// A change in the item's suggestion of that number, by its author.
    EditSuggestion(usize),
    AcceptSuggestion(usize),
    RejectSuggestion(usize, String),
    /// What is said; how many are mentioned; the comment that it answers.
    Comment(String, usize, Option<usize>),
    Resolve(usize),
    Reopen(usize),
}

fn on_item() -> impl Strategy<Value = OnItem> {
    prop_oneof![
        words().prop_map(OnItem::Change),
        (0..5u32).prop_map(OnItem::Move),
        words().prop_map(OnItem::Withdraw),
        words().prop_map(OnItem::Hold),
        Just(OnItem::Release),
        prop_oneof![Just(ItemState::Draft), Just(ItemState::Ready)].prop_map(OnItem::State),
        (0..102usize).prop_map(OnItem::Contributors),
        words().prop_map(OnItem::Attach),
        (prop::option::of(0..3usize), 0..3u8).prop_map(|(n, file)| OnItem::File(n, file)),
        (0..3usize, words()).prop_map(|(n, title)| OnItem::Rename(n, title)),
        (0..3usize, 0..3u32).prop_map(|(n, index)| OnItem::Reorder(n, index)),
        (0..3usize, words()).prop_map(|(n, reason)| OnItem::Close(n, reason)),
        (0..3usize).prop_map(OnItem::Disclose),
        (0..3usize).prop_map(OnItem::Detach),
        Just(OnItem::Write),
        (0..5u32, words()).prop_map(|(edition, reason)| OnItem::Correct(edition, reason)),
        Just(OnItem::Suggest),
        (0..3usize).prop_map(OnItem::EditSuggestion),
        (0..3usize).prop_map(OnItem::AcceptSuggestion),
        (0..3usize, words()).prop_map(|(n, reason)| OnItem::RejectSuggestion(n, reason)),
        (words(), 0..3usize, prop::option::of(0..4usize))
            .prop_map(|(text, mentions, answers)| OnItem::Comment(text, mentions, answers)),
        (0..4usize).prop_map(OnItem::Resolve),
        (0..4usize).prop_map(OnItem::Reopen),
    ]
}

fn fixed() -> impl Strategy<Value = MeetingCommand> {
    prop_oneof![
        8 => (words(), 0..1_600u16).prop_map(|(title, minutes)| MeetingCommand::AddItem {
            journal_number: Some(title.clone()), title, minutes: Some(minutes), item_type: None, source: None,
        }),
        1 => words().prop_map(|name| MeetingCommand::ChangeParticipants {
            participants: vec![Participant { roles: vec![name.clone()], name }],
        }),
        1 => words().prop_map(|place| MeetingCommand::ChangeDetails {
            date: date(2026, 1, 31), time: time(8, 30, 0, 0), place,
        }),
        2 => words().prop_map(|reason| MeetingCommand::Freeze { reason }),
        8 => words().prop_map(|reason| MeetingCommand::Thaw { reason }),
        4 => Just(MeetingCommand::Publish),
        2 => words().prop_map(|reason| MeetingCommand::FreezeMinutes { reason }),
        2 => words().prop_map(|reason| MeetingCommand::OpenSupplement { reason }),
        1 => words().prop_map(|reason| MeetingCommand::AbandonEdition { reason }),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        20 => (0..3usize, on_item()).prop_map(|(place, what)| Ask::OnItem(place, what)),
        15 => fixed().prop_map(Ask::Fixed),
    ]
}

/// The item's suggestion of that number, open or settled; or one that is not there.
fn suggestion(meeting: &Meeting, item: ItemId, n: usize) -> DocumentId {
    let mut own = meeting.suggestions.iter().filter(|(_, s)| s.item == item);
    own.nth(n).map_or(DocumentId::from_bytes([9; 16]), |(id, _)| *id)
}

fn file(n: u8) -> AttachedFile {
    AttachedFile {
        name: format!("{n}.pdf"),
        kind: FileKind::Pdf,
        size: 1_000,
        sha256: Hash([n; 32]),
        sealed: None,
    }
}

fn write(item: ItemId) -> MeetingCommand {
    MeetingCommand::WriteSection {
        item,
        document: DocumentKind::Case,
        section: "resume".into(),
        blocks: vec![Block::paragraph("x")],
        nothing: false,
        source: None,
    }
}

/// The command on this meeting, if it is one; a place beyond its items names an item that is
/// not there.
fn command(meeting: &Meeting, ask: &Ask) -> Option<MeetingCommand> {
    let (place, what) = match ask {
        Ask::Fixed(command) => return Some(command.clone()),
        Ask::OnItem(place, what) => (*place, what.clone()),
    };
    let known = meeting.items.get(place);
    let item = known.map_or(ItemId::from_bytes([9; 16]), |item| item.id);
    let comment = |n: usize| {
        let comment = known.and_then(|item| item.comments.get(n)).map(|comment| comment.id);
        comment.unwrap_or(CommentId::from_bytes([9; 16]))
    };
    let attachment = |n: usize| {
        let attachment = known.and_then(|item| item.attachments.get(n)).map(|attachment| attachment.id);
        attachment.unwrap_or(AttachmentId::from_bytes([9; 16]))
    };
    Some(match what {
        OnItem::Change(title) => {
            let item_type = Some(ItemType::Discussion);
            MeetingCommand::ChangeItem { item, title, journal_number: None, minutes: None, item_type }
        }
        OnItem::Move(index) => MeetingCommand::MoveItem { item, index },
        OnItem::Withdraw(reason) => MeetingCommand::WithdrawItem { item, reason },
        OnItem::Hold(reason) => MeetingCommand::HoldItem { item, reason },
        OnItem::Release => MeetingCommand::ReleaseItem { item },
        OnItem::State(state) => MeetingCommand::SetItemState { item, state },
        OnItem::Contributors(n) => MeetingCommand::SetContributors { item, contributors: vec![user(1); n] },
        OnItem::Attach(name) => MeetingCommand::AddAttachment { item, name, source: None },
        OnItem::File(None, n) => MeetingCommand::AttachFile { item, name: "Kort".into(), file: file(n) },
        OnItem::File(Some(at), n) => {
            MeetingCommand::ReplaceFile { item, attachment: attachment(at), file: file(n) }
        }
        OnItem::Rename(n, name) => MeetingCommand::RenameAttachment { item, attachment: attachment(n), name },
        OnItem::Reorder(n, index) => {
            MeetingCommand::MoveAttachment { item, attachment: attachment(n), index }
        }
        OnItem::Close(n, reason) => {
            MeetingCommand::CloseAttachment { item, attachment: attachment(n), reason }
        }
        OnItem::Disclose(n) => MeetingCommand::OpenAttachment { item, attachment: attachment(n) },
        OnItem::Detach(n) => MeetingCommand::RemoveAttachment { item, attachment: attachment(n) },
        OnItem::Correct(edition, reason) => {
            MeetingCommand::OpenCorrection { edition, items: vec![item], reason }
        }
        OnItem::Suggest => MeetingCommand::OpenSuggestion { item },
        OnItem::EditSuggestion(_) => return None,
        OnItem::AcceptSuggestion(n) => {
            MeetingCommand::AcceptSuggestion { suggestion: suggestion(meeting, item, n), heads: Vec::new() }
        }
        OnItem::RejectSuggestion(n, reason) => {
            MeetingCommand::RejectSuggestion { suggestion: suggestion(meeting, item, n), reason }
        }
        OnItem::Comment(text, mentions, answers) => MeetingCommand::Comment {
            item,
            document: DocumentKind::Case,
            thread: answers.map(comment),
            anchor: answers.is_none().then(|| CommentAnchor {
                path: vec!["sections".into(), "resume".into(), "body".into()],
                from: "2@00".into(),
                to: "-5@00".into(),
                quote: text.clone(),
            }),
            text,
            // The second one is no member.
            mentions: (0..mentions).map(user).collect(),
        },
        OnItem::Resolve(n) => MeetingCommand::ResolveComment { item, comment: comment(n) },
        OnItem::Reopen(n) => MeetingCommand::ReopenComment { item, comment: comment(n) },
        OnItem::Write => write(item),
    })
}

/// A meeting with the texts that its own events hold.
struct History {
    meeting: Meeting,
    changes: BTreeMap<DocumentId, Vec<Vec<u8>>>,
    commits: Vec<(Meta, Vec<Event>)>,
    ids: u128,
}

impl History {
    fn scheduled() -> Self {
        let forum = founded();
        let sofie = forum.actor(&user(0)).unwrap();
        let (day, hour) = (date(2026, 6, 17), time(9, 0, 0, 0));
        let events = schedule(&forum, &sofie, day, hour, "Rådhuset", None).unwrap();
        let meeting = Meeting::new(MeetingId::from_bytes([7; 16]));
        let mut history = Self { meeting, changes: BTreeMap::new(), commits: Vec::new(), ids: 0 };
        history.commit(&sofie.user, events);
        history
    }

    fn commit(&mut self, by: &UserId, events: Vec<Event>) {
        let sequence = self.meeting.sequence + 1;
        let meta = Meta { at: Timestamp(sequence as i64), by: by.clone(), sequence };
        for event in &events {
            self.meeting.apply(&meta, event).expect("decided, so it applies");
            self.keep_changes(event);
        }
        self.commits.push((meta, events));
    }

    fn keep_changes(&mut self, event: &Event) {
        match event {
            Event::ChangesRecorded(e) => {
                let changes = e.changes.iter().map(|change| change.0.clone());
                self.changes.entry(e.document).or_default().extend(changes);
            }
            Event::AgendaThawed(e) => self.fork(&e.documents),
            Event::CorrectionOpened(e) => self.fork(&e.documents),
            Event::SuggestionOpened(e) => {
                self.changes.insert(e.document, self.changes[&e.case].clone());
            }
            _ => {}
        }
    }

    fn fork(&mut self, forks: &[Fork]) {
        for fork in forks {
            self.changes.insert(fork.to, self.changes[&fork.from].clone());
        }
    }

    fn texts(&self) -> Texts {
        let text = |(id, changes): (&DocumentId, &Vec<Vec<u8>>)| {
            let document = from_changes(changes.iter().map(Vec::as_slice)).unwrap();
            let (heads, kind) = (heads(&document), self.meeting.documents[id].kind);
            let keys = self.meeting.sections(kind).into_iter().map(|(key, _)| key);
            (*id, DocumentText { sections: read_sections(&document, keys, &heads), heads })
        };
        self.changes.iter().map(text).collect()
    }

    /// Its author writes in a suggestion, as `live` would take it in.
    fn edit(&mut self, place: usize, n: usize) -> bool {
        let Some(item) = self.meeting.items.get(place).map(|item| item.id) else { return false };
        let id = suggestion(&self.meeting, item, n);
        let Some(author) = self.meeting.suggestions.get(&id).map(|s| s.author.clone()) else { return false };
        let writer = Actor { user: author.clone(), roles: vec![Role::Reviewer] };
        if self.meeting.access(Some(&writer), id) != Access::Write {
            return false;
        }
        let mut copy = from_changes(self.changes[&id].iter().map(Vec::as_slice)).unwrap();
        let actor = id.as_bytes().to_vec();
        let blocks = [Block::paragraph("forslag")];
        let change = write_section(&mut copy, &actor, "resume", &blocks, false).unwrap().unwrap();
        let bind = ActorBound { document: id, actor: Bytes(actor.clone()), user: author.clone() };
        let changes = ChangesRecorded { document: id, changes: vec![Bytes(change)], source: None };
        let bound = self.meeting.owner(id, &actor) != Owner::Nobody;
        let events = if bound { vec![changes.into()] } else { vec![bind.into(), changes.into()] };
        self.commit(&author, events);
        true
    }

    /// What a suggestion has and its case has not.
    fn suggested(&self, command: &MeetingCommand) -> Vec<Suggested> {
        let MeetingCommand::AcceptSuggestion { suggestion: id, .. } = command else { return Vec::new() };
        let Some(case) = self.meeting.suggestions.get(id).map(|s| s.case) else { return Vec::new() };
        let own = self.changes[id].iter().filter(|change| !self.changes[&case].contains(change));
        own.map(|change| Suggested { actor: id.as_bytes().to_vec(), change: Bytes(change.clone()) }).collect()
    }

    /// Whether the command was accepted.
    fn ask(&mut self, actor: &Actor, ask: &Ask) -> bool {
        if let Ask::OnItem(place, OnItem::EditSuggestion(n)) = ask {
            return self.edit(*place, *n);
        }
        let Some(command) = command(&self.meeting, ask) else { return false };
        let suggested = self.suggested(&command);
        let freezes = matches!(command, MeetingCommand::Freeze { .. } | MeetingCommand::FreezeMinutes { .. });
        let texts = if freezes { self.texts() } else { Texts::new() };
        let before = self.meeting.clone();
        let ids = &mut self.ids;
        let mut fresh = || {
            *ids += 1;
            ids.to_be_bytes()
        };
        let forum = founded();
        let mut supplies = Supplies {
            fresh: &mut fresh,
            forum: &forum,
            now: Timestamp(0),
            texts: &texts,
            suggested: &suggested,
        };
        let decided = self.meeting.decide(actor, &command, &mut supplies);
        assert_eq!(self.meeting, before, "deciding changes nothing");
        let Ok(events) = decided else { return false };
        check_acceptance(&before, actor, &events);
        assert!(!events.is_empty(), "{command:?} was accepted and did nothing");
        self.commit(&actor.user, events);
        true
    }
}

/// What is accepted was open, in an open case, and stays its author's.
fn check_acceptance(before: &Meeting, actor: &Actor, events: &[Event]) {
    let Some(Event::SuggestionAccepted(e)) = events.first() else { return };
    let suggestion = &before.suggestions[&e.document];
    assert_eq!((&suggestion.state, before.phase), (&SuggestionState::Open, Phase::Open));
    assert!(actor.may_write() && before.item(suggestion.item).is_some());
    let own = |event: &Event| match event {
        Event::ActorBound(bound) => bound.document == e.case && bound.user == suggestion.author,
        Event::ChangesRecorded(changes) => changes.document == e.case,
        _ => false,
    };
    assert!(events[1..].iter().all(own), "an acceptance with {events:?}");
}

fn founded() -> Forum {
    let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
    for event in found("Chefforum", &user(0), "Sofie Krog").unwrap() {
        forum.apply(&event).unwrap();
    }
    forum
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_a_meeting_decides_applies(asks in prop::collection::vec((actor(), ask()), 1..40)) {
        let mut history = History::scheduled();
        let mut states = vec![history.meeting.clone()];
        for (actor, ask) in &asks {
            if history.ask(actor, ask) {
                states.push(history.meeting.clone());
            }
        }
        let mut replayed = Meeting::new(history.meeting.id);
        for ((meta, events), state) in history.commits.iter().zip(&states) {
            for event in events {
                let (kind, version) = event.kind();
                let stored = Event::decode(kind, version, &event.encode().unwrap()).unwrap();
                replayed.apply(meta, &stored).unwrap();
            }
            prop_assert_eq!(&replayed, state);
        }
    }

    #[test]
    fn what_a_forum_decides_applies(asks in prop::collection::vec((actor(), forum_command()), 1..40)) {
        let mut forum = founded();
        let (mut events, mut states) = (Vec::new(), Vec::new());
        for (actor, command) in &asks {
            let before = forum.clone();
            let decided = forum.decide(actor, command);
            prop_assert_eq!(&forum, &before);
            for event in decided.into_iter().flatten() {
                forum.apply(&event).expect("decided, so it applies");
                events.push(event);
                states.push(forum.clone());
            }
            let mut members = forum.members.values();
            prop_assert!(members.any(|m| m.active && m.roles.contains(&Role::Secretariat)), "no secretary left");
        }
        let mut replayed = founded();
        for (event, state) in events.iter().zip(&states) {
            let (kind, version) = event.kind();
            let stored = Event::decode(kind, version, &event.encode().unwrap()).unwrap();
            replayed.apply(&stored).unwrap();
            prop_assert_eq!(&replayed, state);
        }
    }
}
