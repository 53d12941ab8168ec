//! A made-up agenda that has everything an agenda can have, and some that it should not.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part")]

pub mod random;

use agenda::{
    content::{Block, Cell, Inline, Row},
    event::{EditionKind, ItemType, Participant},
    id::{Hash, ItemId, MeetingId},
    publication::{MODEL_VERSION, Publication, PublishedItem, PublishedSection},
};
use jiff::civil::{date, time};
use publish::Proof;

pub const PROOF: Proof = Proof { edition: 2, round: 3, position: 48_151, content_hash: Hash([0xa7; 32]) };

pub fn torture() -> Publication {
    Publication {
        model: MODEL_VERSION,
        kind: EditionKind::Agenda,
        correction: None,
        meeting: MeetingId::from_bytes([1; 16]),
        forum: "Havneforum & Værft".into(),
        date: date(2031, 2, 3),
        time: time(8, 30, 0, 0),
        place: "Bølgen <2. sal>, \"Broen\"".into(),
        participants: vec![
            person("Agnete Strandgaard", &["Havnechef", "konstitueret chef for Fyr & Tåge"]),
            person("Bo O'Skov", &[]),
        ],
        items: vec![hostile(), lists(), tables(), item(4, "Eventuelt", vec![]), repeated()],
    }
}

pub fn person(name: &str, roles: &[&str]) -> Participant {
    Participant { name: name.into(), roles: roles.iter().map(|role| (*role).into()).collect() }
}

pub fn item(number: u32, title: &str, sections: Vec<PublishedSection>) -> PublishedItem {
    PublishedItem {
        id: ItemId::from_bytes([u8::try_from(number).unwrap(); 16]),
        number,
        title: title.into(),
        journal_number: None,
        minutes: None,
        item_type: None,
        sections,
        attachments: vec![],
        closed: false,
    }
}

pub fn section(key: &str, heading: &str, blocks: Vec<Block>) -> PublishedSection {
    PublishedSection { key: key.into(), heading: heading.into(), nothing: blocks.is_empty(), blocks }
}

pub fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: vec![Inline::plain(text)] }
}

pub fn li(ordered: bool, indent: u8, text: &str) -> Block {
    Block::ListItem { ordered, indent, text: vec![Inline::plain(text)] }
}

pub fn run(text: &str, looks: &str, link: Option<&str>) -> Inline {
    Inline {
        text: text.into(),
        bold: looks.contains('b'),
        italic: looks.contains('i'),
        link: link.map(str::to_owned),
    }
}

pub fn cell(header: bool, colspan: u16, rowspan: u16, text: &str) -> Cell {
    Cell { header, colspan, rowspan, blocks: vec![Block::paragraph(text)] }
}

pub fn row(cells: Vec<Cell>) -> Row {
    Row { cells }
}

fn hostile() -> PublishedItem {
    let words = Block::Paragraph {
        text: vec![
            run("<script>alert('1')</script> ", "", None),
            run("fed & skrå", "bi", None),
            run(" linje\nskift, ", "", None),
            run("kort ", "b", Some("https://havn.example/kort?a=1&b=\"2\"")),
            run("over havnen", "", Some("https://havn.example/kort?a=1&b=\"2\"")),
            run(", farligt", "", Some("javascript:alert(1)")),
            run(", tabt", "", Some("#")),
            run(" ", "", Some("https://havn.example/tom")),
            run("post", "", Some("mailto:havn@havn.example")),
            run("\u{0}\u{202e}]]>-->", "", None),
        ],
    };
    let mut item = item(1, "Godkendelse af </h2><img src=x onerror=alert(1)>", vec![]);
    item.journal_number = Some("00.01.00-A00-7-31<".into());
    item.minutes = Some(10);
    item.item_type = Some(ItemType::Decision);
    item.attachments = vec!["Tidevand & <vind>.pdf".into(), "Kort.pdf".into()];
    item.sections =
        vec![section("indstilling", "Indstilling", vec![words]), section("lov", "Lovgrundlag", vec![])];
    item
}

fn lists() -> PublishedItem {
    let blocks = vec![
        heading(2, "Måltal"),
        li(true, 0, "at molen forlænges"),
        li(false, 1, "mod vest"),
        li(true, 2, "først sten"),
        li(true, 2, "så beton"),
        li(false, 1, "mod øst"),
        li(true, 0, "at fyret tændes"),
        heading(3, "Opfølgning"),
        li(false, 3, "dybt"),
        li(false, 0, "højt"),
        li(true, 0, "nummereret"),
        heading(1, "Derefter"),
        Block::paragraph("Slut."),
    ];
    item(2, "Orientering om lister", vec![section("sagsfremstilling", "Sagsfremstilling", blocks)])
}

fn tables() -> PublishedItem {
    let two_levels = vec![
        row(vec![cell(true, 1, 2, "Kaj"), cell(true, 2, 1, "Skibe"), cell(true, 1, 2, "I alt")]),
        row(vec![cell(true, 1, 1, "Ind"), cell(true, 1, 1, "Ud")]),
        row(vec![
            cell(true, 1, 1, "Nord"),
            cell(false, 1, 1, "12"),
            cell(false, 1, 1, "9"),
            cell(false, 1, 1, "21"),
        ]),
        row(vec![
            cell(true, 1, 9, "Syd"),
            cell(false, 0, 1, "3"),
            cell(false, 1, 1, "4"),
            cell(true, 1, 1, ""),
        ]),
    ];
    let rich = Cell {
        header: false,
        colspan: 1,
        rowspan: 1,
        blocks: vec![
            heading(1, "I en celle"),
            li(false, 0, "a"),
            li(true, 1, "b"),
            Block::Table { rows: vec![row(vec![cell(false, 1, 1, "inderst")])] },
        ],
    };
    let plain = vec![row(vec![rich])];
    let blocks = vec![Block::Table { rows: two_levels }, Block::Table { rows: plain }];
    item(3, "Status på tabeller", vec![section("oekonomi", "Økonomi", blocks)])
}

/// A number and keys that are there already, and one that is no key at all.
fn repeated() -> PublishedItem {
    let some = |key: &str, heading: &str| section(key, heading, vec![Block::paragraph("Tekst.")]);
    let sections = vec![
        some("indstilling", "Indstilling"),
        some("indstilling", "Igen"),
        some("\"><i>", " "),
        some("bilag", "Bilag"),
    ];
    let mut item = item(1, "Samme nummer", sections);
    item.attachments = vec!["Logbog.pdf".into()];
    item
}
