//! User text on its way into the PDF: what cannot be drawn becomes a visible mark and a
//! warning, what cannot be seen goes, and what is too long for a line may break.

pub use crate::columns::PAGE_WORD;

use super::{Warning, fonts::FONTS};
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

/// Stands where a character was that no font has.
pub const MARK: char = '\u{25a1}';

/// Where a line may break inside a word. The template makes it a break without a character, so
/// it is never part of the text of the document.
const BREAK: char = '\u{200b}';

/// Characters between two breaks of a word that is too long.
const PIECE: usize = 16;

/// Warnings name at most as many different characters; the rest is counted in the last.
const MAX_NAMED: usize = 50;

/// Takes in all text of one document, and remembers what it could not draw.
#[derive(Default)]
pub struct Words {
    missing: BTreeMap<char, (u32, usize)>,
    warnings: Vec<Warning>,
    /// Of which item the text is, 0 before the first.
    pub item: u32,
}

impl Words {
    /// The text as it can be drawn; `'\n'` is a line break, and `longest` is how long a word
    /// may be that is kept whole.
    pub fn draw(&mut self, text: &str, longest: usize) -> String {
        let seen: String = text.replace("\r\n", "\n").chars().filter_map(plain).collect();
        let mut drawn = String::with_capacity(seen.len());
        for cluster in seen.graphemes(true) {
            self.cluster(cluster, &mut drawn);
        }
        breakable(&drawn, longest)
    }

    /// Characters that belong together, such as a letter and its accent, are drawn by one font
    /// or not together.
    fn cluster(&mut self, cluster: &str, drawn: &mut String) {
        let mut kept = String::new();
        let mut missing = 0;
        for c in cluster.chars() {
            kept.push(c);
            if c == '\n' || c == BREAK || (FONTS.can_draw(&kept) && !private(c)) {
                continue;
            }
            kept.pop();
            if c.is_whitespace() && !c.is_control() {
                kept.push(' ');
            } else {
                let (_, times) = self.missing.entry(c).or_insert((self.item, 0));
                *times += 1;
                missing += 1;
            }
        }
        drawn.push_str(&kept);
        drawn.extend(std::iter::repeat_n(MARK, missing));
    }

    /// [`Words::draw`] for what has one line: a title, a name.
    pub fn line(&mut self, text: &str) -> String {
        let text = self.draw(text, PAGE_WORD).replace('\n', " ");
        text.trim().to_owned()
    }

    /// Remembers something else that a person should know, once.
    pub fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// All that was remembered, with one warning for each character that was replaced.
    pub fn warnings(self) -> Vec<Warning> {
        let rest = self.missing.values().skip(MAX_NAMED).map(|(_, times)| times).sum();
        let named = self.missing.into_iter().take(MAX_NAMED);
        let named = named.map(|(character, (item, times))| Warning::NoGlyph { character, item, times });
        let named = named.chain((rest > 0).then_some(Warning::MoreWithoutGlyph { times: rest }));
        named.chain(self.warnings).collect()
    }
}

/// The character, or `None` for what has no look of its own and only steers its neighbours.
fn plain(c: char) -> Option<char> {
    match c {
        '\t' | '\r' => Some(' '),
        '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}' => None,
        '\u{2060}'..='\u{2065}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}' => None,
        c => Some(c),
    }
}

/// Characters whose meaning is private agreement, which an archive cannot keep, and control
/// characters, which some fonts pretend to draw.
fn private(c: char) -> bool {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let reverses = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    is_private || reverses || c.is_control()
}

fn breakable(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        if word.chars().count() <= longest {
            out.push_str(word);
            continue;
        }
        let clusters: Vec<&str> = word.graphemes(true).collect();
        for (i, piece) in clusters.chunks(longest.clamp(1, PIECE)).enumerate() {
            out.extend((i > 0).then_some(BREAK));
            out.extend(piece.iter().copied());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> (String, Vec<Warning>) {
        let mut words = Words { item: 4, ..Words::default() };
        (words.draw(text, PAGE_WORD), words.warnings())
    }

    #[test]
    fn what_no_font_has_is_marked_and_named_with_its_place() {
        let (text, warnings) = drawn("Fødselsdag \u{1f382}\u{1f382} \u{4e2d}\0");
        assert_eq!(text, "Fødselsdag □□ □□");
        let missing = |character, times| Warning::NoGlyph { character, item: 4, times };
        assert_eq!(warnings, [missing('\0', 1), missing('\u{4e2d}', 1), missing('\u{1f382}', 2)]);
    }

    #[test]
    fn what_cannot_be_seen_goes_without_a_mark() {
        let (text, warnings) = drawn("Sam\u{ad}arbejde\u{200d} \u{2713}\u{fe0f}\u{2003}\t\u{feff}ja\r\nnej");
        assert_eq!(text, "Samarbejde ✓  ja\nnej");
        assert_eq!(warnings, []);
    }

    #[test]
    fn what_can_be_drawn_of_a_cluster_stays() {
        let (text, _) = drawn("1\u{fe0f}\u{5b0} \u{26a0}\u{323} a\u{30a}\u{5b0}");
        assert_eq!(text, "1□ \u{26a0}□ a\u{30a}□");
    }

    #[test]
    fn private_characters_and_reversed_text_are_marked() {
        assert_eq!(drawn("\u{f8ff}a\u{202e}b").0, "□a□b");
    }

    #[test]
    fn only_a_long_word_may_break_anywhere() {
        let mut words = Words::default();
        assert_eq!(words.draw("kort langtord kort", 5), "kort langt\u{200b}ord kort");
        assert_eq!(words.line("  to\nlinjer "), "to linjer");
    }

    #[test]
    fn a_text_of_many_scripts_has_few_warnings() {
        let text: String = ('\u{4e00}'..'\u{4f00}').collect();
        let warnings = drawn(&text).1;
        assert_eq!(warnings.len(), MAX_NAMED + 1);
        assert_eq!(warnings.last(), Some(&Warning::MoreWithoutGlyph { times: 256 - MAX_NAMED }));
    }
}
