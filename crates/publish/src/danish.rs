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

/// "2026-06-17T09:00:00+02:00": summer time from the last Sunday of March to the last of
/// October, as in the whole European Union since 1996. The hour that occurs twice is taken
/// for the first.
pub fn with_offset(date: Date, time: Time) -> String {
    let (begins, ends) = (last_sunday(date.year(), 3), last_sunday(date.year(), 10));
    let after = |sunday: Date, hour: i8| (date, time.hour()) >= (sunday, hour);
    let summer = after(begins, 2) && !after(ends, 3);
    format!("{date}T{}:00+0{}:00", clock(time), if summer { 2 } else { 1 })
}

/// Of a month with 31 days.
fn last_sunday(year: i16, month: i8) -> Date {
    let last = Date::new(year, month, 31).unwrap_or(Date::MAX);
    let back = i64::from(last.weekday().to_sunday_zero_offset());
    last.checked_sub(jiff::Span::new().days(back)).unwrap_or(last)
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

    #[test]
    fn danish_time_is_an_hour_or_two_ahead() {
        let at = |month, day, hour| with_offset(date(2026, month, day), time(hour, 0, 0, 0));
        assert_eq!(at(6, 17, 9), "2026-06-17T09:00:00+02:00");
        let winter = [at(1, 1, 9), at(3, 29, 1), at(10, 25, 3), at(12, 31, 9)];
        assert!(winter.iter().all(|at| at.ends_with("+01:00")), "{winter:?}");
        let summer = [at(3, 29, 3), at(10, 25, 1), at(10, 24, 23)];
        assert!(summer.iter().all(|at| at.ends_with("+02:00")), "{summer:?}");
    }
}
