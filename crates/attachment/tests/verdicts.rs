//! What is taken in, what is refused, and why.
#![allow(clippy::unwrap_used, reason = "a test")]

mod made;

use agenda::{event::FileKind, language::Language};
use attachment::{Refusal, inspect};
use image::ImageFormat;
use made::*;

fn refused(name: &str, bytes: &[u8], why: Refusal) {
    assert_eq!(inspect(name, bytes), Err(why), "{name}");
}

#[test]
fn sound_files_are_taken_in_as_what_they_are() {
    let hyperlink = relationship("hyperlink", "https://lindeby.dk/", " TargetMode=\"External\"");
    let linked = office_with(&[WORD], &[("word/_rels/document.xml.rels", hyperlink.as_bytes())]);
    let opens_at_page = pdf_with("/OpenAction [3 0 R /Fit]", "", &[]);
    let goes_to_page = pdf_with("/OpenAction 5 0 R", "", &["<< /S /GoTo /D [3 0 R /Fit] >>"]);
    for (name, bytes, kind) in [
        ("a.pdf", pdf(), FileKind::Pdf),
        ("opens.pdf", opens_at_page, FileKind::Pdf),
        ("goes.pdf", goes_to_page, FileKind::Pdf),
        ("a.DOCX", linked, FileKind::Docx),
        ("a.xlsx", office_with(&[EXCEL], &[]), FileKind::Xlsx),
        ("a.pptx", office_with(&[SLIDES], &[]), FileKind::Pptx),
        ("a.png", picture(ImageFormat::Png, 40), FileKind::Png),
        ("a.jpg", picture(ImageFormat::Jpeg, 40), FileKind::Jpeg),
        ("a.jpeg", picture(ImageFormat::Jpeg, 40), FileKind::Jpeg),
        ("a.txt", "\u{feff}Ærø\r\nØ\t1".into(), FileKind::Text),
        ("a.csv", "navn;kr.\nÅse;12,5\n".into(), FileKind::Csv),
    ] {
        assert_eq!(inspect(name, &bytes), Ok(kind), "{name}");
    }
}

#[test]
fn a_name_and_its_bytes_must_agree() {
    for name in
        ["a.svg", "a.html", "a.htm", "a.docm", "a.xlsm", "a.doc", "a.exe", "a.zip", "pdf", "", "a.pdf "]
    {
        refused(name, &pdf(), Refusal::UnknownKind);
    }
    refused("a.pdf", b"", Refusal::Empty);
    refused("a.png", &pdf(), Refusal::NotWhatItSays);
    refused("a.pdf", b"MZ\x90\0", Refusal::NotWhatItSays);
    refused("a.docx", &office_with(&[EXCEL], &[]), Refusal::NotWhatItSays);
    refused("a.docx", &zip(&[("x.txt", b"x")]), Refusal::NotWhatItSays);
    refused("a.jpg", &picture(ImageFormat::Png, 4), Refusal::NotWhatItSays);
    refused("a.txt", b" <!DOCTYPE html><script>alert(1)</script>", Refusal::NotWhatItSays);
    refused("a.csv", b"<svg onload=alert(1)>", Refusal::NotWhatItSays);
    refused("a.txt", &pdf(), Refusal::NotWhatItSays);
}

#[test]
fn a_pdf_with_something_before_or_after_it_is_refused() {
    let page = b"<html><script>alert(1)</script></html>";
    refused("a.pdf", &[&page[..], &pdf()].concat(), Refusal::NotWhatItSays);
    refused("a.pdf", &[&pdf(), &page[..]].concat(), Refusal::Surplus);
    refused("a.pdf", &[&pdf(), &zip(&[("x", b"x")])[..]].concat(), Refusal::Surplus);
    let within = [b"%PDF-1.4\n%<ScRiPt>alert(1)</script>\n".to_vec(), pdf()].concat();
    refused("a.pdf", &within, Refusal::Surplus);
    refused("a.pdf", b"%PDF-1.4\n<html>", Refusal::Broken);
}

