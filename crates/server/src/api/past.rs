//! Looking back in an item: what it said at any moment, who wrote each character of it, and what
//! changed between two moments.

use super::read_meeting;
use crate::{
    app::App,
    auth::Caller,
    histories::{HistoryError, ReadChronicle},
    problem::Problem,
    view::{ItemAt, Person, SectionContent, person},
};
use agenda::{
    event::{DocumentKind, ItemState, Position, Source, Timestamp},
    forum::Forum,
    history::{BlameText, Credits, DiffSection, Past, blame as blame_at, diff as diff_between},
    id::{DocumentId, Hash, ItemId, MeetingId},
    meeting::Access,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Keys of the sections with their headings.
type Headings = Vec<(String, String)>;

/// What is needed to look back in one document of an item.
struct View {
    chronicle: ReadChronicle,
    past: Arc<Past>,
    forum: Arc<Forum>,
    item: ItemId,
    document: DocumentId,
    headings: Headings,
    caller: Caller,
}

pub(super) async fn chronicle(
    app: &App,
    caller: &Caller,
    meeting: MeetingId,
) -> Result<ReadChronicle, Problem> {
    app.histories.chronicle(meeting).await.map_err(|error| unreadable(&error, caller))
}

fn unreadable(error: &HistoryError, caller: &Caller) -> Problem {
    tracing::error!(%error, "a history cannot be read");
    Problem::unavailable(caller.language)
}

/// Opens an item's document for looking back, if the caller may read it.
async fn open(
    app: &App,
    caller: Caller,
    meeting: MeetingId,
    item: ItemId,
    kind: DocumentKind,
) -> Result<View, Problem> {
    let not_found = || Problem::not_found(caller.language);
    super::own_meeting(app, &caller, meeting)?;
    let chronicle = chronicle(app, &caller, meeting).await?;
    let document = chronicle.item(item).ok_or_else(not_found)?.documents.of(kind);
    let at_hand = app.histories.past(document);
    let (user, changes) = (caller.identity.user.clone(), at_hand.as_ref().map(|past| past.len()));
    let (forum, text) = read_meeting(app, &caller, meeting, move |room| {
        let actor = room.actor(&user);
        let allowed = room.meeting().access(actor.as_ref(), document) != Access::None;
        let text = room.document(document).filter(|_| allowed);
        // Copied only if it has changed.
        let fresh = text.map(|text| (changes != Some(text.len())).then(|| text.past()));
        (room.forum().clone(), fresh)
    })
    .await?;
    let past = match (text.ok_or_else(not_found)?, at_hand) {
        (None, Some(past)) => past,
        (fresh, _) => {
            let fresh = fresh.ok_or_else(|| Problem::unavailable(caller.language))?;
            let kept = app.histories.keep(document, fresh).await;
            kept.map_err(|error| unreadable(&error, &caller))?
        }
    };
    let sections = chronicle.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
    let headings = sections.into_iter().map(|(key, heading)| (key.to_owned(), heading.to_owned())).collect();
    Ok(View { chronicle, past, forum, item, document, headings, caller })
}

impl View {
    /// Looks, away from the threads that serve requests. `None` is not found.
    async fn look<T: Send + 'static>(
        self,
        look: impl FnOnce(&Self) -> Option<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let language = self.caller.language;
        let seen = tokio::task::spawn_blocking(move || look(&self)).await;
        let seen = seen.map_err(|error| {
            tracing::error!(%error, "looking back failed");
            Problem::unavailable(language)
        })?;
        seen.ok_or_else(|| Problem::not_found(language))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(|(key, _)| key.as_str())
    }

    fn heading(&self, key: &str) -> String {
        self.headings.iter().find(|(known, _)| known == key).map(|(_, h)| h.clone()).unwrap_or_default()
    }

    fn sequence(&self, position: Option<u64>) -> u64 {
        position.map_or(self.chronicle.sequence(), |at| self.chronicle.sequence_at(Position(at)))
    }

    /// The item's particulars; `None` before it was there.
    fn particulars(&self, sequence: u64) -> Option<ItemMoment> {
        let (item, moment) = (self.chronicle.item_at(self.item, sequence)?, self.chronicle.moment(sequence)?);
        Some(ItemMoment {
            position: moment.position,
            at: moment.at,
            by: person(&self.forum, &moment.by),
            title: item.title.clone(),
            journal_number: item.journal_number.clone(),
            minutes: item.minutes,
            state: item.state,
        })
    }

    fn credits(&self, credits: &Credits<'_>) -> (Vec<Person>, Vec<CreditView>) {
        let view = |credit: &agenda::history::Credit| {
            let moment = self.chronicle.moment(credit.sequence);
            CreditView {
                person: credit.user,
                position: moment.map(|moment| moment.position).unwrap_or_default(),
                at: moment.map_or(Timestamp(0), |moment| moment.at),
                source: self.chronicle.source(credit.sequence).cloned(),
            }
        };
        let people = credits.users.iter().map(|user| person(&self.forum, user)).collect();
        (people, credits.list.iter().map(view).collect())
    }
}

