//! Whether a file is what was published. Public: whoever has the file may ask. The file itself
//! is never sent here, only its hash and the hashes that it names.

use crate::{
    app::App,
    auth::language,
    keys,
    problem::Problem,
    seals::{EditionId, KnownFile},
    view::verdict::{PublicKeyView, SignedManifest, Verdict, VerdictEdition, VerdictView, verdict},
};
use agenda::{
    event::Event,
    id::{Hash, MeetingId, StreamId},
    language::Language,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Most hashes in one question.
const MAX_NAMED: usize = 64;
/// Most editions in one answer: an attachment may be part of many.
const MAX_EDITIONS: usize = 20;

#[derive(Deserialize, IntoParams)]
pub struct VerifyQuery {
    /// SHA-256 of the file.
    #[param(value_type = String)]
    sha256: Hash,
    /// Hashes in the bytes of the file, joined by commas; at most 64.
    #[serde(default)]
    named: String,
}

/// Which edition a file belongs to, and whether it is unchanged.
#[utoipa::path(get, path = "/api/verify", params(VerifyQuery),
    responses((status = 200, body = VerdictView), (status = "4XX", body = Problem)))]
pub async fn verify(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(query): Query<VerifyQuery>,
) -> Result<Json<VerdictView>, Problem> {
    let language = language(&headers);
    let named: Vec<Hash> =
        query.named.split(',').filter_map(|text| text.parse().ok()).take(MAX_NAMED).collect();
    let (verdict, found) = app.directory.seals(|seals| verdict(seals, query.sha256, &named));
    let mut editions = Vec::new();
    if verdict == Verdict::Altered
        && found.iter().any(|(edition, _)| app.directory.seals(|seals| seals.is_missing(*edition)))
    {
        // Published a moment ago: what its files are is not written down yet.
        return Err(Problem::unavailable(language));
    }
    for (edition, file) in found.into_iter().take(MAX_EDITIONS) {
        editions.push(described(&app, edition, file, language).await?);
    }
    Ok(Json(VerdictView { verdict, editions }))
}

async fn described(
    app: &App,
    (meeting, number): EditionId,
    file: Option<KnownFile>,
    language: Language,
) -> Result<VerdictEdition, Problem> {
    let unavailable = || Problem::unavailable(language);
    let room = app.room(meeting).ok_or_else(unavailable)?;
    let read = room.read(move |room| {
        let meeting = room.meeting();
        let (edition, details) = (meeting.edition(number)?, meeting.details.as_ref()?);
        let superseded_by = meeting.superseded_by(number);
        Some((edition.kind(), details.forum_name.clone(), details.date, superseded_by))
    });
    let (kind, forum, date, superseded_by) =
        read.await.map_err(|_| unavailable())?.ok_or_else(unavailable)?;
    let (path, key) = file.map_or((None, None), |file| (Some(file.path), Some(file.key)));
    let url = format!("/dagsorden/{meeting}/{number}");
    Ok(VerdictEdition { meeting, edition: number, kind, forum, date, url, path, key, superseded_by })
}

/// The signed manifest of an edition: every file with its hash.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}/manifest.json",
    params(("meeting" = MeetingId, Path), ("edition" = u32, Path)),
    responses((status = 200, body = SignedManifest), (status = "4XX", body = Problem)))]
pub async fn manifest(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(edition): Path<EditionId>,
) -> Result<Response, Problem> {
    let language = language(&headers);
    let (newest, missing) = app.directory.seals(|seals| (seals.newest(edition), seals.is_missing(edition)));
    let Some(sequence) = newest else {
        // It is being made; or there is no such edition.
        return Err(if missing { Problem::unavailable(language) } else { Problem::not_found(language) });
    };
    let page = app.log.read(StreamId::Seals, sequence, 1).await.map_err(|error| {
        tracing::error!(%error, "a seal cannot be read");
        Problem::unavailable(language)
    })?;
    let events = page.iter().flat_map(|recorded| &recorded.commit.events);
    let seal = events.into_iter().find_map(|event| match event {
        Event::EditionSealed(e) => Some(e),
        _ => None,
    });
    let seal = seal.ok_or_else(|| Problem::unavailable(language))?;
    let manifest = serde_json::from_str(&seal.manifest).map_err(|error| {
        tracing::error!(%error, "a manifest in the log cannot be read");
        Problem::unavailable(language)
    })?;
    let (signature, key) = (seal.signature.clone(), seal.key.clone());
    let signed = SignedManifest { manifest, signature, key };
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(signed)).into_response())
}

/// The public keys of the service, the oldest first.
#[utoipa::path(get, path = "/dagsorden/noegler", responses((status = 200, body = [PublicKeyView])))]
pub async fn keys(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Json<Vec<PublicKeyView>>, Problem> {
    let data = app.config.data.clone();
    let read = tokio::task::spawn_blocking(move || keys::all(&data)).await;
    let keys = read.map_err(std::io::Error::other).flatten().map_err(|error| {
        tracing::error!(%error, "the keys cannot be read");
        Problem::unavailable(language(&headers))
    })?;
    let view = |key: keys::Key| PublicKeyView { key: key.public, from: key.from, until: key.until };
    Ok(Json(keys.into_iter().map(view).collect()))
}
