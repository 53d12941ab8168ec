//! Of what is closed, no word is in anything that is published, however a file is packed. The same
//! search finds every word when the same things are open, so it is known to see.
#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "a suite of tests")]

mod inside;
mod paper;
mod sample;

use agenda::{
    content::{Block, Inline},
    document::SectionText,
    event::{AttachedFile, Event, FileKind, Role, Timestamp},
    forum::{Actor, Forum, default_template},
    id::{ForumId, Hash, ItemId, MeetingId, UserId},
    meeting::{Meeting, MeetingCommand, Meta, Supplies, Texts, schedule},
    publication::Publication,
};
use inside::{has, parts};
use jiff::civil::{date, time};
use publish::{Artefact, Format, Stand, render};
use sample::{PROOF, cell, row};

/// What is published of the closed item when it is open: title, journal number, text, table,
/// link, attachment.
const OF_ITEM: [&str; 7] = [
    "Afskedigelse",
    "81.38.99",
    "fratrædelsesaftale",
    "lønkolonne",
    "aftale.example",
    "Udtalelse",
    "advokat",
];
/// The title of the closed attachment.
const OF_ATTACHMENT: [&str; 1] = ["Lønforhandling"];
/// What is never published: reasons, people, decisions before the minutes, names of files.
const OF_WORK: [&str; 4] = ["Personfølsomt", "kirstenk", "bortvisning", "fil-204"];

struct Agenda {
    meeting: Meeting,
    texts: Texts,
    ids: u8,
}

fn secretary() -> Actor {
    Actor { user: UserId::new("sofie").unwrap(), roles: vec![Role::Secretariat] }
}

fn forum() -> Forum {
    Forum { template: default_template(), ..Forum::new(ForumId::from_bytes([1; 16])) }
}

impl Agenda {
    fn new() -> Self {
        let meeting = Meeting::new(MeetingId::from_bytes([7; 16]));
        let mut agenda = Self { meeting, texts: Texts::new(), ids: 0 };
        let day = date(2031, 6, 17);
        agenda.apply(schedule(&forum(), &secretary(), day, time(9, 0, 0, 0), "Broen", None).unwrap());
        agenda
    }

    fn apply(&mut self, events: Vec<Event>) {
        let sequence = self.meeting.sequence + 1;
        let meta = Meta { at: Timestamp(1), by: secretary().user, sequence };
        events.iter().for_each(|event| self.meeting.apply(&meta, event).unwrap());
    }

    fn ask(&mut self, command: MeetingCommand) {
        let (ids, forum) = (&mut self.ids, forum());
        let mut fresh = || {
            *ids += 1;
            [*ids; 16]
        };
        let mut supplies = Supplies {
            fresh: &mut fresh,
            forum: &forum,
            now: Timestamp(0),
            texts: &self.texts,
            suggested: &[],
        };
        let events = self.meeting.decide(&secretary(), &command, &mut supplies).unwrap();
        self.apply(events);
    }

    fn add(&mut self, title: &str, journal_number: &str) -> ItemId {
        let journal_number = Some(journal_number.to_owned());
        let title = title.to_owned();
        self.ask(MeetingCommand::AddItem {
            title,
            journal_number,
            minutes: None,
            item_type: None,
            source: None,
        });
        self.meeting.items.last().unwrap().id
    }

    fn attach(&mut self, item: ItemId, name: &str, n: u8) {
        let file = AttachedFile {
            name: format!("fil-{n}.pdf"),
            kind: FileKind::Pdf,
            size: 700,
            sha256: Hash([n; 32]),
            sealed: None,
        };
        self.ask(MeetingCommand::AttachFile { item, name: name.into(), file });
    }

    fn write(&mut self, item: ItemId, decision: bool, key: &str, blocks: Vec<Block>) {
        let documents = &self.meeting.items.iter().find(|one| one.id == item).unwrap().documents;
        let document = if decision { documents.decision } else { documents.case };
        let section = SectionText { key: key.into(), nothing: false, blocks };
        self.texts.entry(document).or_default().sections.push(section);
    }

