//! Whether a file may be an attachment: a pure function from its name and bytes to a verdict.
//!
//! A file is taken in if its name, its first bytes and a real parse agree that it is of one of
//! a few kinds, and nothing in it acts by itself, hides something else or reaches out. Everything
//! that is not known to be harmless is refused, with the reason and what to do.
//!
//! ```text
//! pdf       PDF: no encryption, script, action, embedded file, XFA; nothing before or after it
//! office    Word, Excel, PowerPoint: no macro, control, embedded object; fetches nothing
//! picture   PNG, JPEG: decoded, with a limit on pixels
//! plain     text and CSV: UTF-8
//! refusal   the reasons, and what a person is told
//! ```

mod office;
mod pdf;
mod picture;
mod plain;
mod refusal;

pub use refusal::Refusal;

use agenda::event::FileKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest file that is taken in, in bytes.
pub const MAX_FILE_BYTES: u64 = 50 * 1024 * 1024;

/// The kind of the file, if it may be an attachment.
pub fn inspect(name: &str, bytes: &[u8]) -> Result<FileKind, Refusal> {
    let kind = FileKind::of_name(name).ok_or(Refusal::UnknownKind)?;
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge);
    }
    if !begins_as(kind, bytes) {
        return Err(Refusal::NotWhatItSays);
    }
    // A parser of ours or another's that gives up on hostile bytes refuses them.
    catch_unwind(AssertUnwindSafe(|| parse(kind, bytes))).unwrap_or(Err(Refusal::Broken))?;
    Ok(kind)
}

/// A PDF that may be an attachment, parsed.
pub fn open_pdf(bytes: &[u8]) -> Result<lopdf::Document, Refusal> {
    catch_unwind(AssertUnwindSafe(|| pdf::open(bytes))).unwrap_or(Err(Refusal::Broken))
}

fn begins_as(kind: FileKind, bytes: &[u8]) -> bool {
    match kind {
        FileKind::Pdf => bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2."),
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => bytes.starts_with(b"PK\x03\x04"),
        FileKind::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        FileKind::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
        FileKind::Text | FileKind::Csv => !plain::is_markup(bytes),
    }
}

fn parse(kind: FileKind, bytes: &[u8]) -> Result<(), Refusal> {
    match kind {
        FileKind::Pdf => pdf::open(bytes).map(|_| ()),
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => office::check(kind, bytes),
        FileKind::Png | FileKind::Jpeg => picture::check(kind, bytes),
        FileKind::Text | FileKind::Csv => plain::check(bytes),
    }
}
