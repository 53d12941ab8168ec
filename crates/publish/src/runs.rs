//! Runs of words as every format writes them: neighbouring runs with one target are one link.

use crate::escape::escape;
use agenda::content::{Inline, safe_link};

/// The runs with the target they link to. A link without words, or to where no published text
/// may point, is none.
pub fn links(text: &[Inline]) -> impl Iterator<Item = (Option<&str>, &[Inline])> {
    text.chunk_by(|a, b| a.link == b.link).map(|runs| {
        let target = runs.first().and_then(|run| run.link.as_deref()).and_then(safe_link);
        (target.filter(|_| !is_blank(runs)), runs)
    })
}

/// The runs in the tags `<a>`, `<b>` and `<i>`; `line_break` stands between lines, and `words` writes
/// the text in them.
pub fn tagged(out: &mut String, text: &[Inline], line_break: &str, words: fn(&mut String, &str)) {
    for (target, runs) in links(text) {
        if let Some(target) = target {
            out.push_str(&format!("<a href=\"{}\">", escape(target)));
        }
        for run in runs {
            let tags = [(run.bold, "b"), (run.italic, "i")];
            tags.iter().filter(|(on, _)| *on).for_each(|(_, tag)| out.push_str(&format!("<{tag}>")));
            for (i, line) in run.text.split('\n').enumerate() {
                out.push_str(if i > 0 { line_break } else { "" });
                words(out, line);
            }
            tags.iter().rev().filter(|(on, _)| *on).for_each(|(_, tag)| out.push_str(&format!("</{tag}>")));
        }
        out.push_str(if target.is_some() { "</a>" } else { "" });
    }
}

/// Whether there is nothing to read.
pub fn is_blank(text: &[Inline]) -> bool {
    text.iter().all(|run| run.text.trim().is_empty())
}
