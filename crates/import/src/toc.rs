//! The table of contents. A line may be cut short, lack its leader or its page; so entries are
//! matched to items by their order, never by their text.

use crate::{model::TocEntry, pattern::pattern, vocabulary};

pattern!(WITH_LEADER, r"^(.*?)(?:[.…_\s]*(?:\.{2}|…|_{2}|\t| {2}|\s\.\s)[.…_\s]*)(\d{1,4})$");
pattern!(WITH_SPACE, r"^(.*\S) (\d{1,3})$");
pattern!(PREFIX, r"(?i)^(?:punkt\s*)?(\d{1,3})\s*[.:)-]\s+");

/// Adds the entry of a line, or the rest of the last entry's title. `adjacent` says that no
/// blank line stands between them.
pub(crate) fn read(line: usize, text: &str, adjacent: bool, toc: &mut Vec<TocEntry>) {
    let (title, page) = page(text, toc);
    let title = title.trim_end_matches(['.', '…', '_', ' ', '\t']);
    if let Some(last) = toc.last_mut()
        && adjacent
        && last.page.is_none()
        && vocabulary::goes_on(title)
    {
        last.title.push(' ');
        last.title.push_str(title);
        last.page = page;
        return;
    }
    let title = without_ordinal(title, toc.len() + 1).to_owned();
    toc.push(TocEntry { title, page, line });
}

/// The title, and the page where the line ends in one. Behind a single space a number may be
/// part of the title, so there it must fit the pages before it.
fn page<'a>(text: &'a str, toc: &[TocEntry]) -> (&'a str, Option<u32>) {
    let parts = |found: regex::Captures<'a>| Some((found.get(1)?.as_str(), found[2].parse::<u32>().ok()));
    if let Some(found) = WITH_LEADER.captures(text).and_then(parts) {
        return found;
    }
    let before = toc.last().map_or(Some(0), |last| last.page);
    match WITH_SPACE.captures(text).and_then(parts) {
        Some((title, Some(page))) if before.is_some_and(|before| page >= before) => (title, Some(page)),
        _ => (text, None),
    }
}

fn without_ordinal(title: &str, ordinal: usize) -> &str {
    let found = PREFIX.captures(title).filter(|found| found[1].parse() == Ok(ordinal));
    let end = found.and_then(|found| found.get(0)).map_or(0, |found| found.end());
    title.get(end..).unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_with_and_without_leaders() {
        let lines = crate::lines::split(
            "Godkendelse.....\t3\nOrientering om Budget 2027.....\t4\nBeslutning om de kommn\t5\n\
             4. Uden prikker 7\nPunkt 5: Status ... 9\nOrientering om Budget 2027\nBeslutning om et langt navn\n\
             som er delt . . . . 12",
        );
        let mut toc = Vec::new();
        lines.iter().for_each(|line| read(line.no, line.text(), true, &mut toc));
        let seen: Vec<_> = toc.iter().map(|entry| (entry.title.as_str(), entry.page)).collect();
        let expected = [
            ("Godkendelse", Some(3)),
            ("Orientering om Budget 2027", Some(4)),
            ("Beslutning om de kommn", Some(5)),
            ("Uden prikker", Some(7)),
            ("Status", Some(9)),
            ("Orientering om Budget 2027", None),
            ("Beslutning om et langt navn som er delt", Some(12)),
        ];
        assert_eq!(seen, expected);
    }
}
