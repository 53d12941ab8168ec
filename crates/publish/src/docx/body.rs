//! The text of a section: paragraphs, headings, lists, and words with their looks.

use super::table;
use crate::{
    escape::push_text,
    runs::{is_blank, links},
    tree::{List, Node, tree},
};
use agenda::content::{Block, Inline};

/// The section's own heading is of level 2, so the outermost heading in it is of level 3.
const SECTION_HEADING: u8 = 2;
/// Word has nine levels of list, counted from 0.
const LAST_LIST_LEVEL: usize = 8;

/// The document as far as it is written, and what its other parts have to know of it.
pub struct Writer {
    /// The content of `w:body`.
    pub xml: String,
    /// Targets of links; the first is relationship `l0`.
    pub targets: Vec<String>,
    /// The level of each numbered list; the first is `w:num` [`super::numbering::FIRST_LIST`].
    pub numbered: Vec<usize>,
    /// Tables so far in the document.
    pub tables: u32,
    /// Where the writing has got to, for what has to be named by it.
    pub item: u32,
    pub section: String,
    /// How wide the page is there, or the cell, in twentieths of a point.
    pub width: usize,
}

/// How a paragraph looks, and where in a list it stands.
#[derive(Clone, Copy, Default)]
pub struct Looks<'a> {
    pub style: Option<&'a str>,
    /// `w:numId` and level.
    pub list: Option<(usize, usize)>,
    /// All words are bold.
    pub bold: bool,
}

impl Writer {
    /// An empty document.
    pub fn new() -> Self {
        Self {
            xml: String::new(),
            targets: Vec::new(),
            numbered: Vec::new(),
            tables: 0,
            item: 0,
            section: String::new(),
            width: table::TEXT_WIDTH,
        }
    }

    /// Writes the blocks of a section.
    pub fn blocks(&mut self, blocks: &[Block]) {
        for node in tree(blocks) {
            match node {
                Node::Heading { text, .. } if is_blank(text) => {}
                Node::Heading { depth, text } => {
                    let style = format!("Heading{}", SECTION_HEADING + depth);
                    self.paragraph(Looks { style: Some(&style), ..Looks::default() }, text);
                }
                node => self.node(&node),
            }
        }
    }

    /// Writes the blocks of a cell, which has to end with a paragraph. A heading there is bold
    /// words: it heads a part of the cell, not of the document.
    pub fn cell(&mut self, blocks: &[Block], bold: bool) {
        let nodes = tree(blocks);
        for node in &nodes {
            match node {
                Node::Heading { text, .. } => self.paragraph(Looks { bold: true, ..Looks::default() }, text),
                Node::Paragraph(text) => self.paragraph(Looks { bold, ..Looks::default() }, text),
                node => self.node(node),
            }
        }
        // A table brings the paragraph after it, unless it has no rows and is left out.
        if nodes.last().is_none_or(|node| matches!(node, Node::Table(rows) if rows.is_empty())) {
            self.xml.push_str("<w:p/>\n");
        }
    }

    fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Paragraph(text) | Node::Heading { text, .. } => self.paragraph(Looks::default(), text),
            Node::List(list) => self.list(list, 0),
            Node::Table(rows) => table::table(self, rows),
        }
    }

    /// A list of plain texts.
    pub fn names<'a>(&mut self, ordered: bool, names: impl Iterator<Item = &'a str>) {
        let list = Some((self.list_number(ordered, 0), 0));
        for name in names {
            self.paragraph(Looks { list, ..Looks::default() }, &[Inline::plain(name)]);
        }
    }

    fn list(&mut self, list: &List<'_>, depth: usize) {
        let level = depth.min(LAST_LIST_LEVEL);
        let number = self.list_number(list.ordered, level);
        for entry in &list.entries {
            self.paragraph(Looks { list: Some((number, level)), ..Looks::default() }, entry.text);
            entry.lists.iter().for_each(|nested| self.list(nested, depth + 1));
        }
    }

    /// The `w:numId` of a new list. All bulleted ones are one; a numbered one counts by itself.
    fn list_number(&mut self, ordered: bool, level: usize) -> usize {
        if !ordered {
            return super::numbering::BULLETS;
        }
        self.numbered.push(level);
        super::numbering::FIRST_LIST + self.numbered.len() - 1
    }

    pub fn paragraph(&mut self, looks: Looks<'_>, text: &[Inline]) {
        self.open_paragraph(looks);
        self.inlines(text, looks.bold);
        self.xml.push_str("</w:p>\n");
    }

    pub fn open_paragraph(&mut self, looks: Looks<'_>) {
        self.xml.push_str("<w:p>");
        if looks.style.is_none() && looks.list.is_none() {
            return;
        }
        self.xml.push_str("<w:pPr>");
        let style = looks.style.or(looks.list.map(|_| "ListParagraph"));
        if let Some(style) = style {
            self.xml.push_str(&format!("<w:pStyle w:val=\"{style}\"/>"));
        }
        if let Some((number, level)) = looks.list {
            self.xml.push_str(&format!(
                "<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{number}\"/></w:numPr>"
            ));
        }
        self.xml.push_str("</w:pPr>");
    }

    /// Writes words with their looks.
    fn inlines(&mut self, text: &[Inline], bold: bool) {
        for (target, runs) in links(text) {
            if let Some(target) = target {
                let number = self.target(target);
                self.xml.push_str(&format!("<w:hyperlink r:id=\"l{number}\" w:history=\"1\">"));
            }
            runs.iter().for_each(|one| self.run(one, bold, target.is_some()));
            self.xml.push_str(if target.is_some() { "</w:hyperlink>" } else { "" });
        }
    }

    fn target(&mut self, target: &str) -> usize {
        self.targets.iter().position(|known| known == target).unwrap_or_else(|| {
            self.targets.push(target.to_owned());
            self.targets.len() - 1
        })
    }

    fn run(&mut self, run: &Inline, bold: bool, link: bool) {
        let mut looks = String::new();
        looks.push_str(if link { "<w:rStyle w:val=\"Hyperlink\"/>" } else { "" });
        looks.push_str(if run.bold || bold { "<w:b/>" } else { "" });
        looks.push_str(if run.italic { "<w:i/>" } else { "" });
        self.text(&run.text, &looks);
    }

    /// A run of words; `looks` is the content of its `w:rPr`.
    pub fn text(&mut self, text: &str, looks: &str) {
        self.xml.push_str("<w:r>");
        if !looks.is_empty() {
            self.xml.push_str(&format!("<w:rPr>{looks}</w:rPr>"));
        }
        for (i, line) in text.split('\n').enumerate() {
            self.xml.push_str(if i > 0 { "<w:br/>" } else { "" });
            self.xml.push_str("<w:t xml:space=\"preserve\">");
            push_text(&mut self.xml, line);
            self.xml.push_str("</w:t>");
        }
        self.xml.push_str("</w:r>");
    }
}
