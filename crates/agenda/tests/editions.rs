//! The editions of a meeting: agenda, supplement, minutes and corrections, through a whole room, so
//! that texts, freezes and forks are the real ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use agenda::{
    content::Block,
    event::{
        Commit, DocumentKind, EditionKind, Event, Participant, Position, Recorded, Timestamp,
        words::{put_together, take_apart},
    },
    forum::{Forum, found},
    id::{CommandId, DocumentId, ForumId, ItemId, MeetingId, SessionId, StreamId, TextId, UserId},
    live::{CommandMeta, Effect, FrameLimits, Input, ReplyKey, Room, ServerNames, World},
    meeting::{Access, DocumentState, MeetingCommand as Command, Phase, schedule},
    publication::Publication,
    rejection::Rejection,
};
use jiff::civil::{date, time};
use std::sync::Arc;

const MEETING: MeetingId = MeetingId::from_bytes([7; 16]);

fn secretary() -> UserId {
    UserId::new("sofie").unwrap()
}

struct Scene {
    room: Room,
    commits: Vec<Commit>,
    ids: u128,
}

impl Scene {
    /// A meeting with two items that say something, not yet published.
    fn new() -> Self {
        let mut forum = Forum::new(ForumId::from_bytes([1; 16]));
        found("Chefforum", &secretary(), "Sofie").unwrap().iter().for_each(|e| forum.apply(e).unwrap());
        let actor = forum.actor(&secretary()).unwrap();
        let (day, hour) = (date(2026, 6, 17), time(9, 0, 0, 0));
        let events = schedule(&forum, &actor, day, hour, "Rådhuset", None).unwrap();
        let mut scene = Self { room: room(Arc::new(forum)), commits: Vec::new(), ids: 0 };
        scene.replay(events);
        for title in ["Havnen", "Fyret"] {
            let item = scene.add(title);
            scene.write(item, DocumentKind::Case, "Teksten").unwrap();
        }
        scene
    }

    fn published() -> Self {
        let mut scene = Self::new();
        scene.ask(Command::Freeze { reason: String::new() }).unwrap();
        scene.ask(Command::Publish).unwrap();
        scene
    }

    fn replay(&mut self, events: Vec<Event>) {
        let commit = Commit {
            stream: StreamId::Meeting(MEETING),
            sequence: 1,
            at: Timestamp(1),
            by: secretary(),
            session: SessionId::from_bytes([1; 16]),
            command: CommandId::from_bytes([0; 16]),
            events,
        };
        let recorded = Recorded { position: Position(1), commit: commit.clone() };
        self.room.replay(&recorded).unwrap();
        self.commits.push(commit);
    }

