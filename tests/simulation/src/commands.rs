//! Random commands that make some sense for a meeting as it stands.

use crate::{random::Random, words};
use agenda::{
    content::{Block, Cell, Row},
    event::{AttachedFile, CommentAnchor, DocumentKind, FileKind, ItemState, ItemType, Participant},
    id::{DocumentId, Hash, ItemId},
    live::Room,
    meeting::{Attachment, Comment, Meeting, MeetingCommand, Phase, SuggestionState},
};
use jiff::civil::{date, time};

/// So many of the commands are about comments, in every phase.
const COMMENTS_PERCENT: usize = 12;
/// So many are about suggestions.
const SUGGESTIONS_PERCENT: usize = 40;

/// So many of the commands in an open meeting give up what is open.
const ABANDON_PERCENT: usize = 4;

/// So many erase an item.
const ERASE_PERCENT: usize = 8;

pub fn command(room: &mut Room, random: &mut Random) -> MeetingCommand {
    if random.percent(ERASE_PERCENT)
        && let Some(command) = erase(room.meeting(), random)
    {
        return command;
    }
    if random.percent(SUGGESTIONS_PERCENT)
        && let Some(command) = suggestion(room, random)
    {
        return command;
    }
    let meeting = room.meeting();
    let items: Vec<ItemId> = meeting.items.iter().map(|item| item.id).collect();
    let Some(item) = random.pick(&items).copied() else { return add(random) };
    if random.percent(COMMENTS_PERCENT) {
        return comment(meeting, item, random);
    }
    match meeting.phase {
        Phase::Open if random.percent(ABANDON_PERCENT) => {
            MeetingCommand::AbandonEdition { reason: "Ikke nødvendig".into() }
        }
        Phase::Open => open(meeting, item, items.len(), random),
        Phase::Frozen => match random.weighted(&[60, 20, 20, 15]) {
            0 => MeetingCommand::Thaw {
                reason: if random.percent(90) { "En rettelse".into() } else { "".into() },
            },
            1 => MeetingCommand::Publish,
            2 => write(item, DocumentKind::Decision, random),
            _ => open(meeting, item, items.len(), random),
        },
        Phase::Published => match random.weighted(&[20, 8, 20, 20, 15]) {
            0 => MeetingCommand::OpenSupplement { reason: "En hastesag".into() },
            1 => MeetingCommand::FreezeMinutes { reason: "Efter mødet".into() },
            2 => correction(meeting, &items, random),
            3 => write(item, DocumentKind::Decision, random),
            _ => open(meeting, item, items.len(), random),
        },
    }
}

/// What brings the meeting to its next edition, mostly.
pub fn edition(meeting: &Meeting, random: &mut Random) -> MeetingCommand {
    let items: Vec<ItemId> = meeting.items.iter().map(|item| item.id).collect();
    let worked_on: Vec<ItemId> =
        meeting.items.iter().filter(|item| meeting.work.has(item)).map(|item| item.id).collect();
    match (meeting.phase, random.pick(&worked_on).copied()) {
        (Phase::Open, None) => add(random),
        (Phase::Open, Some(item)) => match random.weighted(&[45, 40, 12]) {
            0 => MeetingCommand::ChangeItem {
                item,
                title: format!("Sag {}", words::new(random)),
                journal_number: None,
                minutes: None,
                item_type: None,
            },
            1 => MeetingCommand::Freeze { reason: "Udsendes".into() },
            _ => MeetingCommand::AbandonEdition { reason: "Ikke nødvendig".into() },
        },
        (Phase::Frozen, _) if random.percent(15) => MeetingCommand::Thaw { reason: "En fejl".into() },
        (Phase::Frozen, _) => MeetingCommand::Publish,
        (Phase::Published, _) => match random.weighted(&[40, 15, 50]) {
            0 => MeetingCommand::OpenSupplement { reason: "En hastesag".into() },
            1 => MeetingCommand::FreezeMinutes { reason: "Efter mødet".into() },
            _ => correction(meeting, &items, random),
        },
    }
}

/// Of the newest edition mostly, for one or all of the items; now and then what nobody may correct.
fn correction(meeting: &Meeting, items: &[ItemId], random: &mut Random) -> MeetingCommand {
    let newest = meeting.publications.len() as u32;
    let edition = if random.percent(70) { newest } else { random.below(4) as u32 };
    let one = random.pick(items).map_or(&[][..], std::slice::from_ref);
    let items = if random.percent(60) { one } else { items }.to_vec();
    MeetingCommand::OpenCorrection { edition, items, reason: "Forkert beløb".into() }
}

fn open(meeting: &Meeting, item: ItemId, items: usize, random: &mut Random) -> MeetingCommand {
    let attachments = meeting.item(item).map(|item| item.attachments.as_slice()).unwrap_or_default();
    match random.weighted(&[8, 8, 10, 3, 8, 30, 9, 3, 4, 6]) {
        0 => add(random),
        1 => MeetingCommand::ChangeItem {
            item,
            title: format!("Sag {}", words::new(random)),
            journal_number: random.percent(50).then(|| words::new(random)),
            minutes: Some(random.below(60) as u16),
            item_type: [None, Some(ItemType::Decision)][random.below(2)],
        },
        2 => MeetingCommand::MoveItem { item, index: random.below(items + 1) as u32 },
        3 => MeetingCommand::WithdrawItem { item, reason: words::new(random) },
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
        _ => attachment(item, attachments, random),
    }
}

