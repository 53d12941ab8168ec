//! The parts of one item: where each begins, and what it says.

use crate::{
    blocks::{self, Context, Role},
    html_table::is_table_line,
    inline,
    lines::Line,
    links, list,
    model::{Decision, Item, Note, Section},
    pattern::pattern,
    vocabulary::{self, Part},
};
use agenda::content::{self, Block, SECTIONS, recommendation};

pattern!(TIMING, r"(?i)^\(\s*(\d{1,3})\s*min(?:\.|utter)?\s*\)\.?$");
pattern!(LEADING_TIMING, r"(?i)^[*_]*\(\s*(\d{1,3})\s*min(?:\.|utter)?\s*\)[*_]*\s+");

/// The lines under one heading.
pub(crate) struct PartLines<'a> {
    part: Part,
    heading: &'a Line,
    lines: &'a [Line],
}

/// The lines before the first heading, and the parts.
pub(crate) fn split(lines: &[Line]) -> (&[Line], Vec<PartLines<'_>>) {
    let openings = openings(lines);
    let preamble = lines.get(..openings.first().map_or(lines.len(), |(index, _)| *index)).unwrap_or_default();
    let ends = openings.iter().skip(1).map(|(index, _)| *index).chain([lines.len()]);
    let parts = openings.iter().zip(ends).filter_map(|((index, part), end)| {
        let [heading, lines @ ..] = lines.get(*index..end)? else { return None };
        Some(PartLines { part: *part, heading, lines })
    });
    (preamble, parts.collect())
}

/// The headings that open a part, each part at most once. A case text may use a known heading
/// as a sub-heading; of several equal ones that one opens the part which best keeps the
/// canonical order, the first of equals. The others are sub-headings.
fn openings(lines: &[Line]) -> Vec<(usize, Part)> {
    let found: Vec<(usize, Part)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| vocabulary::part(line.text()).map(|part| (index, part)))
        .collect();
    let mut counts = [0usize; SECTIONS.len() + 2];
    found.iter().for_each(|(_, part)| counts[part.rank()] += 1);
    let single: Vec<_> = found.iter().filter(|(_, part)| counts[part.rank()] == 1).copied().collect();
    let disorder = |(index, part): &(usize, Part)| {
        single.iter().filter(|(at, other)| (index < at) != (part.rank() < other.rank())).count()
    };
    let mut best: [Option<(usize, usize)>; SECTIONS.len() + 2] = [None; SECTIONS.len() + 2];
    for opening in &found {
        let claim = (if counts[opening.1.rank()] == 1 { 0 } else { disorder(opening) }, opening.0);
        let slot = &mut best[opening.1.rank()];
        *slot = Some(slot.map_or(claim, |known| known.min(claim)));
    }
    found.into_iter().filter(|(index, part)| best[part.rank()].is_some_and(|(_, at)| at == *index)).collect()
}

/// Reads one part into the item.
pub(crate) fn read(part: &PartLines, markdown: bool, item: &mut Item, warnings: &mut Vec<Note>) {
    let heading = vocabulary::heading_text(part.heading.text());
    let hashes = vocabulary::hashes(part.heading.text()).0;
    let line = part.heading.no;
    links::plain(line, part.heading.text(), warnings);
    match part.part {
        Part::Section(index) => {
            let key = SECTIONS.get(index).map_or("", |(key, _)| *key);
            let role = if key == "indstilling" { Role::Recommendation } else { Role::Case };
            let lines = take_timing(part.lines, key, &mut item.minutes);
            let mut blocks = blocks::read(&lines, Context { role, markdown, hashes }, warnings);
            let nothing = is_nothing(&blocks);
            if nothing {
                blocks.clear();
            }
            let at_points =
                if role == Role::Recommendation { recommendation(&blocks).at_points } else { Vec::new() };
            item.sections.push(Section { key: key.to_owned(), heading, nothing, at_points, blocks, line });
        }
        Part::Decision => {
            let blocks =
                blocks::read(part.lines, Context { role: Role::Decision, markdown, hashes }, warnings);
            let at_points = recommendation(&blocks)
                .at_points
                .into_iter()
                .filter(|point| point.starts_with("at "))
                .collect();
            item.decision = Some(Decision { heading, at_points, blocks, line });
        }
        Part::Attachments => attachments(part.lines, item, warnings),
    }
}

fn is_nothing(blocks: &[Block]) -> bool {
    let bare = |text: &str| vocabulary::fold(text).trim_end_matches('.').to_owned();
    bare(&content::plain_text(blocks)) == bare(content::NOTHING_TO_NOTE)
}

/// Minutes of the mark "(20 min.)" where that is the whole text.
pub(crate) fn timing(text: &str) -> Option<u32> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST || is_table_line(text) {
        return None;
    }
    TIMING.captures(&inline::plain(vocabulary::hashes(text).1))?[1].parse().ok()
}

/// The lines without the first time mark, which may stand before the words of the first line.
fn take_timing(lines: &[Line], key: &str, minutes: &mut Option<u32>) -> Vec<Line> {
    let mut lines = lines.to_vec();
    if minutes.is_some() {
        return lines;
    }
    if let Some((index, found)) =
        lines.iter().enumerate().find_map(|(i, line)| timing(line.text()).map(|m| (i, m)))
    {
        *minutes = Some(found);
        lines.remove(index);
    } else if key == "sagsfremstilling"
        && let Some(first) = lines.iter_mut().find(|line| !line.is_blank())
        && let Some(found) = LEADING_TIMING.captures(first.text())
    {
        *minutes = found[1].parse().ok();
        first.raw = LEADING_TIMING.replace(first.text(), "").into_owned();
    }
    lines
}

/// One attachment a line; a marker or running number before the name is no part of it.
fn attachments(lines: &[Line], item: &mut Item, warnings: &mut Vec<Note>) {
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let next = u32::try_from(item.attachments.len() + 1).ok();
        let marked = list::marked(line).filter(|found| found.number.is_none() || found.number == next);
        let text = marked.map_or(vocabulary::hashes(line.text()).1, |found| found.text);
        let name = links::plain(line.no, text, warnings);
        if !name.is_empty() {
            item.attachments.push(name.split_whitespace().collect::<Vec<_>>().join(" "));
            item.attachment_lines.push(line.no);
        }
    }
}
