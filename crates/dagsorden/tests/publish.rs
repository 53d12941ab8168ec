//! What the program publishes as people run it: from a file, in every format; what is costly in a
//! process of its own that ends when it costs too much.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

use agenda::{
    content::{Block, Cell, Row},
    event::{EditionKind, FileKind},
    id::{AttachmentId, Hash, ItemId, MeetingId},
    publication::{
        MODEL_VERSION, Publication, PublishedAttachment, PublishedFile, PublishedItem, PublishedSection,
    },
};
use publish::{
    Artefact, Files, Format, Job, JobStand, Proof, RenderError,
    pdf::{PdfError, Warning},
};
use server::worker::{WorkError, WorkLimits, work};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dagsorden");

const AGENDA: &str = "DAGSORDEN Havneforum d. 03-02-2031\n\n\
    Mødedato Mandag d. 03. februar 2031 kl. 08:30\n\nMødested Broen\n\n\
    Mødedeltagere Agnete Strandgaard (Havnechef), Bo Skov (Lods)\n\n\
    Punkt 1: Fyret\n\n00.01.00-A00-7-31\n\nIndstilling\n\nHavnechefen indstiller,\n\n1. at fyret tændes\n\n\
    Økonomi\n\nIntet at bemærke.\n";

fn publish(folder: &Path, text: &str, arguments: &[&str]) -> Output {
    let file = folder.join("agenda.txt");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(PROGRAM);
    // No data folder is there, and none may be made.
    command.current_dir(folder).arg("publish").arg("--import").arg(file).args(arguments);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_file_becomes_a_pdf_without_log_and_the_same_bytes_in_every_process() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<Vec<u8>> = ["a.pdf", "b.pdf"]
        .iter()
        .map(|name| {
            let output = publish(folder.path(), AGENDA, &["--format", "pdf", "--out", name]);
            assert!(output.status.success(), "{}", said(&output));
            std::fs::read(folder.path().join(name)).unwrap()
        })
        .collect();
    assert!(made[0].starts_with(b"%PDF-"));
    assert_eq!(made[0], made[1]);
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.pdf", "agenda.txt", "b.pdf"]);
}

#[test]
fn without_a_format_a_file_becomes_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = publish(folder.path(), AGENDA, &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(String::from_utf8(output.stdout).unwrap().contains("at fyret tændes"));
}

/// What the file of each format begins with.
fn opens(format: Format) -> &'static [u8] {
    match format {
        Format::Pdf | Format::Samlet => b"%PDF-1.7",
        Format::Html => b"<!DOCTYPE html>",
        Format::Docx | Format::Zip => b"PK\x03\x04",
        Format::Markdown => b"# DAGSORDEN Havneforum",
        Format::Json | Format::Oparl => b"{\"",
        Format::AkomaNtoso | Format::Sbsys => b"<?xml version=\"1.0\"",
    }
}

#[test]
fn a_file_becomes_every_format_and_each_item_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Format::ALL.map(|format| (format, None));
    let of_item = Format::OF_ITEMS.map(|format| (format, Some("1")));
    for (format, item) in whole.into_iter().chain(of_item) {
        let arguments: Vec<&str> = ["--format", format.name()]
            .into_iter()
            .chain(item.into_iter().flat_map(|n| ["--item", n]))
            .collect();
        let output = publish(folder.path(), AGENDA, &arguments);
        assert!(output.status.success(), "{format}: {}", said(&output));
        assert!(output.stdout.starts_with(opens(format)), "{format}");
    }
}

