//! One meeting with its room, its log, its network and its clients: what the shell of a server
//! does, without sockets, threads, clock or disk.

use crate::{
    bring::Elsewhere,
    calls::Calls,
    check::{
        Checked, actors::Actors, durable::Durable, erased::Erased, presence, replay::Snapshot, require,
        sockets,
    },
    frames::ServerFrame,
    log::ModelLog,
    random::Random,
    replica::{Down, Replica},
};
use agenda::{
    event::{Commit, EditionKind, Event, Role, Timestamp},
    forum::{Forum, ForumCommand, found},
    id::{CommandId, DocumentId, ForumId, MeetingId, SessionId, StreamId, UserId},
    live::{Close, Effect, FrameLimits, Input, PeerKey, Room, ServerNames, World},
    meeting::{Access, MeetingCommand, schedule},
};
use jiff::civil::{date, time};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

pub const MEETING: MeetingId = MeetingId::from_bytes([7; 16]);
pub const OTHER: MeetingId = MeetingId::from_bytes([9; 16]);
/// When the first meeting is scheduled, in milliseconds since 1970.
const FIRST_MOMENT: i64 = 1_781_000_000_000;
/// One seed in so many is hasty.
const HASTY_EVERY: u64 = 4;
/// Lines of the plan that are kept for a failure's report.
const TRACE: usize = 40;
const MEMBERS: [(&str, Role); 7] = [
    ("karl", Role::Author),
    ("lise", Role::HeadOfDepartment),
    ("per", Role::Director),
    ("mads", Role::Coordinator),
    ("rita", Role::Reader),
    ("vera", Role::Reviewer),
    ("hans", Role::Author),
];
/// Never a member.
pub const OUTSIDER: &str = "niels";
pub const SECRETARY: &str = "sofie";
pub const HOSTILE: &str = "hans";

pub struct Simulation {
    pub random: Random,
    ids: Random,
    pub now: i64,
    pub forum: Forum,
    pub room: Room,
    pub log: ModelLog,
    pub replicas: Vec<Replica>,
    /// Sockets that died and that the server has not noticed yet.
    pub hangups: VecDeque<PeerKey>,
    pub calls: Calls,
    pub snapshots: Vec<Snapshot>,
    /// Frames that were sent, either way.
    pub frames: u64,
    /// How often each thing happened, so that a simulation that does nothing is seen.
    pub counts: BTreeMap<&'static str, u64>,
    trace: VecDeque<String>,
    pub durable: Durable,
    pub erased: Erased,
    pub elsewhere: Elsewhere,
    actors: Actors,
    checked: usize,
    sockets: u64,
    /// Whether the secretariat makes edition after edition, where other meetings hardly come to one.
    pub hasty: bool,
    /// Whose roles were changed or taken away at some time.
    changed_members: BTreeSet<UserId>,
}

impl Simulation {
    pub fn new(seed: u64) -> Result<Self, String> {
        let forum = forum();
        let room = empty_room(MEETING, &forum);
        let mut ids = Random::new(!seed);
        let first = scheduled(MEETING, &forum, FIRST_MOMENT, &mut ids);
        let elsewhere = Elsewhere::new(&forum, &mut ids);
        let mut simulation = Self {
            hasty: seed.is_multiple_of(HASTY_EVERY),
            random: Random::new(seed),
            ids,
            now: FIRST_MOMENT,
            forum,
            room,
            log: ModelLog::new(),
            replicas: Vec::new(),
            hangups: VecDeque::new(),
            calls: Calls::default(),
            snapshots: Vec::new(),
            frames: 0,
            counts: BTreeMap::new(),
            trace: VecDeque::new(),
            durable: Durable::default(),
            erased: Erased::default(),
            elsewhere,
            actors: Actors::default(),
            checked: 0,
            sockets: 0,
            changed_members: BTreeSet::new(),
        };
        simulation.log.record(first, 3);
        simulation.restart()?;
        for _ in 0..2 {
            let add = MeetingCommand::AddItem {
                title: "Sag".into(),
                journal_number: None,
                minutes: None,
                item_type: None,
                source: None,
            };
            simulation.calls.issue(&user(SECRETARY), add, &mut simulation.random);
            simulation.arrive()?;
            simulation.complete_all()?;
        }
        Ok(simulation)
    }

    /// Loads the room from the log, as the first visitor after an end does. All sockets are
    /// closed, all answers are lost.
    pub fn restart(&mut self) -> Checked {
        self.room = empty_room(MEETING, &self.forum);
        for recorded in &self.log.durable {
            self.room.replay(recorded).map_err(|error| format!("the log cannot be loaded: {error}"))?;
        }
        self.replicas.iter_mut().for_each(|replica| replica.link = None);
        self.hangups.clear();
        self.calls.lost();
        self.check_new_commits()
    }

