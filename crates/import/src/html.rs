//! The blocks of a table cell, or of any text with block tags: `<p>`, `<ul>`, `<ol>`, `<li>`.

use crate::inline::{self, Looks};
use agenda::content::{Block, MAX_INDENT};

/// The blocks of a text; without block tags that is one paragraph, of an empty text none.
/// Targets of links that were lost are added to `dead`.
pub(crate) fn blocks(text: &str, dead: &mut Vec<String>) -> Vec<Block> {
    let mut reader = Reader::default();
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
            _ => return None,
        }
        Some(used)
    }

    fn flush(&mut self) {
        let text = inline::parse(&std::mem::take(&mut self.buffer), &mut self.looks);
        if text.is_empty() {
            return;
        }
        let indent = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(MAX_INDENT).min(MAX_INDENT);
        self.blocks.push(if self.in_item {
            Block::ListItem { ordered: self.lists.last().copied().unwrap_or_default(), indent, text }
        } else {
            Block::Paragraph { text }
        });
    }
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
