//! What the formats call minutes, a supplement and a correction.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

mod sample;

use agenda::{
    content::Block,
    event::EditionKind,
    publication::{Publication, PublishedCorrection, PublishedSection},
};
use publish::{Artefact, Format, Stand, render};
use sample::{PROOF, torture};

const TEXTS: [Format; 6] =
    [Format::Html, Format::Markdown, Format::Json, Format::Oparl, Format::AkomaNtoso, Format::Sbsys];

fn minutes() -> Publication {
    let correction = PublishedCorrection { edition: 2, reason: "Beløbet <var> forkert".into() };
    let mut publication =
        Publication { kind: EditionKind::Minutes, correction: Some(correction), ..torture() };
    publication.items[0].sections.push(PublishedSection {
        key: "beslutning".into(),
        heading: "Beslutning".into(),
        nothing: false,
        blocks: vec![Block::paragraph("Godkendt & sendt")],
    });
    publication
}

fn text(format: Format, publication: &Publication) -> String {
    let made = render(format, publication, Stand::Published(&PROOF)).unwrap();
    String::from_utf8(made.bytes).unwrap()
}

#[test]
fn minutes_say_that_they_are_minutes_in_every_format() {
    let marks = [
        "REFERAT",
        "REFERAT",
        "kind\":\"minutes\"",
        "kind\":\"minutes\"",
        "<debateReport name=\"referat\">",
        "\"Referat\"",
    ];
    for (format, mark) in TEXTS.into_iter().zip(marks) {
        let made = text(format, &minutes());
        assert!(made.contains(mark), "{format}");
        assert!(!text(format, &torture()).contains(mark), "{format}");
    }
    let oparl = text(Format::Oparl, &minutes());
    assert!(oparl.contains("\"resolutionText\":\"Godkendt & sendt\""), "{oparl}");
}

#[test]
fn a_correction_says_what_it_corrects_and_why_in_every_format() {
    for format in TEXTS {
        let made = text(format, &minutes());
        assert!(made.contains("forkert") && made.contains('2'), "{format}");
        assert!(!made.contains("<var>") || matches!(format, Format::Json | Format::Oparl), "{format}");
    }
    assert!(text(Format::Html, &minutes()).contains("<dt>Rettelse til</dt>\n<dd>udgave 2: Beløbet"));
    let name = Artefact::Whole(Format::Pdf).file_name(&minutes(), Stand::Published(&PROOF));
    assert_eq!(name, "Referat Havneforum & Værft 2031-02-03 rettet.pdf");
}

#[test]
fn a_supplement_is_called_one() {
    let supplement = Publication { kind: EditionKind::Supplement, ..torture() };
    assert!(text(Format::Html, &supplement).contains("<h1>TILLÆGSDAGSORDEN "));
    assert!(text(Format::Sbsys, &supplement).contains("Dagsordentype=\"Tillægsdagsorden\""));
    let read = import::parse(&text(Format::Markdown, &supplement)).publication().unwrap();
    assert_eq!(read.kind, EditionKind::Supplement);
}
