//! Files made for the tests: sound ones, and what turns them into others.
#![allow(clippy::unwrap_used, dead_code, reason = "a test; not every test uses every file")]

use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A PDF of these objects, numbered from 1; the first is the catalog.
pub fn pdf_of(objects: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        let number: usize = number;
        offsets.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object.as_ref());
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

/// A page that says "Bilag"; `catalog` and `page` are more keys, `more` more objects, from 5.
pub fn pdf_with(catalog: &str, page: &str, more: &[&str]) -> Vec<u8> {
    let content = "BT /F1 24 Tf 72 700 Td (Bilag) Tj ET";
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {page} >>"),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    pdf_of(&objects)
}

/// An object stream of one object that unpacks to so many bytes.
pub fn object_stream(bytes: usize) -> Vec<u8> {
    let mut content = b"99 0 null".to_vec();
    content.resize(bytes, b' ');
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), content);
    stream.compress().unwrap();
    let head = format!(
        "<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length {} >>\nstream\n",
        stream.content.len()
    );
    [head.as_bytes(), &stream.content, b"\nendstream"].concat()
}

pub fn pdf() -> Vec<u8> {
    pdf_with("", "", &[])
}

pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
pub const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
pub const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";

pub fn content_types(types: &[&str]) -> String {
    let parts: String = (0..)
        .zip(types)
        .map(|(n, kind): (usize, _)| format!("<Override PartName=\"/p{n}.xml\" ContentType=\"{kind}\"/>"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         {parts}</Types>"
    )
}

pub fn relationship(kind: &str, target: &str, mode: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
         Target=\"{target}\"{mode}/></Relationships>"
    )
}

/// An office file with these parts beside its content types.
pub fn office_with(types: &[&str], more: &[(&str, &[u8])]) -> Vec<u8> {
    let (declared, root) = (content_types(types), relationship("officeDocument", "p0.xml", ""));
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", declared.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("p0.xml", b"<document/>"),
    ];
    parts.extend(more);
    zip(&parts)
}

pub fn picture(format: image::ImageFormat, side: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::RgbImage::from_fn(side, side, |x, y| image::Rgb([x as u8, y as u8, 7]))
        .write_to(&mut out, format)
        .unwrap();
    out.into_inner()
}
