//! Three published documents, and the table of the structure that they must yield, stand
//! outside the tree. Where they are not at hand the test says so and passes.

#![allow(clippy::unwrap_used)]

use agenda::content::Block;
use import::{Imported, Item, Kind, Section};
use std::path::PathBuf;

fn shared() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// The lines of the table for one document: its head, then one line an item.
fn expected(prefix: &str) -> Option<(String, Vec<String>)> {
    let Ok(domain) = std::fs::read_to_string(shared().join("DOMAIN.md")) else {
        println!("{} is not there: skipped", shared().display());
        return None;
    };
    let mut lines = domain.lines().skip_while(|line| {
        !["DAGSORDEN ", "REFERAT "].iter().any(|kind| line.starts_with(&format!("{prefix} {kind}")))
    });
    let head = lines.next()?.to_owned();
    let is_item = |line: &&str| line.split_once(' ').is_some_and(|(number, _)| number.len() == 1);
    Some((head, lines.take_while(is_item).map(|line| words(line).replace(" (none)", "")).collect()))
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn seed(prefix: &str) -> Imported {
    let mut entries = std::fs::read_dir(shared().join("seeds")).unwrap().map(|entry| entry.unwrap());
    let file = entries.find(|entry| entry.file_name().to_string_lossy().starts_with(prefix)).unwrap();
    import::parse(&std::fs::read_to_string(file.path()).unwrap())
}

/// The head in the notation of the table.
fn head(prefix: &str, read: &Imported) -> String {
    let kind = if read.kind == Some(Kind::Agenda) { "DAGSORDEN" } else { "REFERAT" };
    let date: Vec<_> = read.date.as_deref().unwrap().rsplit('-').collect();
    let pages: Vec<_> = read.toc.iter().map(|entry| entry.page.unwrap().to_string()).collect();
    let place = read.place.as_deref().unwrap();
    let people = read.participants.len();
    format!("{prefix} {kind} {} {place}, {people} participants, TOC {}", date.join("-"), pages.join(","))
}

/// An item in the notation of the table: Ind2 = two at-points, ° = nothing to note, Bil3 =
/// attachments.
fn shape(item: &Item) -> String {
    assert!(item.journal_number_valid);
    let minutes = item.minutes.map_or("-".into(), |m| m.to_string());
    let mut line = format!("{} {} {minutes}", item.number, item.journal_number.as_deref().unwrap());
    item.sections.iter().for_each(|section| line += &section_shape(section));
    if item.decision.as_ref().is_some_and(|decision| !decision.blocks.is_empty()) {
        line += " Bes";
    }
    if !item.attachments.is_empty() {
        line += &format!(" Bil{}", item.attachments.len());
    }
    line
}

fn section_shape(section: &Section) -> String {
    let name = match section.key.as_str() {
        "indstilling" => return format!(" Ind{}", section.at_points.len()),
        "resume" => "Res",
        "sagsfremstilling" => "Sag",
        "vision" => "Vis",
        "oekonomi" => "Øko",
        "lov" => "Lov",
        "borger" => "Bor",
        "historik" => "His",
        other => other,
    };
    assert!(section.nothing || !section.blocks.is_empty(), "{name}");
    format!(" {name}{}", if section.nothing { "°" } else { "" })
}

fn check(prefix: &str) -> Option<Imported> {
    let (expected_head, expected_items) = expected(prefix)?;
    let read = seed(prefix);
    assert_eq!(head(prefix, &read), expected_head.replace("TOC pages ", "TOC "));
    assert_eq!(read.items.iter().map(shape).collect::<Vec<_>>(), expected_items);
    assert_eq!(read.items.len(), read.toc.len());
    assert_eq!(read.forum.as_deref(), Some("Chefforum"));
    assert_eq!(read.time.as_deref(), Some("09:00"));
    assert!(read.participants.iter().all(|person| !person.name.is_empty() && !person.roles.is_empty()));
    assert_eq!(read.unplaced, []);
    Some(read)
}

#[test]
fn agenda_000() {
    let Some(read) = check("000") else { return };
    assert_eq!(read.participants.iter().filter(|person| person.roles.len() == 2).count(), 1);
}

#[test]
fn minutes_001() {
    check("001");
}

#[test]
fn minutes_003_and_its_tables() {
    let Some(read) = check("003") else { return };
    let blocks = read.items.iter().flat_map(|item| &item.sections).flat_map(|section| &section.blocks);
    let sizes = blocks.filter_map(|block| match block {
        Block::Table { rows } => Some((rows.len(), rows.first()?.cells.len())),
        _ => None,
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [(12, 3), (13, 6)], "rows, and cells of the first row");
}