    fn publication(&self) -> Publication {
        self.meeting.publication(&self.texts).unwrap()
    }
}

/// An agenda of an open item and one with secrets; with `closed` as it is meant to be.
fn agenda(closed: bool) -> Publication {
    let mut agenda = Agenda::new();
    let open = agenda.add("Orientering om stier", "05.01.00-A00-1-31");
    agenda.write(open, false, "resume", vec![Block::paragraph("Stierne er ryddet.")]);
    agenda.attach(open, "Kort", 1);
    agenda.attach(open, OF_ATTACHMENT[0], 204);
    let secret = agenda.add("Beslutning om Afskedigelse", "81.38.99-A00-1-31");
    let link = Inline { link: Some("https://aftale.example/sag".into()), ..Inline::plain("advokat") };
    let table = vec![row(vec![cell(true, 1, 1, "lønkolonne")]), row(vec![cell(false, 1, 1, "1")])];
    let blocks = vec![
        Block::paragraph("En fratrædelsesaftale ved"),
        Block::Paragraph { text: vec![link] },
        Block::Table { rows: table },
    ];
    agenda.write(secret, false, "sagsfremstilling", blocks);
    agenda.write(secret, true, "beslutning", vec![Block::paragraph("Det blev bortvisning.")]);
    agenda.attach(secret, "Udtalelse", 203);
    if closed {
        let reason = || "Personfølsomt".to_owned();
        let attachment = agenda.meeting.items[0].attachments[1].id;
        agenda.ask(MeetingCommand::CloseItem { item: secret, reason: reason() });
        agenda.ask(MeetingCommand::CloseAttachment { item: open, attachment, reason: reason() });
    }
    agenda.publication()
}

/// Every file of the agenda, as an edition and as a draft.
fn published(publication: &Publication) -> Vec<(String, Vec<u8>)> {
    let whole = Format::ALL.map(Artefact::Whole).into_iter();
    let of_items = |place| Format::OF_ITEMS.map(|format| Artefact::Item(place, format));
    let artefacts: Vec<_> = whole.chain((1..=publication.items.len()).flat_map(of_items)).collect();
    let stands = [Stand::Published(&PROOF), Stand::Draft];
    let of_stand = |stand| {
        artefacts
            .iter()
            .map(move |artefact| (artefact.path(), render(*artefact, publication, stand).unwrap().bytes))
    };
    stands.into_iter().flat_map(of_stand).collect()
}

#[test]
fn no_word_of_what_is_closed_is_in_anything_that_is_published() {
    let publication = agenda(true);
    let hashes = [203, 204].map(|n| Hash([n; 32]).to_string());
    let secrets = [&OF_ITEM[..], &OF_ATTACHMENT, &OF_WORK].concat();
    for (name, bytes) in published(&publication) {
        for (part, bytes) in parts(&name, &bytes) {
            for secret in secrets.iter().copied().chain(hashes.iter().map(String::as_str)) {
                assert!(!has(&bytes, secret), "{secret} in {part}");
            }
        }
    }
}

#[test]
fn the_search_finds_every_word_in_the_same_files_when_nothing_is_closed() {
    let publication = agenda(false);
    for (name, bytes) in published(&publication).iter().filter(|(name, _)| name.starts_with("dagsorden")) {
        let parts = parts(name, bytes);
        for word in OF_ITEM.iter().chain(&OF_ATTACHMENT) {
            assert!(parts.iter().any(|(_, bytes)| has(bytes, word)), "{word} is not found in {name}");
        }
    }
    let whole = published(&publication);
    let found =
        |word: &str| whole.iter().any(|(name, bytes)| parts(name, bytes).iter().any(|(_, b)| has(b, word)));
    assert!(found(&Hash([203; 32]).to_string()));
}
