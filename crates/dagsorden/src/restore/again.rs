//! What was erased stays erased, also in a log that ends before the erasure. Of what comes after, the source itself
//! may tell, if it is restored only so far; else only the keys do, if they are newer than it is. Either way the
//! restored log is made to say so: it gets an erasure of its own, as its next commit.

use super::{Failure, Lines};
use agenda::{
    event::{Commit, Event, ItemErased, Position, Timestamp},
    forum::SERVICE,
    id::{CommandId, Hash, ItemId, MeetingId, SessionId, StreamId, TextId, UserId},
    language::{Language, danish::month},
    meeting::{Meeting, Meta},
    retention::day_of,
};
use eventlog::{
    EventLog, MAX_PAGE, SledLog,
    codec::{self, Envelope},
    keys::TextKeys,
    unread::{Lost, Unread},
};
use proof::log::LogCheck;
use server::clock::{fresh, now};
use std::collections::{BTreeMap, BTreeSet};

/// What the source tells, as far as it was read.
#[derive(Default)]
pub struct Erasures {
    unread: Unread,
    /// Erasures after what was restored.
    later: BTreeMap<(StreamId, ItemId), Later>,
}

/// An erasure of an item that the restored log does not have; the last one, if there were more.
struct Later {
    texts: BTreeSet<TextId>,
    files: BTreeSet<Hash>,
    at: Timestamp,
    by: UserId,
    reason: String,
}

impl Erasures {
    /// Takes in a commit that is restored.
    pub fn restored(&mut self, position: Position, read: &Envelope) {
        self.unread.take(position, &read.commit, &read.words);
    }

    /// Reads what comes after it. What is not sound there was not asked for, and ends the reading: why, if so.
    pub fn read_on(&mut self, lines: Lines<'_>, keys: &TextKeys, check: &mut LogCheck) -> Option<String> {
        for line in lines {
            let bytes = match line.map_err(|error| error.to_string()) {
                Ok(line) => check.line(&line).map_err(|error| error.to_string()),
                Err(error) => Err(error),
            };
            let read = bytes.and_then(|bytes| {
                codec::decode(&bytes, keys)
                    .map_err(|error| format!("position {}: {error}", check.tree().size()))
            });
            match read {
                Ok(read) => self.later(&read.commit),
                Err(why) => return Some(why),
            }
        }
        None
    }

    fn later(&mut self, commit: &Commit) {
        for event in &commit.events {
            let Event::ItemErased(ItemErased { item, reason, texts, files, .. }) = event else { continue };
            let (mut texts, mut files): (BTreeSet<_>, BTreeSet<_>) =
                (texts.iter().copied().collect(), files.iter().copied().collect());
            if let Some(before) = self.later.remove(&(commit.stream, *item)) {
                texts.extend(before.texts);
                files.extend(before.files);
            }
            let (at, by, reason) = (commit.at, commit.by.clone(), reason.clone());
            self.later.insert((commit.stream, *item), Later { texts, files, at, by, reason });
        }
    }

    /// Texts that cannot be read, of which nothing that was read says why.
    fn unexplained(&self) -> Vec<Lost> {
        let explained = |lost: &Lost| self.later.values().any(|later| later.texts.contains(&lost.text));
        self.unread.lost().filter(|lost| !explained(lost)).copied().collect()
    }
}

/// An item that was erased again.
pub struct Done {
    meeting: String,
    item: ItemId,
    /// When it was erased first, by whom and why; only the log tells.
    first: Option<(Timestamp, UserId, String)>,
}

impl Done {
    pub fn told(&self, language: Language) -> String {
        let Self { meeting, item, first } = self;
        let why = match first {
            Some((at, by, reason)) => language.pick(
                format!("den {}, af {by}, fordi: {reason}", day(*at)),
                format!("on {}, by {by}, because: {reason}", day_of(*at)),
            ),
            None => language.pick(
                "nøglerne er slettet efter denne log".to_owned(),
                "its keys were destroyed after this log".to_owned(),
            ),
        };
        language.pick(
            format!("Slettet igen: punkt {item} i {meeting} ({why})."),
            format!("Erased again: item {item} of {meeting} ({why})."),
        )
    }
}

/// Where it is written that they were erased.
pub struct Again<'a> {
    pub log: &'a SledLog,
    pub erase_unreadable: bool,
    pub language: Language,
}

