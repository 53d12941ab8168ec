//! The blocks of a table cell, or of any text with block tags: `<p>`, `<ul>`, `<ol>`, `<li>`,
//! headings and tables.

use crate::{
    html_table::{self, MAX_NESTED},
    inline::{self, Looks},
};
use agenda::content::{Block, MAX_INDENT};

/// The blocks of a text; without block tags that is one paragraph, of an empty text none.
/// Targets of links that were lost are added to `dead`.
pub(crate) fn blocks(text: &str, dead: &mut Vec<String>) -> Vec<Block> {
    blocks_in_table(text, dead, 0)
}

/// [`blocks`] of a cell that stands in as many tables.
pub(crate) fn blocks_in_table(text: &str, dead: &mut Vec<String>, tables: u8) -> Vec<Block> {
    let mut reader = Reader { tables, ..Reader::default() };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let used = if c == '<' { reader.tag(rest) } else { None };
        let used = used.unwrap_or_else(|| {
            reader.buffer.push(c);
            c.len_utf8()
        });
        rest = rest.get(used..).unwrap_or_default();
    }
    reader.flush();
    dead.append(&mut reader.looks.dead);
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    buffer: String,
    /// Open lists; `true` is a numbered one.
    lists: Vec<bool>,
    in_item: bool,
    /// The level of the open heading.
    heading: Option<u8>,
    /// Tables that the text stands in, or the most, where no more are to be read.
    tables: u8,
    looks: Looks,
}

impl Reader {
    fn tag(&mut self, rest: &str) -> Option<usize> {
        let (name, closing, _, used) = inline::tag(rest)?;
        match name.as_str() {
            "p" | "div" => self.flush(),
            "ul" | "ol" => {
                self.flush();
                if !closing {
                    self.lists.push(name == "ol");
                } else if self.lists.pop().is_none() {
                    return Some(used);
                }
                self.in_item = false;
            }
            "li" => {
                self.flush();
                self.in_item = !closing;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = (!closing).then(|| heading_level(&name));
            }
            "table" if !closing && self.tables < MAX_NESTED => return self.table(rest),
            _ => return None,
        }
        Some(used)
    }

    /// A table that is never closed stays text, and so do those after it: each search for the
    /// end takes as long as the text.
    fn table(&mut self, rest: &str) -> Option<usize> {
        let Some((mut blocks, used)) = html_table::read(rest, &mut self.looks.dead, self.tables) else {
            self.tables = MAX_NESTED;
            return None;
        };
        self.flush();
        self.blocks.append(&mut blocks);
        Some(used)
    }

    fn flush(&mut self) {
        let text = inline::parse(&std::mem::take(&mut self.buffer), &mut self.looks);
        if text.is_empty() {
            return;
        }
        let indent = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(MAX_INDENT).min(MAX_INDENT);
        self.blocks.push(if let Some(level) = self.heading {
            Block::Heading { level, text }
        } else if self.in_item {
            Block::ListItem { ordered: self.lists.last().copied().unwrap_or_default(), indent, text }
        } else {
            Block::Paragraph { text }
        });
    }
}

/// `h4` is the outermost heading of a section's text, as in a published page.
fn heading_level(name: &str) -> u8 {
    let level: u8 = name.trim_start_matches('h').parse().unwrap_or(1);
    level.saturating_sub(3).clamp(1, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_paragraphs_and_nested_lists() {
        let cell =
            "<p>A</p> <p><b>B</p><p>C</b></p><ul><li>x<ol><li>y</li></ol></li><li><p>z</p></li></ul>slut";
        let blocks = blocks(cell, &mut Vec::new());
        let seen: Vec<_> = blocks
            .iter()
            .map(|block| match block {
                Block::ListItem { ordered, indent, .. } => format!("{ordered}{indent}{}", block.plain_text()),
                Block::Paragraph { text } => format!("{}{}", block.plain_text(), text[0].bold),
                _ => String::new(),
            })
            .collect();
        assert_eq!(seen, ["Afalse", "Btrue", "Ctrue", "false0x", "true1y", "false0z", "slutfalse"]);
    }
}