    fn ask(&mut self, command: Command) -> Result<(), Rejection> {
        self.ids += 1 << 64;
        let id = CommandId::from_bytes(self.ids.to_be_bytes());
        let meta = CommandMeta { id, user: secretary(), session: SessionId::from_bytes([1; 16]) };
        let ids = &mut self.ids;
        let mut fresh = || {
            *ids += 1;
            ids.to_be_bytes()
        };
        let now = Timestamp(self.commits.len() as i64 + 2);
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

    fn add(&mut self, title: &str) -> ItemId {
        self.try_add(title).unwrap();
        self.room.meeting().items.last().unwrap().id
    }

    fn try_add(&mut self, title: &str) -> Result<(), Rejection> {
        let title = title.to_owned();
        self.ask(Command::AddItem {
            title,
            journal_number: None,
            minutes: None,
            item_type: None,
            source: None,
        })
    }

    fn rename(&mut self, item: ItemId, title: &str) -> Result<(), Rejection> {
        let title = title.to_owned();
        self.ask(Command::ChangeItem { item, title, journal_number: None, minutes: None, item_type: None })
    }

    fn write(&mut self, item: ItemId, document: DocumentKind, text: &str) -> Result<(), Rejection> {
        let keys = self.room.meeting().sections(document);
        let section = keys.first().unwrap().0.to_owned();
        let blocks = vec![Block::paragraph(text)];
        self.ask(Command::WriteSection { item, document, section, blocks, nothing: false, source: None })
    }

    fn freeze(&mut self) -> Result<(), Rejection> {
        self.ask(Command::Freeze { reason: String::new() })
    }

    fn freeze_minutes(&mut self) -> Result<(), Rejection> {
        self.ask(Command::FreezeMinutes { reason: String::new() })
    }

    fn correct(&mut self, edition: u32, items: &[ItemId]) -> Result<(), Rejection> {
        let reason = "Forkert beløb".to_owned();
        self.ask(Command::OpenCorrection { edition, items: items.to_vec(), reason })
    }

    fn move_to(&mut self, place: &str) -> Result<(), Rejection> {
        let (date, time) = (date(2026, 6, 18), time(10, 0, 0, 0));
        self.ask(Command::ChangeDetails { date, time, place: place.to_owned() })
    }

    fn invite(&mut self, names: &[&str]) -> Result<(), Rejection> {
        let person = |name: &&str| Participant { name: (*name).to_owned(), roles: vec!["Lods".into()] };
        self.ask(Command::ChangeParticipants { participants: names.iter().map(person).collect() })
    }

    fn supplement(&mut self) -> Result<(), Rejection> {
        self.ask(Command::OpenSupplement { reason: "En hastesag".into() })
    }

    fn abandon(&mut self) -> Result<(), Rejection> {
        self.ask(Command::AbandonEdition { reason: "Alligevel ikke".into() })
    }

    fn item(&self, place: usize) -> ItemId {
        self.room.meeting().items[place].id
    }

    /// What would be published now.
    fn next(&mut self) -> Publication {
        let texts = self.room.texts();
        self.room.meeting().publication(&texts).unwrap()
    }

    /// What was published last, made from the log alone.
    fn last(&self) -> Publication {
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

    fn erase(&mut self, item: ItemId) -> Result<(), Rejection> {
        self.ask(Command::EraseItem { item, reason: "Anmodning om sletning".into() })
    }

    /// What was erased after a commit of this sequence.
    fn erased_after(&self, sequence: u64) -> impl Iterator<Item = TextId> {
        let later = self.commits.iter().filter(move |commit| commit.sequence > sequence);
        later.flat_map(|commit| &commit.events).flat_map(|event| match event {
            Event::ItemErased(e) => e.texts.clone(),
            _ => Vec::new(),
        })
    }

    /// The meeting out of the log in which the words that were erased are gone.
    fn reloaded(&self) -> Room {
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

    fn current(&self) -> Vec<u32> {
        self.room.meeting().current_editions().map(|edition| edition.edition).collect()
    }

    fn main(&self) -> u32 {
        self.room.meeting().main_edition().unwrap().edition
    }
}

fn wordless(event: &Event) -> Event {
    let (kind, version) = event.kind();
    let apart = take_apart(kind, &event.encode().unwrap()).unwrap().unwrap();
    Event::decode(kind, version, &put_together(kind, &apart.rest, None).unwrap()).unwrap()
}

fn room(forum: Arc<Forum>) -> Room {
    let names = ServerNames { peer_id: "server".into(), storage_id: "store".into() };
    Room::new(MEETING, forum, names, FrameLimits { per_second: 9, burst: 9 })
}

fn titles(publication: &Publication) -> Vec<(u32, &str)> {
    publication.items.iter().map(|item| (item.number, item.title.as_str())).collect()
}

fn words(publication: &Publication, item: usize) -> Vec<String> {
    let sections = publication.items[item].sections.iter();
    sections.flat_map(|section| section.blocks.iter().map(Block::plain_text)).collect()
}

#[test]
fn an_agenda_is_published_as_before_there_were_kinds() {
    let scene = Scene::published();
    let json = agenda::publication::canonical_json(&scene.last());
    assert!(!json.contains("kind") && !json.contains("correction"), "{json}");
}

#[test]
fn minutes_have_the_whole_agenda_with_its_decisions() {
    let mut scene = Scene::published();
    let (first, second) = (scene.item(0), scene.item(1));
    scene.write(first, DocumentKind::Decision, "Godkendt").unwrap();
    let there = vec![Participant { name: "Anna".into(), roles: vec![] }];
    scene.ask(Command::ChangeParticipants { participants: there.clone() }).unwrap();
    assert_eq!(scene.rename(second, "Andet"), Err(Rejection::Published));
    scene.freeze_minutes().unwrap();
    assert_eq!(scene.write(second, DocumentKind::Decision, "For sent"), Err(Rejection::Frozen));
    scene.ask(Command::Thaw { reason: "Et punkt mangler".into() }).unwrap();
    assert_eq!(scene.room.meeting().phase, Phase::Published);
    scene.write(second, DocumentKind::Decision, "Udsat").unwrap();
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();

    let minutes = scene.last();
    assert_eq!((minutes.kind, minutes.participants.clone()), (EditionKind::Minutes, there));
    assert_eq!(words(&minutes, 0), ["Teksten", "Godkendt"]);
    assert_eq!(words(&minutes, 1), ["Teksten", "Udsat"]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 2], 2));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::HasMinutes));
    assert_eq!(scene.supplement(), Err(Rejection::HasMinutes));
    assert_eq!(scene.correct(1, &[first]), Err(Rejection::HasMinutes));
    let participants = Vec::new();
    assert_eq!(scene.ask(Command::ChangeParticipants { participants }), Err(Rejection::Published));
}

