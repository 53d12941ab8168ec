//! Reads earlier agendas and minutes: the text of a published document in, a value
//! [`Imported`] out. Pure and total: any text gives a value, and a line that fits nowhere
//! stands in `unplaced` with its number.
//!
//! The documents come in two dialects, plain text and Markdown, in which heading level and
//! bold say nothing reliable. So a heading is recognised by vocabulary, as a whole line, in
//! its place; never by level. The way of a text through the modules:
//!
//! ```text
//! lines    source lines without byte order mark, odd spaces and page breaks
//! items    where each "Punkt n:" starts, its title, journal number and sections
//! header   what stands before the first item: kind, date, place, participants
//! toc      the table of contents
//! blocks   lines of one section -> paragraphs, headings, list items, tables
//! inline   emphasis, links, tags and entities of one block;  html: the blocks of a cell
//! html_table  tables that are written as HTML
//! links    links that cannot be kept
//! check    what a person should look at
//! publication  what was read, as the publication that it was printed from
//! ```
//!
//! Nothing is corrected: a slip in the source is kept and named in `warnings`.

mod blocks;
mod check;
mod date;
mod header;
mod html;
mod html_table;
mod inline;
mod items;
mod lines;
mod links;
mod list;
mod model;
mod pattern;
mod publication;
mod recommendation;
mod sections;
mod table;
mod toc;
mod vocabulary;

pub use model::{Decision, Imported, Item, Kind, Note, Participant, Section, TocEntry};

/// Reads the text of one document. Never fails: what it cannot place is in
/// [`Imported::unplaced`].
///
/// ```
/// let read = import::parse("REFERAT Chefforum d. 06-05-2026\n\nPunkt 1: Budget\n\n00.30.00-P05-1-26\n");
/// assert_eq!(read.items[0].title, "Budget");
/// assert!(read.unplaced.is_empty());
/// ```
pub fn parse(text: &str) -> Imported {
    let lines = lines::split(text);
    let starts = items::starts(&lines);
    let (head, body) = lines.split_at(starts.first().map_or(lines.len(), |start| start.index));
    let mut imported = header::read(head);
    items::read(body, &starts, lines.len() - body.len(), &mut imported);
    check::warn(&mut imported);
    imported.unplaced.sort_by_key(|note| note.line);
    imported.warnings.sort_by_key(|note| note.line);
    imported
}