    /// Runs the checkers of single commits over what became durable.
    pub fn check_new_commits(&mut self) -> Checked {
        for recorded in &self.log.written[self.checked..] {
            presence::check(&recorded.commit)?;
            self.actors.commit(&recorded.commit)?;
            self.durable.commit(&recorded.commit);
            self.erased.commit(&recorded.commit)?;
        }
        self.checked = self.log.durable.len();
        Ok(())
    }

    pub fn input(&mut self, input: Input) -> Checked {
        let ids = &mut self.ids;
        let mut fresh = || ids.bytes();
        let mut world = World { now: Timestamp(self.now), fresh: &mut fresh };
        self.room.handle(&mut world, input);
        self.effects()
    }

    pub fn flush(&mut self) -> Checked {
        self.room.flush();
        self.effects()
    }

    fn effects(&mut self) -> Checked {
        for effect in self.room.take_effects() {
            match effect {
                Effect::Append { ticket, commit } => {
                    self.count("commits");
                    commit.events.iter().filter_map(counted).for_each(|what| self.count(what));
                    self.log.append(ticket, commit)?;
                }
                Effect::Send { peer, frame } => self.send(peer, frame)?,
                Effect::Close { peer, close } => self.close(peer, &close)?,
                Effect::Reply { reply, answer } => {
                    self.count(if answer.is_ok() { "commands done" } else { "commands rejected" });
                    self.calls.answered(&self.log.durable, reply, answer, &mut self.random)?;
                }
                Effect::Audit(audit) => {
                    self.count("audits");
                    require(!audit.what.contains("does not apply"), || format!("{audit:?}"))?;
                }
            }
        }
        Ok(())
    }

    fn send(&mut self, peer: PeerKey, bytes: Vec<u8>) -> Checked {
        let frame = ServerFrame::decode(&bytes)?;
        self.durable.frame(&frame)?;
        self.erased.frame(&frame, &bytes)?;
        self.count(match frame.r#type.as_str() {
            "sync" => "sync frames out",
            "ephemeral" => "presence frames out",
            "agenda-reject" => "refusal notices",
            "agenda-moved" => "thaw notices",
            "agenda-frozen" => "freeze notices",
            _ => "other frames out",
        });
        if let Some(link) = self.replica_of(peer).and_then(|replica| replica.link.as_mut()) {
            link.down.push_back(Down::Frame(bytes));
            self.frames += 1;
        }
        Ok(())
    }

    fn close(&mut self, peer: PeerKey, close: &Close) -> Checked {
        self.count("closes");
        let (changed, is_erased) = (self.changed_members.clone(), self.is_erased(peer));
        if is_erased {
            self.count("sockets of erased texts closed");
        }
        let Some(replica) = self.replica_of(peer) else { return Ok(()) };
        let reader = ["rita", "vera", OUTSIDER].contains(&replica.user.as_str());
        let lost_rights = reader || changed.contains(&replica.user) || is_erased;
        sockets::check(replica, lost_rights, close)?;
        if let Some(link) = &mut replica.link {
            link.down.push_back(Down::Close(close.code));
        }
        Ok(())
    }

    pub fn access(&self, user: &UserId, document: DocumentId) -> Access {
        self.room.meeting().access(self.forum.actor(user).as_ref(), document)
    }

    fn replica_of(&mut self, peer: PeerKey) -> Option<&mut Replica> {
        self.replicas.iter_mut().find(|replica| replica.link.as_ref().is_some_and(|link| link.key == peer))
    }

    fn is_erased(&mut self, peer: PeerKey) -> bool {
        let document = self.replica_of(peer).map(|replica| replica.document);
        document.is_some_and(|document| self.erased.has(document))
    }

    pub fn connect(&mut self, index: usize) -> Checked {
        self.sockets += 1;
        let peer = PeerKey(self.sockets);
        let session = SessionId::from_bytes(self.ids.bytes());
        let Some(replica) = self.replicas.get_mut(index) else { return Ok(()) };
        replica.open(peer);
        let (user, document) = (replica.user.clone(), replica.document);
        self.input(Input::Connected { peer, user, session, document })
    }

    /// The client's side of the socket is gone; the server will notice later.
    pub fn drop_link(&mut self, index: usize) {
        if let Some(link) = self.replicas.get_mut(index).and_then(|replica| replica.link.take()) {
            self.hangups.push_back(link.key);
        }
    }

    /// The oldest frame of a client reaches the room.
    pub fn deliver_up(&mut self, index: usize) -> Checked {
        let Some(link) = self.replicas.get_mut(index).and_then(|replica| replica.link.as_mut()) else {
            return Ok(());
        };
        let peer = link.key;
        let Some(bytes) = link.up.pop_front() else { return Ok(()) };
        self.frames += 1;
        self.input(Input::Frame { peer, bytes })
    }

    pub fn deliver_down(&mut self, index: usize) -> Checked {
        match self.replicas.get_mut(index) {
            Some(replica) => replica.receive(&mut self.random),
            None => Ok(()),
        }
    }

    pub fn hang_up(&mut self) -> Checked {
        match self.hangups.pop_front() {
            Some(peer) => self.input(Input::Disconnected { peer }),
            None => Ok(()),
        }
    }

    pub fn arrive(&mut self) -> Checked {
        match self.calls.arrive() {
            Some(input) => self.input(input),
            None => Ok(()),
        }
    }

    pub fn complete(&mut self) -> Checked {
        let gap = self.random.below(3) as u64;
        let Some((ticket, position)) = self.log.complete(gap) else { return Ok(()) };
        self.check_new_commits()?;
        self.input(Input::Appended { ticket, position })
    }

    pub fn complete_all(&mut self) -> Checked {
        while !self.log.in_flight.is_empty() {
            self.complete()?;
        }
        Ok(())
    }

    /// The process is gone: the first `survivors` of the appends in flight were written, the
    /// rest is lost, and with it what was remembered of the live state beyond.
    pub fn cut(&mut self, survivors: usize) {
        let lost = self.log.crash(survivors);
        let written = self.log.durable.len() as u64;
        self.snapshots.retain(|snapshot| snapshot.sequence() <= written);
        self.note(format!("  {survivors} appends written, {lost} lost"));
    }

    /// Remembers the live state, to compare it with the log's.
    pub fn snapshot(&mut self) -> Checked {
        self.flush()?;
        self.snapshots.push(Snapshot::of(&mut self.room));
        Ok(())
    }

    pub fn change_member(&mut self, command: &ForumCommand) -> Checked {
        let secretary = self.forum.actor(&user(SECRETARY)).ok_or("no secretary")?;
        let Ok(events) = self.forum.decide(&secretary, command) else { return Ok(()) };
        events.iter().try_for_each(|event| self.forum.apply(event))?;
        if let ForumCommand::ChangeMemberRole { user, .. } | ForumCommand::RemoveMember { user } = command {
            self.changed_members.insert(user.clone());
        }
        self.replicas.iter_mut().for_each(|replica| replica.shut_out = false);
        self.input(Input::Forum(Arc::new(self.forum.clone())))
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub fn note(&mut self, line: String) {
        if self.trace.len() == TRACE {
            self.trace.pop_front();
        }
        self.trace.push_back(line);
    }

    pub fn trace(&self) -> String {
        self.trace.iter().map(|line| format!("  {line}\n")).collect()
    }
}

