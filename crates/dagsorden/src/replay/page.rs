//! What `dagsorden replay` prints: texts as Markdown, and change sets with what they did to the words.

use super::{
    paint::{Paint, harmless},
    scene::{Scene, utc},
};
use agenda::{
    content::Block,
    event::EditionKind,
    history::{BlockKind, Change, DiffBlock, DiffRow, DiffSection, Entry, Particulars},
    id::ItemId,
    language::Language,
    meeting::Phase,
    publication::PublishedSection,
};
use std::{fmt::Write, sync::Arc};

/// An item, or the whole agenda, as it was.
pub fn page(scene: &mut Scene, wanted: Option<ItemId>, sequence: u64) -> String {
    let language = scene.language;
    let Some(outline) = scene.chronicle().outline_at(sequence).cloned() else { return String::new() };
    let mut out = String::new();
    if let (None, Some(details)) = (wanted, &outline.details) {
        let (kind, phase) = (edition(outline.kind, language), phase(outline.phase, language));
        let _ = writeln!(out, "# {kind}: {}\n", details.forum_name);
        let _ =
            writeln!(out, "{} {}, {} · {phase}", details.date, details.time.strftime("%H:%M"), details.place);
    }
    if let Some(moment) = scene.chronicle().moment(sequence) {
        let at = language.pick("Som det så ud ved position", "As it was at position");
        let _ = writeln!(out, "{at} {}, {} ({})", moment.position, utc(moment.at), scene.name(&moment.by));
    }
    let wanted_item = |(item, _): &(&Arc<Particulars>, u32)| wanted.is_none_or(|id| id == item.id);
    for (item, number) in outline.items.iter().zip(1..).filter(wanted_item) {
        let closed = if item.closed { language.pick(" (lukket punkt)", " (closed item)") } else { "" };
        let _ = writeln!(out, "\n## {number}. {}{closed}\n", harmless(&item.title));
        for section in scene.sections(item.id, sequence) {
            out.push_str(&self::section(&section, language));
        }
    }
    out
}

fn section(section: &PublishedSection, language: Language) -> String {
    let mut out = format!("### {}\n\n", section.heading);
    if section.nothing {
        out.push_str(language.pick("Intet at bemærke.\n", "Nothing to note.\n"));
    }
    for block in &section.blocks {
        let _ = writeln!(out, "{}", self::block(block));
    }
    out.push('\n');
    out
}

fn block(block: &Block) -> String {
    let words = harmless(&block.plain_text());
    match block {
        Block::Paragraph { .. } => format!("{words}\n"),
        Block::Heading { level, .. } => mark(BlockKind::Heading { level: *level }) + &words + "\n",
        Block::ListItem { ordered, indent, .. } => {
            mark(BlockKind::ListItem { ordered: *ordered, indent: *indent }) + &words
        }
        Block::Table { .. } => {
            words.lines().map(|row| format!("| {} |\n", row.replace('\t', " | "))).collect()
        }
    }
}

/// What stands before the words of a block.
fn mark(kind: BlockKind) -> String {
    match kind {
        BlockKind::Paragraph => String::new(),
        BlockKind::Heading { level } => format!("{} ", "#".repeat(usize::from(level) + 3)),
        BlockKind::ListItem { ordered, indent } => {
            format!("{}{} ", "  ".repeat(usize::from(indent)), if ordered { "1." } else { "-" })
        }
    }
}

/// One change set: what was done, by whom, and what became of the words.
pub fn step(scene: &mut Scene, entry: &Entry, (number, count): (usize, usize), paint: Paint) -> String {
    let sentence = harmless(&entry.sentence(&scene.name(&entry.by), scene.language));
    let mut out = format!("{} · {number}/{count} · {}\n", utc(entry.at), entry.position);
    let _ = writeln!(out, "{}", paint.strong(&sentence));
    for (heading, section) in scene.changes(entry) {
        let _ = writeln!(out, "  {heading}");
        for line in changed_lines(&section, paint, scene.language) {
            let _ = writeln!(out, "    {line}");
        }
    }
    out.push('\n');
    out
}

/// The blocks of a section in which something changed.
fn changed_lines(section: &DiffSection, paint: Paint, language: Language) -> Vec<String> {
    let nothing = language.pick("Intet at bemærke.", "Nothing to note.");
    let state = match (section.nothing_before, section.nothing_after) {
        (false, true) => Some(paint.words(Change::Inserted, nothing)),
        (true, false) => Some(paint.words(Change::Deleted, nothing)),
        _ => None,
    };
    let lines = section.blocks.iter().filter(|block| is_changed(block)).map(|block| line(block, paint));
    state.into_iter().chain(lines).collect()
}

fn is_changed(block: &DiffBlock) -> bool {
    match block {
        DiffBlock::Text { change, was, runs, .. } => {
            *change != Change::Kept
                || was.is_some()
                || runs.iter().any(|run| run.change != Change::Kept || run.restyled)
        }
        DiffBlock::Table { .. } => true,
    }
}

fn line(block: &DiffBlock, paint: Paint) -> String {
    match block {
        DiffBlock::Text { kind, runs, .. } => {
            let words = runs.iter().map(|run| paint.words(run.change, &harmless(&run.words.text)));
            mark(*kind) + &words.collect::<String>()
        }
        DiffBlock::Table { rows, .. } => {
            let row = |row: &DiffRow| {
                let cell = |blocks: &Vec<DiffBlock>| {
                    blocks.iter().map(|block| line(block, paint)).collect::<Vec<_>>().join(" ")
                };
                let cells: Vec<String> = row.cells.iter().map(|one| cell(&one.blocks)).collect();
                format!("| {} |", cells.join(" | "))
            };
            rows.iter().map(row).collect::<Vec<_>>().join("\n    ")
        }
    }
}

fn edition(kind: EditionKind, language: Language) -> &'static str {
    match kind {
        EditionKind::Agenda => language.pick("Dagsorden", "Agenda"),
        EditionKind::Supplement => language.pick("Tillægsdagsorden", "Supplement"),
        EditionKind::Minutes => language.pick("Referat", "Minutes"),
    }
}

fn phase(phase: Phase, language: Language) -> &'static str {
    match phase {
        Phase::Open => language.pick("åben", "open"),
        Phase::Frozen => language.pick("låst", "frozen"),
        Phase::Published => language.pick("udgivet", "published"),
    }
}
