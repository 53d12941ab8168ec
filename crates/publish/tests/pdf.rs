//! The PDF: valid for the archive and for everyone, complete, the same each time, and never
//! stopped by what a text holds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a suite of tests")]

mod paper;
mod sample;

use agenda::{
    content::{Block, Row},
    language::Language,
    publication::{Publication, PublishedItem},
};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use paper::{Paper, words};
use proptest::prelude::*;
use publish::{
    Rendered, Stand,
    pdf::{PdfError, Warning, pdf},
};
use sample::{PROOF, cell, heading, item, li, person, row, run, section, torture};

/// Both claims of the file, checked rule by rule.
#[track_caller]
fn check_valid(bytes: &[u8]) {
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let report = validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)).unwrap();
        assert!(report.rules.passed > 100, "{profile}: {:?}", report.rules);
        assert!(report.is_compliant && report.failures.is_empty(), "{profile}: {:#?}", report.failures);
    }
}

#[track_caller]
fn published(publication: &Publication) -> Rendered {
    pdf(publication, Stand::Published(&PROOF)).unwrap()
}

fn of_blocks(blocks: Vec<Block>) -> Publication {
    let section = section("sagsfremstilling", "Sagsfremstilling", blocks);
    Publication { items: vec![item(1, "Prøve", vec![section])], ..torture() }
}

/// The torture of the page, and what only paper is tortured by.
fn paper_torture() -> Publication {
    let mut all = torture();
    all.items.push(item(
        6,
        "Dybe lister",
        vec![section("sagsfremstilling", "Sagsfremstilling", deep_lists())],
    ));
    all.items.push(item(7, "Lange ord og mange tegn", vec![section("resume", "Resumé", long_words())]));
    all.items.push(item(8, "Tabel over flere sider", vec![section("oekonomi", "Økonomi", tables())]));
    for (item, number) in all.items.iter_mut().zip(1..) {
        item.number = number;
    }
    all
}

fn deep_lists() -> Vec<Block> {
    let deep = (0..=9).map(|indent| li(indent % 2 == 0, indent, &format!("trin {indent}")));
    deep.chain([li(false, 0, ""), li(false, 1, "under et tomt punkt")]).collect()
}

fn long_words() -> Vec<Block> {
    vec![
        Block::paragraph("https://havn.example/".to_owned() + &"sti".repeat(60)),
        Block::paragraph(
            "Ærø – ½ → ✓ ☐ ⚠ ① \u{1f382} \u{4e2d}\u{6587} e\u{301} a\u{30a} \u{5d0} fi ffl \u{a0}\u{2011}\u{ad}",
        ),
        Block::paragraph("  mellemrum \t her \u{2028} og \u{b} der\r\nog der  "),
        Block::Paragraph {
            text: vec![run("langt link", "", Some(&format!("https://a.example/{}", "x".repeat(3000))))],
        },
        Block::Paragraph { text: vec![run("æble", "bi", Some("https://havn.example/æble?q=ø"))] },
    ]
}

fn tables() -> Vec<Block> {
    let long = |n: usize| "Moler og kajer efterses hvert år. ".repeat(n);
    let mut rows =
        vec![row(vec![cell(true, 1, 1, "Sted"), cell(true, 1, 1, "Eftersyn"), cell(true, 1, 1, "Udgift")])];
    for n in 1..40 {
        rows.push(row(vec![
            cell(true, 1, 1, &format!("Kaj {n}")),
            cell(false, 1, 1, &long(n % 7)),
            cell(false, 1, 1, &format!("{}.000 kr.", n * 37)),
        ]));
    }
    // Higher than a page, so it has to break.
    rows.push(row(vec![cell(false, 1, 1, "Molen"), cell(false, 1, 1, &long(200)), cell(false, 1, 1, "")]));
    let wide = |n: u16| row((0..n).map(|i| cell(false, 1, 1, &format!("{i}"))).collect());
    let ragged = vec![
        wide(2),
        wide(5),
        row(vec![]),
        row(vec![cell(false, 3, 7, "bred og dyb"), cell(true, 1, 1, "h")]),
    ];
    let headers = vec![row(vec![cell(true, 1, 1, "kun"), cell(true, 1, 1, "hoveder")])];
    let word = vec![row(vec![cell(false, 1, 1, &"ord".repeat(70)), cell(false, 1, 1, "kort")])];
    [rows, vec![wide(30), wide(30)], ragged, headers, word]
        .into_iter()
        .map(|rows| Block::Table { rows })
        .collect()
}

