//! Items: the lines that start one, its title and journal number, and its parts.

use crate::{
    date,
    html_table::is_table_line,
    lines::Line,
    links,
    model::{Imported, Item, Note},
    pattern::pattern,
    sections, vocabulary,
};
use std::collections::HashSet;

pattern!(START, r"(?i)^(?:punkt|pkt\.?)\s*(\d{1,3})\s*(?:([:.–—-])\s*(\S.*))?$");
pattern!(TOC_LINE, r"(?:\t|\.{3,}|…)[\s.]*\d{1,4}$");
pattern!(JOURNAL_LABEL, r"(?i)^(?:journal|sags?)(?:nummer|\s?nr\.?)\s*:?\s*|^j\.?\s?nr\.?\s*:?\s*");
pattern!(JOURNAL, r"^\d\d\.\d\d\.\d\d-[APSØGKI]\d\d-\d+-\d\d$");

/// How sure it is that a line starts an item: what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    JournalNumber,
    Heading,
    Other,
}

/// A line that starts an item.
#[derive(Debug)]
pub(crate) struct Start {
    /// Index among the lines of the document.
    pub index: usize,
    number: u32,
    title: String,
}

/// The lines that start items. "Punkt 3: ..." may also stand in a text or in the table of
/// contents, so it counts when a journal number follows, or when it is the next number and no
/// other line with that number has a better claim.
pub(crate) fn starts(lines: &[Line]) -> Vec<Start> {
    let candidates: Vec<(Start, Follows)> = (0..lines.len())
        .filter_map(|index| candidate(lines, index).map(|start| (start, follows(lines, index))))
        .collect();
    let sure =
        |(start, follows): &(Start, Follows)| (*follows == Follows::JournalNumber).then_some(start.number);
    let sure: HashSet<u32> = candidates.iter().filter_map(sure).collect();
    let mut starts: Vec<Start> = Vec::new();
    for (start, follows) in candidates {
        let next = starts.last().map_or(1, |last| last.number + 1);
        let unrivalled = start.number == next && !sure.contains(&start.number);
        let counts = match follows {
            Follows::JournalNumber => true,
            Follows::Heading => unrivalled,
            Follows::Other => unrivalled && stands_alone(lines, start.index),
        };
        if counts {
            starts.push(start);
        }
    }
    starts
}

fn candidate(lines: &[Line], index: usize) -> Option<Start> {
    let line = lines.get(index)?;
    let text = vocabulary::heading_text(line.text());
    if TOC_LINE.is_match(line.text()) || is_table_line(line.text()) {
        return None;
    }
    let found = START.captures(&text)?;
    let title = found.get(3).map_or("", |title| title.as_str()).trim();
    let is_decimal = found.get(2).is_some_and(|mark| mark.as_str() == ".")
        && title.starts_with(|c: char| c.is_ascii_digit());
    (!is_decimal).then_some(Start { index, number: found[1].parse().ok()?, title: title.to_owned() })
}

fn follows(lines: &[Line], index: usize) -> Follows {
    const LOOK_AHEAD_LINES: usize = 4;
    let next = lines.iter().enumerate().skip(index + 1).filter(|(_, line)| !line.is_blank());
    for (at, line) in next.take(LOOK_AHEAD_LINES) {
        if vocabulary::part(line.text()).is_some() {
            return Follows::Heading;
        }
        if journal_number(line.text()).is_some() {
            return Follows::JournalNumber;
        }
        if candidate(lines, at).is_some() {
            break;
        }
    }
    Follows::Other
}

fn stands_alone(lines: &[Line], index: usize) -> bool {
    let blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
    blank(index.checked_sub(1)) && blank(index.checked_add(1))
}

