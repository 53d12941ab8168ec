//! Word, Excel and PowerPoint files: ZIP archives of XML parts, opened as an office program
//! would, with a limit on what they unpack to.

use crate::Refusal;
use agenda::event::FileKind;
use roxmltree::Document;
use std::{
    io::{Cursor, Read},
    str,
};
use zip::{ZipArchive, read::ZipReadOptions};

/// Most parts of one file.
const MAX_PARTS: usize = 10_000;
/// Most bytes that all parts unpack to.
const MAX_UNPACKED_BYTES: u64 = 300 << 20;
/// Largest part that is read as XML here, in bytes.
const MAX_XML_BYTES: usize = 4 << 20;

const CONTENT_TYPES: &str = "[Content_Types].xml";
/// A relationship to somewhere else may be a link that a person follows, and nothing else.
const HYPERLINK: &str = "/hyperlink";
/// Parts that act by themselves, by a piece of their content type.
const ACTIVE: [&str; 5] = ["macroenabled", "vbaproject", "vbadata", "activex", "ms-office.intlmacrosheet"];
/// Parts that hold a file of any kind.
const OBJECT: [&str; 2] = ["oleobject", "vnd.openxmlformats-officedocument.package"];

pub fn check(kind: FileKind, bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?;
    if archive.offset() != 0 || !archive.comment().is_empty() || !ends_with_directory(bytes) {
        return Err(Refusal::Surplus);
    }
    if archive.len() > MAX_PARTS {
        return Err(Refusal::Bomb);
    }
    let mut unpacked: u64 = 0;
    let mut is_office = false;
    for index in 0..archive.len() {
        let part = part(&mut archive, index, MAX_UNPACKED_BYTES - unpacked)?;
        unpacked += part.size;
        check_name(&part.name)?;
        if part.name == CONTENT_TYPES {
            check_content_types(kind, part.xml()?)?;
            is_office = true;
        }
        if part.name.to_ascii_lowercase().ends_with(".rels") {
            check_relationships(part.xml()?)?;
        }
    }
    if is_office { Ok(()) } else { Err(Refusal::NotWhatItSays) }
}

/// The end-of-directory record without a comment is the last thing in the file.
fn ends_with_directory(bytes: &[u8]) -> bool {
    const RECORD_BYTES: usize = 22;
    let last = bytes.len().checked_sub(RECORD_BYTES).and_then(|from| bytes.get(from..));
    last.is_some_and(|record| record.starts_with(b"PK\x05\x06"))
}

struct Part {
    name: String,
    size: u64,
    /// Its beginning, up to [`MAX_XML_BYTES`].
    head: Vec<u8>,
}

impl Part {
    fn xml(&self) -> Result<&str, Refusal> {
        if self.size > self.head.len() as u64 {
            return Err(Refusal::Bomb);
        }
        let text = str::from_utf8(&self.head).map_err(|_| Refusal::Broken)?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

/// Unpacks one part to its end, counting; its checksum is checked on the way.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, allowed: u64) -> Result<Part, Refusal> {
    let options = ZipReadOptions::new().enforce_header_consistency(true);
    let file = archive.by_index_with_options(index, options).map_err(|_| Refusal::Broken)?;
    if file.encrypted() {
        return Err(Refusal::Encrypted);
    }
    let name = file.name().map_err(|_| Refusal::Broken)?.into_owned();
    let mut unpacking = file.take(allowed.saturating_add(1));
    let (mut size, mut head, mut buffer) = (0, Vec::new(), [0; 64 * 1024]);
    loop {
        let read = unpacking.read(&mut buffer).map_err(|_| Refusal::Broken)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        size += read as u64;
        if size > allowed {
            return Err(Refusal::Bomb);
        }
        let room = MAX_XML_BYTES.saturating_sub(head.len()).min(read);
        head.extend(piece.iter().take(room));
    }
    Ok(Part { name, size, head })
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let name = name.to_ascii_lowercase();
    if name.contains("vbaproject") || name.contains("vbadata") || name.contains("/activex/") {
        return Err(Refusal::Macros);
    }
    if name.contains("/embeddings/") && (name.ends_with(".bin") || name.contains("oleobject")) {
        return Err(Refusal::EmbeddedFile);
    }
    Ok(())
}

/// The main part is of the kind that the file's name says, and no part is of a kind that acts.
fn check_content_types(kind: FileKind, xml: &str) -> Result<(), Refusal> {
    let main = match kind {
        FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        _ => "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    };
    let document = Document::parse(xml).map_err(|_| Refusal::Broken)?;
    let mut found = false;
    for declared in document.descendants().filter_map(|node| node.attribute("ContentType")) {
        let declared = declared.to_ascii_lowercase();
        if ACTIVE.iter().any(|active| declared.contains(active)) {
            return Err(Refusal::Macros);
        }
        if OBJECT.iter().any(|object| declared.contains(object)) {
            return Err(Refusal::EmbeddedFile);
        }
        found |= declared == main;
    }
    if found { Ok(()) } else { Err(Refusal::NotWhatItSays) }
}

fn check_relationships(xml: &str) -> Result<(), Refusal> {
    let document = Document::parse(xml).map_err(|_| Refusal::Broken)?;
    for node in document.descendants() {
        let kind = node.attribute("Type").unwrap_or_default();
        let outside = node.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        if outside && !kind.ends_with(HYPERLINK) {
            return Err(Refusal::External);
        }
    }
    Ok(())
}
