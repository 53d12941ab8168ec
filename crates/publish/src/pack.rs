//! ZIP files that are the same bytes for the same content: one order, one time, no traces of
//! the machine.

use crate::artefact::RenderError;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Level of deflate; written down so that no change of a default changes a file.
const LEVEL: i64 = 6;

/// Files that name the content hash: they are not compressed, so that an archive that was altered still
/// shows in its own bytes which edition it was.
const PLAIN: [&str; 2] = ["docProps/core.xml", "manifest.json"];

/// The files in the order given, dated 1980-01-01, the first moment that ZIP knows.
pub fn pack<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, RenderError> {
    let options =
        SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let plain = PLAIN.contains(&name);
        let method = if plain { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(
            name,
            options.compression_method(method).compression_level((!plain).then_some(LEVEL)),
        )?;
        zip.write_all(bytes).map_err(zip::result::ZipError::from)?;
    }
    Ok(zip.finish()?.into_inner())
}
