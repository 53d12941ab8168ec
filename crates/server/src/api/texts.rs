//! The case texts of a whole agenda as they are now, for those who read it through.

use super::read_meeting;
use crate::{app::App, auth::Caller, problem::Problem, view::SectionContent};
use agenda::id::{ItemId, MeetingId};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What one item says.
#[derive(Serialize, ToSchema)]
pub struct ItemText {
    item: ItemId,
    /// Only sections that say something, as they would be published.
    sections: Vec<SectionContent>,
}

/// The case texts of all items in agenda order.
#[utoipa::path(get, path = "/api/meetings/{meeting}/texts", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = Vec<ItemText>), (status = 404, body = Problem)))]
pub async fn texts(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Json<Vec<ItemText>>, Problem> {
    let publication = read_meeting(&app, &caller, id, |room| {
        let texts = room.texts();
        room.meeting().publication(&texts)
    })
    .await?;
    let items = publication.ok_or_else(|| Problem::not_found(caller.language))?.items;
    let section = |section: agenda::publication::PublishedSection| SectionContent {
        key: section.key,
        heading: section.heading,
        nothing: section.nothing,
        blocks: section.blocks,
    };
    let text = |item: agenda::publication::PublishedItem| ItemText {
        item: item.id,
        sections: item.sections.into_iter().map(section).collect(),
    };
    Ok(Json(items.into_iter().map(text).collect()))
}
