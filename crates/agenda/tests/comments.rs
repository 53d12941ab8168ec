//! Comments: who may say something about which text and when, threads, limits, that they go on
//! after a thaw, and that nothing of them is ever published.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use agenda::{
    event::{CommentAnchor, Commit, DocumentKind, Event, MemberAdded, Position, Recorded, Role, Timestamp},
    forum::{Actor, Forum, found},
    history::{HistoryKind, entries},
    id::{CommandId, CommentId, ForumId, ItemId, MeetingId, SessionId, StreamId, UserId},
    language::Language,
    meeting::{Access, Comment, Meeting, MeetingCommand, Meta, Supplies, Texts, schedule},
    rejection::Rejection,
};

const CASE: DocumentKind = DocumentKind::Case;
const PLANNING: DocumentKind = DocumentKind::Planning;
const DECISION: DocumentKind = DocumentKind::Decision;
const MEETING: MeetingId = MeetingId::from_bytes([2; 16]);

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// A forum with a secretary, a head and a reader, and a meeting with one item.
struct Scene {
    forum: Forum,
    meeting: Meeting,
    log: Vec<Recorded>,
    ids: u128,
}

impl Scene {
    fn new() -> Self {
        let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
        for event in found("Chefforum", &user("sofie"), "Sofie").unwrap() {
            forum.apply(&event).unwrap();
        }
        for (name, role) in [("bo", Role::HeadOfDepartment), ("per", Role::Reader)] {
            let member =
                MemberAdded { user: user(name), name: name.into(), title: String::new(), roles: vec![role] };
            forum.apply(&member.into()).unwrap();
        }
        let sofie = forum.actor(&user("sofie")).unwrap();
        let (date, time) = (jiff::civil::date(2027, 1, 6), jiff::civil::time(9, 0, 0, 0));
        let events = schedule(&forum, &sofie, date, time, "Lærken", None).unwrap();
        let mut scene = Self { forum, meeting: Meeting::new(MEETING), log: vec![], ids: 0 };
        scene.commit(&sofie.user, events);
        let add = MeetingCommand::AddItem {
            title: "Budget".into(),
            journal_number: None,
            minutes: None,
            item_type: None,
            source: None,
        };
        scene.run("sofie", &add).unwrap();
        scene
    }

    fn commit(&mut self, by: &UserId, events: Vec<Event>) {
        let sequence = self.meeting.sequence + 1;
        let meta = Meta { at: Timestamp(sequence as i64), by: by.clone(), sequence };
        events.iter().for_each(|event| self.meeting.apply(&meta, event).expect("decided, so it applies"));
        let commit = Commit {
            stream: StreamId::Meeting(MEETING),
            sequence,
            at: meta.at,
            by: by.clone(),
            session: SessionId::from_bytes([3; 16]),
            command: CommandId::from_bytes([sequence as u8; 16]),
            events,
        };
        self.log.push(Recorded { position: Position(sequence), commit });
    }

    /// The id of the first comment that the command made, if it made one.
    fn run(&mut self, by: &str, command: &MeetingCommand) -> Result<Option<CommentId>, Rejection> {
        let user = user(by);
        let actor =
            self.forum.actor(&user).unwrap_or(Actor { user: user.clone(), roles: vec![Role::Author] });
        let ids = &mut self.ids;
        let mut fresh = || {
            *ids += 1;
            ids.to_be_bytes()
        };
        let texts = Texts::new();
        let mut supplies = Supplies {
            fresh: &mut fresh,
            forum: &self.forum,
            now: Timestamp(0),
            texts: &texts,
            suggested: &[],
        };
        let events = self.meeting.decide(&actor, command, &mut supplies)?;
        let made = events.iter().find_map(|event| match event {
            Event::CommentMade(e) => Some(e.comment),
            _ => None,
        });
        self.commit(&user, events);
        Ok(made)
    }

    fn item(&self) -> ItemId {
        self.meeting.items[0].id
    }

    fn about(&self, document: DocumentKind, text: &str) -> MeetingCommand {
        let (item, text) = (self.item(), text.to_owned());
        MeetingCommand::Comment { item, document, thread: None, anchor: None, text, mentions: vec![] }
    }

    fn say(&mut self, by: &str, document: DocumentKind) -> Result<CommentId, Rejection> {
        self.run(by, &self.about(document, "Er det rigtigt?")).map(|made| made.unwrap())
    }

    fn answer(&mut self, by: &str, thread: CommentId, text: &str) -> Result<Option<CommentId>, Rejection> {
        let mut command = self.about(CASE, text);
        if let MeetingCommand::Comment { thread: answers, .. } = &mut command {
            *answers = Some(thread);
        }
        self.run(by, &command)
    }

    fn resolve(&mut self, by: &str, comment: CommentId) -> Result<Option<CommentId>, Rejection> {
        self.run(by, &MeetingCommand::ResolveComment { item: self.item(), comment })
    }

