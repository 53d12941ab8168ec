//! Days and months as Denmark counts them.

use crate::event::Timestamp;
use jiff::{Span, civil::Date, tz::TimeZone};

/// Danish time as a rule: an hour before UTC, two from the last Sunday of March to that of October.
const DANISH_TIME: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The day that it was in Denmark.
pub fn day_of(at: Timestamp) -> Date {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    TimeZone::posix(DANISH_TIME).unwrap_or(TimeZone::UTC).to_datetime(at).date()
}

/// The same day of a later month; its last day, where that month is too short.
pub fn months_after(day: Date, months: u16) -> Date {
    let span = Span::new().try_months(i64::from(months)).unwrap_or_default();
    day.saturating_add(span)
}
