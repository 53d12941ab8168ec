//! Danish or English, as whoever checks asked for.

use jiff::Timestamp;

/// The language of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub danish: bool,
}

impl Words {
    pub fn pick(self, danish: impl Into<String>, english: impl Into<String>) -> String {
        if self.danish { danish.into() } else { english.into() }
    }
}

/// A time in milliseconds since 1970, in UTC: "2026-06-17 07:00:00 UTC".
pub fn time(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).map(|time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    time.unwrap_or_else(|_| format!("{ms} ms"))
}
