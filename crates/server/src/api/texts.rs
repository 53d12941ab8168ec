//! The case texts and decisions of a whole agenda as they are now, for those who read it through.

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

/// The case texts of all items in agenda order, each with its decision.
#[utoipa::path(get, path = "/api/meetings/{meeting}/texts", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = Vec<ItemText>), (status = 404, body = Problem)))]
pub async fn texts(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Json<Vec<ItemText>>, Problem> {
    let written = read_meeting(&app, &caller, id, |room| {
        let texts = room.texts();
        room.meeting().written(&texts)
    })
    .await?;
    let text = |(item, sections): (ItemId, Vec<agenda::publication::PublishedSection>)| ItemText {
        item,
        sections: sections.into_iter().map(SectionContent::from).collect(),
    };
    Ok(Json(written.into_iter().map(text).collect()))
}
