//! A meeting in a whole room, and what the secretariat does with it.

use agenda::{
    content::Block,
    event::{
        Commit, DocumentKind, Event, Participant, Position, Recorded, Timestamp,
        words::{put_together, take_apart},
    },
    forum::{Forum, found},
    id::{CommandId, ForumId, ItemId, MeetingId, SessionId, StreamId, TextId, UserId},
    live::{CommandMeta, Effect, FrameLimits, Input, ReplyKey, Room, ServerNames, World},
    meeting::{MeetingCommand as Command, Meta, schedule},
    publication::Publication,
    rejection::Rejection,
};
use jiff::civil::{date, time};
use std::sync::Arc;

pub const MEETING: MeetingId = MeetingId::from_bytes([7; 16]);

pub fn secretary() -> UserId {
    UserId::new("sofie").unwrap()
}

pub struct Scene {
    pub room: Room,
    pub commits: Vec<Commit>,
    pub ids: u128,
    /// By how much the clock has been put on, in milliseconds.
    pub later: i64,
}

impl Scene {
    /// A meeting with two items that say something, not yet published.
    pub fn new() -> Self {
        let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
        found("Chefforum", &secretary(), "Sofie").unwrap().iter().for_each(|e| forum.apply(e).unwrap());
        let actor = forum.actor(&secretary()).unwrap();
        let (day, hour) = (date(2026, 6, 17), time(9, 0, 0, 0));
        let events = schedule(&forum, &actor, day, hour, "Rådhuset", None).unwrap();
        let mut scene = Self { room: room(Arc::new(forum)), commits: Vec::new(), ids: 0, later: 0 };
        scene.replay(events);
        for title in ["Havnen", "Fyret"] {
            let item = scene.add(title);
            scene.write(item, DocumentKind::Case, "Teksten").unwrap();
        }
        scene
    }

    pub fn published() -> Self {
        let mut scene = Self::new();
        scene.ask(Command::Freeze { reason: String::new() }).unwrap();
        scene.ask(Command::Publish).unwrap();
        scene
    }

    pub fn replay(&mut self, events: Vec<Event>) {
        self.take(&Meta { at: Timestamp(1), by: secretary(), sequence: 1 }, events);
    }

    /// Events that no command of this scene decided.
    pub fn take(&mut self, meta: &Meta, events: Vec<Event>) {
        let commit = Commit {
            stream: StreamId::Meeting(MEETING),
            sequence: meta.sequence,
            at: meta.at,
            by: meta.by.clone(),
            session: SessionId::from_bytes([1; 16]),
            command: CommandId::from_bytes([0; 16]),
            events,
        };
        self.room.replay(&Recorded { position: Position(meta.sequence), commit: commit.clone() }).unwrap();
        self.commits.push(commit);
    }

