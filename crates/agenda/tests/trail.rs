//! Refused commands: what the room records of them, and how the trail tells of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use agenda::{
    event::*,
    forum::{Forum, found},
    history::{Chronicle, ForumChronicle, HistoryKind, Line, OnAgenda, Wanted},
    id::{CommandId, ForumId, MeetingId, SessionId, StreamId, UserId},
    language::Language,
    live::{CommandMeta, Effect, FrameLimits, Input, ReplyKey, Room, ServerNames, Ticket, World},
    meeting::MeetingCommand,
    refusals::RECORDED_PER_HOUR,
    rejection::Rejection,
};
use std::sync::Arc;

const MEETING: MeetingId = MeetingId::from_bytes([1; 16]);
const FORUM: ForumId = ForumId::from_bytes([2; 16]);

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn recorded(stream: StreamId, by: &str, number: u64, event: Event) -> Recorded {
    let commit = Commit {
        stream,
        sequence: number,
        at: Timestamp(number as i64),
        by: user(by),
        session: SessionId::from_bytes([0; 16]),
        command: CommandId::from_bytes((u128::from(number) << 8).to_be_bytes()),
        events: vec![event],
    };
    Recorded { position: Position(number), commit }
}

fn forum_events() -> Vec<Event> {
    let mut events = found("Chefforum", &user("sofie"), "Sofie Krog").unwrap();
    let title = "Chef".to_owned();
    events.push(
        MemberAdded { user: user("bo"), name: "Bo Ærø".into(), title, roles: vec![Role::Author] }.into(),
    );
    events
}

fn scheduled() -> Event {
    let (date, time) = (jiff::civil::date(2027, 1, 6), jiff::civil::time(9, 0, 0, 0));
    let (forum_name, place) = ("Chefforum".into(), "Lærken".into());
    MeetingScheduled { forum: FORUM, forum_name, template: vec![], date, time, place, source: None }.into()
}

struct Scene {
    room: Room,
    drawn: u8,
    asked: u64,
}

impl Scene {
    fn new() -> Self {
        let mut forum = Forum::new(FORUM);
        forum_events().iter().for_each(|event| forum.apply(event).unwrap());
        let names = ServerNames { peer_id: "server".into(), storage_id: "store".into() };
        let limits = FrameLimits { per_second: 1, burst: 1 };
        let mut room = Room::new(MEETING, Arc::new(forum), names, limits);
        room.replay(&recorded(StreamId::Meeting(MEETING), "sofie", 1, scheduled())).unwrap();
        Self { room, drawn: 0, asked: 0 }
    }

    fn freeze(&mut self, by: &str, id: u8) -> Vec<Effect> {
        self.asked += 1;
        let mut fresh = || {
            self.drawn += 1;
            [self.drawn; 16]
        };
        let meta = CommandMeta {
            id: CommandId::from_bytes([id; 16]),
            user: user(by),
            session: SessionId::from_bytes([9; 16]),
        };
        let command = MeetingCommand::Freeze { reason: "Nu".into() };
        let input = Input::Command { reply: ReplyKey(self.asked), meta, command };
        self.room.handle(&mut World { now: Timestamp(1_000), fresh: &mut fresh }, input);
        self.room.take_effects()
    }

    fn durable(&mut self, ticket: u64) -> Vec<Effect> {
        let mut fresh = || [0; 16];
        let input = Input::Appended { ticket: Ticket(ticket), position: Position(1 + ticket) };
        self.room.handle(&mut World { now: Timestamp(1_000), fresh: &mut fresh }, input);
        self.room.take_effects()
    }
}

fn appended(effects: &[Effect]) -> Vec<&Event> {
    let commits = effects.iter().filter_map(|effect| match effect {
        Effect::Append { commit, .. } => Some(&commit.events),
        _ => None,
    });
    commits.flatten().collect()
}

