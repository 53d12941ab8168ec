//! An item, or a whole agenda, as it was at a position of the log.

use super::{
    drafts::{require_shown, withheld},
    past::{chronicle, pasts, sequence},
};
use crate::{
    app::App,
    auth::Caller,
    histories::ReadChronicle,
    problem::Problem,
    view::{Person, PhaseView, SectionContent, person},
};
use agenda::{
    event::{DocumentKind, EditionKind, ItemState, ItemType, Participant, Position, Timestamp},
    forum::Forum,
    history::{Moment, Particulars, Past},
    id::{DocumentId, ItemId, MeetingId},
    publication::{PublishedSection, clock_time},
};
use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::{Date, Time};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;

/// Bytes of changes that are read for one look at a whole agenda; the texts of the items beyond are left
/// out, and their item says so.
const AGENDA_BYTES: usize = 16 * 1024 * 1024;

type Pasts = BTreeMap<DocumentId, Arc<Past>>;

/// When it was, and who did the last thing before it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MomentView {
    position: Position,
    at: Timestamp,
    by: Person,
}

/// An item beside its texts, as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticularsView {
    item: ItemId,
    /// Its place on the agenda; null once it was withdrawn.
    #[schema(required)]
    number: Option<u32>,
    title: String,
    #[schema(required)]
    journal_number: Option<String>,
    #[schema(required)]
    minutes: Option<u16>,
    #[schema(required)]
    item_type: Option<ItemType>,
    state: ItemState,
    closed: bool,
}

/// An item as it was at a position of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemAt {
    #[serde(flatten)]
    moment: MomentView,
    #[serde(flatten)]
    particulars: ParticularsView,
    /// All sections of the case.
    sections: Vec<SectionContent>,
    /// Of the decision only what says something.
    decision: Vec<SectionContent>,
    /// The same of the planning form; nothing for those whom it is not for.
    planning: Vec<SectionContent>,
}

/// An item of an agenda as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgendaItemAt {
    #[serde(flatten)]
    particulars: ParticularsView,
    /// What the case says, and then the decision. Null where the agenda's texts are too large to be read
    /// at once; the item by itself can be.
    #[schema(required)]
    sections: Option<Vec<SectionContent>>,
}

/// A whole agenda as it was at a position of the log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgendaAt {
    #[serde(flatten)]
    moment: MomentView,
    #[schema(value_type = String)]
    date: Date,
    #[schema(value_type = String)]
    #[serde(with = "clock_time")]
    time: Time,
    place: String,
    phase: PhaseView,
    /// The kind of the edition that was in work or published last.
    kind: EditionKind,
    /// The edition that was being corrected.
    #[schema(required)]
    corrects: Option<u32>,
    participants: Vec<Participant>,
    items: Vec<AgendaItemAt>,
}

/// What an item said at a position of the log.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/at/{position}",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), ("position" = u64, Path)),
    responses((status = 200, body = ItemAt), (status = "4XX", body = Problem)))]
pub async fn item_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item, position)): Path<(MeetingId, ItemId, u64)>,
) -> Result<Json<ItemAt>, Problem> {
    let forum = super::own_meeting(&app, &caller, meeting)?;
    let chronicle = chronicle(&app, &caller, meeting).await?;
    let sequence = sequence(&chronicle, Some(position));
    require_shown(&withheld(&forum, &chronicle, &caller), sequence, &caller)?;
    let not_found = || Problem::not_found(caller.language);
    let then = chronicle.item_at(item, sequence).ok_or_else(not_found)?;
    let documents = then.documents.all().map(|(_, document)| chronicle.carrier(document));
    let pasts = pasts(&app, &caller, meeting, &documents).await?;
    let look = move || {
        let (number, then) = chronicle.outline_at(sequence)?.item(item)?;
        let case = pasts.get(&chronicle.carrier(then.documents.case))?;
        let headings = chronicle.meeting()?.sections(DocumentKind::Case);
        let texts = chronicle.text_at(DocumentKind::Case, case, sequence).sections;
        let section = |text: agenda::document::SectionText| {
            let heading = headings.iter().find(|(key, _)| *key == text.key).map(|(_, heading)| *heading);
            let heading = heading.unwrap_or_default().to_owned();
            SectionContent { heading, key: text.key, nothing: text.nothing, blocks: text.blocks }
        };
        let of = |kind| said(&chronicle, (kind, then.documents.of(kind)), &pasts, sequence);
        Some(ItemAt {
            moment: moment(&forum, chronicle.moment(sequence)?),
            particulars: particulars(number, then),
            sections: texts.into_iter().map(section).collect(),
            decision: of(DocumentKind::Decision),
            planning: of(DocumentKind::Planning),
        })
    };
    away(look, &caller).await
}

