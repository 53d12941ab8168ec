//! Our Markdown, read back by the importer, is the same agenda.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use agenda::{
    content::{Block, Inline, Row, safe_link},
    publication::{Publication, PublishedItem, PublishedSection},
};
use import::Imported;
use proptest::prelude::*;
use publish::{Format, Stand, render};
use sample::{PROOF, cell, heading, item, li, random, row, run, section, torture};

fn markdown(publication: &Publication) -> String {
    String::from_utf8(render(Format::Markdown, publication, Stand::Published(&PROOF)).unwrap().bytes).unwrap()
}

/// Depth as a reader sees it: one more than what encloses it, whatever the writer chose.
fn nested(depths: &mut Vec<u8>, own: u8) -> usize {
    depths.retain(|open| *open < own);
    depths.push(own);
    depths.len()
}

/// Blocks as lines: kind, depth, then the words with their looks. White space has none, and
/// several in a row count as one.
fn outline(blocks: &[Block]) -> String {
    let (mut headings, mut items, mut out) = (Vec::new(), Vec::new(), String::new());
    for block in blocks {
        if !matches!(block, Block::ListItem { .. }) {
            items.clear();
        }
        out.push_str(&match block {
            Block::Paragraph { text } => format!("p {}", words(text, true)),
            Block::Heading { level, text } => {
                format!("h{} {}", nested(&mut headings, *level), words(text, false))
            }
            Block::ListItem { ordered, indent, text } => {
                format!(
                    "{}{} {}",
                    if *ordered { "ol" } else { "ul" },
                    nested(&mut items, *indent),
                    words(text, true)
                )
            }
            Block::Table { rows } => format!("table {}", rows.iter().map(cells).collect::<String>()),
        });
        out.push('\n');
    }
    out
}

fn cells(row: &Row) -> String {
    let cell = |c: &agenda::content::Cell| {
        let kind = if c.header { "th" } else { "td" };
        format!("<{kind} {}x{} {}>", c.colspan, c.rowspan, outline(&c.blocks))
    };
    format!("[{}]", row.cells.iter().map(cell).collect::<String>())
}

fn words(text: &[Inline], bold: bool) -> String {
    let mut out = String::new();
    let mut looks_now = String::new();
    for run in text {
        let link = run.link.as_deref().and_then(safe_link).unwrap_or_default();
        let looks = format!(
            "{{{}{}{link}}}",
            if run.bold && bold { "b" } else { "" },
            if run.italic { "i" } else { "" }
        );
        for c in run.text.chars() {
            if c.is_whitespace() {
                out.push(c);
            } else {
                if looks != looks_now {
                    looks_now.clone_from(&looks);
                    out.push_str(&looks);
                }
                out.push(c);
            }
        }
    }
    let out = out.replace('\n', " ⏎ ").split_whitespace().collect::<Vec<_>>().join(" ");
    out.trim_matches([' ', '⏎']).replace("(", "%28").replace(")", "%29")
}

fn published(publication: &Publication) -> Vec<String> {
    let section =
        |s: &PublishedSection| format!("{} {} {}\n{}", s.key, s.heading, s.nothing, outline(&s.blocks));
    let item = |i: &PublishedItem| {
        let sections: String = i.sections.iter().map(section).collect();
        format!(
            "{} {} {:?} {:?} {:?}\n{sections}",
            i.number,
            i.title,
            i.journal_number,
            i.minutes,
            i.attachment_titles().collect::<Vec<_>>()
        )
    };
    publication.items.iter().map(item).collect()
}

fn read_back(imported: &Imported) -> Vec<String> {
    let section =
        |s: &import::Section| format!("{} {} {}\n{}", s.key, s.heading, s.nothing, outline(&s.blocks));
    let item = |i: &import::Item| {
        let sections: String = i.sections.iter().map(section).collect();
        format!(
            "{} {} {:?} {:?} {:?}\n{sections}",
            i.number, i.title, i.journal_number, i.minutes, i.attachments
        )
    };
    imported.items.iter().map(item).collect()
}

