//! Dates and times as Danish agendas write them.

use agenda::language::danish::{month, weekday};
use jiff::civil::{Date, Time};

/// "17-06-2026", as in the title.
pub fn short_date(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

/// "Onsdag d. 17. juni 2026 kl. 09:00", as under "Mødedato".
pub fn long_date(date: Date, time: Time) -> String {
    let (day, month) = (capitalised(weekday(date.weekday())), month(date.month()));
    format!("{day} d. {}. {month} {} kl. {}", date.day(), date.year(), clock(time))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "09:00".
pub fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn dates_read_as_on_the_cover() {
        assert_eq!(short_date(date(2026, 6, 7)), "07-06-2026");
        let long = long_date(date(2026, 6, 17), time(9, 0, 0, 0));
        assert_eq!(long, "Onsdag d. 17. juni 2026 kl. 09:00");
        assert!(long_date(date(2025, 12, 7), time(9, 0, 0, 0)).starts_with("Søndag d. 7. december"));
    }
}
