//! The formats that an agenda is published in, and the one way from a format to its bytes.

use crate::{Stand, akoma_ntoso, archive, docx, html, json, markdown, oparl, sbsys};
use agenda::publication::Publication;
use std::{fmt, str::FromStr};

/// A format by the name that the command line and file names know it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Html,
    Docx,
    Markdown,
    Json,
    Oparl,
    AkomaNtoso,
    Sbsys,
    /// All the others, the extracts of the items, and a manifest.
    Zip,
}

impl Format {
    pub const ALL: [Self; 8] = [
        Self::Html,
        Self::Docx,
        Self::Markdown,
        Self::Json,
        Self::Oparl,
        Self::AkomaNtoso,
        Self::Sbsys,
        Self::Zip,
    ];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Oparl => "oparl",
            Self::AkomaNtoso => "akn",
            Self::Sbsys => "sbsys",
            Self::Zip => "zip",
        }
    }

    /// What a file of this format is called.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Html => "dagsorden.html",
            Self::Docx => "dagsorden.docx",
            Self::Markdown => "dagsorden.md",
            Self::Json => "dagsorden.json",
            Self::Oparl => "dagsorden.oparl.json",
            Self::AkomaNtoso => "dagsorden.akn.xml",
            Self::Sbsys => "dagsorden.sbsys.xml",
            Self::Zip => "dagsorden.zip",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json | Self::Oparl => "application/json",
            Self::AkomaNtoso => "application/akn+xml",
            Self::Sbsys => "application/xml",
            Self::Zip => "application/zip",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no format; use one of: {list}", list = Format::ALL.map(Format::name).join(", "))]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Why a document could not be made: a text of more than four gigabytes, for one.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be packed: {0}")]
pub struct RenderError(#[from] pub(crate) zip::result::ZipError);

/// The agenda in one format: the same bytes for the same arguments, always.
pub fn render(format: Format, publication: &Publication, stand: Stand<'_>) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::Html => html::html(publication, stand).into_bytes(),
        Format::Docx => docx::docx(publication, stand)?,
        Format::Markdown => markdown::markdown(publication, stand).into_bytes(),
        Format::Json => json::json(publication, stand).into_bytes(),
        Format::Oparl => oparl::oparl(publication, stand).into_bytes(),
        Format::AkomaNtoso => akoma_ntoso::akoma_ntoso(publication, stand).into_bytes(),
        Format::Sbsys => sbsys::sbsys(publication, stand).into_bytes(),
        Format::Zip => archive::archive(publication, stand, vec![])?,
    })
}
