//! Random commands that make some sense for a meeting as it stands.

use crate::random::Random;
use agenda::{
    content::{Block, Cell, Row},
    event::{DocumentKind, ItemState, ItemType, Participant},
    id::ItemId,
    meeting::{Meeting, MeetingCommand, Phase},
};
use jiff::civil::{date, time};

pub fn command(meeting: &Meeting, random: &mut Random) -> MeetingCommand {
    let items: Vec<ItemId> = meeting.items.iter().map(|item| item.id).collect();
    let Some(item) = random.pick(&items).copied() else { return add(random) };
    match meeting.phase {
        Phase::Open => open(item, items.len(), random),
        Phase::Frozen | Phase::Published => match random.weighted(&[60, 3, 20, 15]) {
            0 => MeetingCommand::Thaw {
                reason: if random.percent(90) { "En rettelse".into() } else { "".into() },
            },
            1 => MeetingCommand::Publish,
            2 => write(item, DocumentKind::Decision, random),
            _ => open(item, items.len(), random),
        },
    }
}

fn open(item: ItemId, items: usize, random: &mut Random) -> MeetingCommand {
    match random.weighted(&[8, 8, 10, 3, 8, 30, 9, 3, 4, 4]) {
        0 => add(random),
        1 => MeetingCommand::ChangeItem {
            item,
            title: format!("Sag {}", random.below(100)),
            journal_number: random.percent(50).then(|| "00.01.00-A00-1-26".into()),
            minutes: Some(random.below(60) as u16),
            item_type: [None, Some(ItemType::Decision)][random.below(2)],
        },
        2 => MeetingCommand::MoveItem { item, index: random.below(items + 1) as u32 },
        3 => MeetingCommand::WithdrawItem { item, reason: "Udsat".into() },
        4 => MeetingCommand::SetItemState { item, state: ItemState::Ready },
        5 => write(item, [DocumentKind::Case, DocumentKind::Planning][random.below(2)], random),
        6 => MeetingCommand::Freeze { reason: "Udsendes".into() },
        7 => MeetingCommand::ChangeDetails {
            date: date(2026, 6, 1 + random.below(28) as i8),
            time: time(9, 0, 0, 0),
            place: "Byrådssalen".into(),
        },
        8 => MeetingCommand::ChangeParticipants {
            participants: vec![Participant { name: "Anna Holm".into(), roles: vec!["Formand".into()] }],
        },
        _ => MeetingCommand::AddAttachment { item, name: "Bilag 1".into(), source: None },
    }
}

fn add(random: &mut Random) -> MeetingCommand {
    MeetingCommand::AddItem {
        title: if random.percent(95) { "Ny sag".into() } else { " ".into() },
        journal_number: None,
        minutes: None,
        item_type: None,
        source: None,
    }
}

fn write(item: ItemId, document: DocumentKind, random: &mut Random) -> MeetingCommand {
    let section = match document {
        DocumentKind::Case => ["resume", "lov", "findes-ikke"][random.weighted(&[5, 5, 1])],
        DocumentKind::Planning => "budskab",
        DocumentKind::Decision => "beslutning",
    };
    let cell =
        |text: &str| Cell { header: false, colspan: 1, rowspan: 1, blocks: vec![Block::paragraph(text)] };
    let blocks = match random.below(4) {
        0 => vec![],
        1 => vec![Block::paragraph("Indstillingen tiltrædes 😀")],
        2 => vec![Block::Table { rows: vec![Row { cells: vec![cell("År"), cell("Beløb")] }] }],
        _ => vec![Block::paragraph("Først"), Block::paragraph("Så")],
    };
    MeetingCommand::WriteSection {
        item,
        document,
        section: section.into(),
        blocks,
        nothing: random.percent(30),
        source: None,
    }
}
