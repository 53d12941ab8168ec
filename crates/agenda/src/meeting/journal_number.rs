//! The journal number of a case: kept as it was written, checked only to warn.

/// Whether the text follows `dd.dd.dd-Fdd-n-yy` with a facet letter of A P S Ø G K I (KLE).
/// It names a case, not an item: the same number may stand on many items.
pub fn is_valid_journal_number(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [topic, facet, serial, year] = parts.as_slice() else { return false };
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let groups: Vec<&str> = topic.split('.').collect();
    let mut letters = facet.chars();
    groups.len() == 3
        && groups.iter().all(|group| digits(group, 2))
        && letters.next().is_some_and(|letter| "APSØGKI".contains(letter))
        && digits(letters.as_str(), 2)
        && (1..=6).any(|count| digits(serial, count))
        && digits(year, 2)
}

#[cfg(test)]
mod tests {
    use super::is_valid_journal_number;

    #[test]
    fn the_grammar_is_held() {
        for good in ["00.01.00-A00-32-24", "15.20.00-Ø12-1-23", "81.38.04-P35-100-25"] {
            assert!(is_valid_journal_number(good), "{good}");
        }
        for bad in [
            "",
            "00.01.00-A00-32",
            "00.1.00-A00-32-24",
            "00.01.00-B00-32-24",
            "00.01.00-A00--24",
            "æøå",
            "00.01.00-A0Ø-1-24",
        ] {
            assert!(!is_valid_journal_number(bad), "{bad}");
        }
    }
}