    pub fn ask(&mut self, command: Command) -> Result<(), Rejection> {
        self.ids += 1 << 64;
        let id = CommandId::from_bytes(self.ids.to_be_bytes());
        let meta = CommandMeta { id, user: secretary(), session: SessionId::from_bytes([1; 16]) };
        let ids = &mut self.ids;
        let mut fresh = || {
            *ids += 1;
            ids.to_be_bytes()
        };
        let now = Timestamp(self.commits.len() as i64 + 2 + self.later);
        let mut world = World { now, fresh: &mut fresh };
        self.room.handle(&mut world, Input::Command { reply: ReplyKey(1), meta, command });
        let mut answer = None;
        loop {
            let effects = self.room.take_effects();
            if effects.is_empty() {
                return answer.unwrap();
            }
            for effect in effects {
                match effect {
                    Effect::Append { ticket, commit } => {
                        let position = Position(commit.sequence);
                        self.commits.push(commit);
                        let mut world = World { now, fresh: &mut || [0; 16] };
                        self.room.handle(&mut world, Input::Appended { ticket, position });
                    }
                    Effect::Reply { answer: said, .. } => answer = Some(said.map(drop)),
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    pub fn add(&mut self, title: &str) -> ItemId {
        self.try_add(title).unwrap();
        self.room.meeting().items.last().unwrap().id
    }

    pub fn try_add(&mut self, title: &str) -> Result<(), Rejection> {
        let title = title.to_owned();
        self.ask(Command::AddItem {
            title,
            journal_number: None,
            minutes: None,
            item_type: None,
            source: None,
        })
    }

    pub fn rename(&mut self, item: ItemId, title: &str) -> Result<(), Rejection> {
        let title = title.to_owned();
        self.ask(Command::ChangeItem { item, title, journal_number: None, minutes: None, item_type: None })
    }

    pub fn write(&mut self, item: ItemId, document: DocumentKind, text: &str) -> Result<(), Rejection> {
        let keys = self.room.meeting().sections(document);
        let section = keys.first().unwrap().0.to_owned();
        let blocks = vec![Block::paragraph(text)];
        self.ask(Command::WriteSection { item, document, section, blocks, nothing: false, source: None })
    }

    pub fn freeze(&mut self) -> Result<(), Rejection> {
        self.ask(Command::Freeze { reason: String::new() })
    }

    pub fn freeze_minutes(&mut self) -> Result<(), Rejection> {
        self.ask(Command::FreezeMinutes { reason: String::new() })
    }

    pub fn correct(&mut self, edition: u32, items: &[ItemId]) -> Result<(), Rejection> {
        let reason = "Forkert beløb".to_owned();
        self.ask(Command::OpenCorrection { edition, items: items.to_vec(), reason })
    }

    pub fn move_to(&mut self, place: &str) -> Result<(), Rejection> {
        let (date, time) = (date(2026, 6, 18), time(10, 0, 0, 0));
        self.ask(Command::ChangeDetails { date, time, place: place.to_owned() })
    }

    pub fn invite(&mut self, names: &[&str]) -> Result<(), Rejection> {
        let person = |name: &&str| Participant { name: (*name).to_owned(), roles: vec!["Lods".into()] };
        self.ask(Command::ChangeParticipants { participants: names.iter().map(person).collect() })
    }

    pub fn supplement(&mut self) -> Result<(), Rejection> {
        self.ask(Command::OpenSupplement { reason: "En hastesag".into() })
    }

    pub fn abandon(&mut self) -> Result<(), Rejection> {
        self.ask(Command::AbandonEdition { reason: "Alligevel ikke".into() })
    }

    pub fn item(&self, place: usize) -> ItemId {
        self.room.meeting().items[place].id
    }

    /// What would be published now.
    pub fn next(&mut self) -> Publication {
        let texts = self.room.texts();
        self.room.meeting().publication(&texts).unwrap()
    }

    /// What was published last, made from the log alone.
    pub fn last(&self) -> Publication {
        let frozen = |commit: &Commit| matches!(commit.events.first(), Some(Event::AgendaFrozen(_)));
        let at = self.commits.iter().rposition(frozen).unwrap();
        let mut room = room(self.room.forum().clone());
        for commit in &self.commits[..at] {
            let position = Position(commit.sequence);
            room.replay(&Recorded { position, commit: commit.clone() }).unwrap();
        }
        let texts = room.texts();
        let publication = room.meeting().publication(&texts).unwrap();
        let Some(Event::AgendaFrozen(e)) = self.commits[at].events.first() else { panic!("no freeze") };
        assert_eq!(publication.content_hash(), e.content_hash);
        publication
    }

    pub fn erase(&mut self, item: ItemId) -> Result<(), Rejection> {
        self.ask(Command::EraseItem { item, reason: "Anmodning om sletning".into(), planned: false })
    }

    /// What was erased after a commit of this sequence.
    pub fn erased_after(&self, sequence: u64) -> impl Iterator<Item = TextId> {
        let later = self.commits.iter().filter(move |commit| commit.sequence > sequence);
        later.flat_map(|commit| &commit.events).flat_map(|event| match event {
            Event::ItemErased(e) => e.texts.clone(),
            _ => Vec::new(),
        })
    }

    /// The meeting out of the log in which the words that were erased are gone.
    pub fn reloaded(&self) -> Room {
        let mut room = room(self.room.forum().clone());
        for commit in &self.commits {
            let gone: Vec<TextId> = self.erased_after(commit.sequence).collect();
            let events = commit.events.iter().map(|event| match event.words_of() {
                Some(text) if gone.contains(&text) => wordless(event),
                _ => event.clone(),
            });
            let commit = Commit { events: events.collect(), ..commit.clone() };
            room.replay(&Recorded { position: Position(commit.sequence), commit }).unwrap();
        }
        room
    }

    pub fn current(&self) -> Vec<u32> {
        self.room.meeting().current_editions().map(|edition| edition.edition).collect()
    }

    pub fn main(&self) -> u32 {
        self.room.meeting().main_edition().unwrap().edition
    }
}

pub fn wordless(event: &Event) -> Event {
    let (kind, version) = event.kind();
    let apart = take_apart(kind, &event.encode().unwrap()).unwrap().unwrap();
    Event::decode(kind, version, &put_together(kind, &apart.rest, None).unwrap()).unwrap()
}

pub fn room(forum: Arc<Forum>) -> Room {
    let names = ServerNames { peer_id: "server".into(), storage_id: "store".into() };
    Room::new(MEETING, forum, names, FrameLimits { per_second: 9, burst: 9 })
}

pub fn titles(publication: &Publication) -> Vec<(u32, &str)> {
    publication.items.iter().map(|item| (item.number, item.title.as_str())).collect()
}

pub fn words(publication: &Publication, item: usize) -> Vec<String> {
    let sections = publication.items[item].sections.iter();
    sections.flat_map(|section| section.blocks.iter().map(Block::plain_text)).collect()
}