#[test]
fn what_cannot_be_had_is_refused_with_what_can() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (&["--format", "odt"][..], "pdf, samlet, html, docx, markdown, json, oparl, akoma-ntoso, sbsys, zip"),
        (&["--format", "pdf", "--item", "1"][..], "html, docx, json"),
        (&["--item", "2"][..], "Der er intet punkt 2. Antal punkter på dagsordenen: 1."),
        (&["--item", "0"][..], "Der er intet punkt 0"),
        (&["--edition", "1"][..], "--edition"),
        (&["--out", "no/such/folder/a.html"][..], "no/such/folder/a.html"),
    ] {
        let output = publish(folder.path(), AGENDA, arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn help_names_every_format() {
    let help = Command::new(PROGRAM).args(["publish", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(Format::ALL.iter().all(|format| help.contains(format.name())), "{help}");
}

#[test]
fn a_character_without_a_glyph_is_reported_and_the_pdf_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let output = publish(folder.path(), &AGENDA.replace("tændes", "tændes \u{1f382}"), &["--format", "pdf"]);
    assert!(output.status.success() && output.stdout.starts_with(b"%PDF-"));
    assert!(said(&output).contains("U+1F382"), "{}", said(&output));
}

#[test]
fn a_file_without_a_date_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = publish(folder.path(), "Punkt 1: Fyret\n\nTekst.\n", &["--format", "pdf", "--out", "a.pdf"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("Mødedato"), "{}", said(&output));
    assert!(!folder.path().join("a.pdf").exists());
}

#[test]
fn a_table_of_100_000_cells_ends_with_an_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let table = format!("{}\n", ["x"; 10].join("\t")).repeat(10_000);
    let text = AGENDA.replace("Intet at bemærke.", &table);
    let output = publish(folder.path(), &text, &["--format", "pdf", "--out", "a.pdf"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("100000 felter"), "{}", said(&output));
    assert!(!folder.path().join("a.pdf").exists());
}

/// A job with one table.
fn job(rows: usize, text: &str) -> Job {
    let cell = Cell { header: false, colspan: 1, rowspan: 1, blocks: vec![Block::paragraph(text)] };
    let row = Row { cells: vec![cell; 10] };
    let section = PublishedSection {
        key: "oekonomi".into(),
        heading: "Økonomi".into(),
        nothing: false,
        blocks: vec![Block::Table { rows: vec![row; rows] }],
    };
    let item = PublishedItem {
        id: ItemId::from_bytes([1; 16]),
        number: 1,
        title: "Fyret".into(),
        journal_number: None,
        minutes: None,
        item_type: None,
        sections: vec![section],
        attachments: vec![],
        closed: false,
    };
    let publication = Publication {
        model: MODEL_VERSION,
        kind: EditionKind::Agenda,
        correction: None,
        meeting: MeetingId::from_bytes([1; 16]),
        forum: "Havneforum".into(),
        date: jiff::civil::date(2031, 2, 3),
        time: jiff::civil::time(8, 30, 0, 0),
        place: "Broen".into(),
        participants: vec![],
        items: vec![item],
    };
    let proof = Proof { edition: 1, round: 1, position: 7, content_hash: Hash([7; 32]) };
    Job {
        publication,
        stand: JobStand::Published(proof),
        artefact: Artefact::Whole(Format::Pdf),
        files: Files::new(),
    }
}

#[tokio::test]
async fn one_process_sets_what_is_right_and_refuses_what_is_not() {
    let program = PathBuf::from(PROGRAM);
    let made = work(&program, &job(20, "\u{1f382}"), WorkLimits::default()).await.unwrap();
    assert!(made.bytes.starts_with(b"%PDF-"));
    assert_eq!(made.warnings, [Warning::NoGlyph { character: '\u{1f382}', item: 1, times: 200 }]);
    let refused = work(&program, &job(10_000, "x"), WorkLimits::default()).await.unwrap_err();
    assert!(
        matches!(
            refused,
            WorkError::Refused(RenderError::Pdf(PdfError::TooManyCells { cells: 100_000, .. }))
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn a_process_that_takes_too_long_or_too_much_is_ended_and_the_next_is_well() {
    let (program, limits) = (PathBuf::from(PROGRAM), WorkLimits::default());
    let hurry = WorkLimits { time: Duration::ZERO, ..limits };
    let slow = work(&program, &job(500, "x"), hurry).await.unwrap_err();
    assert!(matches!(slow, WorkError::TooSlow(_)), "{slow}");
    let narrow = WorkLimits { memory_bytes: 24 << 20, ..limits };
    let large = work(&program, &job(500, "et felt med ord"), narrow).await.unwrap_err();
    assert!(matches!(large, WorkError::TooLarge(24)), "{large}");
    assert!(work(&program, &job(2, "x"), limits).await.is_ok());
}

/// A file whose bytes are no PDF, of this size, as the attachment of a joined file.
fn joined(size: usize) -> Job {
    let (mut job, sha256) = (job(1, "x"), Hash([9; 32]));
    let bytes = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; size]].concat();
    job.publication.items[0].attachments.push(PublishedAttachment::File(PublishedFile {
        id: AttachmentId::from_bytes([9; 16]),
        number: 1,
        title: "Kort".into(),
        kind: FileKind::Pdf,
        size: bytes.len() as u64,
        sha256,
    }));
    job.files.insert(sha256, bytes);
    Job { artefact: Artefact::Whole(Format::Samlet), ..job }
}

#[tokio::test]
async fn a_hostile_attachment_costs_its_own_file_alone() {
    let (program, limits) = (PathBuf::from(PROGRAM), WorkLimits::default());
    let listed = work(&program, &joined(10), limits).await.unwrap();
    assert!(listed.bytes.starts_with(b"%PDF-"), "the agenda, with the attachment in its list");
    let narrow = WorkLimits { memory_bytes: 24 << 20, ..limits };
    let large = work(&program, &joined(40 << 20), narrow).await.unwrap_err();
    assert!(matches!(large, WorkError::TooLarge(24)), "{large}");
    assert!(work(&program, &job(2, "x"), limits).await.is_ok());
}

#[tokio::test]
async fn a_program_that_is_not_this_one_is_told_from_a_pdf() {
    let silent = work(Path::new("/bin/true"), &job(1, "x"), WorkLimits::default()).await.unwrap_err();
    assert!(matches!(silent, WorkError::NoAnswer { .. }), "{silent}");
    let missing = work(Path::new("/no/such/program"), &job(1, "x"), WorkLimits::default()).await.unwrap_err();
    assert!(matches!(missing, WorkError::Io(_)), "{missing}");
}
