//! The formats that an agenda is published in, by name.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A format by the name that the command line knows it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    Pdf,
    /// The PDF with its PDF attachments behind it.
    Samlet,
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
    pub const ALL: [Self; 10] = [
        Self::Pdf,
        Self::Samlet,
        Self::Html,
        Self::Docx,
        Self::Markdown,
        Self::Json,
        Self::Oparl,
        Self::AkomaNtoso,
        Self::Sbsys,
        Self::Zip,
    ];

    /// Those that one item can be had in by itself, for the case system.
    pub const OF_ITEMS: [Self; 3] = [Self::Html, Self::Docx, Self::Json];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Samlet => "samlet",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Oparl => "oparl",
            Self::AkomaNtoso => "akoma-ntoso",
            Self::Sbsys => "sbsys",
            Self::Zip => "zip",
        }
    }

    /// What the name of a file ends with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Samlet => "samlet.pdf",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Oparl => "oparl.json",
            Self::AkomaNtoso => "akn.xml",
            Self::Sbsys => "sbsys.xml",
            Self::Zip => "zip",
        }
    }

    /// The format of files whose name ends so.
    pub fn with_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf | Self::Samlet => "application/pdf",
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
