//! Looking back in the text of an item: who wrote each character of it, and what changed between two
//! moments.

use super::{
    drafts::{require_shown, withheld},
    elsewhere::Elsewhere,
    read_meeting,
};
use crate::{
    app::App,
    auth::Caller,
    histories::{HistoryError, ReadChronicle},
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    drafts::Withheld,
    event::{DocumentKind, ItemState, Position, Source, Timestamp},
    forum::Forum,
    history::{BlameText, Chronicle, Credits, DiffSection, Past, blame as blame_at, diff as diff_between},
    id::{DocumentId, Hash, ItemId, MeetingId},
    live::LiveDocument,
    meeting::Access,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
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
    withheld: Withheld,
    elsewhere: Elsewhere,
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

/// Opens an item's document for looking back at a position, or now, if the caller may read it.
async fn open(
    app: &App,
    caller: Caller,
    meeting: MeetingId,
    item: ItemId,
    (kind, position): (DocumentKind, Option<u64>),
) -> Result<View, Problem> {
    let not_found = || Problem::not_found(caller.language);
    let forum = super::own_meeting(app, &caller, meeting)?;
    let elsewhere = Elsewhere::read(app, &caller, &forum, meeting).await?;
    let chronicle = chronicle(app, &caller, meeting).await?;
    let sequence = sequence(&chronicle, position);
    let withheld = withheld(&forum, &chronicle, &caller);
    require_shown(&withheld, sequence, &caller)?;
    // Before the item was there, its first text says nothing.
    let now = || chronicle.item(item).map(|item| item.documents);
    let documents = chronicle.item_at(item, sequence).map(|item| item.documents).or_else(now);
    let document = chronicle.carrier(documents.ok_or_else(not_found)?.of(kind));
    let past = pasts(app, &caller, meeting, &[document]).await?.remove(&document).ok_or_else(not_found)?;
    let sections = chronicle.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
    let headings = sections.into_iter().map(|(key, heading)| (key.to_owned(), heading.to_owned())).collect();
    Ok(View { chronicle, past, forum, item, document, headings, withheld, elsewhere, caller })
}

/// The stream's sequence at a position, or now.
pub(super) fn sequence(chronicle: &Chronicle, position: Option<u64>) -> u64 {
    position.map_or(chronicle.sequence(), |at| chronicle.sequence_at(Position(at)))
}

/// The pasts of those of the documents that the caller may read; one whose words were erased says nothing.
/// Each is copied only if it has changed, and in a turn of its own, so that those who write meanwhile get on.
pub(super) async fn pasts(
    app: &App,
    caller: &Caller,
    meeting: MeetingId,
    documents: &[DocumentId],
) -> Result<BTreeMap<DocumentId, Arc<Past>>, Problem> {
    let (user, asked) = (caller.identity.user.clone(), documents.to_vec());
    let (readable, erased) = read_meeting(app, caller, meeting, move |room| {
        let actor = room.actor(&user);
        let may = |id: &DocumentId| room.meeting().access(actor.as_ref(), *id) != Access::None;
        let (erased, left): (Vec<DocumentId>, Vec<DocumentId>) =
            asked.iter().copied().partition(|id| room.meeting().is_erased(*id));
        let ids: Vec<DocumentId> = left.into_iter().filter(may).collect();
        let readable = ids.into_iter().filter_map(|id| Some((id, room.document(id)?.len())));
        (readable.collect::<Vec<_>>(), erased)
    })
    .await?;
    let nothing = |id| (id, Arc::new(LiveDocument::new(id).past()));
    let mut found: BTreeMap<DocumentId, Arc<Past>> = erased.into_iter().map(nothing).collect();
    for (id, changes) in readable {
        let at_hand = app.histories.past(id).filter(|past| past.len() == changes);
        let past = match at_hand {
            Some(past) => past,
            None => {
                let fresh = read_meeting(app, caller, meeting, move |room| Some(room.document(id)?.past()));
                let fresh = fresh.await?.ok_or_else(|| Problem::unavailable(caller.language))?;
                app.histories.keep(id, fresh).await.map_err(|error| unreadable(&error, caller))?
            }
        };
        found.insert(id, past);
    }
    Ok(found)
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
        sequence(&self.chronicle, position)
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
            // Of a draft that is withheld it is said who wrote, and that it was frozen.
            let moment = self.chronicle.moment(self.withheld.shown_as(credit.sequence));
            let came = moment.map(|moment| (moment.position, moment.at)).unwrap_or_default();
            let Some(written) = &credit.written else {
                let source = self.chronicle.source(credit.sequence).cloned();
                return CreditView {
                    person: credit.user,
                    position: came.0,
                    at: came.1,
                    source,
                    brought: None,
                };
            };
            let (position, at) = self.elsewhere.shown_as(written);
            CreditView {
                person: credit.user,
                position,
                at,
                source: written.source.clone(),
                brought: moment.map(|moment| BroughtView {
                    meeting: written.place.meeting,
                    item: written.place.item,
                    date: written.place.date,
                    by: person(&self.forum, &moment.by),
                    position: came.0,
                    at: came.1,
                }),
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
    /// Where it was written, if it was brought here from another meeting.
    #[schema(required)]
    brought: Option<BroughtView>,
}

/// The meeting and item that something was written in, and who brought it from there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroughtView {
    meeting: MeetingId,
    item: ItemId,
    /// When that meeting was to be.
    #[schema(value_type = String)]
    date: Date,
    by: Person,
    /// Where the log has its coming here.
    position: Position,
    at: Timestamp,
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
    open(&app, caller, meeting, item, (kind, query.at)).await?.look(look).await.map(Json)
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
    /// The document in which the text goes on, and its heads at `to` and at `from`.
    document: DocumentId,
    heads: Vec<Hash>,
    from_heads: Vec<Hash>,
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
            from_heads: view.past.heads_at(from),
            people,
            credits,
            sections: sections.into_iter().map(with_heading).collect(),
        })
    };
    let view = open(&app, caller, meeting, item, (kind, query.to)).await?;
    require_shown(&view.withheld, view.sequence(query.from.or(query.to)), &view.caller)?;
    view.look(look).await.map(Json)
}
