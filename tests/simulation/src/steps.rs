//! The random steps of a meeting's life.

use crate::{
    bring::{bring, move_away},
    check::{Checked, presence::MARK},
    commands, hostile,
    replica::Replica,
    simulation::{HOSTILE, MEETING, OUTSIDER, SECRETARY, Simulation, empty_room, user},
};
use agenda::{
    event::{Role, Timestamp},
    forum::ForumCommand,
    id::{CommandId, DocumentId, SessionId, UserId},
    live::{CommandMeta, Effect, Input, ReplyKey, World},
    meeting::{MeetingCommand, SuggestionState},
};

const PEOPLE: [&str; 9] = [SECRETARY, "karl", "lise", "per", "mads", "rita", "vera", HOSTILE, OUTSIDER];
/// Copies of documents that are open at once, by all clients.
const MAX_REPLICAS: usize = 60;

type Step = (usize, &'static str, fn(&mut Simulation, usize) -> Checked);

/// What may happen, with how often it does. The number is a random client's.
const STEPS: [Step; 19] = [
    (60, "frame up", |s, i| s.deliver_up(i)),
    (60, "frame down", |s, i| s.deliver_down(i)),
    (25, "edit", edit),
    (15, "speak", speak),
    (15, "flush", |s, _| s.flush()),
    (25, "append returns", |s, _| s.complete()),
    (40, "connect", connect),
    (3, "drop", |s, i| {
        s.drop_link(i);
        Ok(())
    }),
    (3, "hangup", |s, _| s.hang_up()),
    (10, "open a document", open),
    (8, "command", command),
    (8, "command arrives", |s, _| s.arrive()),
    (1, "move away", leave),
    (3, "presence", presence),
    (3, "member", member),
    (8, "hostile", wicked),
    (2, "snapshot", |s, _| s.snapshot()),
    (1, "log fails", fail),
    (1, "another node writes", conflict),
];

pub fn step(simulation: &mut Simulation) -> Checked {
    let weights = STEPS.map(|(weight, ..)| weight);
    let (_, name, act) = STEPS[simulation.random.weighted(&weights)];
    let index = busy(simulation, name);
    simulation.now += simulation.random.below(40) as i64;
    let who = simulation.replicas.get(index).map_or("nobody", |replica| replica.user.as_str());
    simulation.note(format!("{name} ({who} #{index})"));
    simulation.count(name);
    act(simulation, index)
}

/// A random client; for network steps one that has something on its way.
fn busy(s: &mut Simulation, name: &str) -> usize {
    let wanted = |replica: &Replica| match (name, &replica.link) {
        ("frame up", link) => link.as_ref().is_some_and(|link| !link.up.is_empty()),
        ("frame down", link) => link.as_ref().is_some_and(|link| !link.down.is_empty()),
        ("connect", link) => link.is_none() && !replica.shut_out,
        ("drop" | "speak" | "presence", link) => link.is_some(),
        _ => true,
    };
    let fit: Vec<usize> = (0..s.replicas.len()).filter(|index| wanted(&s.replicas[*index])).collect();
    s.random.pick(&fit).copied().unwrap_or(usize::MAX)
}

fn edit(s: &mut Simulation, index: usize) -> Checked {
    let now = s.now;
    let Some(replica) = s.replicas.get_mut(index) else { return Ok(()) };
    let reads = replica.user.as_str() == "rita" || replica.frozen;
    // Who sees that the text is fixed, or only reads, seldom writes all the same.
    if replica.is_empty() || (reads && !s.random.percent(12)) {
        return Ok(());
    }
    replica.edit(&mut s.random, now);
    if s.random.percent(60) {
        replica.speak();
    }
    Ok(())
}

fn speak(s: &mut Simulation, index: usize) -> Checked {
    s.replicas.get_mut(index).map(Replica::speak);
    Ok(())
}

fn connect(s: &mut Simulation, index: usize) -> Checked {
    s.connect(index)
}

fn open(s: &mut Simulation, index: usize) -> Checked {
    let person = user(PEOPLE[s.random.below(PEOPLE.len())]);
    let moved = s.replicas.get(index).and_then(|r| r.moved.map(|to| (r.user.clone(), to)));
    // The hostile one is curious.
    let person = if s.random.percent(20) { user(HOSTILE) } else { person };
    let all: Vec<DocumentId> = current_documents(s);
    let suggested = suggestion_to_write(s).filter(|_| s.random.percent(50));
    let (person, document) = match (moved.or(suggested), s.random.pick(&all)) {
        (Some(chosen), _) => chosen,
        (None, Some(document)) => (person, *document),
        (None, None) => return Ok(()),
    };
    open_for(s, &person, document);
    Ok(())
}

/// An open suggestion, for its author to write in or for somebody to take parts of it back.
fn suggestion_to_write(s: &mut Simulation) -> Option<(UserId, DocumentId)> {
    let open = s.room.meeting().suggestions.iter().filter(|(_, s)| s.state == SuggestionState::Open);
    let open: Vec<_> =
        open.map(|(id, s)| (s.author.clone(), *id)).filter(|(_, id)| s.durable.has(*id)).collect();
    let (author, document) = s.random.pick(&open).cloned()?;
    Some((if s.random.percent(80) { author } else { user(SECRETARY) }, document))
}

/// The items' documents that a client can know of, those that most people write in oftenest.
fn current_documents(s: &Simulation) -> Vec<DocumentId> {
    let items = s.room.meeting().items.iter().take(3);
    let all =
        items.flat_map(|i| [i.documents.case, i.documents.case, i.documents.planning, i.documents.decision]);
    let open = s.room.meeting().suggestions.keys().rev().take(4).copied();
    all.chain(open).filter(|id| s.durable.has(*id)).collect()
}

fn open_for(s: &mut Simulation, person: &UserId, document: DocumentId) {
    let has = s.replicas.iter().any(|r| r.user == *person && r.document == document);
    if !has && s.replicas.len() < MAX_REPLICAS {
        let hostile = person.as_str() == HOSTILE;
        s.replicas.push(Replica::new(person, document, hostile, &mut s.random));
    }
}

/// Everybody opens the first item, as before a meeting.
pub fn gather(s: &mut Simulation) -> Checked {
    let document = s.room.meeting().items.first().map(|item| item.documents.case).ok_or("no item")?;
    for person in PEOPLE {
        open_for(s, &user(person), document);
    }
    (0..s.replicas.len()).try_for_each(|index| s.connect(index))
}

/// So many of the commands of a hasty meeting bring its editions on.
const HASTE_PERCENT: usize = 60;
/// So many of all commands bring an item from another meeting.
const BRING_PERCENT: usize = 4;

fn command(s: &mut Simulation, _: usize) -> Checked {
    // Mostly people who may.
    let person = if s.random.percent(40) { SECRETARY } else { PEOPLE[s.random.below(PEOPLE.len())] };
    let from_elsewhere = if s.random.percent(BRING_PERCENT) { bring(s) } else { None };
    let command = if let Some(bringing) = from_elsewhere {
        bringing
    } else if s.hasty && s.random.percent(HASTE_PERCENT) {
        commands::edition(s.room.meeting(), &mut s.random)
    } else {
        commands::command(&mut s.room, &mut s.random)
    };
    let erases = matches!(command, MeetingCommand::EraseItem { .. });
    let person = if erases && s.random.percent(90) { SECRETARY } else { person };
    s.note(format!("  {person}: {command:?}").chars().take(160).collect());
    s.calls.issue(&user(person), command, &mut s.random);
    Ok(())
}

/// So few items are left at home, to be written in.
const STAY: usize = 2;

fn leave(s: &mut Simulation, _: usize) -> Checked {
    if s.room.meeting().items.len() <= STAY { Ok(()) } else { move_away(s) }
}

fn presence(s: &mut Simulation, index: usize) -> Checked {
    s.replicas.get_mut(index).map(|replica| replica.show_presence(MARK));
    Ok(())
}

fn member(s: &mut Simulation, _: usize) -> Checked {
    let name = PEOPLE[1 + s.random.below(5)];
    let (user, title) = (user(name), String::new());
    let roles = vec![if s.random.percent(30) { Role::Reader } else { Role::Author }];
    let active = s.forum.actor(&user).is_some();
    let command = match s.random.percent(25) {
        _ if !active => ForumCommand::AddMember { user, name: name.into(), title, roles },
        true => ForumCommand::RemoveMember { user },
        false => ForumCommand::ChangeMemberRole { user, title, roles },
    };
    s.note(format!("  {command:?}"));
    s.change_member(&command)
}

fn wicked(s: &mut Simulation, _: usize) -> Checked {
    let others: Vec<UserId> = PEOPLE[..6].iter().map(|name| user(name)).collect();
    let fit = |r: &Replica| r.hostile && r.link.is_some() && !r.is_empty();
    let fit: Vec<usize> = (0..s.replicas.len()).filter(|index| fit(&s.replicas[*index])).collect();
    let Some(index) = s.random.pick(&fit).copied() else { return Ok(()) };
    let document = s.replicas[index].document;
    let peers: Vec<String> = s
        .replicas
        .iter()
        .filter(|r| !r.hostile && r.document == document)
        .map(|r| r.peer_id.clone())
        .collect();
    let frames = hostile::frames(&mut s.replicas[index], &others, &peers, &mut s.random);
    if let Some(link) = &mut s.replicas[index].link {
        link.up.extend(frames);
    }
    Ok(())
}

/// The log refuses, or the process dies with some of the appends written: the room is over.
fn fail(s: &mut Simulation, _: usize) -> Checked {
    if s.random.percent(75) {
        return Ok(());
    }
    s.flush()?;
    let survivors = s.random.below(s.log.in_flight.len() + 1);
    s.cut(survivors);
    s.restart()
}

/// Another node takes the next place in the stream, so that ours conflicts.
fn conflict(s: &mut Simulation, _: usize) -> Checked {
    if s.random.percent(75) {
        return Ok(());
    }
    s.flush()?;
    let mut other = empty_room(MEETING, &s.forum);
    for recorded in &s.log.durable {
        other.replay(recorded).map_err(|error| error.to_string())?;
    }
    let id = CommandId::from_bytes(s.random.bytes());
    let meta = CommandMeta { id, user: user(SECRETARY), session: SessionId::from_bytes([2; 16]) };
    let command: MeetingCommand = commands::command(&mut other, &mut s.random);
    let random = &mut s.random;
    let mut fresh = || random.bytes();
    let mut world = World { now: Timestamp(s.now), fresh: &mut fresh };
    other.handle(&mut world, Input::Command { reply: ReplyKey(0), meta, command });
    let won = other.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Append { commit, .. } => Some(commit),
        _ => None,
    });
    if let Some(commit) = won {
        s.cut(0);
        s.log.record(commit, 0);
        s.restart()?;
    }
    Ok(())
}
