//! What an import yields. The JSON of [`Imported`] is a public interface: `dagsorden import
//! --dry-run --format json` prints it.

use agenda::content::Block;
use serde::Serialize;

/// What a document calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Agenda,
    /// Tillægsdagsorden.
    Supplement,
    Minutes,
}

/// One document as it was read. Line numbers count from 1 in the text that was given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Imported {
    /// `None` where the first lines name neither DAGSORDEN nor REFERAT.
    pub kind: Option<Kind>,
    pub forum: Option<String>,
    /// ISO: `2026-06-17`.
    pub date: Option<String>,
    /// `09:00`.
    pub time: Option<String>,
    pub place: Option<String>,
    pub participants: Vec<Participant>,
    pub toc: Vec<TocEntry>,
    pub items: Vec<Item>,
    /// Lines, or rests of lines, that fit nowhere.
    pub unplaced: Vec<Note>,
    /// What a person should look at, in Danish. Nothing was refused or corrected.
    pub warnings: Vec<Note>,
}

/// A line of the source and something about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    pub line: usize,
    pub text: String,
}

impl Note {
    pub(crate) fn new(line: usize, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Participant {
    pub name: String,
    /// "Afdelingschef X + konstitueret afdelingschef for Y" are two roles.
    pub roles: Vec<String>,
}

/// A line of the table of contents; the title may be cut short in the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    pub title: String,
    pub page: Option<u32>,
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Item {
    pub number: u32,
    pub title: String,
    /// Verbatim, valid or not.
    pub journal_number: Option<String>,
    /// Whether it keeps the grammar `dd.dd.dd-Fdd-n-yy` with a known facet letter.
    pub journal_number_valid: bool,
    /// From the mark "(20 min.)", which is kept out of the blocks.
    pub minutes: Option<u32>,
    pub sections: Vec<Section>,
    pub decision: Option<Decision>,
    /// Names of the attachments.
    pub attachments: Vec<String>,
    /// The source line of each of `attachments`.
    #[serde(skip)]
    pub attachment_lines: Vec<usize>,
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// One of the keys of [`agenda::content::SECTIONS`].
    pub key: String,
    /// As the source has it, without marks.
    pub heading: String,
    /// The text was "Intet at bemærke."; `blocks` is then empty.
    pub nothing: bool,
    /// Only of `indstilling`: the text of each at-point.
    pub at_points: Vec<String>,
    pub blocks: Vec<Block>,
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub heading: String,
    /// Numbered points that begin with "at", where the decision answers point by point.
    pub at_points: Vec<String>,
    pub blocks: Vec<Block>,
    pub line: usize,
}
