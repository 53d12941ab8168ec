//! Tables as HTML, which Markdown allows: its own tables have no merged cells, no lists in
//! cells and no header cells in the body. A row is a line.

use crate::{
    escape::push_text,
    runs::tagged,
    tree::{List, Node, tree},
};
use agenda::content::{Block, Cell, Inline, Row};

pub fn table(out: &mut String, rows: &[Row]) {
    write(out, rows, "\n");
    out.push('\n');
}

/// `end` is what a row ends with: nothing, where the table stands in a cell.
fn write(out: &mut String, rows: &[Row], end: &str) {
    out.push_str(&format!("<table>{end}"));
    for row in rows {
        out.push_str("<tr>");
        row.cells.iter().for_each(|one| cell(out, one));
        out.push_str(&format!("</tr>{end}"));
    }
    out.push_str(&format!("</table>{end}"));
}

fn cell(out: &mut String, cell: &Cell) {
    let name = if cell.header { "th" } else { "td" };
    out.push_str(&format!("<{name}"));
    for (attribute, span) in [("colspan", cell.colspan), ("rowspan", cell.rowspan)] {
        if span > 1 {
            out.push_str(&format!(" {attribute}=\"{span}\""));
        }
    }
    out.push('>');
    blocks(out, &cell.blocks);
    out.push_str(&format!("</{name}>"));
}

/// One paragraph by itself needs no tags.
fn blocks(out: &mut String, blocks: &[Block]) {
    if let [Block::Paragraph { text }] = blocks {
        return inlines(out, text);
    }
    for node in tree(blocks) {
        match node {
            Node::Paragraph(text) => element(out, "p", text),
            Node::Heading { depth, text } => element(out, &format!("h{}", depth + 3), text),
            Node::List(list) => self::list(out, &list),
            Node::Table(rows) => write(out, rows, ""),
        }
    }
}

fn element(out: &mut String, name: &str, text: &[Inline]) {
    out.push_str(&format!("<{name}>"));
    inlines(out, text);
    out.push_str(&format!("</{name}>"));
}

fn list(out: &mut String, list: &List<'_>) {
    let name = if list.ordered { "ol" } else { "ul" };
    out.push_str(&format!("<{name}>"));
    for entry in &list.entries {
        out.push_str("<li>");
        inlines(out, entry.text);
        entry.lists.iter().for_each(|nested| self::list(out, nested));
        out.push_str("</li>");
    }
    out.push_str(&format!("</{name}>"));
}

fn inlines(out: &mut String, text: &[Inline]) {
    tagged(out, text, "<br>", words);
}

/// The importer reads the marks of Markdown in a cell too.
fn words(out: &mut String, text: &str) {
    let mut escaped = String::new();
    push_text(&mut escaped, text);
    for c in escaped.chars() {
        match c {
            '*' | '_' | '`' | '\\' | '[' | ']' => super::words::entity(out, c),
            '\t' => out.push(' '),
            c => out.push(c),
        }
    }
}
