//! The log for outsiders: checkpoint and tiles as C2SP tlog-tiles lays them out, and receipts. Hashes and
//! signatures only; no commit can be read from them.

use crate::{
    app::App,
    auth::{Caller, language},
    problem::Problem,
    receipts::{self, NoReceipt},
    seals::EditionId,
};
use agenda::{event::Position, id::MeetingId, language::Language, live::Room};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use proof::{receipt::Receipt, tile::TileId};
use std::sync::{Arc, PoisonError};

/// A tile of a width never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The newest signed checkpoint.
#[utoipa::path(get, path = "/log/checkpoint",
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)))]
pub async fn checkpoint(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let known = app.directory.checkpoint().ok_or_else(|| Problem::not_found(language(&headers)))?;
    let head = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((head, app.witnesses.note(&known.note)).into_response())
}

/// A tile of the Merkle tree, or of its entries (the hashes of the commits): `0/000`, `0/x001/234.p/17`,
/// `entries/000`.
pub async fn tile(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(tile): Path<String>,
) -> Result<Response, Problem> {
    let tree = app.log.tree();
    let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
    let bytes = TileId::parse(&tile).and_then(|tile| tile.bytes(&tree));
    let bytes = bytes.ok_or_else(|| Problem::not_found(language(&headers)))?;
    let head = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, FOR_EVER)];
    Ok((head, bytes).into_response())
}

/// The receipt of a freeze, for those who may see the meeting.
#[utoipa::path(get, path = "/api/meetings/{meeting}/freezes/{round}/receipt",
    params(("meeting" = MeetingId, Path), ("round" = u32, Path)),
    responses((status = 200, body = Receipt), (status = "4XX", body = Problem)))]
pub async fn freeze_receipt(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, round)): Path<(MeetingId, u32)>,
) -> Result<Json<Receipt>, Problem> {
    let find = move |room: &mut agenda::live::Room| {
        let freeze = room.meeting().freezes.iter().find(|freeze| freeze.round == round);
        freeze.map(|freeze| freeze.sequence)
    };
    let sequence = super::read_meeting(&app, &caller, meeting, find).await?;
    let sequence = sequence.ok_or_else(|| Problem::not_found(caller.language))?;
    let receipt = receipts::of_freeze(&app, meeting, sequence).await;
    receipt.map(Json).map_err(|error| problem(&error, caller.language))
}

/// The receipt of a published edition.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}/kvittering.json",
    params(("meeting" = MeetingId, Path), ("edition" = u32, Path)),
    responses((status = 200, body = Receipt), (status = "4XX", body = Problem)))]
pub async fn edition_receipt(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<EditionId>,
) -> Result<Response, Problem> {
    let language = language(&headers);
    // Of the room, and not of the edition made again: the receipt holds also when words in it were erased.
    let room = app.room(id.0).ok_or_else(|| Problem::not_found(language))?;
    let frozen = room.read(move |room| frozen_at(room, id.1)).await;
    let frozen = frozen.map_err(|_| Problem::unavailable(language))?;
    let frozen = frozen.ok_or_else(|| Problem::not_found(language))?;
    let receipt = receipts::of_edition(&app, id, frozen).await;
    let receipt = receipt.map_err(|error| problem(&error, language))?;
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(receipt)).into_response())
}

/// Where the freeze stands that an edition was published from.
fn frozen_at(room: &Room, edition: u32) -> Option<Position> {
    let round = room.meeting().edition(edition)?.round;
    let freeze = room.meeting().freezes.iter().find(|freeze| freeze.round == round)?;
    Some(room.position_of(freeze.sequence))
}

fn problem(error: &NoReceipt, language: Language) -> Problem {
    match error {
        NoReceipt::Unknown => Problem::not_found(language),
        NoReceipt::NotYet => Problem::unavailable(language),
        NoReceipt::Log(error) => {
            tracing::error!(%error, "a receipt could not be made");
            Problem::unavailable(language)
        }
    }
}