#[test]
fn a_pdf_that_acts_or_hides_is_refused_with_the_reason() {
    let pdfs = [
        (pdf_with("/OpenAction 5 0 R", "", &["<< /S /JavaScript /JS (app.alert(1)) >>"]), Refusal::Script),
        (pdf_with("/OpenAction << /S /J#61vaScript /J#53 (x) >>", "", &[]), Refusal::Script),
        (pdf_with("/Names << /J#61vaScript << /Names [] >> >>", "", &[]), Refusal::Script),
        (pdf_with("/OpenAction << /S /URI /URI (https://x) >>", "", &[]), Refusal::Action),
        (
            pdf_with(
                "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 5 0 R >>",
                "",
                &["<< /S /Hide /T (x) >>"],
            ),
            Refusal::Action,
        ),
        (pdf_with("", "/AA << /O 5 0 R >>", &["<< /S /URI /URI (https://x) >>"]), Refusal::Action),
        (
            pdf_with("", "/Annots [5 0 R]", &["<< /Subtype /Link /A << /S /Launch /F (cmd.exe) >> >>"]),
            Refusal::Action,
        ),
        (
            pdf_with("", "/Annots [5 0 R]", &["<< /Subtype /Link /A << /S /L#61unch /F (cmd.exe) >> >>"]),
            Refusal::Action,
        ),
        (
            pdf_with("", "/Annots [5 0 R]", &["<< /Subtype /Widget /A << /S /SubmitForm /F (x) >> >>"]),
            Refusal::Action,
        ),
        (pdf_with("/Names << /EmbeddedFiles 5 0 R >>", "", &["<< /Names [] >>"]), Refusal::EmbeddedFile),
        (pdf_with("/Names << /Embedded#46iles 5 0 R >>", "", &["<< /Names [] >>"]), Refusal::EmbeddedFile),
        (pdf_with("/AcroForm << /XFA 5 0 R >>", "", &["[]"]), Refusal::DynamicForm),
    ];
    for (bytes, why) in pdfs {
        assert_eq!(inspect("a.pdf", &bytes), Err(why), "{}", String::from_utf8_lossy(&bytes));
    }
    let hidden = "<< /Length 12 >>\nstream\n% /RichMedia\nendstream";
    refused("a.pdf", &pdf_with("", "", &[hidden]), Refusal::Action);
    let locked = String::from_utf8_lossy(&pdf_with("", "", &["<< /Filter /Standard /V 1 >>"]))
        .replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 5 0 R");
    refused("a.pdf", locked.as_bytes(), Refusal::Encrypted);
}

