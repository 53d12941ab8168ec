//! Runs of words as every format writes them: neighbouring runs with one target are one link.

use agenda::content::{Inline, safe_link};

/// The runs with the target they link to. A link without words, or to where no published text
/// may point, is none.
pub fn links(text: &[Inline]) -> impl Iterator<Item = (Option<&str>, &[Inline])> {
    text.chunk_by(|a, b| a.link == b.link).map(|runs| {
        let target = runs.first().and_then(|run| run.link.as_deref()).and_then(safe_link);
        (target.filter(|_| !is_blank(runs)), runs)
    })
}

/// Whether there is nothing to read.
pub fn is_blank(text: &[Inline]) -> bool {
    text.iter().all(|run| run.text.trim().is_empty())
}