impl Again<'_> {
    /// Erases again what is to be erased; an error, if words cannot be read and nobody says that they were erased.
    pub async fn append(self, erasures: Erasures) -> Result<Vec<Done>, Failure> {
        let unexplained = erasures.unexplained();
        if let Some(first) = unexplained.iter().map(|lost| lost.first).min()
            && !self.erase_unreadable
        {
            let texts: BTreeSet<TextId> = unexplained.iter().map(|lost| lost.text).collect();
            return Err(missing(texts.len(), first, self.language).into());
        }
        let mut done = Vec::new();
        for ((stream, _), later) in erasures.later {
            let Later { texts, files, at, by, reason } = later;
            let again =
                format!("Slettet igen, da loggen blev gendannet. Først slettet den {}: {reason}", day(at));
            let erased = self.erase(stream, &texts, &files, &again).await?;
            done.extend(
                erased.into_iter().map(|done| Done { first: Some((at, by.clone(), reason.clone())), ..done }),
            );
        }
        let mut lost: BTreeMap<StreamId, BTreeSet<TextId>> = BTreeMap::new();
        for one in unexplained {
            lost.entry(one.stream).or_default().insert(one.text);
        }
        for (stream, texts) in lost {
            let again = "Slettet igen, da loggen blev gendannet. Nøglen til ordene var slettet efter den kopi, der blev gendannet.";
            done.extend(self.erase(stream, &texts, &BTreeSet::new(), again).await?);
        }
        Ok(done)
    }

    async fn erase(
        &self,
        stream: StreamId,
        texts: &BTreeSet<TextId>,
        files: &BTreeSet<Hash>,
        reason: &str,
    ) -> Result<Vec<Done>, Failure> {
        let StreamId::Meeting(id) = stream else { return Ok(Vec::new()) };
        let meeting = self.meeting(id).await?;
        let by = UserId::new(SERVICE)?;
        let meta = Meta { at: now(), by: by.clone(), sequence: meeting.sequence + 1 };
        let events = meeting.erase_again(&meta, texts, files, reason, &mut fresh)?;
        let items = events.iter().filter_map(|event| match event {
            Event::ItemErased(e) => Some(e.item),
            _ => None,
        });
        let name = meeting
            .details
            .as_ref()
            .map_or_else(|| id.to_string(), |details| format!("{} {}", details.forum_name, details.date));
        let done: Vec<Done> = items.map(|item| Done { meeting: name.clone(), item, first: None }).collect();
        if !events.is_empty() {
            let (command, session) = (CommandId::from_bytes(fresh()), SessionId::from_bytes(fresh()));
            let commit =
                Commit { stream, sequence: meta.sequence, at: meta.at, by, session, command, events };
            self.log.append(commit).await?;
        }
        Ok(done)
    }

    /// The meeting as it is at the end of what was restored.
    async fn meeting(&self, id: MeetingId) -> Result<Meeting, Failure> {
        let mut meeting = Meeting::new(id);
        loop {
            let page = self.log.read(StreamId::Meeting(id), meeting.sequence + 1, MAX_PAGE).await?;
            if page.is_empty() {
                return Ok(meeting);
            }
            for recorded in page {
                let commit = &recorded.commit;
                let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
                let applied = commit.events.iter().try_for_each(|event| meeting.apply(&meta, event));
                applied.map_err(|reason| format!("position {}: {reason}", recorded.position))?;
            }
        }
    }
}

/// "23. november 2026".
fn day(at: Timestamp) -> String {
    let day = day_of(at);
    format!("{}. {} {}", day.day(), month(day.month()), day.year())
}

fn missing(texts: usize, first: Position, language: Language) -> String {
    language.pick(
        format!(
            "Nøglerne til {texts} tekster mangler, den første gang i postering {first}.\n\
             Ligger de et andet sted, så kør restore igen med --keys MAPPE, hvor mapperne keys og item-keys ligger.\n\
             Er de slettet, efter at denne kopi af loggen blev taget, så kør restore igen med --erase-unreadable: \
             så slettes hele de punkter, de hører til, også i den gendannede log."
        ),
        format!(
            "The keys of {texts} texts are missing, for the first time at position {first}.\n\
             If they lie elsewhere, restore again with --keys FOLDER, where the folders keys and item-keys lie.\n\
             If they were destroyed after this copy of the log was taken, restore again with --erase-unreadable: \
             the whole items that they belong to are then erased in the restored log, too."
        ),
    )
}