#[test]
fn a_pdf_that_is_cut_or_has_no_page_is_refused() {
    let whole = pdf();
    for end in [9, 40, whole.len() / 2, whole.len() - 8] {
        refused("a.pdf", &whole[..end], Refusal::Broken);
    }
    let no_page = pdf_of(&["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]);
    refused("a.pdf", &no_page, Refusal::Broken);
}

#[test]
fn an_office_file_with_macros_objects_or_links_out_is_refused() {
    let external = " TargetMode=\"External\"";
    let macro_word = "application/vnd.ms-word.document.macroEnabled.main+xml";
    refused("a.docx", &office_with(&[macro_word], &[]), Refusal::Macros);
    refused("a.docx", &office_with(&[WORD, "application/vnd.ms-office.vbaProject"], &[]), Refusal::Macros);
    refused("a.docx", &office_with(&[WORD], &[("word/vbaProject.bin", b"x")]), Refusal::Macros);
    refused("a.docx", &office_with(&[WORD], &[("word/activeX/activeX1.bin", b"x")]), Refusal::Macros);
    refused(
        "a.docx",
        &office_with(&[WORD], &[("word/embeddings/oleObject1.bin", b"x")]),
        Refusal::EmbeddedFile,
    );
    for kind in ["attachedTemplate", "image", "oleObject", "frame", "externalLinkPath"] {
        let link = relationship(kind, "https://x/", external);
        let bytes = office_with(&[WORD], &[("word/_rels/settings.xml.rels", link.as_bytes())]);
        assert_eq!(inspect("a.docx", &bytes), Err(Refusal::External), "{kind}");
    }
    let within = relationship("image", "media/image1.png", "");
    let inside = office_with(&[WORD], &[("word/_rels/document.xml.rels", within.as_bytes())]);
    assert_eq!(inspect("a.docx", &inside), Ok(FileKind::Docx));
}

#[test]
fn an_office_file_with_something_around_it_is_refused() {
    let sound = office_with(&[WORD], &[]);
    refused("a.docx", &[&b"<html>"[..], &sound].concat(), Refusal::NotWhatItSays);
    refused("a.docx", &[&sound[..], b"<script>alert(1)</script>"].concat(), Refusal::Surplus);
    refused("a.docx", &sound[..sound.len() / 2], Refusal::Broken);
}

#[test]
fn a_zip_bomb_is_refused_before_it_fills_the_memory() {
    let zeros = vec![0; 64 << 20];
    let parts: Vec<String> = (0..6).map(|n| format!("word/media/{n}.bin")).collect();
    let more: Vec<(&str, &[u8])> = parts.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = office_with(&[WORD], &more);
    assert!(bomb.len() < 2 << 20, "{} bytes", bomb.len());
    refused("a.docx", &bomb, Refusal::Bomb);
    let many: Vec<String> = (0..10_001).map(|n| format!("word/{n}.xml")).collect();
    let more: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    refused("a.docx", &office_with(&[WORD], &more), Refusal::Bomb);
    let types = format!("{}{}", content_types(&[WORD]), " ".repeat(5 << 20));
    refused("a.docx", &zip(&[("[Content_Types].xml", types.as_bytes())]), Refusal::Bomb);
}

#[test]
fn a_pdf_bomb_is_refused_before_it_fills_the_memory() {
    let start = || {
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>";
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]
            .map(|object| object.as_bytes().to_vec())
            .to_vec()
    };
    let streams = |count: usize, bytes: usize| [start(), vec![object_stream(bytes); count]].concat();
    assert_eq!(inspect("a.pdf", &pdf_of(&streams(2, 1 << 20))), Ok(FileKind::Pdf), "two small ones are fine");
    let many = pdf_of(&streams(6, 30 << 20));
    assert!(many.len() < 1 << 20, "{} bytes", many.len());
    refused("a.pdf", &many, Refusal::Bomb);
    assert!(inspect("a.pdf", &pdf_of(&streams(1, 40 << 20))).is_err(), "one large one");
}

#[test]
fn xml_entities_do_not_unfold() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><Types>&b;</Types>";
    refused("a.docx", &zip(&[("[Content_Types].xml", laughs.as_bytes())]), Refusal::Broken);
}

#[test]
fn a_picture_with_too_many_pixels_or_too_few_bytes_is_refused() {
    // The header says 60,000 by 60,000.
    let mut huge = picture(ImageFormat::Png, 4);
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert!(matches!(inspect("a.png", &huge), Err(Refusal::TooManyPixels | Refusal::Broken)));
    for (name, format) in [("a.png", ImageFormat::Png), ("a.jpg", ImageFormat::Jpeg)] {
        let whole = picture(format, 300);
        refused(name, &whole[..whole.len() / 3], Refusal::Broken);
    }
    let page = b"<html><script>alert(1)</script>";
    refused("a.png", &[&picture(ImageFormat::Png, 4), &page[..]].concat(), Refusal::Surplus);
}

#[test]
fn a_text_in_another_encoding_is_refused() {
    refused("a.csv", b"navn;\xc6r\xf8", Refusal::NotUtf8);
    refused(
        "a.txt",
        "æ".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
        Refusal::NotUtf8,
    );
    refused("a.txt", b"a\0b", Refusal::NotUtf8);
}

#[test]
fn every_reason_says_what_to_do_in_both_languages() {
    for why in [Refusal::UnknownKind, Refusal::Script, Refusal::Macros, Refusal::Bomb, Refusal::NotUtf8] {
        for language in [Language::Danish, Language::English] {
            assert!(why.explain(language).matches('.').count() >= 2, "{why:?}");
        }
    }
}
