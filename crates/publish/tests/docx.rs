//! What a Word document is made of: fields, lists, tables and names that Word and screen
//! readers build on.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use agenda::{
    content::{Block, Row},
    publication::Publication,
};
use publish::{Artefact, Format, PAGE_UNKNOWN, Stand, docx_with_pages, render};
use roxmltree::{Document, Node};
use sample::{PROOF, cell, item, row, section, torture};
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn part_of(docx: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(docx)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn part(publication: &Publication, stand: Stand<'_>, name: &str) -> String {
    part_of(&docx_with_pages(publication, stand, &[]).unwrap(), name)
}

fn all<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

fn val<'a>(node: Node<'a, '_>) -> &'a str {
    node.attributes().find(|attribute| attribute.name() == "val").map_or("", |attribute| attribute.value())
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(|n| n.tag_name().name() == "t").filter_map(|n| n.text()).collect()
}

#[test]
fn the_document_of_everything() {
    insta::assert_snapshot!(part(&torture(), Stand::Published(&PROOF), "word/document.xml"));
}

/// `H c2 _ | b`: header rows, cells with their width, cells that go on from above, gaps.
fn shape(rows: Vec<Row>) -> String {
    let blocks = vec![Block::Table { rows }];
    let publication =
        Publication { items: vec![item(1, "Tal", vec![section("lov", "Lov", blocks)])], ..torture() };
    let xml = part(&publication, Stand::Draft, "word/document.xml");
    let document = Document::parse(&xml).unwrap();
    let has = |node: Node<'_, '_>, name: &str| {
        node.descendants().find(|n| n.tag_name().name() == name).map(|n| val(n).to_owned())
    };
    let one = |cell: Node<'_, '_>| {
        let width = has(cell, "gridSpan").unwrap_or_else(|| "1".into());
        let merge = has(cell, "vMerge").map_or("", |merge| if merge == "restart" { "+" } else { "-" });
        format!("{}{width}{merge}", text(cell))
    };
    let row = |row: Node<'_, '_>| {
        let cells = row.children().filter(|n| n.tag_name().name() == "tc").map(one);
        let head = if has(row, "tblHeader").is_some() { "H " } else { "" };
        format!("{head}{}", cells.collect::<Vec<_>>().join(" "))
    };
    all(&document, "tr").map(row).collect::<Vec<_>>().join(" | ")
}

#[test]
fn header_rows_repeat_and_merged_cells_keep_the_grid() {
    let (th, td) = (|columns, rows| cell(true, columns, rows, "h"), || cell(false, 1, 1, "d"));
    let two_levels =
        vec![row(vec![th(1, 2), th(2, 1)]), row(vec![th(1, 1), th(1, 1)]), row(vec![td(), td(), td()])];
    assert_eq!(shape(two_levels), "H h1+ h2 | H 1- h1 h1 | d1 d1 d1");
    assert_eq!(shape(vec![row(vec![th(1, 1), td()]), row(vec![td()])]), "h1 d1 | d1 1");
    assert_eq!(shape(vec![row(vec![th(1, 2), td()]), row(vec![td()])]), "h1+ d1 | 1- d1");
}

/// The style of a table, and the widths of its columns.
fn columns(rows: Vec<Row>) -> (String, Vec<usize>) {
    let blocks = vec![Block::Table { rows }];
    let publication =
        Publication { items: vec![item(1, "Tal", vec![section("lov", "Lov", blocks)])], ..torture() };
    let xml = part(&publication, Stand::Draft, "word/document.xml");
    let document = Document::parse(&xml).unwrap();
    let width = |node: Node<'_, '_>| node.attributes().next().unwrap().value().parse::<usize>().unwrap();
    (
        val(all(&document, "tblStyle").next().unwrap()).to_owned(),
        all(&document, "gridCol").map(width).collect(),
    )
}

#[test]
fn columns_have_room_for_their_words_within_the_page() {
    const PAGE: usize = 9638;
    let of = |texts: &[&str]| columns(vec![row(texts.iter().map(|text| cell(false, 1, 1, text)).collect())]);
    let long = "Eftersynet viser, hvor der skal sættes ind først. ".repeat(4);
    let (style, widths) = of(&["Kaj", &long, "12.000 kr."]);
    assert_eq!(style, "TableGrid");
    assert!(widths[1] > PAGE / 2 && widths.iter().sum::<usize>() <= PAGE, "{widths:?}");
    let words =
        ["Beskæftigelsesindsats", "Sagsbehandlingstid", "Kommunalbestyrelsen", "Ejendomme", "Igangsat"];
    let (style, widths) = of(&words);
    assert_eq!(style, "TableGrid10");
    // At ten points a character is 100 twentieths of a point wide.
    let fits = |(word, width): (&&str, &usize)| word.chars().count() * 100 + 216 <= *width;
    assert!(words.iter().zip(&widths).all(fits) && widths.iter().sum::<usize>() <= PAGE, "{widths:?}");
    let styles = part(&torture(), Stand::Draft, "word/styles.xml");
    assert!([10, 9, 8, 7].iter().all(|size| styles.contains(&format!("w:styleId=\"TableGrid{size}\""))));
}

#[test]
fn a_table_that_word_cannot_open_is_text() {
    let wide = vec![row((0..64).map(|n| cell(n == 0, 1, 1, &format!("celle{n}"))).collect())];
    assert_eq!(shape(wide.clone()), "");
    let blocks = vec![Block::Table { rows: wide }];
    let publication =
        Publication { items: vec![item(1, "Tal", vec![section("lov", "Lov", blocks)])], ..torture() };
    assert!(part(&publication, Stand::Draft, "word/document.xml").contains("celle63"));
}

#[test]
fn every_numbered_list_begins_anew_and_bulleted_ones_are_one() {
    let (xml, numbering) = {
        let docx = render(Format::Docx, &torture(), Stand::Draft).unwrap().bytes;
        (part_of(&docx, "word/document.xml"), part_of(&docx, "word/numbering.xml"))
    };
    let (document, numbering) = (Document::parse(&xml).unwrap(), Document::parse(&numbering).unwrap());
    let used: std::collections::BTreeSet<&str> = all(&document, "numId").map(val).collect();
    let defined: Vec<_> = all(&numbering, "num").collect();
    assert_eq!(used.len(), defined.len(), "{used:?}");
    let restarts =
        defined.iter().filter(|num| num.descendants().any(|n| n.tag_name().name() == "startOverride"));
    assert_eq!(restarts.count(), defined.len() - 1);
    let list = |words: &str| {
        let paragraph = all(&document, "p").find(|p| text(*p) == words).unwrap();
        let value =
            |name: &str| paragraph.descendants().find(|n| n.tag_name().name() == name).map(val).unwrap();
        (value("numId"), value("ilvl"))
    };
    assert_eq!(list("at molen forlænges"), list("at fyret tændes"));
    assert_eq!((list("først sten"), list("først sten").1), (list("så beton"), "2"));
    assert_ne!(list("at molen forlænges").0, list("nummereret").0);
    assert_eq!(list("mod vest").0, list("dybt").0);
}

#[test]
fn the_contents_are_a_field_with_the_pages_that_are_known() {
    let pages = |docx: &[u8]| {
        let xml = part_of(docx, "word/document.xml");
        let document = Document::parse(&xml).unwrap();
        let entries = all(&document, "p").filter(|p| p.descendants().any(|n| val(n) == "TOC1")).map(text);
        entries.map(|entry| entry.chars().last().unwrap().to_string()).collect::<Vec<_>>().join("")
    };
    let unknown = docx_with_pages(&torture(), Stand::Draft, &[]).unwrap();
    let known = docx_with_pages(&torture(), Stand::Draft, &[3, 4, 5, 6, 7]).unwrap();
    assert_eq!((pages(&unknown), pages(&known)), (PAGE_UNKNOWN.repeat(5), "34567".to_owned()));
    // Cover and contents, then each item on a page of its own; the lists and the tables take one each.
    assert_eq!(pages(&render(Format::Docx, &torture(), Stand::Draft).unwrap().bytes), "34567");
    assert!(part_of(&unknown, "word/settings.xml").contains("updateFields"));
    assert!(part_of(&known, "word/settings.xml").contains("updateFields"));
    let extract = render(Artefact::Item(1, Format::Docx), &torture(), Stand::Draft).unwrap().bytes;
    assert!(!part_of(&extract, "word/settings.xml").contains("updateFields"));
    let xml = part_of(&unknown, "word/document.xml");
    let document = Document::parse(&xml).unwrap();
    let marks =
        |kind: &str| all(&document, "fldChar").filter(|n| n.attributes().any(|a| a.value() == kind)).count();
    assert_eq!((marks("begin"), marks("separate"), marks("end")), (6, 6, 6));
    let names: Vec<_> =
        all(&document, "bookmarkStart").filter_map(|n| n.attributes().find(|a| a.name() == "name")).collect();
    assert!(
        names.iter().all(|name| xml.contains(&format!("w:anchor=\"{}\"", name.value()))) && names.len() == 5
    );
}

#[test]
fn language_title_version_hash_and_page_are_told() {
    let stand = Stand::Published(&PROOF);
    let core = part(&torture(), stand, "docProps/core.xml");
    assert!(core.contains("<dc:language>da-DK</dc:language>"));
    assert!(core.contains("<dc:title>DAGSORDEN Havneforum &amp; Værft d. 03-02-2031</dc:title>"));
    assert!(part(&torture(), stand, "word/styles.xml").contains("<w:lang w:val=\"da-DK\""));
    let footer = part(&torture(), stand, "word/footer1.xml");
    assert!(
        footer.contains(&format!("Udgave 2 · SHA-256 {}", PROOF.content_hash)) && footer.contains(" PAGE ")
    );
    let draft = |name| part(&torture(), Stand::Draft, name);
    assert!(
        ["word/header1.xml", "word/footer1.xml", "docProps/core.xml"]
            .iter()
            .all(|name| draft(name).contains("UDKAST"))
    );
    assert!(!draft("word/footer1.xml").contains("SHA-256"));
    assert!(
        part(&torture(), stand, "word/document.xml")
            .contains("<w:tblCaption w:val=\"Tabel 1: punkt 3, Økonomi\"/>")
    );
}

#[test]
fn only_safe_links_are_links() {
    let links = part(&torture(), Stand::Draft, "word/_rels/document.xml.rels");
    let links = Document::parse(&links).unwrap();
    let targets: Vec<&str> = all(&links, "Relationship")
        .filter(|n| n.attribute("TargetMode").is_some())
        .filter_map(|n| n.attribute("Target"))
        .collect();
    assert_eq!(targets, ["https://havn.example/kort?a=1&b=\"2\"", "mailto:havn@havn.example"]);
}
