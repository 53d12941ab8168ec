//! Words as Markdown: what a parser, or the importer, would read as a mark becomes an entity,
//! which both turn back into the character. (The importer knows backslashes in few places.)

use crate::escape::visible;

/// Characters that begin a mark at the start of a line: a heading, a list, a quote, a rule, a
/// fence, a table.
const LINE_MARKS: &str = "-+=•·▪●◦‣–—>|:~#\u{f0b7}";

/// Writes words that stand inside a line. Line breaks become `<br>`.
pub fn push_words(out: &mut String, text: &str) {
    let mut chars = text.chars().map(visible).peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            '\n' => out.push_str("<br>"),
            '\t' => out.push(' '),
            '&' if next.is_some_and(|n| n.is_ascii_alphanumeric() || n == '#') => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '_' if !is_inside_word(before, next) => entity(out, c),
            '*' | '`' | '\\' | '[' | ']' | '#' | '~' => entity(out, c),
            c => out.push(c),
        }
        before = Some(c);
    }
}

fn is_inside_word(before: Option<char>, next: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    word(before) && word(next)
}

pub fn entity(out: &mut String, c: char) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// The first characters of a line made harmless; the rest of the line is words already.
pub fn guard_start(line: &str) -> String {
    let Some(first) = line.chars().next() else { return String::new() };
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let after = line.chars().nth(digits);
    let timing = first == '(' && line.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == ' ');
    let (at, mark) = match after {
        Some(mark @ ('.' | ')')) if digits > 0 => (digits, mark),
        _ if LINE_MARKS.contains(first) || timing => (0, first),
        _ => return line.to_owned(),
    };
    let mut out: String = line.chars().take(at).collect();
    entity(&mut out, mark);
    out.extend(line.chars().skip(at + 1));
    out
}

/// A text by itself, at the start of a line.
pub fn line(text: &str) -> String {
    guard_start(&one_line(text))
}

/// A text that has no line breaks: a title, a name, a place.
pub fn one_line(text: &str) -> String {
    let mut out = String::new();
    push_words(&mut out, &text.split_whitespace().collect::<Vec<_>>().join(" "));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_entities_and_words_stay_readable() {
        let cases = [
            ("A & B, x < 5", "A & B, x &lt; 5"),
            ("&amp; *fed* fil_navn _x_", "&amp;amp; &#42;fed&#42; fil_navn &#95;x&#95;"),
            ("[a](b) `c` # d", "&#91;a&#93;(b) &#96;c&#96; &#35; d"),
            ("- punkt", "&#45; punkt"),
            ("3. punkt", "3&#46; punkt"),
            ("17) punkt", "17&#41; punkt"),
            ("2026 er året", "2026 er året"),
            ("(20 min.) i alt", "&#40;20 min.) i alt"),
            ("(og mere)", "(og mere)"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text), expected, "{text}");
        }
    }
}