/// What the event says of a suggestion or an edition.
fn counted(event: &Event) -> Option<&'static str> {
    match event {
        Event::SuggestionOpened(e) if e.handed_over => Some("refused words handed over"),
        Event::SuggestionOpened(_) => Some("suggestions opened"),
        Event::SuggestionAccepted(_) => Some("suggestions accepted"),
        Event::SuggestionRejected(_) => Some("suggestions rejected"),
        Event::ItemErased(_) => Some("items erased"),
        Event::ItemWithdrawn(e) if e.moved_to.is_some() => Some("items moved away"),
        Event::TextCopied(_) => Some("texts brought from elsewhere"),
        Event::SupplementOpened(_) => Some("supplements opened"),
        Event::CorrectionOpened(_) => Some("corrections opened"),
        Event::EditionAbandoned(_) => Some("editions given up"),
        Event::AgendaPublished(e) => Some(match e.kind {
            EditionKind::Agenda => "agendas published",
            EditionKind::Supplement => "supplements published",
            EditionKind::Minutes => "minutes published",
        }),
        _ => None,
    }
}

pub fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// A meeting's first commit.
pub fn scheduled(meeting: MeetingId, forum: &Forum, now: i64, ids: &mut Random) -> Commit {
    let by = user(SECRETARY);
    let actor = forum.actor(&by).unwrap();
    let (day, hour) = (date(2026, 6, 17), time(9, 0, 0, 0));
    Commit {
        stream: StreamId::Meeting(meeting),
        sequence: 1,
        at: Timestamp(now),
        by,
        session: SessionId::from_bytes([1; 16]),
        command: CommandId::from_bytes(ids.bytes()),
        events: schedule(forum, &actor, day, hour, "Rådhuset", None).unwrap(),
    }
}

fn forum() -> Forum {
    let mut forum = Forum::new(ForumId::from_bytes([3; 16]));
    for event in found("Chefforum", &user(SECRETARY), "Sofie Krog").unwrap() {
        forum.apply(&event).unwrap();
    }
    let secretary = forum.actor(&user(SECRETARY)).unwrap();
    for (name, role) in MEMBERS {
        let (name, roles) = (name.to_owned(), vec![role]);
        let add = ForumCommand::AddMember { user: user(&name), name, title: String::new(), roles };
        for event in forum.decide(&secretary, &add).unwrap() {
            forum.apply(&event).unwrap();
        }
    }
    forum
}

/// A room that nothing has happened in.
pub fn empty_room(meeting: MeetingId, forum: &Forum) -> Room {
    let names = ServerNames { peer_id: "server".into(), storage_id: "store".into() };
    let limits = FrameLimits { per_second: 1_000, burst: 10_000 };
    Room::new(meeting, Arc::new(forum.clone()), names, limits)
}
