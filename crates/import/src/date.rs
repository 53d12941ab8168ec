//! Dates and times of day as Danish documents write them.

use crate::pattern::pattern;
use agenda::language::danish::{MONTHS, WEEKDAYS};
use jiff::civil::{Date, Weekday};
use std::ops::Range;

pattern!(NUMERIC, r"\b(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})\b");
pattern!(ISO, r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b");
pattern!(WORDS, r"(?i)\b(\d{1,2})\.?\s*([a-zæøå]{3,9})\.?\s+(\d{4})\b");
pattern!(TIME, r"(?i)(?:\bkl(?:\.|okken|\b)\s*(\d{1,2})(?:[:.](\d{2}))?|\b(\d{1,2}):(\d{2}))\b");

/// The first date in a text and where it stands.
pub(crate) fn find(text: &str) -> Option<(Date, Range<usize>)> {
    [(&ISO, [1, 2, 3]), (&NUMERIC, [3, 2, 1]), (&WORDS, [3, 2, 1])].into_iter().find_map(
        |(pattern, [y, m, d])| {
            let found = pattern.captures(text)?;
            let date = Date::new(year(&found[y])?, month(&found[m])?, found[d].parse().ok()?).ok()?;
            Some((date, found.get(0)?.range()))
        },
    )
}

fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    Some(if text.len() == 2 { 2000 + year } else { year })
}

fn month(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let text = text.to_lowercase();
    let index = MONTHS.iter().position(|name| name.starts_with(&text))?;
    i8::try_from(index + 1).ok()
}

/// The first time of day in a text, as `09:00`, and where it stands.
pub(crate) fn find_time(text: &str) -> Option<(String, Range<usize>)> {
    let found = TIME.captures(text)?;
    let hour: u8 = found.get(1).or(found.get(3))?.as_str().parse().ok()?;
    let minute: u8 = found.get(2).or(found.get(4)).map_or(Some(0), |m| m.as_str().parse().ok())?;
    (hour < 24 && minute < 60).then_some((format!("{hour:02}:{minute:02}"), found.get(0)?.range()))
}

/// The day of the week that a text begins with.
pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    let first = text.split_whitespace().next()?.trim_end_matches(['.', ',']).to_lowercase();
    WEEKDAYS.iter().find(|(name, _)| *name == first).map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_read_in_every_usual_form() {
        let forms =
            ["17-06-2026", "17.06.2026", "17/6-26", "2026-06-17", "d. 17. juni 2026", "den 17 jun. 2026"];
        for form in forms {
            assert_eq!(find(form).unwrap().0.to_string(), "2026-06-17", "{form}");
        }
        for form in ["31-02-2026", "17. skovmåned 2026", "juni 2026", ""] {
            assert_eq!(find(form), None, "{form}");
        }
        for form in ["kl. 09:00", "kl 9", "Kl.9.00", "klokken 09:00", "x 9:00"] {
            assert_eq!(find_time(form).unwrap().0, "09:00", "{form}");
        }
        assert_eq!(find_time("kl. 25:00"), None);
    }
}
