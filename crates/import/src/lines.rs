//! Source lines: what an extraction leaves behind is removed here, once, so that the rest
//! meets words, spaces and tabs only.

use unicode_normalization::UnicodeNormalization;

/// A line of the source. A form feed splits one source line into several with one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub no: usize,
    /// Without trailing spaces; leading spaces and all tabs are kept, as they carry meaning.
    pub raw: String,
    /// Two trailing spaces or a trailing backslash: the next line is a line of its own.
    pub hard_break: bool,
}

impl Line {
    /// The words.
    pub fn text(&self) -> &str {
        self.raw.trim()
    }
    pub fn is_blank(&self) -> bool {
        self.text().is_empty()
    }
    /// Leading white space in columns; a tab counts four.
    pub fn indent(&self) -> usize {
        let lead = self.raw.chars().take_while(|c| c.is_whitespace());
        lead.map(|c| if c == '\t' { 4 } else { 1 }).sum()
    }
}

/// The lines of a text. Text is brought to Unicode NFC, since files from some systems carry
/// `å` as two characters.
pub(crate) fn split(text: &str) -> Vec<Line> {
    let text: String = text.nfc().collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Vec::new();
    for (index, source) in text.split('\n').enumerate() {
        for (part, piece) in source.split(['\u{c}', '\u{b}', '\u{85}', '\u{2028}', '\u{2029}']).enumerate() {
            if part > 0 {
                lines.push(Line { no: index + 1, raw: String::new(), hard_break: false });
            }
            lines.push(clean(index + 1, piece));
        }
    }
    lines
}

fn clean(no: usize, source: &str) -> Line {
    let raw: String = source.chars().filter_map(clean_char).collect();
    let hard_break = raw.ends_with("  ") || raw.ends_with('\\');
    let mut raw = raw.trim_end_matches([' ', '\\']).to_owned();
    if is_rule(raw.trim()) {
        raw.clear();
    }
    Line { no, raw, hard_break }
}

/// Odd spaces become spaces; marks without width (byte order mark, soft hyphen) go.
fn clean_char(c: char) -> Option<char> {
    match c {
        '\t' => Some('\t'),
        '\u{feff}' | '\u{200b}' | '\u{ad}' => None,
        c if c.is_whitespace() || c.is_control() => Some(' '),
        c => Some(c),
    }
}

/// A drawn line, or a bullet without words: nothing to keep.
fn is_rule(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | '#' | '•' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remains_of_an_extraction_are_removed_and_numbers_stay_those_of_the_source() {
        let lines = split("\u{feff}Første\r\n\u{a0}to\u{a0}ord  \nende\u{c}ny side\n---\n\tx\t");
        let seen: Vec<_> = lines.iter().map(|l| (l.no, l.raw.as_str(), l.hard_break)).collect();
        let expected = vec![
            (1, "Første", false),
            (2, " to ord", true),
            (3, "ende", false),
            (3, "", false),
            (3, "ny side", false),
            (4, "", false),
            (5, "\tx\t", false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(split("a\u{30a}")[0].text(), "å");
    }
}
