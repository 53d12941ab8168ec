//! Everything that can be read out of a published file by somebody who looks: packed parts
//! unpacked, streams inflated, text that is drawn, said aloud or kept in names and bookmarks.
#![allow(dead_code, reason = "each test uses its part")]

use crate::paper::Paper;
use lopdf::{Document, Object};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// All that is in the file, each part under a name.
pub fn parts(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![(name.to_owned(), bytes.to_vec())];
    if bytes.starts_with(b"%PDF") {
        all.extend(of_pdf(bytes).into_iter().map(|part| (format!("{name}: inside"), part)));
    } else if bytes.starts_with(b"PK\x03\x04") {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut part = Vec::new();
            let inner = file.name().unwrap().into_owned();
            file.read_to_end(&mut part).unwrap();
            all.extend(parts(&format!("{name}/{inner}"), &part));
        }
    }
    all
}

fn of_pdf(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for object in Document::load_mem(bytes).unwrap().objects.values() {
        if let Object::Stream(stream) = object {
            all.push(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        }
        strings(object, &mut all);
    }
    let paper = Paper::of(bytes);
    all.extend([paper.text(), paper.read_aloud(), paper.structure().join("\n")].map(String::into_bytes));
    all
}

fn strings(object: &Object, all: &mut Vec<Vec<u8>>) {
    match object {
        Object::String(text, _) | Object::Name(text) => all.push(text.clone()),
        Object::Array(many) => many.iter().for_each(|one| strings(one, all)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, one)| strings(one, all)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, one)| strings(one, all)),
        _ => {}
    }
}

/// Whether the word stands in the bytes, as text or as PDF and Windows write it.
pub fn has(bytes: &[u8], word: &str) -> bool {
    let wide = |order: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let forms = [word.as_bytes().to_vec(), wide(u16::to_be_bytes), wide(u16::to_le_bytes)];
    forms.iter().any(|form| bytes.windows(form.len()).any(|window| window == form))
}
