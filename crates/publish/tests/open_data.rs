//! OParl and the SBSYS-shaped XML: no registry has their schemas, so what they require is
//! checked here by name; and the ZIP with its manifest.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a suite of tests")]

mod sample;

use publish::{Artefact, Format, RenderError, Stand, render};
use roxmltree::Document;
use sample::{PROOF, torture};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};
use zip::ZipArchive;

fn bytes(artefact: impl Into<Artefact>, stand: Stand<'_>) -> Vec<u8> {
    render(artefact, &torture(), stand).unwrap().bytes
}

fn text(format: Format) -> String {
    String::from_utf8(bytes(Artefact::Whole(format), Stand::Published(&PROOF))).unwrap()
}

/// What OParl 1.1 says of each object that we write: the properties, and the kind of each.
const OPARL: [(&str, &[(&str, &str)]); 3] = [
    (
        "Meeting",
        &[
            ("id", "uri"),
            ("type", "uri"),
            ("name", "string"),
            ("start", "date-time"),
            ("cancelled", "boolean"),
            ("organization", "array"),
            ("location", "object"),
            ("agendaItem", "array"),
        ],
    ),
    (
        "AgendaItem",
        &[
            ("id", "uri"),
            ("type", "uri"),
            ("meeting", "uri"),
            ("number", "string"),
            ("order", "integer"),
            ("name", "string"),
            ("public", "boolean"),
        ],
    ),
    ("Location", &[("id", "uri"), ("type", "uri"), ("description", "string"), ("room", "string")]),
];

fn is_kind(value: &Value, kind: &str) -> bool {
    let text = value.as_str();
    match kind {
        "uri" => text.is_some_and(|t| t.contains(':') && !t.contains(char::is_whitespace)),
        "date-time" => text.is_some_and(|t| t.parse::<jiff::Timestamp>().is_ok()),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Every property is one of the standard's, of its kind, or marked as our own.
fn check_oparl(object: &Value, name: &str) {
    let (_, properties) = OPARL.iter().find(|(known, _)| *known == name).unwrap();
    assert_eq!(object["type"], format!("https://schema.oparl.org/1.1/{name}"));
    for (property, value) in object.as_object().unwrap() {
        let known = properties.iter().find(|(known, _)| known == property);
        match known {
            Some((_, kind)) => assert!(is_kind(value, kind), "{name}.{property}: {value}"),
            None => assert!(property.starts_with("dagsorden:"), "{name}.{property}"),
        }
    }
    for (property, _) in *properties {
        assert!(object.get(property).is_some(), "{name}.{property} is missing");
    }
}

#[test]
fn the_meeting_is_what_oparl_asks_for() {
    let meeting: Value = serde_json::from_str(&text(Format::Oparl)).unwrap();
    check_oparl(&meeting, "Meeting");
    check_oparl(&meeting["location"], "Location");
    let items = meeting["agendaItem"].as_array().unwrap();
    assert_eq!(items.len(), torture().items.len());
    for (order, item) in items.iter().enumerate() {
        check_oparl(item, "AgendaItem");
        assert_eq!((item["order"].as_u64().unwrap() as usize, &item["meeting"]), (order, &meeting["id"]));
    }
    assert_eq!(meeting["start"], "2031-02-03T08:30:00+01:00");
    assert_eq!(meeting["dagsorden:proof"]["position"], 48_151);
}

/// Element, its attributes in order, and the elements that it may stand in.
const SBSYS: [(&str, &str, &str); 13] = [
    ("Dagsorden", "DagsordenID Åben Dagsordentype Udgave Runde Logplads Fingeraftryk", ""),
    ("Møde", "MødeID Udvalg UdvalgID Mødedato Mødetid Mødested", "Dagsorden"),
    ("Deltagere", "", "Møde"),
    ("Deltager", "Navn", "Deltagere"),
    ("Rolle", "", "Deltager"),
    ("Dagsordenpunkt", "DagsordenpunktID Nummer Åbent", "Dagsorden"),
    ("Overskrift", "", "Dagsordenpunkt"),
    ("Journalnummer", "", "Dagsordenpunkt"),
    ("Varighed", "", "Dagsordenpunkt"),
    ("Punkttype", "", "Dagsordenpunkt"),
    ("Indhold", "", "Dagsordenpunkt"),
    ("Bilagsliste", "", "Dagsordenpunkt"),
    ("Bilag", "BilagID Navn MaaPubliceres BilagUrl", "Bilagsliste"),
];

#[test]
fn the_xml_has_the_elements_and_attributes_that_publishing_systems_read() {
    let xml = text(Format::Sbsys);
    let document = Document::parse(&xml).unwrap();
    let mut seen = BTreeSet::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
        if parent == "Indhold" {
            assert!(["Titel", "Tekst"].contains(&name), "{name}");
            continue;
        }
        let (name, attributes, within) = SBSYS.iter().find(|(known, ..)| *known == name).unwrap();
        let has: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        assert_eq!((has.join(" ").as_str(), parent), (*attributes, *within), "{name}");
        seen.insert(*name);
    }
    assert_eq!(seen.len(), SBSYS.len(), "{seen:?}");
    let pairs = document.descendants().filter(|n| n.has_tag_name("Indhold"));
    for pair in pairs {
        let names: Vec<&str> =
            pair.children().filter(roxmltree::Node::is_element).map(|n| n.tag_name().name()).collect();
        assert_eq!(names, ["Titel", "Tekst"]);
    }
}

fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        assert_eq!(file.last_modified().unwrap(), zip::DateTime::default(), "{name}");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(!files.contains_key(&name), "twice: {name}");
        files.insert(name, bytes);
    }
    files
}