    fn reopen(&mut self, by: &str, comment: CommentId) -> Result<Option<CommentId>, Rejection> {
        self.run(by, &MeetingCommand::ReopenComment { item: self.item(), comment })
    }

    fn lock(&mut self) {
        self.run("sofie", &MeetingCommand::Freeze { reason: String::new() }).unwrap();
    }

    fn comments(&self) -> &[Comment] {
        &self.meeting.items[0].comments
    }
}

fn anchor() -> CommentAnchor {
    CommentAnchor {
        path: vec!["sections".into(), "resume".into(), "body".into()],
        from: "2@ab".into(),
        to: "-7@ab".into(),
        quote: "tre år".into(),
    }
}

fn anchored(scene: &Scene, anchor: CommentAnchor) -> MeetingCommand {
    let (item, text) = (scene.item(), "Det var fire år.".to_owned());
    MeetingCommand::Comment {
        item,
        document: CASE,
        thread: None,
        anchor: Some(anchor),
        text,
        mentions: vec![],
    }
}

#[test]
fn those_who_write_comment_on_what_they_see_until_it_is_published() {
    let mut scene = Scene::new();
    for document in [CASE, PLANNING, DECISION] {
        scene.say("bo", document).unwrap();
        assert_eq!(scene.say("per", document), Err(Rejection::ReadOnly), "a reader reads");
    }
    scene.lock();
    scene.say("bo", CASE).unwrap();
    scene.say("sofie", PLANNING).unwrap();
    scene.run("sofie", &MeetingCommand::Publish).unwrap();
    for document in [CASE, PLANNING] {
        assert_eq!(scene.say("bo", document), Err(Rejection::Published));
    }
    scene.say("bo", DECISION).unwrap();
    let first = scene.comments()[0].id;
    assert_eq!(scene.resolve("bo", first), Err(Rejection::Published));
    assert!(scene.comments().iter().all(|comment| comment.by != user("per")));
}

#[test]
fn a_thread_is_answered_resolved_and_reopened() {
    let mut scene = Scene::new();
    let thread = scene.say("bo", CASE).unwrap();
    let answer = scene.answer("sofie", thread, "Ja.").unwrap().unwrap();
    assert_eq!(scene.answer("bo", answer, "Nej."), Err(Rejection::Unknown("kommentar")), "threads are flat");
    assert_eq!(scene.resolve("bo", answer), Err(Rejection::Unknown("kommentar")));
    assert_eq!(scene.reopen("bo", thread), Err(Rejection::NoChange));
    assert_eq!(scene.resolve("per", thread), Err(Rejection::ReadOnly));
    scene.resolve("sofie", thread).unwrap();
    assert_eq!(scene.resolve("bo", thread), Err(Rejection::NoChange));
    assert_eq!(scene.comments()[0].resolved.as_ref().map(|r| r.by.clone()), Some(user("sofie")));
    assert_eq!(scene.meeting.items[0].open_threads().count(), 0);
    scene.answer("bo", thread, "Vent.").unwrap();
    assert_eq!(scene.meeting.items[0].open_threads().count(), 1, "an answer must be seen");
    let texts: Vec<&str> = scene.meeting.items[0].comments_of(thread).map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["Er det rigtigt?", "Ja.", "Vent."]);
}

#[test]
fn what_is_said_has_limits_and_keeps_its_lines() {
    let mut scene = Scene::new();
    let mut refused = |text: &str| scene.run("bo", &scene.about(CASE, text)).unwrap_err();
    assert_eq!(refused(" \n\u{0}"), Rejection::Empty("Kommentar"));
    assert!(matches!(refused(&"å".repeat(4_001)), Rejection::TooLong { field: "Kommentar", limit: 4_000 }));
    scene.run("bo", &scene.about(CASE, " Et\r\n\tTo\u{7} ")).unwrap();
    assert_eq!(scene.comments()[0].text, "Et\n To");
    let long = CommentAnchor { quote: "x".repeat(501), ..anchor() };
    assert!(matches!(scene.run("bo", &anchored(&scene, long)), Err(Rejection::TooLong { .. })));
    let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
    for bad in [
        CommentAnchor { path: path(&["sections", "resume"]), ..anchor() },
        CommentAnchor { path: path(&["sections", "", "body"]), ..anchor() },
        CommentAnchor { path: path(&["v"]), ..anchor() },
        CommentAnchor { from: String::new(), ..anchor() },
        CommentAnchor { to: "2@a b".into(), ..anchor() },
        CommentAnchor { to: "2".repeat(201), ..anchor() },
    ] {
        assert_eq!(scene.run("bo", &anchored(&scene, bad)), Err(Rejection::Invalid("anker")));
    }
    for _ in scene.comments().len()..1_000 {
        scene.say("bo", CASE).unwrap();
    }
    assert!(matches!(scene.say("bo", CASE), Err(Rejection::TooMany { what: "kommentarer", .. })));
}

