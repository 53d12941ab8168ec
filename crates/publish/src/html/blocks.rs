//! The text of a section: paragraphs, headings, lists, and words with their looks.

use super::{Place, table};
use crate::{
    escape::{escape, push_text},
    runs::{is_blank, links},
    tree::{Entry, List, Node, tree},
};
use agenda::content::{Block, Inline};

/// The section's own heading is an `h3`, so the outermost heading in it is an `h4`.
const SECTION_HEADING: u8 = 3;

/// Writes the blocks of a section.
pub fn section(out: &mut String, blocks: &[Block], place: &mut Place<'_>) {
    nodes(out, blocks, place, heading);
}

/// Writes the blocks of a cell. A heading there is bold words: it heads a part of the cell,
/// not of the document.
pub fn cell(out: &mut String, blocks: &[Block], place: &mut Place<'_>) {
    nodes(out, blocks, place, |out, _, text| {
        out.push_str("<p><strong>");
        inlines(out, text);
        out.push_str("</strong></p>\n");
    });
}

type WriteHeading = fn(&mut String, u8, &[Inline]);

fn nodes(out: &mut String, blocks: &[Block], place: &mut Place<'_>, heading: WriteHeading) {
    for node in tree(blocks) {
        match node {
            Node::Paragraph(text) => paragraph(out, text),
            Node::Heading { text, .. } if is_blank(text) => {}
            Node::Heading { depth, text } => heading(out, depth, text),
            Node::List(list) => self::list(out, &list),
            Node::Table(rows) => table::table(out, rows, place),
        }
    }
}

fn paragraph(out: &mut String, text: &[Inline]) {
    out.push_str("<p>");
    inlines(out, text);
    out.push_str("</p>\n");
}

fn heading(out: &mut String, depth: u8, text: &[Inline]) {
    let level = SECTION_HEADING + depth;
    out.push_str(&format!("<h{level}>"));
    inlines(out, text);
    out.push_str(&format!("</h{level}>\n"));
}

fn list(out: &mut String, list: &List<'_>) {
    let tag = if list.ordered { "ol" } else { "ul" };
    out.push_str(&format!("<{tag}>\n"));
    list.entries.iter().for_each(|item| entry(out, item));
    out.push_str(&format!("</{tag}>\n"));
}

fn entry(out: &mut String, entry: &Entry<'_>) {
    out.push_str("<li>");
    inlines(out, entry.text);
    if !entry.lists.is_empty() {
        out.push('\n');
    }
    entry.lists.iter().for_each(|nested| list(out, nested));
    out.push_str("</li>\n");
}

/// Writes words with their looks.
fn inlines(out: &mut String, text: &[Inline]) {
    for (target, runs) in links(text) {
        match target {
            Some(target) => link(out, target, runs),
            None => runs.iter().for_each(|one| run(out, one)),
        }
    }
}

fn link(out: &mut String, target: &str, runs: &[Inline]) {
    out.push_str(&format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escape(target)));
    runs.iter().for_each(|one| run(out, one));
    out.push_str("</a>");
}

fn run(out: &mut String, run: &Inline) {
    out.push_str(if run.bold { "<strong>" } else { "" });
    out.push_str(if run.italic { "<em>" } else { "" });
    for (i, line) in run.text.split('\n').enumerate() {
        out.push_str(if i > 0 { "<br />" } else { "" });
        push_text(out, line);
    }
    out.push_str(if run.italic { "</em>" } else { "" });
    out.push_str(if run.bold { "</strong>" } else { "" });
}