#[test]
fn the_manifest_names_every_file_as_it_is() {
    let stand = Stand::Published(&PROOF);
    let files = unpacked(&bytes(Format::Zip, stand));
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["proof"]["content_hash"], PROOF.content_hash.to_string());
    assert_eq!(manifest["proof"]["position"], 48_151);
    let entries = manifest["files"].as_array().unwrap();
    assert_eq!(entries.len() + 1, files.len());
    for entry in entries {
        let file = &files[entry["path"].as_str().unwrap()];
        let hash: String = Sha256::digest(file).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            (entry["size"].as_u64().unwrap() as usize, &entry["sha256"]),
            (file.len(), &Value::from(hash))
        );
        assert!(entry["media_type"].as_str().unwrap().contains('/'));
    }
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Zip) {
        assert_eq!(files[&Artefact::Whole(format).path()], bytes(format, stand), "{format}");
    }
    // Two items have the number 1; each has its extract.
    assert!((1..=5).all(|n| {
        ["html", "docx", "json"].iter().all(|f| files.contains_key(&format!("punkter/punkt-{n}.{f}")))
    }));
}

#[test]
fn an_extract_has_its_own_item_and_no_other() {
    let stand = Stand::Published(&PROOF);
    let text = |format| String::from_utf8(bytes(Artefact::Item(3, format), stand)).unwrap();
    let docx = unpacked(&bytes(Artefact::Item(3, Format::Docx), stand)).remove("word/document.xml").unwrap();
    let (html, docx) = (text(Format::Html), String::from_utf8(docx).unwrap());
    for text in [&html, &docx, &text(Format::Json)] {
        assert!(text.contains("Status på tabeller") && text.contains("inderst"));
        assert!(!text.contains("Orientering om lister") && !text.contains("Logbog"));
    }
    for text in [&html, &docx] {
        assert!(text.contains("Uddrag: Her står kun punkt 3. Fingeraftrykket gælder hele dagsordenen."));
    }
}

