//! The stage for items that go from one meeting to another: meetings, and their texts character by character.

use agenda::{
    content::Block,
    event::{Commit, DocumentKind, MemberAdded, Position, Recorded, Role, Timestamp},
    forum::{Forum, found},
    history::{BlameText, Chronicle, Credits, Past, TextPath, Written, blame, brought, carriers},
    id::{CommandId, ForumId, ItemId, MeetingId, SessionId, StreamId, UserId},
    live::{CommandMeta, Effect, FrameLimits, Input, ReplyKey, Room, ServerNames, World},
    meeting::{Brought, MeetingCommand, schedule},
    rejection::Rejection,
};
use automerge::ReadDoc;
use std::{collections::BTreeMap, sync::Arc};

/// Whoever the log does not know: who edits a copy here.
pub const SINCE: &str = "since";
pub const WRITERS: [&str; 3] = ["sofie", "bo", "lise"];

pub fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

pub fn forum() -> Forum {
    let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
    for event in found("Chefforum", &user("sofie"), "Sofie").unwrap() {
        forum.apply(&event).unwrap();
    }
    for (name, role) in [("bo", Role::HeadOfDepartment), ("lise", Role::Author), ("rita", Role::Reviewer)] {
        let (name, roles) = (user(name), vec![role]);
        let added =
            MemberAdded { user: name.clone(), name: name.as_str().into(), title: String::new(), roles };
        forum.apply(&added.into()).unwrap();
    }
    forum
}

/// One meeting: its room, its stream, and what is said of its past.
pub struct Scene {
    pub room: Room,
    pub commits: Vec<Recorded>,
    pub number: u8,
    pub counter: u8,
}

impl Scene {
    pub fn new(number: u8) -> Self {
        Self::with(number, &forum())
    }

    pub fn with(number: u8, forum: &Forum) -> Self {
        let actor = forum.actor(&user("sofie")).unwrap();
        let (date, time) = (jiff::civil::date(2027, number as i8, 6), jiff::civil::time(9, 0, 0, 0));
        let id = MeetingId::from_bytes([number; 16]);
        let commit = Commit {
            stream: StreamId::Meeting(id),
            sequence: 1,
            at: Timestamp(i64::from(number) * 1_000),
            by: user("sofie"),
            session: SessionId::from_bytes([3; 16]),
            command: CommandId::from_bytes([0; 16]),
            events: schedule(forum, &actor, date, time, "Lærken", None).unwrap(),
        };
        let first = Recorded { position: Position(u64::from(number) * 1_000), commit };
        let names = ServerNames { peer_id: "server".into(), storage_id: "storage".into() };
        let limits = FrameLimits { per_second: 10, burst: 10 };
        let mut room = Room::new(id, Arc::new(forum.clone()), names, limits);
        room.replay(&first).unwrap();
        Self { room, commits: vec![first], number, counter: 0 }
    }

    pub fn tried(&mut self, by: &str, command: MeetingCommand) -> Result<Option<ItemId>, Rejection> {
        self.counter += 1;
        let id = CommandId::from_bytes([self.counter; 16]);
        let meta = CommandMeta { id, user: user(by), session: SessionId::from_bytes([3; 16]) };
        let mut id = [self.number; 16];
        id[1] = self.counter;
        let mut fresh = || {
            id[2] += 1;
            id
        };
        let now = Timestamp(i64::from(self.number) * 1_000 + i64::from(self.counter));
        let mut world = World { now, fresh: &mut fresh };
        self.room.handle(&mut world, Input::Command { reply: ReplyKey(1), meta, command });
        let mut answers = Vec::new();
        for _ in 0..2 {
            for effect in self.room.take_effects() {
                match effect {
                    Effect::Append { ticket, commit } => {
                        let position = Position(self.commits[0].position.0 + self.commits.len() as u64);
                        self.commits.push(Recorded { position, commit });
                        self.room.handle(&mut world, Input::Appended { ticket, position });
                    }
                    Effect::Reply { answer, .. } => answers.push(answer),
                    _ => {}
                }
            }
        }
        answers.remove(0).map(|done| done.created.map(ItemId::from_bytes))
    }

