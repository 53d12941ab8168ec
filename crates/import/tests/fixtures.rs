//! Documents of an invented municipality with the irregularities of real ones: both dialects,
//! random marks, page breaks through sentences and rows, odd dates, missing parts. What is
//! read of each is kept as a snapshot, one line a block.
#![allow(clippy::unwrap_used)]

use agenda::content::{Block, Cell, Inline};
use import::{Imported, Item};
use std::fmt::Write;

fn runs(text: &[Inline]) -> String {
    let run = |run: &Inline| {
        let marks = format!("{}{}", if run.bold { "B" } else { "" }, if run.italic { "I" } else { "" });
        match (&run.link, marks.is_empty()) {
            (None, true) => run.text.clone(),
            (link, _) => format!("{marks}‹{}›{}", run.text, link.as_deref().unwrap_or_default()),
        }
    };
    text.iter().map(run).collect::<String>().replace('\n', "⏎")
}

fn cell(cell: &Cell) -> String {
    let span = if (cell.colspan, cell.rowspan) == (1, 1) {
        String::new()
    } else {
        format!("({}x{})", cell.colspan, cell.rowspan)
    };
    let blocks: Vec<_> = cell.blocks.iter().map(block).collect();
    format!("{}{span}{}", if cell.header { "!" } else { "" }, blocks.join(" / "))
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph { text } => format!("p {}", runs(text)),
        Block::Heading { level, text } => format!("h{level} {}", runs(text)),
        Block::ListItem { ordered, indent, text } => {
            format!(
                "{}{} {}",
                "  ".repeat(usize::from(*indent)),
                if *ordered { "1." } else { "-" },
                runs(text)
            )
        }
        Block::Table { rows } => {
            let row = |row: &agenda::content::Row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" | ");
            format!(
                "table\n{}",
                rows.iter().map(|r| format!("      {}", row(r))).collect::<Vec<_>>().join("\n")
            )
        }
    }
}

fn blocks(out: &mut String, blocks: &[Block]) {
    blocks.iter().for_each(|b| writeln!(out, "    {}", block(b)).unwrap());
}

fn item(out: &mut String, item: &Item) {
    let journal = item.journal_number.as_deref().unwrap_or("-");
    let valid = if item.journal_number_valid { "" } else { " (invalid)" };
    writeln!(out, "{}: {} [{journal}{valid}] {:?} line {}", item.number, item.title, item.minutes, item.line)
        .unwrap();
    for section in &item.sections {
        let nothing = if section.nothing { " (nothing)" } else { "" };
        writeln!(out, "  {}: {}{nothing} {:?}", section.key, section.heading, section.at_points).unwrap();
        blocks(out, &section.blocks);
    }
    if let Some(decision) = &item.decision {
        writeln!(out, "  decision: {} {:?}", decision.heading, decision.at_points).unwrap();
        blocks(out, &decision.blocks);
    }
    for (name, line) in item.attachments.iter().zip(&item.attachment_lines) {
        writeln!(out, "  attachment: {name} line {line}").unwrap();
    }
}

fn outline(read: &Imported) -> String {
    let mut out = String::new();
    let head = (&read.kind, &read.forum, &read.date, &read.time, &read.place);
    writeln!(out, "{head:?}").unwrap();
    read.participants.iter().for_each(|p| writeln!(out, "person: {} {:?}", p.name, p.roles).unwrap());
    read.toc.iter().for_each(|e| writeln!(out, "toc: {} {:?}", e.title, e.page).unwrap());
    read.items.iter().for_each(|i| item(&mut out, i));
    read.unplaced.iter().for_each(|n| writeln!(out, "unplaced {}: {}", n.line, n.text).unwrap());
    read.warnings.iter().for_each(|n| writeln!(out, "warning {}: {}", n.line, n.text).unwrap());
    out
}

#[test]
fn plain_agenda_of_appointments() {
    insta::assert_snapshot!(outline(&import::parse(include_str!("fixtures/konstituering.txt"))));
}

#[test]
fn markdown_minutes_with_random_marks() {
    insta::assert_snapshot!(outline(&import::parse(include_str!("fixtures/trin.md"))));
}

#[test]
fn plain_agenda_without_blank_lines() {
    insta::assert_snapshot!(outline(&import::parse(include_str!("fixtures/uden-linjer.txt"))));
}

#[test]
fn minutes_with_the_remains_of_an_extraction() {
    insta::assert_snapshot!(outline(&import::parse(include_str!("fixtures/vandforum.txt"))));
}

#[test]
fn json_has_the_public_field_names() {
    let text = "DAGSORDEN Vandforum d. 01-12-2025\n\nPunkt 1: Pumper\n\n13.02.00-S00-5-25\n\nØkonomi\n\n\
                Intet at bemærke.\n\nBilag\n\nTal";
    insta::assert_snapshot!(serde_json::to_string_pretty(&import::parse(text)).unwrap());
}