/// An item's particulars at a moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemMoment {
    position: Position,
    at: Timestamp,
    by: Person,
    title: String,
    #[schema(required)]
    journal_number: Option<String>,
    #[schema(required)]
    minutes: Option<u16>,
    state: ItemState,
}

/// Who wrote something, and when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreditView {
    /// A place in the list of people.
    person: u32,
    position: Position,
    at: Timestamp,
    /// Where it was imported from; then the person is who imported it.
    #[schema(required)]
    source: Option<Source>,
}

/// What an item said at a position of the log.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/at/{position}",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), ("position" = u64, Path)),
    responses((status = 200, body = ItemAt), (status = 404, body = Problem)))]
pub async fn item_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item, position)): Path<(MeetingId, ItemId, u64)>,
) -> Result<Json<ItemAt>, Problem> {
    let view = open(&app, caller, meeting, item, DocumentKind::Case).await?;
    let look = move |view: &View| {
        let sequence = view.sequence(Some(position));
        let then = view.particulars(sequence)?;
        let texts = view.past.read_at(view.keys(), sequence);
        let section = |text: agenda::document::SectionText| SectionContent {
            heading: view.heading(&text.key),
            key: text.key,
            nothing: text.nothing,
            blocks: text.blocks,
        };
        Some(ItemAt {
            position: then.position,
            at: then.at,
            by: then.by,
            title: then.title,
            journal_number: then.journal_number,
            minutes: then.minutes,
            state: then.state,
            sections: texts.into_iter().map(section).collect(),
        })
    };
    view.look(look).await.map(Json)
}

#[derive(Deserialize, IntoParams)]
pub struct BlameQuery {
    /// A position of the log; now, if it is left out.
    at: Option<u64>,
    /// The case text, if it is left out.
    document: Option<DocumentKind>,
}

#[derive(Serialize, ToSchema)]
pub struct BlameView {
    /// The document that the places are in, and the heads at which they are right.
    document: DocumentId,
    heads: Vec<Hash>,
    people: Vec<Person>,
    credits: Vec<CreditView>,
    texts: Vec<BlameText>,
}

/// Who wrote each character of an item's text.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/blame",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), BlameQuery),
    responses((status = 200, body = BlameView), (status = 404, body = Problem)))]
pub async fn blame(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
    Query(query): Query<BlameQuery>,
) -> Result<Json<BlameView>, Problem> {
    let kind = query.document.unwrap_or(DocumentKind::Case);
    let look = move |view: &View| {
        let authors = view.chronicle.authors(view.document);
        let mut credits = Credits::new(&view.past, &authors);
        let sequence = view.sequence(query.at);
        let texts = blame_at(&view.past, view.keys(), sequence, &mut credits);
        let (people, credits) = view.credits(&credits);
        let heads = view.past.heads_at(sequence);
        Some(BlameView { document: view.document, heads, people, credits, texts })
    };
    open(&app, caller, meeting, item, kind).await?.look(look).await.map(Json)
}

#[derive(Deserialize, IntoParams)]
pub struct DiffQuery {
    /// A position of the log; the same as `to`, if it is left out: the text with its authors.
    from: Option<u64>,
    /// A position of the log; now, if it is left out.
    to: Option<u64>,
    /// The case text, if it is left out.
    document: Option<DocumentKind>,
}

#[derive(Serialize, ToSchema)]
pub struct DiffSectionView {
    heading: String,
    #[serde(flatten)]
    section: DiffSection,
}

#[derive(Serialize, ToSchema)]
pub struct DiffView {
    /// Null before the item was there.
    #[schema(required)]
    from: Option<ItemMoment>,
    to: ItemMoment,
    /// The document in which the text goes on, and its heads at `to`.
    document: DocumentId,
    heads: Vec<Hash>,
    people: Vec<Person>,
    credits: Vec<CreditView>,
    sections: Vec<DiffSectionView>,
}

/// What changed in an item's text from one position of the log to another, earlier or later.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/diff",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), DiffQuery),
    responses((status = 200, body = DiffView), (status = 404, body = Problem)))]
pub async fn diff(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
    Query(query): Query<DiffQuery>,
) -> Result<Json<DiffView>, Problem> {
    let kind = query.document.unwrap_or(DocumentKind::Case);
    let look = move |view: &View| {
        let to = view.sequence(query.to);
        let from = query.from.map_or(to, |from| view.sequence(Some(from)));
        let authors = view.chronicle.authors(view.document);
        let mut credits = Credits::new(&view.past, &authors);
        let sections = diff_between(&view.past, view.keys(), (from, to), &mut credits);
        let (people, credits) = view.credits(&credits);
        let with_heading =
            |section: DiffSection| DiffSectionView { heading: view.heading(&section.key), section };
        Some(DiffView {
            from: view.particulars(from),
            to: view.particulars(to)?,
            document: view.document,
            heads: view.past.heads_at(to),
            people,
            credits,
            sections: sections.into_iter().map(with_heading).collect(),
        })
    };
    open(&app, caller, meeting, item, kind).await?.look(look).await.map(Json)
}
