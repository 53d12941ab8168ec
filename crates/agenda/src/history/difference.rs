//! What a difference says: the shapes that [`super::diff`] fills in and readers are given.

use crate::content::Inline;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Change {
    Kept,
    Inserted,
    Deleted,
}

/// Words that look alike, share a fate, and have one author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DiffRun {
    pub change: Change,
    #[serde(flatten)]
    pub words: Inline,
    /// It was kept, but looks different from before: bold, italic or a link.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restyled: bool,
    /// Who wrote it, or who deleted it: a place in the list of credits.
    #[cfg_attr(feature = "schema", schema(required))]
    pub credit: Option<u32>,
}

/// What a block of words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum BlockKind {
    Paragraph,
    Heading { level: u8 },
    ListItem { ordered: bool, indent: u8 },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum DiffBlock {
    /// `change` is that of the block's beginning: kept words in a deleted block were joined to
    /// those above, kept words in an inserted one were split off.
    Text {
        change: Change,
        kind: BlockKind,
        /// What it was before, if it became something else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<BlockKind>,
        /// Who began or removed the block.
        #[cfg_attr(feature = "schema", schema(required))]
        credit: Option<u32>,
        runs: Vec<DiffRun>,
    },
    Table {
        change: Change,
        rows: Vec<DiffRow>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DiffRow {
    pub change: Change,
    pub cells: Vec<DiffCell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DiffCell {
    pub change: Change,
    pub header: bool,
    /// It was kept, but became a header, or is none any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub became: bool,
    pub colspan: u16,
    pub rowspan: u16,
    #[cfg_attr(feature = "schema", schema(no_recursion))]
    pub blocks: Vec<DiffBlock>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DiffSection {
    pub key: String,
    /// "Intet at bemærke.", before and after.
    pub nothing_before: bool,
    pub nothing_after: bool,
    pub changed: bool,
    pub blocks: Vec<DiffBlock>,
}

/// Whether anything in a block is not as it was.
pub(super) fn is_changed(block: &DiffBlock) -> bool {
    match block {
        DiffBlock::Text { change, was, runs, .. } => {
            *change != Change::Kept
                || was.is_some()
                || runs.iter().any(|run| run.change != Change::Kept || run.restyled)
        }
        DiffBlock::Table { change, rows } => {
            let cell = |cell: &DiffCell| {
                cell.change != Change::Kept || cell.became || cell.blocks.iter().any(is_changed)
            };
            *change != Change::Kept
                || rows.iter().any(|row| row.change != Change::Kept || row.cells.iter().any(cell))
        }
    }
}
