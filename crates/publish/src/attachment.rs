//! What a document says of an attachment that has a file: where it lies, what it is, how large.

use crate::proof::Stand;
use agenda::{
    event::FileKind,
    publication::{Publication, PublishedFile, PublishedItem},
};

/// Bytes of a kilobyte and a megabyte, as file managers count them.
const KILO: u64 = 1_000;
const MEGA: u64 = 1_000 * KILO;

/// Where the service serves the file: with the edition for everyone, or to members while the
/// agenda is a draft. Nobody serves the files of an agenda that was only read.
pub fn address(
    publication: &Publication,
    stand: Stand<'_>,
    item: &PublishedItem,
    file: &PublishedFile,
) -> Option<String> {
    let meeting = publication.meeting;
    match stand {
        Stand::Published(proof) => {
            let (edition, point, number) = (proof.edition, item.number, file.number);
            Some(format!("/dagsorden/{meeting}/{edition}/punkt/{point}/bilag/{number}"))
        }
        Stand::Imported => None,
        Stand::Draft => Some(format!("/api/meetings/{meeting}/items/{}/attachments/{}", item.id, file.id)),
    }
}

/// "PDF, 1,2 MB".
pub fn note(file: &PublishedFile) -> String {
    format!("{}, {}", kind(file.kind), size(file.size))
}

fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "PDF",
        FileKind::Docx => "Word",
        FileKind::Xlsx => "Excel",
        FileKind::Pptx => "PowerPoint",
        FileKind::Png => "PNG",
        FileKind::Jpeg => "JPEG",
        FileKind::Text => "tekst",
        FileKind::Csv => "CSV",
    }
}

fn size(bytes: u64) -> String {
    if bytes < KILO {
        return format!("{bytes} byte");
    }
    if bytes < MEGA {
        return format!("{} kB", bytes.div_ceil(KILO));
    }
    let tenths = bytes.div_ceil(MEGA / 10);
    format!("{},{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_say_them() {
        let said = [0, 999, 1_000, 70_001, 999_999, 1_000_000, 1_250_000, 52_428_800].map(size);
        assert_eq!(said, ["0 byte", "999 byte", "1 kB", "71 kB", "1000 kB", "1,0 MB", "1,3 MB", "52,5 MB"]);
    }
}
