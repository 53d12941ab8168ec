//! PDFs from the program as people run it: from a file, in a process of its own that ends when
//! it costs too much.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

use agenda::{
    content::{Block, Cell, Row},
    id::{Hash, ItemId, MeetingId},
    publication::{MODEL_VERSION, Publication, PublishedItem, PublishedSection},
};
use publish::{
    Proof,
    pdf::{Job, JobStand, PdfError, Warning},
};
use server::pdf::{PdfLimits, RenderError, render};
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
    };
    let publication = Publication {
        model: MODEL_VERSION,
        meeting: MeetingId::from_bytes([1; 16]),
        forum: "Havneforum".into(),
        date: jiff::civil::date(2031, 2, 3),
        time: jiff::civil::time(8, 30, 0, 0),
        place: "Broen".into(),
        participants: vec![],
        items: vec![item],
    };
    let proof = Proof { edition: 1, round: 1, position: 7, content_hash: Hash([7; 32]) };
    Job { publication, stand: JobStand::Published(proof) }
}

#[tokio::test]
async fn one_process_sets_what_is_right_and_refuses_what_is_not() {
    let program = PathBuf::from(PROGRAM);
    let made = render(&program, &job(20, "\u{1f382}"), PdfLimits::default()).await.unwrap();
    assert!(made.bytes.starts_with(b"%PDF-"));
    assert_eq!(made.warnings, [Warning::NoGlyph { character: '\u{1f382}', item: 1, times: 200 }]);
    let refused = render(&program, &job(10_000, "x"), PdfLimits::default()).await.unwrap_err();
    assert!(
        matches!(refused, RenderError::Refused(PdfError::TooManyCells { cells: 100_000, .. })),
        "{refused}"
    );
}

#[tokio::test]
async fn a_process_that_takes_too_long_or_too_much_is_ended_and_the_next_is_well() {
    let (program, limits) = (PathBuf::from(PROGRAM), PdfLimits::default());
    let hurry = PdfLimits { time: Duration::ZERO, ..limits };
    let slow = render(&program, &job(500, "x"), hurry).await.unwrap_err();
    assert!(matches!(slow, RenderError::TooSlow(_)), "{slow}");
    let narrow = PdfLimits { memory_bytes: 24 << 20, ..limits };
    let large = render(&program, &job(500, "et felt med ord"), narrow).await.unwrap_err();
    assert!(matches!(large, RenderError::TooLarge(24)), "{large}");
    assert!(render(&program, &job(2, "x"), limits).await.is_ok());
}

#[tokio::test]
async fn a_program_that_is_not_this_one_is_told_from_a_pdf() {
    let silent = render(Path::new("/bin/true"), &job(1, "x"), PdfLimits::default()).await.unwrap_err();
    assert!(matches!(silent, RenderError::NoAnswer { .. }), "{silent}");
    let missing =
        render(Path::new("/no/such/program"), &job(1, "x"), PdfLimits::default()).await.unwrap_err();
    assert!(matches!(missing, RenderError::Io(_)), "{missing}");
}
