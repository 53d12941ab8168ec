//! Comments as entries of the history.

use super::{Entry, HistoryKind, Reader, Words};
use crate::{
    event::{CommentMade, Recorded},
    id::{CommentId, ItemId},
    language::Language,
};

/// A sentence tells this much of a comment or of its quote, in characters.
const MAX_TOLD: usize = 140;

/// What was said, or done about what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// About the quoted words, or about the whole text.
    Comment {
        quote: Option<String>,
        text: String,
    },
    Answer(String),
    Resolved,
    Reopened,
}

pub(super) fn made(event: &CommentMade) -> Said {
    let text = shortened(&event.text);
    match event.thread {
        Some(_) => Said::Answer(text),
        None => Said::Comment { quote: event.anchor.as_ref().map(|anchor| shortened(&anchor.quote)), text },
    }
}

/// On one line, and cut where it is long.
fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    if line.chars().count() <= MAX_TOLD {
        return line;
    }
    format!("{}…", line.chars().take(MAX_TOLD).collect::<String>().trim_end())
}

impl Said {
    pub(super) fn sentence(&self, name: &str, language: Language) -> String {
        match self {
            Self::Comment { quote: Some(quote), text } => language.pick(
                format!("{name} kommenterede «{quote}»: {text}"),
                format!("{name} commented on «{quote}»: {text}"),
            ),
            Self::Comment { quote: None, text } => {
                language.pick(format!("{name} kommenterede: {text}"), format!("{name} commented: {text}"))
            }
            Self::Answer(text) => language.pick(
                format!("{name} svarede på en kommentar: {text}"),
                format!("{name} answered a comment: {text}"),
            ),
            Self::Resolved => language.pick(
                format!("{name} markerede en kommentar som løst."),
                format!("{name} marked a comment as resolved."),
            ),
            Self::Reopened => language
                .pick(format!("{name} genåbnede en kommentar."), format!("{name} reopened a comment.")),
        }
    }
}

impl Reader {
    /// An entry about a comment.
    pub(super) fn comment(&mut self, recorded: &Recorded, item: ItemId, said: Said, comment: CommentId) {
        let known = self.meeting.as_ref().and_then(|meeting| meeting.item(item));
        let about = known.and_then(|known| known.comments.iter().find(|one| one.id == comment));
        let on = about.map(|comment| comment.document);
        let entry = Self::entry(recorded, HistoryKind::Comment, Words::Comment(said));
        self.acts.push(Entry { item: Some(item), on, ..entry });
    }
}