#[test]
fn an_agenda_of_everything_is_valid_in_every_stand() {
    let all = paper_torture();
    for stand in [Stand::Published(&PROOF), Stand::Draft, Stand::Imported] {
        check_valid(&pdf(&all, stand).unwrap().bytes);
    }
}

#[test]
fn an_agenda_of_nothing_is_valid() {
    let empty = Publication {
        forum: String::new(),
        place: String::new(),
        participants: vec![],
        items: vec![],
        ..torture()
    };
    check_valid(&published(&empty).bytes);
    let bare = Publication { items: vec![item(1, "", vec![])], ..empty };
    check_valid(&published(&bare).bytes);
}

#[test]
fn the_file_says_what_it_is() {
    let paper = Paper::of(&published(&paper_torture()).bytes);
    let info = paper.info();
    assert_eq!(info["Title"], "DAGSORDEN Havneforum & Værft d. 03-02-2031");
    assert_eq!(info["Creator"], "Dagsorden");
    assert!(info["CreationDate"].contains("2031"), "{info:?}");
    assert_eq!(info["Tagged"], "yes");
    assert_eq!(info["Page size"], "595.276 x 841.89 pts (A4)");
}

#[test]
fn every_page_names_version_hash_and_number() {
    let paper = Paper::of(&published(&paper_torture()).bytes);
    let pages = paper.pages();
    for (page, number) in pages.iter().zip(1..) {
        assert!(page.contains("Udgave 2, runde 3 · SHA-256 a7a7a7a7a7a7"), "{page}");
        assert!(page.contains(&format!("Side {number} af {}", pages.len())), "{page}");
        assert!(!page.contains("UDKAST"));
    }
    let whole = PROOF.content_hash.to_string();
    assert!(pages[0].replace('\n', "").contains(&whole), "{}", pages[0]);
}

#[test]
fn a_draft_says_so_on_every_page_and_proves_nothing() {
    let paper = Paper::of(&pdf(&paper_torture(), Stand::Draft).unwrap().bytes);
    assert!(paper.pages().iter().all(|page| page.contains("UDKAST") && !page.contains("SHA-256")));
}

#[test]
fn contents_name_the_page_that_each_item_begins() {
    let all = paper_torture();
    let paper = Paper::of(&published(&all).bytes);
    let pages = paper.pages();
    for item in &all.items {
        let heading = words(&format!("Punkt {}: {}", item.number, item.title)).join(" ");
        let begins = pages.iter().skip(2).position(|page| words(page).join(" ").starts_with(&heading));
        let entry = format!("{heading} {}", begins.unwrap() + 3);
        assert!(words(&pages[1]).join(" ").contains(&entry), "{entry} not in {}", pages[1]);
    }
}

#[test]
fn no_text_is_read_as_markup() {
    let hostile = "#panic() #read(\"/etc/passwd\") #import \"@preview/x:1.0.0\": y *fed* _skrå_ $x^2$ <mærke> @ref \
        `kode` = Overskrift -- --- ~ \\ // note /* note */ #set page(width: 1pt) \\u{41} {1+1} [ind]";
    let words_of = words(hostile);
    let mut one = item(
        1,
        hostile,
        vec![section(
            "oekonomi",
            hostile,
            vec![
                Block::paragraph(hostile),
                heading(1, hostile),
                li(true, 0, hostile),
                Block::Paragraph { text: vec![run(hostile, "bi", Some("https://havn.example/#panic()"))] },
                Block::Table {
                    rows: vec![row(vec![cell(true, 1, 1, hostile)]), row(vec![cell(false, 1, 1, hostile)])],
                },
            ],
        )],
    );
    one.attachments = vec![hostile.into()];
    one.journal_number = Some(hostile.into());
    let all = Publication {
        forum: hostile.into(),
        place: hostile.into(),
        participants: vec![person(hostile, &[hostile])],
        items: vec![one],
        ..torture()
    };
    let made = published(&all);
    check_valid(&made.bytes);
    assert_eq!(made.warnings, []);
    let text = words(&Paper::of(&made.bytes).text()).join(" ");
    // Title, place, name, role, contents; then item, journal number, section, four texts and two
    // cells in it, attachment.
    assert_eq!(text.matches(&words_of.join(" ")).count(), 15, "{text}");
}

