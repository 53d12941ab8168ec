//! No word of an agenda is lost or moved, in any format.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use proptest::prelude::*;
use publish::{Format, Stand, docx_with_pages, render};
use roxmltree::{Document, ParsingOptions};
use sample::{PROOF, random};
use std::io::Read;
use zip::ZipArchive;

fn xml_text(xml: &str) -> String {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).unwrap();
    let mut out = String::new();
    for node in document.descendants() {
        node.attributes().for_each(|attribute| out.extend([" ", attribute.value(), " "]));
        out.push_str(if node.is_text() { node.text().unwrap() } else { " " });
    }
    out
}

fn part(docx: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(std::io::Cursor::new(docx))
        .unwrap()
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The words in the order in which the file has them.
fn text(format: Format, bytes: &[u8]) -> String {
    let utf8 = || std::str::from_utf8(bytes).unwrap();
    match format {
        Format::Html | Format::AkomaNtoso => xml_text(utf8()),
        Format::Sbsys => xml_text(utf8()).replace(['<', '>'], " "),
        Format::Docx => xml_text(&part(bytes, "word/document.xml")),
        Format::Markdown | Format::Json | Format::Oparl => utf8().to_owned(),
        Format::Pdf | Format::Samlet | Format::Zip => unreachable!("their words are read elsewhere"),
    }
}

/// The first of the numbered words that does not come after the one before it.
fn lost(text: &str, words: u32) -> Option<u32> {
    let mut seen = text.split(|c: char| !c.is_alphanumeric());
    (1..=words).find(|n| !seen.any(|word| word.eq_ignore_ascii_case(&format!("ord{n}"))))
}

/// JSON keeps the order of its lists, but sorts its keys; so each list is read by itself.
fn lost_in_oparl(meeting: &serde_json::Value, words: u32) -> Option<u32> {
    let mut text = String::new();
    let mut push = |value: &serde_json::Value| text.push_str(&format!("{value} "));
    push(&meeting["dagsorden:forum"]);
    push(&meeting["location"]["description"]);
    meeting["dagsorden:participants"].as_array().unwrap().iter().for_each(|person| {
        push(&person["name"]);
        push(&person["roles"]);
    });
    for item in meeting["agendaItem"].as_array().unwrap() {
        push(&item["name"]);
        item["dagsorden:sections"].as_array().unwrap().iter().for_each(|section| push(&section["html"]));
        push(&item["dagsorden:attachments"]);
    }
    lost(&text.replace("\\n", " "), words)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn every_word_is_there_in_its_order(shape in random::shapes()) {
        let (publication, words) = random::publication(&shape);
        let stand = Stand::Published(&PROOF);
        let docx = docx_with_pages(&publication, stand, &[]).unwrap();
        prop_assert_eq!(lost(&text(Format::Docx, &docx), words), None, "docx");
        for format in [Format::Html, Format::Markdown, Format::AkomaNtoso, Format::Sbsys] {
            let bytes = render(format, &publication, stand).unwrap().bytes;
            prop_assert_eq!(lost(&text(format, &bytes), words), None, "{}", format);
        }
        let oparl: serde_json::Value = serde_json::from_slice(&render(Format::Oparl, &publication, stand).unwrap().bytes).unwrap();
        prop_assert_eq!(lost_in_oparl(&oparl, words), None);
        let json: serde_json::Value = serde_json::from_slice(&render(Format::Json, &publication, stand).unwrap().bytes).unwrap();
        let back: agenda::publication::Publication = serde_json::from_value(json["publication"].clone()).unwrap();
        prop_assert_eq!(back, publication);
    }
}
