//! The text of a section: paragraphs, headings, lists, and words with their looks.

use super::{
    table,
    words::{guard_start, push_words},
};
use crate::{
    runs::{is_blank, links},
    tree::{List, Node, tree},
};
use agenda::content::{Block, Inline};

/// The section's own heading has three `#`; Markdown has six.
const SECTION_HASHES: usize = 3;
/// Spaces of one level of a list.
const INDENT: usize = 4;

pub fn write_blocks(out: &mut String, blocks: &[Block]) {
    let nodes = tree(blocks);
    for (i, node) in nodes.iter().enumerate() {
        match node {
            Node::Paragraph(text) => {
                let words = guard_start(&inlines(text));
                let close = if goes_on_in(text, nodes.get(i + 1)) { CLOSE } else { "" };
                out.push_str(&format!("{words}{close}\n\n"));
            }
            Node::Heading { text, .. } if is_blank(text) => {}
            Node::Heading { depth, text } => heading(out, *depth, text),
            Node::List(list) => {
                let close = if goes_on_in(last_words(list), nodes.get(i + 1)) { CLOSE } else { "" };
                self::list(out, list, 0);
                out.truncate(out.trim_end().len());
                out.push_str(&format!("{close}\n\n"));
            }
            Node::Table(rows) => table::table(out, rows),
        }
    }
}

/// Ends a paragraph for the importer, which else joins what a page break seems to have cut: a
/// text without a full stop and one that begins in the middle of a sentence.
const CLOSE: &str = "&nbsp;";

fn goes_on_in(text: &[Inline], next: Option<&Node<'_>>) -> bool {
    let Some(Node::Paragraph(next)) = next else { return false };
    let last = plain(text).trim_end().chars().next_back();
    let starts_sentence = plain(next).trim_start().starts_with(char::is_uppercase);
    !starts_sentence || !last.is_some_and(|c| matches!(c, '.' | ':' | '!' | '?' | ';'))
}

fn plain(text: &[Inline]) -> String {
    text.iter().map(|run| run.text.as_str()).collect()
}

fn last_words<'a>(list: &List<'a>) -> &'a [Inline] {
    let Some(entry) = list.entries.last() else { return &[] };
    entry.lists.last().map_or(entry.text, last_words)
}

/// Bold in a heading says nothing more.
fn heading(out: &mut String, depth: u8, text: &[Inline]) {
    let plain: Vec<Inline> = text.iter().map(|run| Inline { bold: false, ..run.clone() }).collect();
    let hashes = "#".repeat(SECTION_HASHES + usize::from(depth));
    out.push_str(&format!("{hashes} {}\n\n", inlines(&plain)));
}

fn list(out: &mut String, list: &List<'_>, depth: usize) {
    let indent = " ".repeat(depth * INDENT);
    for (number, entry) in (1..).zip(&list.entries) {
        let number: usize = number;
        let mark = if list.ordered { format!("{number}.") } else { "-".to_owned() };
        out.push_str(&format!("{indent}{mark} {}\n", guard_start(&inlines(entry.text))));
        entry.lists.iter().for_each(|nested| self::list(out, nested, depth + 1));
    }
}

/// The words of a block on one line.
fn inlines(text: &[Inline]) -> String {
    let whole = text.iter().all(|run| run.bold || run.text.trim().is_empty());
    let mut out = String::new();
    for (target, runs) in links(text) {
        match target.map(address) {
            Some(target) => {
                out.push('[');
                looks(&mut out, runs, whole);
                out.push_str(&format!("]({target})"));
            }
            None => looks(&mut out, runs, whole),
        }
    }
    out.trim().to_owned()
}

/// A target that neither ends too early nor holds a space.
fn address(target: &str) -> String {
    let mut out = String::new();
    for c in target.chars() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

/// `whole`: the block is nothing but bold words. Between asterisks such a line would be read
/// as a heading.
fn looks(out: &mut String, runs: &[Inline], whole: bool) {
    for (i, run) in runs.iter().enumerate() {
        let next = runs.get(i + 1).and_then(|run| run.text.chars().next());
        let core = run.text.trim_matches([' ', '\n', '\t']);
        let at = run.text.find(core).unwrap_or_default();
        let (before, rest) = run.text.split_at(at);
        let after = rest.get(core.len()..).unwrap_or_default();
        push_words(out, before);
        marked(out, run, core, after.chars().next().or(next), whole);
        push_words(out, after);
    }
}

/// Asterisks where every parser reads them as marks, tags elsewhere.
fn marked(out: &mut String, run: &Inline, core: &str, next: Option<char>, whole: bool) {
    let mut words = String::new();
    push_words(&mut words, core);
    if core.is_empty() || !(run.bold || run.italic) {
        return out.push_str(&words);
    }
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let opens = word(core.chars().next()) && !out.ends_with(['*', '>', ';']);
    let closes = word(core.chars().next_back()) || next.is_some_and(char::is_whitespace);
    let (open, close) = match (run.bold, run.italic) {
        _ if whole || !opens || !closes || words.contains(['&', '<']) => tags(run),
        (true, true) => ("***", "***"),
        (true, false) => ("**", "**"),
        _ => ("*", "*"),
    };
    out.push_str(&format!("{open}{words}{close}"));
}

fn tags(run: &Inline) -> (&'static str, &'static str) {
    match (run.bold, run.italic) {
        (true, true) => ("<b><i>", "</i></b>"),
        (true, false) => ("<b>", "</b>"),
        _ => ("<i>", "</i>"),
    }
}
