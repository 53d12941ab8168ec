//! The text of a section in the words of Akoma Ntoso.

use crate::{
    escape::{escape, push_text},
    runs::tagged,
    tree::{List, Node, tree},
    wording::table_name,
};
use agenda::content::{Block, Cell, Inline, Row};

/// The tables so far, and where the writing has got to, for their names.
#[derive(Default)]
pub struct Tables {
    count: u32,
    item: u32,
    section: String,
}

impl Tables {
    pub fn enter(&mut self, item: u32, section: &str) {
        self.item = item;
        self.section = section.to_owned();
    }
}

pub fn write_blocks(out: &mut String, blocks: &[Block], tables: &mut Tables) {
    for node in tree(blocks) {
        match node {
            Node::Paragraph(text) => element(out, "p", "", text),
            Node::Heading { depth, text } => {
                element(out, "block", &format!(" name=\"overskrift\" class=\"niveau-{depth}\""), text);
            }
            Node::List(list) => self::list(out, &list),
            Node::Table(rows) => table(out, rows, tables),
        }
    }
}

fn element(out: &mut String, name: &str, attributes: &str, text: &[Inline]) {
    out.push_str(&format!("<{name}{attributes}>"));
    inlines(out, text);
    out.push_str(&format!("</{name}>\n"));
}

fn list(out: &mut String, list: &List<'_>) {
    let name = if list.ordered { "ol" } else { "ul" };
    out.push_str(&format!("<{name}>\n"));
    for entry in &list.entries {
        out.push_str("<li>");
        inlines(out, entry.text);
        entry.lists.iter().for_each(|nested| self::list(out, nested));
        out.push_str("</li>\n");
    }
    out.push_str(&format!("</{name}>\n"));
}

fn table(out: &mut String, rows: &[Row], tables: &mut Tables) {
    if rows.is_empty() {
        return;
    }
    tables.count += 1;
    let name = table_name(tables.count, tables.item, &tables.section);
    out.push_str(&format!("<table eId=\"tabel-{}\" title=\"{}\">\n", tables.count, escape(&name)));
    for row in rows {
        out.push_str("<tr>");
        row.cells.iter().for_each(|one| cell(out, one, tables));
        // The schema wants a cell in each row, also where cells from above take them all.
        out.push_str(if row.cells.is_empty() { "<td />" } else { "" });
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

fn cell(out: &mut String, cell: &Cell, tables: &mut Tables) {
    let name = if cell.header { "th" } else { "td" };
    out.push_str(&format!("<{name}"));
    for (attribute, span) in [("colspan", cell.colspan), ("rowspan", cell.rowspan)] {
        if span > 1 {
            out.push_str(&format!(" {attribute}=\"{span}\""));
        }
    }
    out.push_str(">\n");
    write_blocks(out, &cell.blocks, tables);
    out.push_str(&format!("</{name}>"));
}

fn inlines(out: &mut String, text: &[Inline]) {
    tagged(out, text, "<br />", push_text);
}