/// A journal number, verbatim: a line of digits, dots and dashes with few letters. It need not
/// keep the grammar; see [`is_valid`].
fn journal_number(text: &str) -> Option<String> {
    const LONGEST: usize = 48;
    if text.len() > LONGEST {
        return None;
    }
    let text = vocabulary::heading_text(text);
    let label = JOURNAL_LABEL.find(&text).map_or(0, |found| found.end());
    let number = text.get(label..)?.trim();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let letters = number.chars().filter(|c| c.is_alphabetic()).count();
    let known = number.chars().all(|c| c.is_alphanumeric() || " .,-–_/:".contains(c));
    let is_date = date::find(number).is_some_and(|(_, range)| range.len() == number.len());
    let shape = number.starts_with(|c: char| c.is_ascii_digit()) && number.contains(['.', '-', '–', '/']);
    let most_letters = if number.contains(' ') { 2 } else { 6 };
    let fits =
        if label > 0 { digits > 0 } else { shape && digits >= 5 && letters <= most_letters && !is_date };
    (known && fits).then(|| number.to_owned())
}

/// Whether a journal number keeps the grammar `dd.dd.dd-Fdd-n-yy`.
fn is_valid(number: &str) -> bool {
    JOURNAL.is_match(number)
}

/// Reads all items. `body` begins at the first start, `offset` lines into the document.
pub(crate) fn read(body: &[Line], starts: &[Start], offset: usize, imported: &mut Imported) {
    let markdown = body.iter().any(|line| vocabulary::hashes(line.text()).0 > 0);
    for (nth, start) in starts.iter().enumerate() {
        let from = start.index - offset;
        let to = starts.get(nth + 1).map_or(body.len(), |next| next.index - offset);
        let Some([first, rest @ ..]) = body.get(from..to) else { continue };
        let number = start.number;
        let mut item = Item { number, title: start.title.clone(), line: first.no, ..Item::default() };
        links::plain(first.no, first.text(), &mut imported.warnings);
        let (preamble, parts) = sections::split(rest);
        read_preamble(preamble, &mut item, imported);
        for part in parts {
            sections::read(&part, markdown, &mut item, &mut imported.warnings);
        }
        imported.items.push(item);
    }
}

/// What stands between the first line and the first heading: the rest of a title that was
/// wrapped, the journal number, and perhaps the time.
fn read_preamble(lines: &[Line], item: &mut Item, imported: &mut Imported) {
    let journal = lines.iter().position(|line| journal_number(line.text()).is_some());
    let title_ends = journal.unwrap_or_else(|| title_lines(lines, item.title.is_empty()));
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        if Some(index) == journal {
            links::plain(line.no, line.text(), &mut imported.warnings);
            item.journal_number = journal_number(line.text());
            item.journal_number_valid = item.journal_number.as_deref().is_some_and(is_valid);
        } else if let (None, Some(minutes)) = (item.minutes, sections::timing(line.text())) {
            item.minutes = Some(minutes);
        } else if index < title_ends {
            links::plain(line.no, line.text(), &mut imported.warnings);
            let more = vocabulary::heading_text(line.text());
            item.title = format!("{} {more}", item.title).trim().to_owned();
        } else {
            imported.unplaced.push(Note::new(line.no, line.text()));
        }
    }
}

/// Without a journal number the title ends at the first blank line after its first words.
fn title_lines(lines: &[Line], title_missing: bool) -> usize {
    let from = if title_missing { lines.iter().position(|line| !line.is_blank()).unwrap_or(0) } else { 0 };
    from + lines.iter().skip(from).take_while(|line| !line.is_blank()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journal_numbers_are_kept_verbatim_and_judged_by_the_grammar() {
        for facet in ["A", "P", "S", "Ø", "G", "K", "I"] {
            assert!(is_valid(&format!("00.01.00-{facet}00-32-24")), "{facet}");
        }
        for broken in [
            "00.01.00-A00-32",
            "00.01.00A00-3-24",
            "00.01.00-B00-3-24",
            "0.1.0-A00-32-24",
            "00.01.00-A00-3-2024",
            "00.01.00 - A00-3-24",
            "00.01.00-A00-SAG-24",
        ] {
            assert_eq!(journal_number(broken).as_deref(), Some(broken));
            assert!(!is_valid(broken), "{broken}");
        }
        assert_eq!(journal_number("**Sagsnr.: 24/1234**").as_deref(), Some("24/1234"));
        for other in ["17-06-2026", "(20 min.)", "Intet", "1.234.000 kr. i 2025-26 pl"] {
            assert_eq!(journal_number(other), None, "{other}");
        }
    }
}
