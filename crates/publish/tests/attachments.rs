//! Attachments in what is published: a title, a file to fetch, or only that there is a closed one.
#![allow(clippy::unwrap_used, dead_code, reason = "a suite of tests")]

mod sample;

use agenda::{
    event::FileKind,
    id::{AttachmentId, Hash},
    publication::{ClosedAttachment, Publication, PublishedAttachment, PublishedFile},
};
use publish::{Format, SCHEMA, Stand, render};
use sample::{PROOF, torture};
use serde_json::{Value, json};

fn agenda() -> Publication {
    let mut agenda = torture();
    agenda.items.truncate(1);
    let file = PublishedFile {
        id: AttachmentId::from_bytes([0xab; 16]),
        number: 2,
        title: "Kort & <tal>".into(),
        kind: FileKind::Xlsx,
        size: 1_234_567,
        sha256: Hash([0xcd; 32]),
    };
    agenda.items[0].attachments = vec![
        "Kun et navn".into(),
        PublishedAttachment::File(file),
        PublishedAttachment::Closed(ClosedAttachment { number: 3, closed: true }),
    ];
    agenda
}

fn text(format: Format, stand: Stand<'_>) -> String {
    String::from_utf8(render(format, &agenda(), stand).unwrap().bytes).unwrap()
}

#[test]
fn the_page_leads_to_the_file_of_its_edition_and_the_draft_to_the_members_file() {
    let (meeting, item) = (agenda().meeting, agenda().items[0].id);
    let published = text(Format::Html, Stand::Published(&PROOF));
    let edition = PROOF.edition;
    let link = format!(
        "<li><a href=\"/dagsorden/{meeting}/{edition}/punkt/1/bilag/2\">Kort &amp; &lt;tal&gt;</a> (Excel, 1,3 MB)</li>"
    );
    assert!(published.contains(&link), "{link}");
    assert!(published.contains("<li>Kun et navn</li>") && published.contains("<li>Lukket bilag</li>"));
    let id = AttachmentId::from_bytes([0xab; 16]);
    let members = format!("<a href=\"/api/meetings/{meeting}/items/{item}/attachments/{id}\">");
    assert!(text(Format::Html, Stand::Draft).contains(&members), "{members}");
}

#[test]
fn other_systems_are_told_where_it_lies_and_that_a_closed_one_is_not_public() {
    let xml = text(Format::Sbsys, Stand::Published(&PROOF));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let all: Vec<_> = document.descendants().filter(|node| node.has_tag_name("Bilag")).collect();
    let told = |n: usize| ["Navn", "MaaPubliceres", "BilagUrl"].map(|name| all[n].attribute(name).unwrap());
    assert_eq!(told(0), ["Kun et navn", "true", ""]);
    assert!(told(1)[2].ends_with("/punkt/1/bilag/2") && told(1)[1] == "true");
    assert_eq!(told(2), ["Lukket bilag", "false", ""]);
}

#[test]
fn the_schema_knows_all_three_and_nothing_more() {
    let schema = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let whole: Value = serde_json::from_str(&text(Format::Json, Stand::Published(&PROOF))).unwrap();
    assert!(schema.is_valid(&whole));
    let attachments = "/publication/items/0/attachments";
    for wrong in [
        json!({ "number": 3, "closed": true, "title": "Løn" }),
        json!({ "number": 3, "closed": false }),
        json!({ "number": 2, "title": "Kort" }),
        json!(7),
    ] {
        let mut changed = whole.clone();
        changed.pointer_mut(attachments).unwrap()[2] = wrong.clone();
        assert!(!schema.is_valid(&changed), "{wrong}");
    }
}
