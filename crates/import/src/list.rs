//! List items: the marker of a line, and the level that its indentation means.

use crate::{lines::Line, pattern::pattern};
use agenda::content::MAX_INDENT;
use agenda::language::danish::MONTHS;

pattern!(
    MARKER,
    r"^(?:(?P<bullet>\\?[-–—•·▪●◦‣\x{f0b7}]|[*+o])|(?P<number>\d{1,3})\\?[.)])[ \t]+(?P<rest>\S.*)$"
);

/// A marked line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marked<'a> {
    pub number: Option<u32>,
    pub text: &'a str,
}

/// The marker and text of a line, by its form alone.
pub(crate) fn marked(line: &Line) -> Option<Marked<'_>> {
    let found = MARKER.captures(line.text())?;
    let text = found.name("rest")?.as_str();
    // A word processor's second bullet comes out as the letter o; no Danish line begins with it.
    if found.name("bullet").is_some_and(|bullet| bullet.as_str() == "o") && line.indent() == 0 {
        return None;
    }
    let number = found.name("number").and_then(|n| n.as_str().parse().ok());
    let ordinal = number.is_some() && counts(text);
    (!text.contains('\t') && !ordinal).then_some(Marked { number, text })
}

/// "17. juni", "2. halvår": the number belongs to the word that follows.
fn counts(text: &str) -> bool {
    const COUNTED: [&str; 5] = ["halvår", "kvartal", "behandling", "udgave", "marts"];
    let word = text.split([' ', ',', '.']).next().unwrap_or_default().to_lowercase();
    COUNTED.contains(&word.as_str()) || MONTHS.contains(&word.as_str())
}

/// Levels of the list that is open. A number is a marker only where it begins a list or
/// follows the last one; else it is part of the text and may not be lost.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    open: Vec<Level>,
    /// Last number of the outermost level, kept over text that stands between.
    last: u32,
}

#[derive(Debug)]
struct Level {
    column: usize,
    last: u32,
}

impl Levels {
    /// Other text ends the list; its outermost numbering may go on after it.
    pub fn close(&mut self) {
        self.open.clear();
    }

    /// The level of a marked line, or `None` where its number does not fit. `any_number`
    /// says that the number is a marker whatever it is.
    pub fn place(&mut self, column: usize, number: Option<u32>, any_number: bool) -> Option<u8> {
        let depth = self.open.iter().take_while(|level| level.column < column).count();
        let same = self.open.get(depth).map(|level| level.last);
        let last = same.unwrap_or(0).max(if depth == 0 { self.last } else { 0 });
        if number.is_some_and(|n| n != 1 && n != last + 1 && !any_number) {
            return None;
        }
        self.open.truncate(depth);
        self.open.push(Level { column, last: number.unwrap_or(0) });
        if depth == 0 {
            self.last = number.unwrap_or(self.last);
        }
        Some(u8::try_from(depth).unwrap_or(MAX_INDENT).min(MAX_INDENT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines;

    fn number(text: &str) -> Option<Option<u32>> {
        marked(&lines::split(text)[0]).map(|found| found.number)
    }

    #[test]
    fn markers_are_told_from_dates_and_cells() {
        for line in ["- a", "* a", "• a", "–\ta", r"\- a", "  o a"] {
            assert_eq!(number(line), Some(None), "{line}");
        }
        for line in ["3. a", "3) a", r"3\. a", "3.\ta"] {
            assert_eq!(number(line), Some(Some(3)), "{line}");
        }
        for line in
            ["17. juni holdes", "2. halvår 2026", "-a", "2026. Så", "1. a\tb", "*a*", "3.5 mio.", "o a"]
        {
            assert_eq!(number(line), None, "{line}");
        }
    }

    #[test]
    fn levels_follow_indentation_and_numbers_must_follow_each_other() {
        let mut levels = Levels::default();
        let placed: Vec<_> = [(0, None), (2, Some(1)), (4, None), (2, Some(2)), (0, Some(1)), (0, Some(5))]
            .into_iter()
            .map(|(column, number)| levels.place(column, number, false))
            .collect();
        assert_eq!(placed, [Some(0), Some(1), Some(2), Some(1), Some(0), None]);
        levels.close();
        assert_eq!(levels.place(0, Some(2), false), Some(0));
    }
}