#[test]
fn an_item_that_is_not_there_or_not_in_that_format_is_refused() {
    let refused =
        |place, format| render(Artefact::Item(place, format), &torture(), Stand::Draft).unwrap_err();
    assert_eq!(refused(6, Format::Html), RenderError::NoItem { place: 6, items: 5 });
    assert_eq!(refused(0, Format::Html), RenderError::NoItem { place: 0, items: 5 });
    assert_eq!(refused(1, Format::Pdf), RenderError::NotOfItems(Format::Pdf));
}

#[test]
fn every_artefact_is_found_by_its_path_and_nothing_else_is() {
    let whole = Format::ALL.map(Artefact::Whole);
    let of_items = Format::OF_ITEMS.map(|format| Artefact::Item(12, format));
    for artefact in whole.into_iter().chain(of_items) {
        assert_eq!(Artefact::at(&artefact.path()), Some(artefact));
    }
    for path in [
        "",
        "dagsorden",
        "dagsorden.",
        "dagsorden.exe",
        "x.pdf",
        "punkter/punkt-1.pdf",
        "punkter/punkt-.html",
        "punkter/punkt--1.html",
        "punkter/../dagsorden.pdf",
        "/dagsorden.pdf",
        "manifest.json",
    ] {
        assert_eq!(Artefact::at(path), None, "{path}");
    }
}

#[test]
fn a_file_is_named_by_what_it_is_and_by_nothing_that_a_disk_refuses() {
    let named = |stand, forum: &str, artefact: Artefact| artefact.file_name(&publish_as(forum), stand);
    let published = Stand::Published(&PROOF);
    assert_eq!(named(published, "Chefforum", Format::Pdf.into()), "Dagsorden Chefforum 2031-02-03.pdf");
    assert_eq!(
        named(Stand::Draft, "Ældre & Børn", Format::Oparl.into()),
        "UDKAST Dagsorden Ældre & Børn 2031-02-03.oparl.json"
    );
    let samlet = Artefact::from(Format::Samlet);
    assert_eq!(samlet.path(), "dagsorden-samlet.pdf");
    assert_eq!(Artefact::at("dagsorden-samlet.pdf"), Some(samlet));
    assert_eq!(Artefact::at("dagsorden.samlet.pdf"), None, "one address");
    let hostile = named(published, "../a\\b\":\n\u{202e}*", Artefact::Item(2, Format::Docx));
    assert_eq!(hostile, "Dagsorden ..-a-b----- 2031-02-03 punkt 2.docx");
}

fn publish_as(forum: &str) -> agenda::publication::Publication {
    agenda::publication::Publication { forum: forum.into(), ..torture() }
}

/// Where a draft says that it is one, in the formats that are read as text.
#[test]
fn a_draft_says_so_in_every_format() {
    for (format, mark) in [
        (Format::Html, "<strong>UDKAST</strong>"),
        (Format::Markdown, "UDKAST"),
        (Format::Json, "\"stand\":\"draft\""),
        (Format::Oparl, "\"dagsorden:stand\":\"draft\""),
        (Format::AkomaNtoso, "stand=\"draft\""),
        (Format::Sbsys, "Udkast=\"true\""),
    ] {
        assert!(String::from_utf8(bytes(format, Stand::Draft)).unwrap().contains(mark), "{format}");
        assert!(!text(format).contains(mark), "{format}");
    }
    let header = |stand| unpacked(&bytes(Format::Docx, stand)).remove("word/header1.xml").unwrap();
    assert!(String::from_utf8(header(Stand::Draft)).unwrap().contains("UDKAST"));
    assert!(!String::from_utf8(header(Stand::Published(&PROOF))).unwrap().contains("UDKAST"));
    let manifest = unpacked(&bytes(Format::Zip, Stand::Draft)).remove("manifest.json").unwrap();
    assert!(String::from_utf8(manifest).unwrap().contains("\"stand\":\"draft\""));
}

#[test]
fn formats_are_known_by_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "odt".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        error,
        "«odt» is no format; use one of: pdf, samlet, html, docx, markdown, json, oparl, akoma-ntoso, sbsys, zip"
    );
}