/// A new attachment, or something about one that is there.
fn attachment(item: ItemId, known: &[Attachment], random: &mut Random) -> MeetingCommand {
    let file = AttachedFile {
        name: format!("{}.pdf", words::new(random)),
        kind: FileKind::Pdf,
        size: 1_000,
        sha256: Hash([random.below(4) as u8; 32]),
        sealed: None,
    };
    let known_one = random.pick(known).map(|attachment| attachment.id);
    match (random.below(7), known_one) {
        (0, Some(attachment)) => MeetingCommand::ReplaceFile { item, attachment, file },
        (1, Some(attachment)) => {
            MeetingCommand::RenameAttachment { item, attachment, name: words::new(random) }
        }
        (2, Some(attachment)) => {
            MeetingCommand::MoveAttachment { item, attachment, index: random.below(known.len() + 1) as u32 }
        }
        (3, Some(attachment)) => {
            MeetingCommand::CloseAttachment { item, attachment, reason: words::new(random) }
        }
        (4, Some(attachment)) => MeetingCommand::OpenAttachment { item, attachment },
        (5, Some(attachment)) => MeetingCommand::RemoveAttachment { item, attachment },
        (6, _) => MeetingCommand::AddAttachment { item, name: words::new(random), source: None },
        _ => MeetingCommand::AttachFile { item, name: words::new(random), file },
    }
}

/// An item that may be erased, mostly: one that was withdrawn, or any of a published agenda. Now and then it is
/// held instead, or released.
fn erase(meeting: &Meeting, random: &mut Random) -> Option<MeetingCommand> {
    let withdrawn: Vec<ItemId> = meeting.withdrawn.iter().map(|withdrawn| withdrawn.item.id).collect();
    let there: Vec<ItemId> = meeting.items.iter().map(|item| item.id).collect();
    let settled = meeting.phase == Phase::Published || random.percent(10);
    let item = if !settled || random.percent(30) { random.pick(&withdrawn) } else { random.pick(&there) };
    let item = *item?;
    let held = meeting.known_item(item).is_some_and(|item| item.held.is_some());
    Some(match random.percent(if held { 50 } else { 10 }) {
        true if held => MeetingCommand::ReleaseItem { item },
        true => MeetingCommand::HoldItem { item, reason: words::new(random) },
        false => MeetingCommand::EraseItem { item, reason: "Efter anmodning".into(), planned: false },
    })
}

/// Opens a suggestion, settles one, or hands over words that a case refused.
fn suggestion(room: &mut Room, random: &mut Random) -> Option<MeetingCommand> {
    let meeting = room.meeting().clone();
    let items: Vec<ItemId> = meeting.items.iter().take(2).map(|item| item.id).collect();
    let open = meeting.suggestions.iter().filter(|(_, s)| s.state == SuggestionState::Open);
    let open: Vec<DocumentId> = open.map(|(id, _)| *id).collect();
    let refused: Vec<DocumentId> = meeting.refused.keys().map(|(document, _)| *document).collect();
    let mut count = |id: DocumentId| room.document(id).map_or(0, |document| document.len());
    let mut has_words = |id: &&DocumentId| count(**id) > count(meeting.suggestions[*id].case);
    let written: Vec<DocumentId> = open.iter().filter(|id| has_words(id)).copied().collect();
    let suggestion = random.pick(if written.is_empty() { &open } else { &written }).copied();
    match random.weighted(&[40, 45, 6, 30]) {
        0 => Some(MeetingCommand::OpenSuggestion { item: random.pick(&items).copied()? }),
        1 => {
            let suggestion = suggestion?;
            // Sometimes what was seen is not all there is.
            let graph = room.document(suggestion)?.history().graph();
            let seen = if random.percent(85) { graph.len() } else { graph.len() / 2 };
            Some(MeetingCommand::AcceptSuggestion { suggestion, heads: graph.heads_after(seen) })
        }
        2 => Some(MeetingCommand::RejectSuggestion { suggestion: suggestion?, reason: words::new(random) }),
        _ => Some(MeetingCommand::SuggestRefused { document: random.pick(&refused).copied()? }),
    }
}

fn comment(meeting: &Meeting, item: ItemId, random: &mut Random) -> MeetingCommand {
    let known: Vec<&Comment> = meeting.item(item).into_iter().flat_map(|item| &item.comments).collect();
    let known = random.pick(&known).copied();
    match (random.below(4), known) {
        (0, Some(comment)) => MeetingCommand::ResolveComment { item, comment: comment.id },
        (1, Some(comment)) => MeetingCommand::ReopenComment { item, comment: comment.id },
        (2, Some(comment)) => MeetingCommand::Comment {
            item,
            document: comment.document,
            thread: Some(comment.id),
            anchor: None,
            text: format!("Enig.\n{}", words::new(random)),
            mentions: vec![comment.by.clone()],
        },
        _ => MeetingCommand::Comment {
            item,
            document: [DocumentKind::Case, DocumentKind::Planning, DocumentKind::Decision][random.below(3)],
            thread: None,
            anchor: random.percent(70).then(|| CommentAnchor {
                path: vec!["sections".into(), "resume".into(), "body".into()],
                from: "3@00".into(),
                to: "-9@00".into(),
                quote: words::new(random),
            }),
            text: if random.percent(95) { words::new(random) } else { " \n".into() },
            mentions: vec![],
        },
    }
}

fn add(random: &mut Random) -> MeetingCommand {
    MeetingCommand::AddItem {
        title: if random.percent(95) { words::new(random) } else { " ".into() },
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
        1 => vec![Block::paragraph(format!("Tiltrædes 😀 {}", words::new(random)))],
        2 => vec![Block::Table { rows: vec![Row { cells: vec![cell("År"), cell(&words::new(random))] }] }],
        _ => vec![Block::paragraph(words::new(random)), Block::paragraph(words::new(random))],
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
