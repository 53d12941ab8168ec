//! The words by which a line is recognised: headings of sections, labels of the header.

use crate::{html_table::is_table_line, inline, pattern::pattern};
use agenda::content::SECTIONS;

/// What a heading line of an item opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Index into [`SECTIONS`].
    Section(usize),
    Decision,
    Attachments,
}

impl Part {
    /// Place in the canonical order.
    pub fn rank(self) -> usize {
        match self {
            Self::Section(index) => index,
            Self::Decision => SECTIONS.len(),
            Self::Attachments => SECTIONS.len() + 1,
        }
    }
}

/// Other spellings of the headings, folded.
const SYNONYMS: [(&str, &str); 6] = [
    ("indstillinger", "indstilling"),
    ("resume", "resume"),
    ("vision og politikker", "vision"),
    ("kommunens visioner og politikker", "vision"),
    ("lovgivning", "lov"),
    ("sagens historik", "historik"),
];

/// The part that a line opens when the whole of it, without marks, is a known heading.
pub(crate) fn part(text: &str) -> Option<Part> {
    const LONGEST_HEADING: usize = 80;
    if text.len() > LONGEST_HEADING || text.contains('\t') || is_table_line(text) {
        return None;
    }
    let plain = heading_text(text);
    if !plain.starts_with(char::is_uppercase) {
        return None;
    }
    let folded = fold(&plain);
    match folded.as_str() {
        "beslutning" | "beslutninger" => Some(Part::Decision),
        "bilag" | "bilagsliste" => Some(Part::Attachments),
        _ => section(&folded).map(Part::Section),
    }
}

fn section(folded: &str) -> Option<usize> {
    let key = SYNONYMS.iter().find(|(name, _)| *name == folded).map(|(_, key)| *key);
    SECTIONS.iter().position(|(k, heading)| Some(*k) == key || heading.to_lowercase() == folded)
}

/// Lower case, single spaces, no closing colon: the form in which texts are compared.
pub(crate) fn fold(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches([':', ' ']).to_lowercase()
}

pattern!(HASHES, r"^\\?(#{1,6})(?:\s+|\*|_)");

/// Number of leading `#`, and the text without them; zero where the line is no ATX heading.
pub(crate) fn hashes(text: &str) -> (usize, &str) {
    let Some(level) = HASHES.captures(text).and_then(|found| found.get(1)) else { return (0, text) };
    let rest = text.get(level.end()..).unwrap_or_default();
    (level.len(), rest.trim().trim_end_matches('#').trim_end())
}

/// The words of a heading line without `#`, emphasis and closing colon.
pub(crate) fn heading_text(text: &str) -> String {
    inline::plain(hashes(text).1).replace('\n', " ").trim().trim_end_matches(':').trim_end().to_owned()
}

/// The text between `**` and `**` where that is the whole of it.
pub(crate) fn whole_bold(text: &str) -> Option<&str> {
    let strip = |mark: &str| text.strip_prefix(mark)?.strip_suffix(mark);
    let inner = strip("**").or_else(|| strip("__"))?;
    (!inner.trim().is_empty() && !inner.contains("**") && !inner.contains("__")).then_some(inner)
}

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 18] = [
    "bl.a.", "ca.", "d.", "dvs.", "evt.", "f.eks.", "hhv.", "ift.", "inkl.", "jf.", "kl.", "maks.", "min.",
    "mio.", "nr.", "pkt.", "pr.", "stk.",
];

/// Words that end no sentence, so that a paragraph which ends in one was cut.
const LINKS: [&str; 10] = ["af", "at", "den", "eller", "en", "et", "fra", "og", "samt", "som"];

fn last_word(text: &str) -> &str {
    text.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Whether a text may go on: it does not end as a sentence or a lead-in does.
pub(crate) fn is_open(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['*', '_', '"', '”', '»', ')']);
    let word = last_word(text).trim_start_matches('(');
    let ordinal =
        word.strip_suffix('.').is_some_and(|n| !n.is_empty() && n.len() <= 2 && n.parse::<u8>().is_ok());
    let stop = end.ends_with(['.', '!', '?', ':', ';', '…']);
    !end.is_empty() && (!stop || ordinal || ABBREVIATIONS.contains(&word))
}

/// Whether a long text breaks off in the middle of a sentence, whatever comes next.
pub(crate) fn breaks_off(text: &str) -> bool {
    const SHORTEST: usize = 60;
    text.len() >= SHORTEST && LINKS.contains(&last_word(text))
}

/// Whether a text goes on in the middle of a sentence.
pub(crate) fn goes_on(text: &str) -> bool {
    text.trim_start_matches(['*', '_', '(', '"', '”', '»']).starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_words_whatever_the_marks() {
        for line in ["Resumé", "## **Resumé**", "**Resume:**", "### Resumé ###", "__RESUMÉ__", "**Resumé**:"]
        {
            assert_eq!(part(line), Some(Part::Section(1)), "{line}");
        }
        assert_eq!(part("Bilag"), Some(Part::Attachments));
        assert!(is_open("mødes den 30.") && is_open("det koster ca.") && is_open("han og"));
        assert!(!is_open("Det er slut.") && !is_open("i 2026.") && !is_open("følgende:") && !is_open(""));
        for line in ["Resumé af mødet", "- Resumé", "resumé", "Bilag 1", "Det videre forløb", ""] {
            assert_eq!(part(line), None, "{line}");
        }
    }
}