#[test]
fn a_supplement_has_only_what_was_added_in_it() {
    let mut scene = Scene::published();
    let old = scene.item(0);
    assert_eq!(scene.try_add("For sent"), Err(Rejection::Published));
    scene.supplement().unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::Empty("Dagsorden")));
    let late = scene.add("Hastesag");
    scene.write(late, DocumentKind::Case, "Haster").unwrap();
    assert_eq!(scene.rename(old, "Nyt navn"), Err(Rejection::Published));
    assert_eq!(scene.write(old, DocumentKind::Case, "Mere"), Err(Rejection::Frozen));
    assert_eq!(scene.ask(Command::MoveItem { item: late, index: 0 }), Err(Rejection::Invalid("plads")));
    assert_eq!(scene.ask(Command::WithdrawItem { item: old, reason: "x".into() }), Err(Rejection::Published));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::EditionUnderWay));
    scene.freeze().unwrap();
    scene.ask(Command::Thaw { reason: "Et ord".into() }).unwrap();
    scene.rename(late, "Hastesag om havnen").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();

    let supplement = scene.last();
    assert_eq!(supplement.kind, EditionKind::Supplement);
    assert_eq!(titles(&supplement), [(3, "Hastesag om havnen")]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 2], 1));
    scene.supplement().unwrap();
    let again = scene.add("Endnu en");
    assert_eq!(titles(&scene.next()), [(4, "Endnu en")]);
    assert_eq!(scene.rename(late, "x"), Err(Rejection::Published));
    scene.abandon().unwrap();
    let meeting = scene.room.meeting();
    assert!(meeting.item(again).is_none() && meeting.withdrawn.iter().any(|w| w.item.id == again));
    assert_eq!(titles(&scene.next()).len(), 3, "the minutes are next");
}

#[test]
fn a_correction_is_an_edition_of_its_own() {
    let mut scene = Scene::published();
    let (first, second) = (scene.item(0), scene.item(1));
    assert_eq!(scene.correct(2, &[first]), Err(Rejection::Unknown("udgave")));
    assert_eq!(scene.correct(1, &[ItemId::from_bytes([9; 16])]), Err(Rejection::UnknownItem));
    scene.correct(1, &[first]).unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::NoChange), "nothing was corrected");
    assert_eq!(scene.write(second, DocumentKind::Case, "Mere"), Err(Rejection::Frozen));
    assert_eq!(scene.rename(second, "x"), Err(Rejection::Published));
    assert_eq!(scene.try_add("Nyt"), Err(Rejection::Published));
    scene.write(first, DocumentKind::Case, "Rettet").unwrap();
    scene.rename(first, "Havnen og kajen").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();

    let corrected = scene.last();
    assert_eq!(corrected.kind, EditionKind::Agenda);
    let correction = corrected.correction.as_ref().unwrap();
    assert_eq!((correction.edition, correction.reason.as_str()), (1, "Forkert beløb"));
    assert_eq!(titles(&corrected), [(1, "Havnen og kajen"), (2, "Fyret")]);
    assert_eq!(words(&corrected, 0), ["Teksten", "Rettet"]);
    assert_eq!((scene.current(), scene.main()), (vec![2], 2));
    assert_eq!(scene.room.meeting().superseded_by(1), Some(2));
    assert_eq!(scene.correct(1, &[first]), Err(Rejection::Superseded));
    scene.correct(2, &[first]).unwrap();
}

