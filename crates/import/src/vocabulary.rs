//! The words by which a line is recognised: headings of sections, labels of the header.

use crate::{inline, pattern::pattern};
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
    if text.len() > LONGEST_HEADING || text.contains('\t') {
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
    inline::plain(hashes(text).1).trim().trim_end_matches(':').trim_end().to_owned()
}

/// The text between `**` and `**` where that is the whole of it.
pub(crate) fn whole_bold(text: &str) -> Option<&str> {
    let strip = |mark: &str| text.strip_prefix(mark)?.strip_suffix(mark);
    let inner = strip("**").or_else(|| strip("__"))?;
    (!inner.trim().is_empty() && !inner.contains("**") && !inner.contains("__")).then_some(inner)
}

/// Whether a text breaks off: it does not end as a sentence or a lead-in does.
pub(crate) fn is_open(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(['*', '_', '"', '”', '»', ')']);
    !end.is_empty() && !end.ends_with(['.', '!', '?', ':', ';', '…'])
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
        for line in ["Resumé af mødet", "- Resumé", "resumé", "Bilag 1", "Den videre proces", ""] {
            assert_eq!(part(line), None, "{line}");
        }
    }
}
