//! What a text says, apart from how it is edited or shown: blocks, runs of words, tables.
//! The importer writes it, the item documents are read into it, publications consist of it.
//!
//! Lists are flat (kind and indent), as in the item documents; nesting is rebuilt on output.

use serde::{Deserialize, Serialize};

/// A run of words that look alike. A line break inside a block is `'\n'` in `text`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Inline {
    pub text: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub bold: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub italic: bool,
    /// Target of a link; only `http`, `https`, `mailto` and `tel` survive [`safe_link`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Inline {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Block {
    Paragraph {
        text: Vec<Inline>,
    },
    /// `level` 1 to 3, below the section's own heading.
    Heading {
        level: u8,
        text: Vec<Inline>,
    },
    /// `indent` 0 to [`MAX_INDENT`].
    ListItem {
        ordered: bool,
        indent: u8,
        text: Vec<Inline>,
    },
    Table {
        rows: Vec<Row>,
    },
}

/// The deepest list level that is kept, counted from zero.
pub const MAX_INDENT: u8 = 7;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Row {
    pub cells: Vec<Cell>,
}

/// A cell stands where no cell above or to its left spans; spans are at least 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Cell {
    #[serde(default, skip_serializing_if = "is_false")]
    pub header: bool,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub colspan: u16,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rowspan: u16,
    #[cfg_attr(feature = "schema", schema(no_recursion))]
    pub blocks: Vec<Block>,
}

fn is_false(value: &bool) -> bool {
    !value
}
fn one() -> u16 {
    1
}
fn is_one(value: &u16) -> bool {
    *value == 1
}

impl Block {
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: vec![Inline::plain(text)] }
    }

    /// The words without their looks; cells are separated by tabs, rows by line breaks.
    pub fn plain_text(&self) -> String {
        match self {
            Self::Paragraph { text } | Self::Heading { text, .. } | Self::ListItem { text, .. } => {
                text.iter().map(|run| run.text.as_str()).collect()
            }
            Self::Table { rows } => {
                let cell = |cell: &Cell| plain_text(&cell.blocks).replace('\n', " ");
                let row = |row: &Row| row.cells.iter().map(cell).collect::<Vec<_>>().join("\t");
                rows.iter().map(row).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

/// The words of several blocks, one block a line.
pub fn plain_text(blocks: &[Block]) -> String {
    blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join("\n")
}

/// The link if its scheme is one that a municipal text may point to, else `None`. A target
/// of `#` (lost in an earlier system) is none.
pub fn safe_link(target: &str) -> Option<&str> {
    let target = target.trim();
    let (scheme, rest) = target.split_once(':')?;
    let known = ["http", "https", "mailto", "tel"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
    (known && !rest.is_empty() && !target.chars().any(|c| c.is_control() || c == ' ')).then_some(target)
}

/// The sender and the at-points of a recommendation ("Kommunaldirektøren indstiller, 1. at …").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recommendation {
    /// A role, not a person: "Kommunaldirektøren". Empty where the text names none.
    pub sender: String,
    pub at_points: Vec<String>,
}

/// Reads a recommendation out of a section's blocks: the sender is what stands before
/// "indstiller", an at-point is each top-level numbered item.
pub fn recommendation(blocks: &[Block]) -> Recommendation {
    let mut found = Recommendation::default();
    for block in blocks {
        match block {
            Block::ListItem { ordered: true, indent: 0, .. } => {
                found.at_points.push(block.plain_text().trim().to_owned());
            }
            Block::Paragraph { .. } if found.sender.is_empty() => {
                if let Some((sender, _)) = block.plain_text().split_once("indstiller") {
                    found.sender = sender.trim().to_owned();
                }
            }
            _ => {}
        }
    }
    found
}

/// The text of a section of which there is nothing to say, as all published agendas have it.
pub const NOTHING_TO_NOTE: &str = "Intet at bemærke.";

/// The sections of a case text that every template knows, in canonical order, with the
/// Danish heading each is printed under. `decision` and `attachments` are not among them:
/// the first is a document of its own, the second a list of files.
pub const SECTIONS: [(&str, &str); 8] = [
    ("indstilling", "Indstilling"),
    ("resume", "Resumé"),
    ("sagsfremstilling", "Sagsfremstilling"),
    ("vision", "Kommunens vision og politikker"),
    ("oekonomi", "Økonomi"),
    ("lov", "Lovgrundlag"),
    ("borger", "Borgerperspektiv"),
    ("historik", "Historik"),
];