/// What a whole agenda was at a position of the log: its items in their order then, with their texts.
#[utoipa::path(get, path = "/api/meetings/{meeting}/at/{position}",
    params(("meeting" = MeetingId, Path), ("position" = u64, Path)),
    responses((status = 200, body = AgendaAt), (status = "4XX", body = Problem)))]
pub async fn agenda_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, position)): Path<(MeetingId, u64)>,
) -> Result<Json<AgendaAt>, Problem> {
    let forum = super::own_meeting(&app, &caller, meeting)?;
    let _turn = app.histories.agenda_turn().await.ok_or_else(|| Problem::unavailable(caller.language))?;
    let chronicle = chronicle(&app, &caller, meeting).await?;
    let sequence = sequence(&chronicle, Some(position));
    require_shown(&withheld(&forum, &chronicle, &caller), sequence, &caller)?;
    let outline = chronicle.outline_at(sequence).ok_or_else(|| Problem::not_found(caller.language))?;
    let (mut read, mut bytes) = (Pasts::new(), 0);
    for item in &outline.items {
        if bytes > AGENDA_BYTES {
            break;
        }
        let more = pasts(&app, &caller, meeting, &carriers(&chronicle, item)).await?;
        bytes += more.values().map(|past| past.bytes()).sum::<usize>();
        read.extend(more);
    }
    away(move || agenda(&forum, &chronicle, &read, sequence), &caller).await
}

fn agenda(forum: &Forum, chronicle: &ReadChronicle, pasts: &Pasts, sequence: u64) -> Option<AgendaAt> {
    let outline = chronicle.outline_at(sequence)?;
    let details = outline.details.as_ref()?;
    let item = |(item, number): (&Arc<Particulars>, u32)| {
        let has_case = pasts.contains_key(&chronicle.carrier(item.documents.case));
        let sections = has_case.then(|| {
            let parts = [DocumentKind::Case, DocumentKind::Decision];
            let of = |kind| said(chronicle, (kind, item.documents.of(kind)), pasts, sequence);
            parts.into_iter().flat_map(of).collect()
        });
        AgendaItemAt { particulars: particulars(Some(number), item), sections }
    };
    Some(AgendaAt {
        moment: moment(forum, chronicle.moment(sequence)?),
        date: details.date,
        time: details.time,
        place: details.place.clone(),
        phase: outline.phase.into(),
        kind: outline.kind,
        corrects: outline.corrects,
        participants: outline.participants.clone(),
        items: outline.items.iter().zip(1..).map(item).collect(),
    })
}

/// Where what all members may read of an item is told: the case and the decision.
fn carriers(chronicle: &ReadChronicle, item: &Particulars) -> [DocumentId; 2] {
    [item.documents.case, item.documents.decision].map(|document| chronicle.carrier(document))
}

/// Only sections that say something.
fn said(
    chronicle: &ReadChronicle,
    (kind, document): (DocumentKind, DocumentId),
    pasts: &Pasts,
    sequence: u64,
) -> Vec<SectionContent> {
    let Some(past) = pasts.get(&chronicle.carrier(document)) else { return Vec::new() };
    let section = |section: PublishedSection| SectionContent {
        key: section.key,
        heading: section.heading,
        nothing: section.nothing,
        blocks: section.blocks,
    };
    chronicle.sections_at(kind, past, sequence).into_iter().map(section).collect()
}

fn moment(forum: &Forum, moment: &Moment) -> MomentView {
    MomentView { position: moment.position, at: moment.at, by: person(forum, &moment.by) }
}

fn particulars(number: Option<u32>, item: &Particulars) -> ParticularsView {
    ParticularsView {
        item: item.id,
        number,
        title: item.title.clone(),
        journal_number: item.journal_number.clone(),
        minutes: item.minutes,
        item_type: item.item_type,
        state: item.state,
        closed: item.closed,
    }
}

/// Looks, away from the threads that serve requests. `None` is not found.
async fn away<T: Send + 'static>(
    look: impl FnOnce() -> Option<T> + Send + 'static,
    caller: &Caller,
) -> Result<Json<T>, Problem> {
    let seen = tokio::task::spawn_blocking(look).await.map_err(|error| {
        tracing::error!(%error, "looking back failed");
        Problem::unavailable(caller.language)
    })?;
    seen.map(Json).ok_or_else(|| Problem::not_found(caller.language))
}