#[test]
fn corrected_minutes_have_the_old_participants_and_new_words() {
    let mut scene = Scene::published();
    let first = scene.item(0);
    scene.write(first, DocumentKind::Decision, "Godkendt").unwrap();
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    scene.correct(2, &[first]).unwrap();
    scene.write(first, DocumentKind::Decision, "med bemærkninger").unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Thaw { reason: "Et ord".into() }).unwrap();
    assert_eq!(scene.room.meeting().phase, Phase::Open, "the correction goes on");
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(words(&scene.last(), 0), ["Teksten", "Godkendt", "med bemærkninger"]);
    assert_eq!((scene.current(), scene.main()), (vec![1, 3], 3));
}

/// Who takes part, and where.
fn facts(publication: &Publication) -> (Vec<&str>, &str) {
    (publication.participants.iter().map(|one| one.name.as_str()).collect(), &publication.place)
}

#[test]
fn a_correction_may_change_when_where_and_who_and_the_old_edition_keeps_them() {
    let mut scene = Scene::new();
    scene.invite(&["Agnete", "Bo"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    let published = scene.last();
    assert_eq!(scene.move_to("Broen"), Err(Rejection::Published), "nothing is being corrected");
    scene.correct(1, &[]).unwrap();
    assert_eq!(scene.freeze(), Err(Rejection::NoChange));
    scene.move_to("Broen").unwrap();
    scene.invite(&["Agnete", "Carl"]).unwrap();
    scene.freeze().unwrap();
    assert_eq!(scene.move_to("Kajen"), Err(Rejection::Frozen));
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()), (vec!["Agnete", "Carl"], "Broen"));
    assert_eq!(facts(&published), (vec!["Agnete", "Bo"], "Rådhuset"));
    assert_eq!(facts(&scene.next()), (vec!["Agnete", "Carl"], "Broen"), "the minutes say the same");

    // Who was there is another matter than who was to be there.
    scene.invite(&["Carl"]).unwrap();
    scene.correct(2, &[]).unwrap();
    assert_eq!(facts(&scene.next()).0, ["Agnete", "Carl"]);
    scene.invite(&["Agnete", "Dorte"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()).0, ["Agnete", "Dorte"]);
    assert_eq!(facts(&scene.next()).0, ["Carl"]);
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    scene.correct(4, &[]).unwrap();
    scene.invite(&["Carl", "Eva"]).unwrap();
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(facts(&scene.last()).0, ["Carl", "Eva"]);
}

#[test]
fn a_correction_that_is_given_up_leaves_when_where_and_who() {
    let mut scene = Scene::published();
    let before = scene.next();
    scene.correct(1, &[]).unwrap();
    scene.move_to("Broen").unwrap();
    scene.invite(&["Agnete"]).unwrap();
    scene.abandon().unwrap();
    assert_eq!(scene.next(), before);
    assert_eq!(scene.supplement(), Ok(()));
    assert_eq!(scene.move_to("Broen"), Err(Rejection::Published), "a supplement says nothing of it");
}

#[test]
fn a_correction_that_is_given_up_leaves_what_was_published() {
    let mut scene = Scene::published();
    let first = scene.item(0);
    let before = scene.room.meeting().item(first).unwrap().clone();
    let published = scene.last();
    scene.correct(1, &[first]).unwrap();
    scene.write(first, DocumentKind::Case, "Forkert rettelse").unwrap();
    scene.rename(first, "Andet navn").unwrap();
    let name = "Kort".to_owned();
    scene.ask(Command::AddAttachment { item: first, name, source: None }).unwrap();
    let written: DocumentId = scene.room.meeting().item(first).unwrap().documents.case;
    scene.freeze().unwrap();
    assert_eq!(scene.abandon(), Err(Rejection::Frozen));
    scene.ask(Command::Thaw { reason: "Opgives".into() }).unwrap();
    scene.abandon().unwrap();

    let meeting = scene.room.meeting();
    assert_eq!(meeting.item(first), Some(&before));
    let back = before.documents.case;
    assert!(matches!(meeting.documents[&back].state, DocumentState::Frozen { .. }));
    assert!(!meeting.is_open(written) && meeting.phase == Phase::Published);
    assert_eq!(scene.write(first, DocumentKind::Case, "Sent"), Err(Rejection::Frozen));
    assert_eq!(scene.abandon(), Err(Rejection::Published));
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(scene.last().items, published.items, "no decision was written, and nothing else changed");
}

