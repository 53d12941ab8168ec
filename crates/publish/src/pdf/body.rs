//! The text of a section as the template takes it: lists nested, links gathered, tables
//! placed, every word drawn.

use super::{
    Warning,
    table::{Table, table},
    words::{PAGE_WORD, Words},
};
use crate::{
    runs::{is_blank, links},
    tree::{self, Entry, tree},
};
use agenda::content::{Block, Inline, NOTHING_TO_NOTE, Row};
use serde::Serialize;

/// A section's own heading is of level 2, so the outermost heading in it is of level 3.
const SECTION_LEVEL: u8 = 2;

/// Characters of a line across the page, in a table of ordinary size.
pub const PAGE_ROOM: usize = 92;

/// Tables stand in cells of tables at most as deep; deeper ones become lines of text.
const MAX_TABLE_DEPTH: usize = 2;

/// Longer targets are no links: no reader opens them.
const MAX_TARGET_BYTES: usize = 2000;

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Node {
    Paragraph { words: Vec<Span> },
    Heading { level: u8, words: Vec<Span> },
    List { ordered: bool, entries: Vec<ListEntry> },
    Table(Table),
}

#[derive(Serialize)]
pub struct ListEntry {
    words: Vec<Span>,
    lists: Vec<Node>,
}

/// Runs with one target.
#[derive(Serialize)]
pub struct Span {
    link: Option<String>,
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    text: String,
    bold: bool,
    italic: bool,
    /// Instead of a text: the number of the page so many after the agenda's last.
    page_after: Option<usize>,
}

impl Span {
    pub fn plain(text: String) -> Self {
        Self { link: None, runs: vec![Run::plain(text)] }
    }
}

impl Run {
    fn plain(text: String) -> Self {
        Self { text, bold: false, italic: false, page_after: None }
    }
}

impl Node {
    /// An entry of a list, with the page where it is found at its end.
    pub fn entry(text: String, page_after: Option<usize>) -> ListEntry {
        let page = page_after.map(|_| Run { page_after, ..Run::plain(String::new()) });
        let gap = if page.is_some() { " " } else { "" };
        let runs = [Run::plain(text + gap)].into_iter().chain(page).collect();
        ListEntry { words: vec![Span { link: None, runs }], lists: vec![] }
    }

    pub fn paragraph(text: String) -> Self {
        Self::Paragraph { words: vec![Span::plain(text)] }
    }

    /// A numbered list of names.
    pub fn names(names: Vec<String>) -> Self {
        let entry = |name| ListEntry { words: vec![Span::plain(name)], lists: vec![] };
        Self::List { ordered: true, entries: names.into_iter().map(entry).collect() }
    }
}

/// Where the writing has got to.
pub struct Place<'a> {
    pub words: &'a mut Words,
    pub section: &'a str,
    /// Tables so far in the document.
    pub tables: &'a mut u32,
    /// Tables that the words stand in.
    pub depth: usize,
    /// Characters of a line.
    pub room: usize,
}

impl Place<'_> {
    fn draw(&mut self, text: &str) -> String {
        self.words.draw(text, self.room.min(PAGE_WORD))
    }
}

/// The blocks of a section, or of a cell.
pub fn nodes(blocks: &[Block], place: &mut Place<'_>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for node in tree(blocks) {
        match node {
            tree::Node::Heading { text, .. } if is_blank(text) => {}
            tree::Node::Heading { text, .. } if place.depth > 0 => {
                nodes.push(Node::Paragraph { words: bold(spans(text, place)) });
            }
            tree::Node::Heading { depth, text } => {
                nodes.push(Node::Heading { level: SECTION_LEVEL + depth, words: spans(text, place) });
            }
            tree::Node::Paragraph(text) => nodes.push(Node::Paragraph { words: spans(text, place) }),
            tree::Node::List(list) => nodes.push(self::list(&list, place)),
            tree::Node::Table(rows) if place.depth < MAX_TABLE_DEPTH => nodes.extend(table(rows, place)),
            tree::Node::Table(rows) => lines(rows, &mut nodes, place),
        }
    }
    nodes
}

/// What a section says where it says nothing.
pub fn nothing_to_note() -> Node {
    Node::paragraph(NOTHING_TO_NOTE.to_owned())
}

/// A table too deep to be drawn, a row a line.
fn lines(rows: &[Row], nodes: &mut Vec<Node>, place: &mut Place<'_>) {
    place.words.warn(Warning::TableTooDeep { item: place.words.item });
    for row in rows {
        let text = Block::Table { rows: vec![row.clone()] }.plain_text();
        nodes.push(Node::paragraph(place.draw(&text)));
    }
}

fn list(list: &tree::List<'_>, place: &mut Place<'_>) -> Node {
    let entries = list.entries.iter().map(|one| entry(one, place)).collect();
    Node::List { ordered: list.ordered, entries }
}

fn entry(entry: &Entry<'_>, place: &mut Place<'_>) -> ListEntry {
    let words = spans(entry.text, place);
    ListEntry { words, lists: entry.lists.iter().map(|nested| list(nested, place)).collect() }
}

fn spans(text: &[Inline], place: &mut Place<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = links(text).map(|(link, runs)| span(link, runs, place)).collect();
    trim(&mut spans);
    spans
}

fn span(link: Option<&str>, runs: &[Inline], place: &mut Place<'_>) -> Span {
    let link = link.filter(|target| {
        let fits = target.len() <= MAX_TARGET_BYTES;
        if !fits {
            place.words.warn(Warning::LinkTooLong { item: place.words.item });
        }
        fits
    });
    let runs = runs.iter().map(|run| Run {
        bold: run.bold,
        italic: run.italic,
        ..Run::plain(place.draw(&run.text))
    });
    Span { link: link.map(ascii), runs: runs.collect() }
}

/// The target as PDF has it: what is not ASCII, percent-encoded.
fn ascii(target: &str) -> String {
    let byte = |b: u8| if b.is_ascii() { char::from(b).to_string() } else { format!("%{b:02X}") };
    target.bytes().map(byte).collect()
}

/// Takes away the space before the first word and after the last.
fn trim(spans: &mut [Span]) {
    let first = spans.iter_mut().flat_map(|span| &mut span.runs).find(|run| !run.text.trim().is_empty());
    if let Some(run) = first {
        run.text = run.text.trim_start().to_owned();
    }
    let runs = spans.iter_mut().rev().flat_map(|span| span.runs.iter_mut().rev());
    for run in runs {
        run.text = run.text.trim_end().to_owned();
        if !run.text.is_empty() {
            break;
        }
    }
}

fn bold(mut spans: Vec<Span>) -> Vec<Span> {
    spans.iter_mut().flat_map(|span| &mut span.runs).for_each(|run| run.bold = true);
    spans
}