#[test]
fn a_character_without_a_glyph_is_marked_and_reported() {
    let made = published(&of_blocks(vec![Block::paragraph("Tillykke \u{1f382}, \u{4e2d}\u{6587}\u{fffe}!")]));
    check_valid(&made.bytes);
    assert!(Paper::of(&made.bytes).text().contains("Tillykke □, □□□!"));
    assert_eq!(made.warnings.len(), 4);
    let told = made.warnings.iter().map(|warning| warning.explain(Language::Danish)).collect::<Vec<_>>();
    assert_eq!(told[3], "Tegnet U+1F382 findes ikke i skriften og er vist som □ (1 gange, først i punkt 1).");
}

#[test]
fn hyphens_come_out_as_hyphens() {
    let text = "Journalnummer 00.01.00-A00-3-26, KB-temamøde, by\u{ad}råd og e\u{2011}mail";
    let paper = Paper::of(&published(&of_blocks(vec![Block::paragraph(text)])).bytes);
    let text = paper.text();
    assert!(text.contains("00.01.00-A00-3-26, KB-temamøde, byråd"), "{text}");
    assert!(!text.contains('\u{ad}'));
}

#[test]
fn links_lead_where_the_text_says() {
    let links = vec![
        run("kort", "", Some("https://havn.example/kort?a=1")),
        run(" og ", "", None),
        run("post", "", Some("mailto:havn@havn.example")),
        run("fælde", "", Some("javascript:alert(1)")),
    ];
    let paper = Paper::of(&published(&of_blocks(vec![Block::Paragraph { text: links }])).bytes);
    assert_eq!(paper.links(), ["https://havn.example/kort?a=1", "mailto:havn@havn.example"]);
}

#[test]
fn tables_have_heads_rows_and_spans_for_a_reader_that_cannot_see() {
    let tree = Paper::of(&published(&paper_torture()).bytes).structure();
    let count = |what: &str| tree.iter().filter(|line| line.trim_start().starts_with(what)).count();
    assert_eq!(count("Table"), 8, "{tree:#?}");
    assert!(tree.iter().any(|line| line.contains("/Scope") && line.contains("/Row")), "{tree:#?}");
    assert!(
        tree.iter().any(|line| line.contains("/ColSpan"))
            && tree.iter().any(|line| line.contains("/RowSpan"))
    );
}

#[test]
fn a_head_is_a_group_of_rows_also_with_an_empty_corner() {
    let data = || row(vec![cell(false, 1, 1, "Nord"), cell(false, 1, 1, "12")]);
    let rows = vec![row(vec![cell(true, 1, 1, ""), cell(true, 1, 1, "Skibe")]), data(), data()];
    let tree = Paper::of(&published(&of_blocks(vec![Block::Table { rows }])).bytes).structure();
    let count = |what: &str| tree.iter().filter(|line| line.trim() == what).count();
    assert_eq!((count("THead"), count("TBody")), (1, 1), "{tree:#?}");
}

#[test]
fn what_would_cost_too_much_is_refused_before_it_is_set() {
    let table = |rows: usize, columns: usize| {
        let cells = |_| row(vec![cell(false, 1, 1, "x"); columns]);
        of_blocks(vec![Block::Table { rows: (0..rows).map(cells).collect::<Vec<Row>>() }])
    };
    let refused = |publication: &Publication| pdf(publication, Stand::Draft).unwrap_err();
    assert!(matches!(refused(&table(10_000, 10)), PdfError::TooManyCells { item: 1, cells: 100_000, .. }));
    assert!(matches!(refused(&table(1, 60)), PdfError::TooManyColumns { columns: 60, .. }));
    assert!(matches!(refused(&table(1_000_000, 0)), PdfError::TooManyCells { .. }));
    let long = of_blocks(vec![Block::paragraph("x".repeat(3_000_000))]);
    assert!(matches!(refused(&long), PdfError::TooLong { .. }));
    let items = vec![item(1, "Et", vec![]); 600];
    assert!(matches!(refused(&Publication { items, ..torture() }), PdfError::TooManyItems { .. }));
}

