//! The PDF that is published: one file that is PDF/A-2a, for the archive, and PDF/UA-1, for
//! everyone. All that knows of Typst stands in the folder `pdf`.
//!
//! ```text
//! limits   what is refused before anything is set
//! words    text as it can be drawn; what cannot becomes a mark and a warning
//! sheet    the agenda as plain data for the template; body and table, its parts
//! fonts    embedded fonts
//! world    template + data -> pages -> bytes; agenda.typ, the template
//! streams  the ends of the file's streams, plain to every reader
//! ```
//!
//! Setting takes time and memory that the text decides, so it is done in a process of its own.

mod body;
mod fonts;
mod limits;
mod sheet;
mod streams;
mod table;
mod words;
mod world;

pub(crate) use sheet::{Listed, ListedItem};
pub(crate) use streams::with_plain_ends;

use crate::{artefact::Rendered, html::anchors, proof::Stand};
use agenda::{language::Language, publication::Publication};
use serde::{Deserialize, Serialize};

/// What became other than it was written, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// No embedded font has the character; a mark stands in its place. `item` is where it was
    /// met first, 0 for the cover.
    NoGlyph { character: char, item: u32, times: usize },
    /// The characters without a glyph past those that are named.
    MoreWithoutGlyph { times: usize },
    /// A table in a table in a table is set as lines of text.
    TableTooDeep { item: u32 },
    /// A link that no reader would open is set as words.
    LinkTooLong { item: u32 },
    /// What the typesetter says.
    Typesetter(String),
}

/// Why there is no PDF. Nothing of it is a fault of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PdfError {
    TooManyCells {
        item: u32,
        cells: usize,
        limit: usize,
    },
    TooManyColumns {
        item: u32,
        columns: usize,
        limit: usize,
    },
    TooLong {
        characters: usize,
        limit: usize,
    },
    TooManyItems {
        items: usize,
        limit: usize,
    },
    /// The typesetter refused what the rules above let through.
    Typesetter(String),
}

/// The agenda as a PDF. The same arguments give the same bytes.
pub fn pdf(publication: &Publication, stand: Stand<'_>) -> Result<Rendered, PdfError> {
    pdf_with_list(publication, stand, &[])
}

/// The same with a list of attachments at its end, if there are any.
pub(crate) fn pdf_with_list(
    publication: &Publication,
    stand: Stand<'_>,
    list: &[ListedItem],
) -> Result<Rendered, PdfError> {
    limits::check(publication)?;
    let mut words = words::Words::default();
    let sheet = sheet::sheet(publication, stand, &mut words).with_list(list, &mut words);
    let (bytes, told) = world::set(&sheet, &world::identity(publication, stand))?;
    let warnings = words.warnings().into_iter().chain(told.into_iter().map(Warning::Typesetter)).collect();
    Ok(Rendered { bytes: with_plain_ends(bytes), warnings })
}

/// The pages before the first item: the cover and the contents, where both are short.
const PAGES_BEFORE: u32 = 2;

/// How many pages the item takes in a PDF of [`crate::to_measure`], as the file says itself.
pub fn item_pages(pdf: &[u8]) -> Option<u32> {
    let (start, end) = (b"<xmpTPg:NPages>", b"</xmpTPg:NPages>");
    let at = pdf.windows(start.len()).rposition(|window| window == start)? + start.len();
    let rest = pdf.get(at..)?;
    let length = rest.windows(end.len()).position(|window| window == end)?;
    let pages: u32 = std::str::from_utf8(rest.get(..length)?).ok()?.parse().ok()?;
    pages.checked_sub(PAGES_BEFORE)
}

/// The page that each item begins on, as the PDF has it.
pub(crate) fn pages(publication: &Publication, stand: Stand<'_>) -> Result<Vec<u32>, PdfError> {
    limits::check(publication)?;
    let sheet = sheet::sheet(publication, stand, &mut words::Words::default());
    let anchors = anchors(publication);
    world::pages(&sheet, anchors.iter().map(|anchors| anchors.item.as_str()))
}

impl Warning {
    /// What a person is told.
    pub fn explain(&self, language: Language) -> String {
        match self {
            Self::NoGlyph { character, item, times } => {
                let (code, mark) = (u32::from(*character), words::MARK);
                let place = |item_word: &str, cover: &str| match item {
                    0 => cover.to_owned(),
                    item => format!("{item_word} {item}"),
                };
                language.pick(
                    format!(
                        "Tegnet U+{code:04X} findes ikke i skriften og er vist som {mark} ({times} gange, først i {}).",
                        place("punkt", "hovedet")
                    ),
                    format!(
                        "No font has the character U+{code:04X}; it is shown as {mark} ({times} times, first in {}).",
                        place("item", "the heading")
                    ),
                )
            }
            Self::MoreWithoutGlyph { times } => language.pick(
                format!("Yderligere {times} tegn findes ikke i skriften og er vist som {}.", words::MARK),
                format!("No font has {times} more characters; they are shown as {}.", words::MARK),
            ),
            Self::TableTooDeep { item } => language.pick(
                format!("Punkt {item}: En tabel inde i to andre tabeller er vist som linjer."),
                format!("Item {item}: a table inside two other tables is shown as lines."),
            ),
            Self::LinkTooLong { item } => language.pick(
                format!("Punkt {item}: Et link er for langt og er vist som almindelig tekst."),
                format!("Item {item}: a link is too long and is shown as plain text."),
            ),
            Self::Typesetter(text) => {
                language.pick(format!("Besked fra satsen: {text}."), format!("The typesetter says: {text}."))
            }
        }
    }
}

impl PdfError {
    /// What a person is told, with what to do about it.
    pub fn explain(&self, language: Language) -> String {
        match self {
            Self::TooManyCells { item, cells, limit } => language.pick(
                format!(
                    "En tabel i punkt {item} har {cells} felter; der er plads til {limit} i en PDF. Del \
                     tabellen, eller vedlæg den som bilag."
                ),
                format!(
                    "A table of item {item} has {cells} cells; a PDF has room for {limit}. Divide the table, \
                     or attach it."
                ),
            ),
            Self::TooManyColumns { item, columns, limit } => language.pick(
                format!(
                    "En tabel i punkt {item} er {columns} kolonner bred; der er plads til {limit} på en side. \
                     Del tabellen, eller vedlæg den som bilag."
                ),
                format!(
                    "A table of item {item} is {columns} columns wide; a page has room for {limit}. Divide the \
                     table, or attach it."
                ),
            ),
            Self::TooLong { characters, limit } => language.pick(
                format!(
                    "Dagsordenen har {characters} tegn; der er plads til {limit} i en PDF. Flyt tekst til bilag."
                ),
                format!("The agenda has {characters} characters; a PDF has room for {limit}. Attach some of it."),
            ),
            Self::TooManyItems { items, limit } => language.pick(
                format!("Dagsordenen har {items} punkter; der er plads til {limit} i en PDF. Del den."),
                format!("The agenda has {items} items; a PDF has room for {limit}. Divide it."),
            ),
            Self::Typesetter(text) => language.pick(
                format!("PDF-filen kunne ikke sættes: {text}. Meld fejlen, og brug websiden imens."),
                format!("The PDF could not be set: {text}. Report it, and use the web page meanwhile."),
            ),
        }
    }
}
