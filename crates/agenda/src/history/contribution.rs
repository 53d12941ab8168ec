//! Which departments had a hand in an item, and which feedback waits for an answer: for whoever chases the
//! agenda. It says that a department has contributed, never how much, and it ranks nobody.

use super::{Chronicle, HistoryKind};
use crate::{
    event::{DocumentKind, Timestamp},
    forum::Forum,
    id::{CommentId, DocumentId, ItemId, UserId},
    meeting::{Item, SuggestionState},
};
use std::collections::BTreeSet;

/// Of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub item: ItemId,
    /// Who wrote, suggested or commented, now or where the item was before, by department; in the order of the
    /// alphabet.
    pub departments: BTreeSet<String>,
    /// The oldest first.
    pub waiting: Vec<Waiting>,
}

/// Feedback that nobody has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub what: Feedback,
    pub by: UserId,
    /// Since when it has waited.
    pub since: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    /// The comment that began a thread, and the text that it is about.
    Comment(CommentId, DocumentKind),
    Suggestion(DocumentId),
}

/// Of every item on the agenda, in its order.
pub fn contributions(chronicle: &Chronicle, forum: &Forum) -> Vec<Contribution> {
    let items = chronicle.meeting().map(|meeting| meeting.items.as_slice()).unwrap_or_default();
    let of_item = |item: &Item| Contribution {
        item: item.id,
        departments: departments(chronicle, forum, item),
        waiting: waiting(chronicle, item),
    };
    items.iter().map(of_item).collect()
}

fn departments(chronicle: &Chronicle, forum: &Forum, item: &Item) -> BTreeSet<String> {
    let wrote = |kind| {
        matches!(
            kind,
            HistoryKind::Text
                | HistoryKind::Planning
                | HistoryKind::Decision
                | HistoryKind::Suggestion
                | HistoryKind::Comment
        )
    };
    // Whoever imported a text did not write it.
    let acts = chronicle.acts().iter();
    let here = acts.filter(|act| act.item == Some(item.id) && wrote(act.kind) && !act.is_imported());
    let documents = chronicle.meeting().map(|meeting| &meeting.documents);
    let of_item = |id| documents.and_then(|all| all.get(id)).is_some_and(|document| document.item == item.id);
    let before = chronicle.all_copied().filter(|copied| of_item(&copied.document));
    let before = before.flat_map(|copied| {
        let written = copied.credits.iter().filter(|credit| credit.source.is_none());
        written.filter_map(|credit| copied.people.get(credit.person as usize))
    });
    let people = here.map(|act| &act.by).chain(before);
    let named = people.filter_map(|user| forum.members.get(user));
    named.map(|member| member.department().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn waiting(chronicle: &Chronicle, item: &Item) -> Vec<Waiting> {
    let comments = item.open_threads().map(|began| Waiting {
        what: Feedback::Comment(began.id, began.document),
        by: began.by.clone(),
        since: began.at,
    });
    let suggestions = chronicle.meeting().into_iter().flat_map(|meeting| &meeting.suggestions);
    let open = suggestions.filter(|(_, s)| s.item == item.id && s.state == SuggestionState::Open);
    let open = open.map(|(document, suggestion)| Waiting {
        what: Feedback::Suggestion(*document),
        by: suggestion.author.clone(),
        since: suggestion.at,
    });
    let mut waiting: Vec<Waiting> = comments.chain(open).collect();
    waiting.sort_by_key(|one| one.since);
    waiting
}
