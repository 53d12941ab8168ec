//! PNG and JPEG: decoded to the last pixel, with a limit on how many there are.

use crate::Refusal;
use agenda::event::FileKind;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, error::ImageError};
use memchr::memmem;
use std::io::Cursor;

/// Most pixels of a picture: some 64 million, above what cameras take.
const MAX_PIXELS: u64 = 64 << 20;
/// Longest side, in pixels.
const MAX_SIDE: u32 = 30_000;
/// Most memory that a decoder may take, in bytes: four bytes a pixel.
const MAX_DECODED_BYTES: u64 = 4 * MAX_PIXELS;

/// The last chunk of every PNG, with its checksum.
const PNG_END: &[u8] = b"IEND\xae\x42\x60\x82";

pub fn check(kind: FileKind, bytes: &[u8]) -> Result<(), Refusal> {
    let format = if kind == FileKind::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(Refusal::TooManyPixels);
    }
    DynamicImage::from_decoder(decoder).map(drop).map_err(refusal)?;
    check_end(kind, bytes)
}

/// A decoder forgives a JPEG that was cut, and looks at nothing behind a PNG. Cameras do store
/// more behind a JPEG.
fn check_end(kind: FileKind, bytes: &[u8]) -> Result<(), Refusal> {
    if kind == FileKind::Png {
        return if bytes.ends_with(PNG_END) { Ok(()) } else { Err(Refusal::Surplus) };
    }
    let (scan, end) = (memmem::rfind(bytes, b"\xff\xda"), memmem::rfind(bytes, b"\xff\xd9"));
    if end > scan { Ok(()) } else { Err(Refusal::Broken) }
}

fn refusal(error: ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Broken,
    }
}
