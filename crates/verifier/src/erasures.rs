//! What a log says was erased: the words of an item, when, by whom and why.

use crate::words::{Words, time};
use proof::{envelope::Envelope, readable::readable};

/// That the words of an item are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Erasure {
    position: u64,
    /// Milliseconds since 1970 UTC.
    at: i64,
    by: String,
    /// The item, in hexadecimal.
    item: String,
    reason: String,
}

impl Erasure {
    /// Those that a commit tells of.
    pub fn read(position: u64, commit: &Envelope<'_>) -> Vec<Self> {
        let erased = commit.events.iter().filter(|event| event.kind == "ItemErased");
        let told = erased.filter_map(|event| {
            let body = readable(event.body).ok()?;
            let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            let (item, reason) = (text("item"), text("reason"));
            Some(Self { position, at: commit.at, by: commit.by.to_owned(), item, reason })
        });
        told.collect()
    }

    pub fn explain(&self, words: Words) -> String {
        let Self { position, at, by, item, reason } = self;
        let at = time(*at);
        words.pick(
            format!("position {position}: teksten i punkt {item} blev slettet {at} af {by}, fordi: {reason}"),
            format!(
                "position {position}: the words of item {item} were erased on {at} by {by} because: {reason}"
            ),
        )
    }
}
