//! Any bytes get a verdict: random ones, sound files with a few bytes changed, and sound files cut.
#![allow(clippy::unwrap_used, reason = "a test")]

mod made;

use attachment::inspect;
use image::ImageFormat;
use proptest::prelude::*;

const NAMES: [&str; 8] = ["a.pdf", "a.docx", "a.xlsx", "a.pptx", "a.png", "a.jpg", "a.txt", "a.csv"];
const BEGINNINGS: [&[u8]; 5] = [b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""];

fn sound() -> [(&'static str, Vec<u8>); 4] {
    [
        ("a.pdf", made::pdf()),
        ("a.docx", made::office_with(&[made::WORD], &[])),
        ("a.png", made::picture(ImageFormat::Png, 8)),
        ("a.jpg", made::picture(ImageFormat::Jpeg, 8)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_get_a_verdict(
        name in prop::sample::select(NAMES.to_vec()),
        begins in prop::sample::select(BEGINNINGS.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let _ = inspect(name, &[begins, &bytes].concat());
    }

    #[test]
    fn sound_files_with_bytes_changed_get_a_verdict(
        which in 0..4usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (name, mut bytes) = sound()[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = inspect(name, &bytes);
    }

    /// Pieces of PDF in any order: what a parser trips over.
    #[test]
    fn pieces_of_pdf_get_a_verdict(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "1 0 obj\n", "endobj\n", "<<", ">>", "[", "]", "/Type /ObjStm ", "/N 9 ", "/First 99 ", "/Length 9999 ",
            "stream\n", "endstream\n", "xref\n0 2\n", "0000000000 65535 f \n", "0000000017 00000 n \n", "trailer\n",
            "/Root 1 0 R ", "/Prev 0 ", "/Size 2 ", "startxref\n0\n", "startxref\n99999999999\n", "(", ")", "<41", "-",
            "/XRefStm 9 ", "/Filter /FlateDecode ", "/Kids [1 0 R] ", "/Pages 1 0 R ", "1 0 R ", "\u{0}",
        ]), 0..60),
    ) {
        let text = format!("%PDF-1.7\n{}\n%%EOF", pieces.concat());
        let _ = inspect("a.pdf", text.as_bytes());
    }
}

#[test]
fn deep_nesting_gets_a_verdict() {
    for open in ["[", "<<", "<</A ", "("] {
        let deep = open.repeat(200_000);
        let bytes = made::pdf_of(&["<< /Type /Catalog /Pages 2 0 R >>".to_owned(), deep]);
        assert!(inspect("a.pdf", &bytes).is_err(), "{open}");
    }
}