    pub fn done(&mut self, by: &str, command: MeetingCommand) -> Option<ItemId> {
        self.tried(by, command).unwrap()
    }

    pub fn add(&mut self, title: &str) -> ItemId {
        let (title, journal_number) = (title.into(), Some("00.01.00-A00-1-26".into()));
        let (minutes, item_type, source) = (Some(20), None, None);
        self.done("sofie", MeetingCommand::AddItem { title, journal_number, minutes, item_type, source })
            .unwrap()
    }

    pub fn write(&mut self, by: &str, item: ItemId, section: &str, blocks: Vec<Block>) {
        let (document, section) = (DocumentKind::Case, section.to_owned());
        let write =
            MeetingCommand::WriteSection { item, document, section, blocks, nothing: false, source: None };
        self.done(by, write);
    }

    pub fn chronicle(&self) -> Chronicle {
        let mut chronicle = Chronicle::new(self.room.meeting().id);
        self.commits.iter().for_each(|recorded| chronicle.read(recorded));
        chronicle
    }

    pub fn brought(&mut self, item: ItemId, moved: Option<&str>) -> Brought {
        let chronicle = self.chronicle();
        let mut past = |(_, id)| (id, Arc::new(self.room.document(id).unwrap().past()));
        let pasts: BTreeMap<_, _> = carriers(&chronicle, item).into_iter().map(&mut past).collect();
        brought(&chronicle, item, moved, &pasts).unwrap()
    }

    pub fn past(&mut self, item: ItemId) -> Past {
        let case = self.room.meeting().item(item).unwrap().documents.case;
        self.room.document(case).unwrap().past()
    }

    pub fn words(&mut self, item: ItemId) -> Vec<Said> {
        let past = self.past(item);
        let case = self.room.meeting().item(item).unwrap().documents.case;
        let document = self.room.document(case).unwrap().materialise().clone();
        said(&self.chronicle(), case, &past, &document)
    }
}

/// A character with who wrote it, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub character: char,
    pub by: UserId,
    pub written: Option<Written>,
    pub sequence: u64,
}

/// All characters of the sections and their tables with their authors, without the beginnings of blocks.
pub fn said(
    chronicle: &Chronicle,
    case: agenda::id::DocumentId,
    past: &Past,
    document: &automerge::Automerge,
) -> Vec<Said> {
    let authors = chronicle.authors(case);
    let mut credits = Credits::new(past, &authors);
    let texts = blame(past, ["resume", "lov", "historik"], u64::MAX, &mut credits);
    texts.iter().flat_map(|text| letters(text, document, &credits)).collect()
}

pub fn letters(text: &BlameText, document: &automerge::Automerge, credits: &Credits<'_>) -> Vec<Said> {
    let path: Vec<&str> = match &text.path {
        TextPath::Section { section } => vec!["sections", section, "body"],
        TextPath::Cell { table, key } => vec!["tables", table, "cells", key, "t"],
    };
    let object = path.iter().fold(automerge::ROOT, |at, key| document.get(&at, *key).unwrap().unwrap().1);
    let words = document.text(&object).unwrap();
    let mut place = 0;
    let mut found = Vec::new();
    for character in words.chars() {
        let run = text.runs.iter().find(|run| run.start <= place && place < run.end).unwrap();
        place += character.len_utf16();
        if character != '\u{fffc}' {
            let credit = run.credit.map(|at| &credits.list[at as usize]);
            found.push(Said {
                character,
                by: credit.map_or_else(|| user(SINCE), |credit| credits.users[credit.user as usize].clone()),
                written: credit.and_then(|credit| credit.written.clone()),
                sequence: credit.map_or(0, |credit| credit.sequence),
            });
        }
    }
    found
}