#[test]
fn only_who_may_read_a_text_is_called_to_it() {
    let mut scene = Scene::new();
    let mut calling = |document, mentions: Vec<UserId>| {
        let mut command = scene.about(document, "Se her.");
        if let MeetingCommand::Comment { mentions: called, .. } = &mut command {
            *called = mentions;
        }
        scene.run("bo", &command).map(drop)
    };
    calling(CASE, vec![user("sofie"), user("per"), user("sofie")]).unwrap();
    assert_eq!(calling(PLANNING, vec![user("per")]), Err(Rejection::Unknown("medlem")));
    assert_eq!(calling(CASE, vec![user("niels")]), Err(Rejection::Unknown("medlem")));
    assert!(matches!(calling(CASE, vec![user("sofie"); 51]), Err(Rejection::TooMany { .. })));
    assert_eq!(scene.comments()[0].mentions, [user("sofie"), user("per")]);
}

#[test]
fn comments_go_on_after_a_thaw_and_stay_with_a_withdrawn_item() {
    let mut scene = Scene::new();
    let thread = scene.run("bo", &anchored(&scene, anchor())).unwrap().unwrap();
    let before = scene.meeting.items[0].documents.case;
    scene.lock();
    scene.run("sofie", &MeetingCommand::Thaw { reason: "En fejl".into() }).unwrap();
    let now = scene.meeting.items[0].documents.case;
    assert_ne!(now, before);
    scene.answer("sofie", thread, "Rettet.").unwrap();
    let made = scene.log.last().unwrap().commit.events.first();
    assert!(matches!(made, Some(Event::CommentMade(e)) if e.document == now));
    assert_eq!(scene.comments()[0].anchor, Some(anchor()));
    assert!(scene.meeting.may_comment(scene.forum.actor(&user("bo")).as_ref(), now));
    let item = scene.item();
    scene.run("sofie", &MeetingCommand::WithdrawItem { item, reason: "Udsat".into() }).unwrap();
    let gone = MeetingCommand::ResolveComment { item, comment: thread };
    assert_eq!(scene.run("bo", &gone), Err(Rejection::UnknownItem));
    assert_eq!(scene.meeting.withdrawn[0].item.comments.len(), 2);
    let actor = scene.forum.actor(&user("bo"));
    assert_eq!(scene.meeting.access(actor.as_ref(), now), Access::Read);
    assert!(!scene.meeting.may_comment(actor.as_ref(), now));
}

#[test]
fn nothing_of_a_comment_is_published_or_moves_its_hash() {
    let mut scene = Scene::new();
    let texts = Texts::new();
    let before = scene.meeting.publication(&texts).unwrap().content_hash();
    scene.run("bo", &anchored(&scene, anchor())).unwrap();
    scene.run("bo", &scene.about(CASE, "Hemmelig bemærkning")).unwrap();
    let after = scene.meeting.publication(&texts).unwrap();
    assert_eq!(after.content_hash(), before);
    let json = serde_json::to_string(&after).unwrap();
    for words in ["Hemmelig", "fire år", "tre år", "comment"] {
        assert!(!json.contains(words), "{json}");
    }
}

#[test]
fn the_history_tells_of_comments_and_which_text_they_are_about() {
    let mut scene = Scene::new();
    let thread = scene.run("bo", &anchored(&scene, anchor())).unwrap().unwrap();
    scene.answer("sofie", thread, &"Næ.\n".repeat(60)).unwrap();
    scene.resolve("bo", thread).unwrap();
    scene.reopen("bo", thread).unwrap();
    scene.say("bo", PLANNING).unwrap();
    let all = entries(&scene.log, Some(scene.item()));
    let told: Vec<_> = all.iter().filter(|entry| entry.kind == HistoryKind::Comment).collect();
    let danish: Vec<String> = told.iter().map(|entry| entry.sentence("Bo", Language::Danish)).collect();
    assert_eq!(danish[0], "Bo kommenterede «tre år»: Det var fire år.");
    assert!(danish[1].starts_with("Bo svarede på en kommentar: Næ. Næ.") && danish[1].ends_with('…'));
    assert_eq!(danish[2], "Bo markerede en kommentar som løst.");
    assert_eq!(danish[3], "Bo genåbnede en kommentar.");
    assert_eq!(danish[4], "Bo kommenterede: Er det rigtigt?");
    assert_eq!(told[0].sentence("Bo", Language::English), "Bo commented on «tre år»: Det var fire år.");
    let on: Vec<_> = told.iter().map(|entry| entry.on).collect();
    assert_eq!(on, [Some(CASE), Some(CASE), Some(CASE), Some(CASE), Some(PLANNING)]);
    assert!(told.iter().all(|entry| entry.item == Some(scene.item())));
    assert!(entries(&scene.log, Some(ItemId::from_bytes([9; 16]))).is_empty());
}