#[test]
fn a_refusal_is_durable_before_it_is_answered_and_recorded_once() {
    let mut scene = Scene::new();
    let effects = scene.freeze("bo", 7);
    let [Event::CommandRefused(refused)] = appended(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((refused.command, refused.item, refused.last), (CommandKind::Freeze, None, false));
    assert_eq!(refused.rejection, Rejection::NeedsSecretariat);
    assert_eq!(effects.len(), 1, "the answer waits");
    let answer = Err(Rejection::NeedsSecretariat);
    assert_eq!(scene.durable(1), [Effect::Reply { reply: ReplyKey(1), answer: answer.clone() }]);
    assert_eq!(scene.freeze("bo", 7), [Effect::Reply { reply: ReplyKey(2), answer }]);
    assert_eq!(scene.room.meeting().freezes.len(), 0);
}

#[test]
fn nobody_outside_the_forum_leaves_a_trace() {
    let effects = Scene::new().freeze("per", 7);
    assert_eq!(effects, [Effect::Reply { reply: ReplyKey(1), answer: Err(Rejection::NotMember) }]);
}

#[test]
fn a_loop_is_recorded_to_a_limit() {
    let mut scene = Scene::new();
    let mut count = 0;
    for id in 0..=RECORDED_PER_HOUR as u8 {
        let effects = scene.freeze("bo", 100 + id);
        for event in appended(&effects) {
            count += 1;
            let Event::CommandRefused(refused) = event else { panic!("{event:?}") };
            assert_eq!(refused.last, count == RECORDED_PER_HOUR);
        }
    }
    assert_eq!(count, RECORDED_PER_HOUR);
}

fn refused(id: u8, command: CommandKind, rejection: &Rejection, last: bool) -> Event {
    let id = CommandId::from_bytes([id; 16]);
    CommandRefused { id, command, item: None, member: None, rejection: rejection.stored(), last }.into()
}

/// The trail of a meeting that Bo may not freeze, after which he becomes its secretary.
fn told(wanted: &Wanted, language: Language) -> Vec<Line> {
    let mut forum = ForumChronicle::new(FORUM);
    let stream = StreamId::Forum(FORUM);
    for (number, event) in (1..).zip(forum_events()) {
        forum.read(&recorded(stream, "sofie", number, event));
    }
    let (title, roles) = ("Sekretær".to_owned(), vec![Role::Secretariat]);
    let change = MemberRoleChanged { user: user("bo"), title, roles };
    forum.read(&recorded(stream, "sofie", 20, change.into()));
    let mut chronicle = Chronicle::new(MEETING);
    let stream = StreamId::Meeting(MEETING);
    let (needs, same) = (Rejection::NeedsSecretariat, Rejection::NoChange);
    for (number, by, event) in [
        (10, "sofie", scheduled()),
        (11, "bo", refused(1, CommandKind::Freeze, &needs, false)),
        (30, "bo", refused(2, CommandKind::ChangeParticipants, &same, true)),
    ] {
        chronicle.read(&recorded(stream, by, number, event));
    }
    assert_eq!(chronicle.entries(None).len(), 1, "the life of the agenda does not tell of refusals");
    let items = chronicle.meeting().map(OnAgenda::of).unwrap();
    let wanted = chronicle.acts().iter().filter(|act| wanted.takes(act, &forum, &items, language));
    wanted.map(|act| Line::of(act, &forum, language)).collect()
}

#[test]
fn a_refusal_is_told_with_what_the_person_was_then() {
    let all = told(&Wanted::default(), Language::Danish);
    let sentences: Vec<&str> = all.iter().map(|line| line.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "Sofie Krog planlagde mødet d. 06-01-2027.",
            "Bo Ærø ville låse dagsordenen, men blev afvist: «Det kan kun sekretariatet gøre. Bed dem om det.»",
            "Bo Ærø ville ændre deltagerne, men blev afvist: «Der er intet at ændre: sådan er det allerede.» \
             Kommer der flere i samme time, bliver de ikke gemt.",
        ]
    );
    assert_eq!((all[1].title.as_str(), &all[1].roles[..]), ("Chef", &[Role::Author][..]));
    assert_eq!((all[2].title.as_str(), &all[2].roles[..]), ("Sekretær", &[Role::Secretariat][..]));
    assert_eq!(all[1].event, "CommandRefused");
    assert_eq!(
        told(&Wanted::default(), Language::English)[1].sentence,
        "Bo Ærø wanted to freeze the agenda, and was refused: «Only the secretariat can do this. Ask them to.»"
    );
}

#[test]
fn the_trail_is_narrowed() {
    let count = |wanted: Wanted| told(&wanted, Language::Danish).len();
    let any = Wanted::default;
    assert_eq!(count(Wanted { person: Some(user("sofie")), ..any() }), 1);
    assert_eq!(count(Wanted { kind: Some(HistoryKind::Refused), ..any() }), 2);
    assert_eq!(count(Wanted { from: Some(Timestamp(11)), until: Some(Timestamp(30)), ..any() }), 1);
    assert_eq!(count(Wanted { words: " AFVIST  Ærø låse".into(), ..any() }), 1);
    assert_eq!(count(Wanted { words: "afvist planlagde".into(), ..any() }), 0);
}
