//! What a PDF claims of itself in its metadata (XMP): that it is for everyone (PDF/UA-1) and for
//! the archive (PDF/A, level A). The joined file makes a claim only if each part makes it, and if a
//! validator then finds no rule of it broken: what somebody else's file says of itself proves nothing.

use lopdf::{Document, Object};
use page_validation::{ValidationOptions, ValidationProfile, is_pdf_compliant_bytes};
use std::panic::catch_unwind;

/// Longest metadata that is read, in bytes.
const MAX_METADATA_BYTES: usize = 1 << 20;

/// The claims of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub everyone: bool,
    pub archive: bool,
}

impl Claim {
    pub const ALL: Self = Self { everyone: true, archive: true };

    /// What the file says, where its tags bear it out.
    pub fn of(document: &Document) -> Self {
        let xmp = metadata(document).unwrap_or_default();
        let tagged = is_tagged(document);
        let says = |name: &str| value(&xmp, name).unwrap_or_default();
        Self {
            everyone: tagged && says("pdfuaid:part") == "1",
            archive: tagged
                && ["1", "2"].contains(&says("pdfaid:part"))
                && says("pdfaid:conformance") == "A"
                && colours_are_rgb(document),
        }
    }

    /// What of it is true of the file, as far as a program can tell. `bytes` make the claim.
    pub fn borne_out(self, bytes: &[u8]) -> Self {
        Self {
            everyone: self.everyone && holds(bytes, ValidationProfile::PdfUa1),
            archive: self.archive && holds(bytes, ValidationProfile::PdfA2a),
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self { everyone: self.everyone && other.everyone, archive: self.archive && other.archive }
    }
}

/// A file that the validator cannot read, or fails at, is not one that it has confirmed.
fn holds(bytes: &[u8], profile: ValidationProfile) -> bool {
    let options = ValidationOptions::default().profile(profile);
    catch_unwind(|| is_pdf_compliant_bytes(bytes, &options)).is_ok_and(|checked| checked.unwrap_or(false))
}

/// Whether the reading order and the meaning of all content is there to be read.
pub fn is_tagged(document: &Document) -> bool {
    let marked = || {
        let catalog = document.catalog().ok()?;
        let info =
            catalog.get(b"MarkInfo").and_then(|info| document.dereference(info)).ok()?.1.as_dict().ok()?;
        Some(catalog.has(b"StructTreeRoot") && info.get(b"Marked").and_then(Object::as_bool).ok()?)
    };
    marked().unwrap_or(false)
}

/// The joined file has the agenda's colours (sRGB); a part that needs others is not for the archive in it.
fn colours_are_rgb(document: &Document) -> bool {
    let intents = || {
        let catalog = document.catalog().ok()?;
        let (_, intents) = document.dereference(catalog.get(b"OutputIntents").ok()?).ok()?;
        intents.as_array().ok()
    };
    let is_rgb = |intent: &Object| {
        let intent = document.dereference(intent).ok()?.1.as_dict().ok()?;
        let profile =
            document.dereference(intent.get(b"DestOutputProfile").ok()?).ok()?.1.as_stream().ok()?;
        profile.dict.get(b"N").ok()?.as_i64().ok()
    };
    intents().is_none_or(|all| all.iter().all(|intent| is_rgb(intent) == Some(3)))
}

fn metadata(document: &Document) -> Option<String> {
    let stream =
        document.dereference(document.catalog().ok()?.get(b"Metadata").ok()?).ok()?.1.as_stream().ok()?;
    let bytes = if stream.dict.has(b"Filter") {
        stream.decompressed_content_with_limit(MAX_METADATA_BYTES).ok()?
    } else {
        stream.content.get(..MAX_METADATA_BYTES.min(stream.content.len()))?.to_vec()
    };
    String::from_utf8(bytes).ok()
}

/// A property's value, as element or as attribute.
fn value<'a>(xmp: &'a str, name: &str) -> Option<&'a str> {
    let element = || xmp.split_once(&format!("<{name}>"))?.1.split_once('<');
    let attribute = || xmp.split_once(&format!("{name}=\""))?.1.split_once('"');
    element().or_else(attribute).map(|(value, _)| value.trim())
}

/// Writes into the agenda's metadata what is true of the joined file.
pub fn write(document: &mut Document, claim: Claim, pages: usize, instance: &str) -> Option<()> {
    let mut xmp = metadata(document)?;
    if !claim.everyone {
        xmp = xmp.replace("<pdfuaid:part>1</pdfuaid:part>", "");
    }
    if !claim.archive {
        xmp = xmp.replace("<pdfaid:part>2</pdfaid:part>", "");
        xmp = xmp.replace("<pdfaid:conformance>A</pdfaid:conformance>", "");
    }
    for (name, new) in [("xmpTPg:NPages", pages.to_string().as_str()), ("xmpMM:InstanceID", instance)] {
        if let Some(old) = value(&xmp, name) {
            xmp = xmp.replace(&format!("<{name}>{old}</{name}>"), &format!("<{name}>{new}</{name}>"));
        }
    }
    let id = document.catalog().ok()?.get(b"Metadata").ok()?.as_reference().ok()?;
    let stream = document.get_object_mut(id).ok()?.as_stream_mut().ok()?;
    stream.set_plain_content(xmp.into_bytes());
    Some(())
}