#[test]
fn tables_in_tables_end_as_lines_and_lists_stop_at_eight() {
    let nest = |inner: Block| Block::Table {
        rows: vec![Row {
            cells: vec![agenda::content::Cell { header: false, colspan: 1, rowspan: 1, blocks: vec![inner] }],
        }],
    };
    let deep = (0..9).fold(Block::paragraph("inderst"), |inner, _| nest(inner));
    let lists: Vec<Block> = (0..200).map(|indent| li(false, indent, "punkt")).collect();
    let made = published(&of_blocks([vec![deep], lists].concat()));
    check_valid(&made.bytes);
    assert_eq!(made.warnings, [Warning::TableTooDeep { item: 1 }]);
    assert!(Paper::of(&made.bytes).text().contains("inderst"));
}

/// Tells of a test that was skipped, and counts it where `make test` asks for it.
#[allow(clippy::disallowed_types, reason = "a test may write")]
fn skip(reason: &str) {
    let line = format!("PDF TEST SKIPPED: {reason}\n");
    eprint!("{line}");
    if let Some(path) = std::env::var_os("DAGSORDEN_SKIPPED") {
        let mut list = std::fs::File::options().create(true).append(true).open(path).unwrap();
        std::io::Write::write_all(&mut list, line.as_bytes()).unwrap();
    }
}

/// Published documents, by name, where they are at hand: in the folder that `DAGSORDEN_SEEDS` names,
/// or beside the project.
fn seeds() -> Vec<(String, Publication)> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let folder = std::env::var_os("DAGSORDEN_SEEDS").map_or(beside, std::path::PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skip("there are no published documents; name their folder in DAGSORDEN_SEEDS");
        return Vec::new();
    };
    let read = |path: std::path::PathBuf| {
        let imported = import::parse(&std::fs::read_to_string(&path).unwrap());
        (path.file_name().unwrap().to_string_lossy().into_owned(), imported.publication().unwrap())
    };
    entries.map(|entry| read(entry.unwrap().path())).collect()
}

/// The words of an item in the order of the page.
fn words_of_item(item: &PublishedItem) -> Vec<String> {
    let mut text =
        format!("Punkt {}: {}\n{}", item.number, item.title, item.journal_number.as_deref().unwrap_or(""));
    let mut minutes = item.minutes.map(|minutes| format!("\n({minutes} min.)"));
    for section in &item.sections {
        text += &format!("\n{}", section.heading);
        text += &minutes.take_if(|_| section.key == "sagsfremstilling").unwrap_or_default();
        text += if section.nothing { "\nIntet at bemærke." } else { "\n" };
        text += &agenda::content::plain_text(&section.blocks);
    }
    if !item.attachments.is_empty() {
        text += &format!("\nBilag\n{}", item.attachment_titles().collect::<Vec<_>>().join("\n"));
    }
    words(&text)
}

#[test]
fn published_documents_are_valid_and_keep_every_word_in_order() {
    for (name, publication) in seeds() {
        let made = pdf(&publication, Stand::Imported).unwrap();
        check_valid(&made.bytes);
        assert_eq!(made.warnings, [], "{name}");
        let paper = Paper::of(&made.bytes);
        let drawn = words(&paper.text());
        let mut read = words(&paper.read_aloud()).into_iter();
        for item in &publication.items {
            for word in words_of_item(item) {
                let place = format!("{name}, punkt {}: {word}", item.number);
                assert!(drawn.contains(&word), "{place} is not on the page");
                assert!(read.any(|next| next == word), "{place} is missing, or out of order");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_text_stops_the_export(text in any::<String>(), other in "\\PC{0,40}", letters in "[a-zæøå\\u{300}-\\u{36f} ]{0,40}") {
        let table = Block::Table { rows: vec![row(vec![cell(true, 1, 1, &text)]), row(vec![cell(false, 1, 1, &other)])] };
        let mut all = of_blocks(vec![Block::paragraph(&text), heading(2, &other), li(true, 3, &letters), table]);
        all.forum = letters;
        all.items[0].title = text;
        all.items[0].attachments = vec![other.as_str().into()];
        check_valid(&published(&all).bytes);
    }

    #[test]
    fn no_table_stops_the_export(rows in prop::collection::vec(prop::collection::vec((any::<bool>(), 0u16..5, 0u16..5), 0..5), 0..6)) {
        let rows = rows.iter().map(|cells| row(cells.iter().map(|(header, x, y)| cell(*header, *x, *y, "ord")).collect()));
        check_valid(&published(&of_blocks(vec![Block::Table { rows: rows.collect() }])).bytes);
    }
}