#[test]
fn the_agenda_itself_cannot_be_given_up() {
    let mut scene = Scene::new();
    assert_eq!(scene.abandon(), Err(Rejection::NothingOpened));
    assert_eq!(scene.freeze_minutes(), Err(Rejection::NotPublished));
    assert_eq!(scene.supplement(), Err(Rejection::NotPublished));
}

#[test]
fn an_erased_item_leaves_its_place_and_nothing_of_its_words() {
    let mut scene = Scene::published();
    let (gone, kept) = (scene.item(0), scene.item(1));
    scene.write(gone, DocumentKind::Decision, "Hemmelig beslutning").unwrap();
    let old = scene.room.meeting().item(gone).unwrap().documents;
    let before = scene.next();
    scene.erase(gone).unwrap();
    let after = scene.next();
    assert_eq!(titles(&after), [(1, "Slettet punkt"), (2, "Fyret")]);
    assert_eq!((words(&after, 0), &after.items[1]), (vec![], &before.items[1]));
    let meeting = scene.room.meeting();
    let actor = scene.room.actor(&secretary()).unwrap();
    for (_, document) in old.all() {
        assert_eq!(meeting.access(Some(&actor), document), Access::None);
    }
    let item = meeting.item(gone).unwrap();
    assert_eq!(item.erased.as_ref().unwrap().reason, "Anmodning om sletning");
    assert!(meeting.is_open(item.documents.decision), "a decision may still be written");
    scene.write(gone, DocumentKind::Decision, "Ny beslutning").unwrap();
    let texts: Vec<TextId> = scene.erased_after(0).collect();
    let mut replayed = scene.reloaded();
    assert!(old.all().iter().all(|(_, document)| texts.contains(&(*document).into())));
    assert_eq!(replayed.meeting(), scene.room.meeting(), "what is left depends on words that are gone");
    assert_eq!(replayed.texts(), scene.room.texts());
    scene.freeze_minutes().unwrap();
    scene.ask(Command::Publish).unwrap();
    let minutes = scene.last();
    assert_eq!((words(&minutes, 0), minutes.items[1].id), (vec!["Ny beslutning".to_owned()], kept));
}

#[test]
fn a_correction_of_an_erased_item_begins_with_an_empty_text() {
    let mut scene = Scene::published();
    let (gone, other) = (scene.item(0), scene.item(1));
    scene.erase(gone).unwrap();
    scene.correct(1, &[gone, other]).unwrap();
    assert_eq!(words(&scene.next(), 0), Vec::<String>::new());
    scene.write(gone, DocumentKind::Case, "Uden personoplysninger").unwrap();
    scene.rename(gone, "Havnen").unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.freeze().unwrap();
    scene.ask(Command::Publish).unwrap();
    assert_eq!(scene.current(), [2]);
    let corrected = scene.last();
    assert_eq!(titles(&corrected), [(1, "Havnen"), (2, "Fyret")]);
    assert_eq!(words(&corrected, 0), ["Uden personoplysninger"]);
    scene.erase(gone).unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting(), "erased twice");
}

#[test]
fn what_is_being_written_or_frozen_is_not_erased() {
    let mut scene = Scene::new();
    let item = scene.item(0);
    assert_eq!(scene.erase(item), Err(Rejection::InWork));
    scene.ask(Command::WithdrawItem { item, reason: "Udsat".into() }).unwrap();
    scene.erase(item).unwrap();
    assert_eq!(scene.reloaded().meeting(), scene.room.meeting());
    scene.freeze().unwrap();
    let other = scene.item(0);
    assert_eq!(scene.erase(other), Err(Rejection::Frozen));
    scene.ask(Command::Publish).unwrap();
    scene.correct(1, &[other]).unwrap();
    assert_eq!(scene.erase(other), Err(Rejection::EditionUnderWay));
    let unknown = ItemId::from_bytes([9; 16]);
    scene.abandon().unwrap();
    assert_eq!(scene.erase(unknown), Err(Rejection::UnknownItem));
}
