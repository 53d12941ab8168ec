//! Three published documents, which stand outside the tree, must yield a known structure.
//! Where they are not at hand the test says so and passes.

use import::{Imported, Kind, Section};
use std::path::PathBuf;

fn seed(prefix: &str) -> Option<Imported> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("{} is not there: skipped", folder.display());
        return None;
    };
    let path = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)))?;
    Some(import::parse(&std::fs::read_to_string(path).unwrap()))
}

/// The notation of the table: Ind2 = two at-points, ° = nothing to note, Bil3 = attachments.
fn shape(read: &Imported) -> Vec<String> {
    read.items
        .iter()
        .map(|item| {
            assert!(item.journal_number_valid);
            let minutes = item.minutes.map_or("-".into(), |m| m.to_string());
            let mut line = format!("{} {} {minutes}", item.number, item.journal_number.clone().unwrap());
            item.sections.iter().for_each(|section| line += &section_shape(section));
            if item.decision.as_ref().is_some_and(|decision| !decision.blocks.is_empty()) {
                line += " Bes";
            }
            if !item.attachments.is_empty() {
                line += &format!(" Bil{}", item.attachments.len());
            }
            line
        })
        .collect()
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

fn check(prefix: &str, head: (Kind, &str, &str, usize), pages: &[u32], items: &[&str]) -> Option<Imported> {
    let read = seed(prefix)?;
    let (kind, date, place, participants) = head;
    assert_eq!(read.kind, Some(kind));
    assert_eq!(read.forum.as_deref(), Some("Chefforum"));
    assert_eq!((read.date.as_deref(), read.time.as_deref()), (Some(date), Some("09:00")));
    assert_eq!(read.place.as_deref(), Some(place));
    assert_eq!(read.participants.len(), participants);
    assert!(read.participants.iter().all(|person| !person.name.is_empty() && !person.roles.is_empty()));
    assert_eq!(read.toc.iter().filter_map(|entry| entry.page).collect::<Vec<_>>(), pages);
    assert_eq!(shape(&read), items);
    assert_eq!(read.unplaced, []);
    println!("{:#?}", read.warnings);
    Some(read)
}

#[test]
fn agenda_of_june_2026() {
    let items = [
        "1 00.01.00-A00-32-24 - Ind2",
        "2 00.01.00-A00-3-26 55 Sag",
        "3 82.04.00-P00-1-26 10 Ind1 Res Sag Vis° Øko° Lov° Bor°",
        "4 00.01.00-A00-30-26 10 Ind3 Res Sag Vis Øko° Lov° Bor° Bil3",
        "5 00.01.00-A00-3-26 -",
        "6 00.01.00-A00-3-26 - Sag Ind1 Bil1",
    ];
    let head = (Kind::Agenda, "2026-06-17", "Herstedøster Skole", 8);
    let Some(read) = check("000", head, &[3, 4, 5, 7, 9, 10], &items) else { return };
    assert_eq!(read.participants.iter().filter(|person| person.roles.len() == 2).count(), 1);
}

#[test]
fn minutes_of_may_2026() {
    let items = [
        "1 00.01.00-A00-32-24 - Ind2 Bes",
        "2 00.01.00-A00-3-26 20 Ind1 Res Sag Vis° Øko° Lov° Bor° Bes",
        "3 00.01.00-A00-3-26 20 Ind1 Res Sag Vis° Øko° Lov° Bor° Bes",
        "4 00.01.00-A00-11-25 15 Ind1 Res Sag Vis° Øko° Lov° Bor° Bes Bil1",
        "5 00.13.00-A50-1-23 20 Ind2 Res Sag Vis Øko Bes",
        "6 00.01.00-A00-21-25 15 Ind2 Res Sag Vis Øko° Lov° Bor° Bes",
        "7 00.22.02-A00-1-26 30 Ind1 Res Sag Vis Øko° Lov° Bor° Bes Bil1",
        "8 00.01.00-A00-32-24 - Sag Ind1 Bes Bil1",
    ];
    let head = (Kind::Minutes, "2026-05-06", "Mødelokale 915", 8);
    check("001", head, &[3, 4, 5, 7, 9, 12, 14, 15], &items);
}

#[test]
fn minutes_of_april_2025() {
    let items = [
        "1 00.01.00-A00-32-24 - Ind2 Bes",
        "2 00.15.00-A00-23-22 50 Ind1 Res Sag Vis Øko° Lov° Bor° Bes",
        "3 81.38.04-P35-1-25 10 Ind1 Res Sag Vis° Øko° Lov° Bor° Bes",
        "4 00.30.00-P05-1-25 20 Ind2 Res Sag Vis° Øko° Lov° Bor° Bes",
        "5 00.13.04-A26-1-25 10 Ind1 Res Sag Vis° Øko Lov° Bor° Bes",
        "6 15.20.00-A00-1-23 15 Ind1 Res Sag Vis Øko Lov° Bor° His Bes Bil4",
        "7 00.01.00-A00-7-25 15 Ind1 Res Sag Vis Øko° Lov° Bor° Bes Bil1",
        "8 00.01.00-A00-32-24 - Ind1 Bes Bil1",
    ];
    let head = (Kind::Minutes, "2025-04-09", "Mødelokale 915", 9);
    let Some(read) = check("003", head, &[3, 4, 6, 7, 8, 10, 16, 18], &items) else { return };
    let case = read.items[5].sections.iter().find(|section| section.key == "sagsfremstilling").unwrap();
    let tables: Vec<_> = case
        .blocks
        .iter()
        .filter_map(|block| match block {
            agenda::content::Block::Table { rows } => Some((rows.len(), rows[0].cells.len())),
            _ => None,
        })
        .collect();
    assert_eq!(tables, [(12, 3), (13, 6)], "rows, and cells of the first row");
}