/// Only the proof has no place in an import, and it says so.
fn check_head(imported: &Imported, publication: &Publication) {
    assert_eq!(imported.forum.as_deref(), Some(publication.forum.as_str()));
    assert_eq!(imported.date.as_deref(), Some("2031-02-03"));
    assert_eq!(imported.time.as_deref(), Some("08:30"));
    assert_eq!(imported.place.as_deref(), Some(publication.place.as_str()));
    let people: Vec<_> = imported.participants.iter().map(|p| (p.name.clone(), p.roles.clone())).collect();
    let expected: Vec<_> =
        publication.participants.iter().map(|p| (p.name.clone(), p.roles.clone())).collect();
    assert_eq!(people, expected);
    assert_eq!(imported.unplaced.len(), 4, "{:?}", imported.unplaced);
    assert_eq!(imported.toc.len(), publication.items.len());
}

fn example() -> Publication {
    let recommendation = vec![
        Block::paragraph("Havnechefen indstiller,"),
        li(true, 0, "at molen forlænges"),
        li(true, 0, "at fyret tændes, 2. gang"),
    ];
    let marks = vec![
        Block::Paragraph {
            text: vec![
                run("Fed:", "b", None),
                run(" så ", "", None),
                run("skrå", "i", None),
                run("begge", "bi", None),
                run(" og ", "", None),
                run("et link", "b", Some("https://havn.example/x")),
                run(" *stjerne* _streg_ fil_navn `kode` [klamme] <b> & &amp; \\", "", None),
            ],
        },
        Block::Paragraph { text: vec![run("Kun fed tekst", "b", None)] },
        Block::paragraph("ender uden punktum og"),
        Block::paragraph("begynder med småt"),
        Block::paragraph("- ikke en liste"),
        Block::paragraph("3. heller ikke"),
        Block::paragraph("# ikke en overskrift"),
        Block::paragraph("---"),
        Block::paragraph("linje\nskift\n1. her"),
        Block::paragraph("(20 min.) er ingen tid her"),
        heading(1, "Måltal #"),
        li(false, 0, "a"),
        li(true, 1, "b"),
        li(true, 1, "c"),
        li(false, 2, "d"),
        li(false, 0, "e uden punktum"),
        Block::paragraph("efter listen"),
        heading(2, "Under"),
        Block::paragraph("Slut."),
    ];
    let table = vec![
        row(vec![cell(true, 1, 2, "Kaj"), cell(true, 2, 1, "Økonomi")]),
        row(vec![cell(true, 1, 1, "Ind *"), cell(true, 1, 1, "Ud")]),
        row(vec![agenda::content::Cell {
            blocks: vec![Block::paragraph("p"), li(false, 0, "a"), li(true, 1, "b"), heading(1, "h")],
            ..cell(false, 3, 1, "")
        }]),
        row(vec![cell(true, 3, 1, "Bilag")]),
        row(vec![cell(true, 3, 1, "Punkt 2: i en celle")]),
    ];
    let mut first = item(
        1,
        "Beslutning om *molen* & fyret",
        vec![
            section("indstilling", "Indstilling", recommendation),
            section("sagsfremstilling", "Sagsfremstilling", marks),
            section("oekonomi", "Økonomi", vec![Block::Table { rows: table }]),
            section("lov", "Lovgrundlag", vec![]),
        ],
    );
    first.journal_number = Some("00.01.00-A00-7-31".into());
    first.minutes = Some(10);
    first.attachments = vec!["Tidevand & <vind>.pdf".into(), "2. udkast_til_kort.pdf".into()];
    let second = PublishedItem { journal_number: Some("24/1234".into()), ..item(2, "Eventuelt", vec![]) };
    Publication { items: vec![first, second], ..torture() }
}

#[test]
fn an_agenda_of_traps_comes_back_the_same() {
    let publication = example();
    let text = markdown(&publication);
    let imported = import::parse(&text);
    check_head(&imported, &publication);
    assert_eq!(read_back(&imported).join("\n"), published(&publication).join("\n"), "{text}");
    assert_eq!(imported.items[0].sections[0].at_points.len(), 2);
    let warnings: Vec<&str> = imported.warnings.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(
        warnings,
        ["Journalnummeret «24/1234» følger ikke formen 00.00.00-A00-0-00. Det er bevaret, som det står."],
        "{text}"
    );
}

#[test]
fn the_markdown_of_everything() {
    insta::assert_snapshot!(markdown(&torture()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_agenda_comes_back_the_same(shape in random::shapes()) {
        let (publication, _) = random::publication(&shape);
        let text = markdown(&publication);
        let imported = import::parse(&text);
        prop_assert_eq!(read_back(&imported), published(&publication), "{}", text);
    }
}
