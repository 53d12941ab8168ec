//! What an agenda is published as, and the one way from that to its bytes.

use crate::{
    Format, Stand, akoma_ntoso, archive,
    danish::capitalised,
    docx, extract,
    files::Files,
    html, json, markdown, oparl,
    pdf::{self, PdfError, Warning},
    samlet, sbsys,
    wording::{DRAFT, kind},
};
use agenda::{language::Language, publication::Publication};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The folder of the items' extracts.
const ITEMS: &str = "punkter";

/// Where the agenda with its attachments stands.
const SAMLET: &str = "dagsorden-samlet.pdf";

/// Longest name of a forum in the name of a file, in characters.
const MAX_NAME: usize = 80;

/// The whole agenda in a format, or one item of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Artefact {
    Whole(Format),
    /// The item at this place, counted from 1, for the case system. Numbers may repeat.
    Item(usize, Format),
}

impl Artefact {
    pub fn format(self) -> Format {
        let (Self::Whole(format) | Self::Item(_, format)) = self;
        format
    }

    /// Everything that can be made of the agenda.
    pub fn all(publication: &Publication) -> impl Iterator<Item = Self> + use<> {
        let of_item = |place| Format::OF_ITEMS.into_iter().map(move |format| Self::Item(place, format));
        let items = (1..=publication.items.len()).flat_map(of_item);
        Format::ALL.into_iter().map(Self::Whole).chain(items)
    }

    /// Where it stands in the archive, and below the address of its edition: "dagsorden.pdf",
    /// "punkter/punkt-3.docx".
    pub fn path(self) -> String {
        match self {
            Self::Whole(Format::Samlet) => SAMLET.to_owned(),
            Self::Whole(format) => format!("dagsorden.{}", format.extension()),
            Self::Item(place, format) => format!("{ITEMS}/punkt-{place}.{}", format.extension()),
        }
    }

    /// The artefact of a path.
    pub fn at(path: &str) -> Option<Self> {
        if path == SAMLET {
            return Some(Self::Whole(Format::Samlet));
        }
        if let Some(extension) = path.strip_prefix("dagsorden.") {
            let format = Format::with_extension(extension).filter(|format| *format != Format::Samlet);
            return format.map(Self::Whole);
        }
        let item = path.strip_prefix(ITEMS)?.strip_prefix("/punkt-")?;
        let (place, extension) = item.split_once('.')?;
        let format = Format::with_extension(extension).filter(|format| Format::OF_ITEMS.contains(format))?;
        Some(Self::Item(place.parse().ok()?, format))
    }

    /// What a browser calls the file: "Dagsorden Chefforum 2026-06-17.pdf".
    pub fn file_name(self, publication: &Publication, stand: Stand<'_>) -> String {
        let mark = if stand == Stand::Draft { format!("{DRAFT} ") } else { String::new() };
        let kind = capitalised(&kind(publication).to_lowercase());
        let plain = |c: char| if c.is_alphanumeric() || " .,&()".contains(c) { c } else { '-' };
        let forum: String = publication.forum.chars().take(MAX_NAME).map(plain).collect();
        let item = if let Self::Item(place, _) = self { format!(" punkt {place}") } else { String::new() };
        let date = publication.date;
        let corrected = if publication.correction.is_some() { " rettet" } else { "" };
        format!("{mark}{kind} {} {date}{corrected}{item}.{}", forum.trim(), self.format().extension())
    }

    /// Whether the agenda has it.
    pub fn is_of(self, publication: &Publication) -> bool {
        match self {
            Self::Whole(_) => true,
            Self::Item(place, _) => (1..=publication.items.len()).contains(&place),
        }
    }

    /// Whether the text decides what it costs to make, so that it is made in a process of its own.
    pub fn is_costly(self) -> bool {
        // A Word document has the pages of the PDF in its table of contents.
        matches!(self, Self::Whole(Format::Pdf | Format::Samlet | Format::Docx | Format::Zip))
    }
}

impl From<Format> for Artefact {
    fn from(format: Format) -> Self {
        Self::Whole(format)
    }
}

/// The bytes of an artefact, and what a person should know about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub bytes: Vec<u8>,
    pub warnings: Vec<Warning>,
}

impl From<Vec<u8>> for Rendered {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, warnings: Vec::new() }
    }
}

impl From<String> for Rendered {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// Why an artefact cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenderError {
    Pdf(PdfError),
    NoItem {
        place: usize,
        items: usize,
    },
    NotOfItems(Format),
    /// The agenda and its attachments do not make one file.
    Join,
    /// More than four gigabytes, for one.
    Pack(String),
}

impl RenderError {
    /// What a person is told, with what to do about it.
    pub fn explain(&self, language: Language) -> String {
        match self {
            Self::Pdf(error) => error.explain(language),
            Self::NoItem { place, items } => language.pick(
                format!("Der er intet punkt {place}. Antal punkter på dagsordenen: {items}."),
                format!("There is no item {place}. Number of items on the agenda: {items}."),
            ),
            Self::NotOfItems(format) => {
                let known = Format::OF_ITEMS.map(Format::name).join(", ");
                language.pick(
                    format!("Et enkelt punkt kan ikke hentes som {format}; brug en af: {known}."),
                    format!("A single item cannot be had as {format}; use one of: {known}."),
                )
            }
            Self::Join => language
                .pick(
                    "Dagsorden og bilag kunne ikke samles i én fil. Meld fejlen, og hent dem hver for sig imens.",
                    "The agenda and its attachments could not be joined. Report it, and use them one by one meanwhile.",
                )
                .to_owned(),
            Self::Pack(reason) => language.pick(
                format!("Filen kunne ikke pakkes: {reason}."),
                format!("The file could not be packed: {reason}."),
            ),
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain(Language::English))
    }
}

impl std::error::Error for RenderError {}

impl From<zip::result::ZipError> for RenderError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Pack(error.to_string())
    }
}

impl From<PdfError> for RenderError {
    fn from(error: PdfError) -> Self {
        Self::Pdf(error)
    }
}

/// [`render_with`] where no file of an attachment is at hand.
pub fn render(
    artefact: impl Into<Artefact>,
    publication: &Publication,
    stand: Stand<'_>,
) -> Result<Rendered, RenderError> {
    render_with(artefact, publication, stand, &Files::new())
}

/// The bytes of an artefact: the same for the same arguments, always. `files` are those that
/// [`crate::wanted`] names; one that is missing is named in the artefact, and is not in it.
pub fn render_with(
    artefact: impl Into<Artefact>,
    publication: &Publication,
    stand: Stand<'_>,
    files: &Files,
) -> Result<Rendered, RenderError> {
    Ok(match artefact.into() {
        Artefact::Item(place, format) => extract::extract(publication, stand, place, format)?.into(),
        Artefact::Whole(format) => match format {
            Format::Pdf => pdf::pdf(publication, stand)?,
            Format::Samlet => samlet::samlet(publication, stand, files)?,
            Format::Html => html::html(publication, stand).into(),
            Format::Docx => docx::docx(publication, stand)?.into(),
            Format::Markdown => markdown::markdown(publication, stand).into(),
            Format::Json => json::json(publication, stand).into(),
            Format::Oparl => oparl::oparl(publication, stand).into(),
            Format::AkomaNtoso => akoma_ntoso::akoma_ntoso(publication, stand).into(),
            Format::Sbsys => sbsys::sbsys(publication, stand).into(),
            Format::Zip => archive::archive(publication, stand, files)?,
        },
    })
}
