//! The HTTP interface. Every route of the service stands in [`routes`]; a handler's area has
//! a file of its own.

mod access;
mod access_layer;
mod assets;
mod attachments;
mod backup;
mod bringing;
mod comments;
mod contributions;
mod disposition;
mod documents;
mod drafts;
mod elsewhere;
mod events;
mod forums;
mod health;
mod import;
mod items;
mod log;
mod meetings;
mod past;
mod published;
mod replay;
mod retention;
mod session;
mod texts;
mod trail;
mod trail_file;
mod trail_source;
mod verify;
mod versions;

use crate::{
    app::{App, CommandError},
    auth::{Caller, require_same_origin},
    problem::{self, Problem},
    rooms::RoomEnded,
    ws,
};
use agenda::{
    forum::Forum,
    id::{CommandId, ForumId, MeetingId},
    live::{CommandMeta, Room},
};
use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use std::{net::SocketAddr, sync::Arc, time::Duration, time::Instant};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The longest that a request may take; streams and sockets answer at once and go on.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// The same for a request that brings a file: 50 MB over a line of 1 Mbit/s, and looking through it.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// Histories are long and say much alike; on a phone that counts. Shorter answers stay as they are: they
/// may hold a ticket, and the length of what is compressed tells of its content. In bytes.
const COMPRESSED_FROM: u64 = 16 * 1024;
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a page of the application may load: its own files, and its own WebSocket.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; \
    manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(info(
    title = "Dagsorden",
    description = "Co-written agendas with a provable record. Errors are application/problem+json. \
        Commands carry an id; a retry with the same id is carried out once."
))]
struct Description;

/// The routes by which one looks back. Who takes one is written into the access log.
fn looking_back(app: Option<&Arc<App>>) -> OpenApiRouter<Arc<App>> {
    let router = OpenApiRouter::new()
        .routes(routes!(items::meeting_history))
        .routes(routes!(items::history))
        .routes(routes!(past::blame))
        .routes(routes!(past::diff))
        .routes(routes!(replay::item_at))
        .routes(routes!(replay::agenda_at))
        .routes(routes!(trail::meeting_trail))
        .routes(routes!(trail::forum_trail))
        .routes(routes!(trail_file::meeting_file))
        .routes(routes!(trail_file::forum_file))
        .routes(routes!(access::log))
        .routes(routes!(access::file));
    match app {
        Some(app) => {
            router.route_layer(middleware::from_fn_with_state(app.clone(), access_layer::looking_back))
        }
        None => router,
    }
}

/// The routes by which one changes something of a forum. What cannot be read of what is sent there is
/// written into the access log.
fn changing(app: Option<&Arc<App>>) -> OpenApiRouter<Arc<App>> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(attachments::upload))
        .routes(routes!(attachments::replace))
        .layer(time_limit(UPLOAD_TIMEOUT));
    let router = OpenApiRouter::new()
        .routes(routes!(forums::command))
        .routes(routes!(forums::schedule))
        .routes(routes!(import::import))
        .routes(routes!(meetings::command))
        .routes(routes!(bringing::copy_item))
        .routes(routes!(bringing::move_item))
        .layer(time_limit(REQUEST_TIMEOUT))
        .merge(uploads);
    match app {
        Some(app) => router.route_layer(middleware::from_fn_with_state(app.clone(), access_layer::changing)),
        None => router,
    }
}

/// All routes, with their description. Without a service they can only be described.
fn routes(app: Option<&Arc<App>>) -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(session::me))
        .routes(routes!(session::sign_in, session::sign_out))
        .routes(routes!(session::demo_people))
        .routes(routes!(session::demo_sign_in))
        .routes(routes!(forums::forum))
        .routes(routes!(drafts::draft_policy))
        .routes(routes!(retention::plan))
        .routes(routes!(retention::dry_run))
        .routes(routes!(retention::due))
        .routes(routes!(meetings::meeting))
        .routes(routes!(meetings::refused))
        .routes(routes!(texts::texts))
        .routes(routes!(events::events))
        .routes(routes!(items::pages))
        .routes(routes!(comments::comments))
        .routes(routes!(contributions::contributions))
        .routes(routes!(documents::ticket))
        .routes(routes!(documents::text))
        .routes(routes!(attachments::file))
        .routes(routes!(attachments::published))
        .routes(routes!(published::latest))
        .routes(routes!(published::edition))
        .routes(routes!(published::file))
        .routes(routes!(verify::manifest))
        .routes(routes!(log::edition_receipt))
        .routes(routes!(log::freeze_receipt))
        .routes(routes!(log::checkpoint))
        .routes(routes!(verify::keys))
        .routes(routes!(verify::verify))
        .routes(routes!(published::item_file))
        .merge(looking_back(app))
        .layer(time_limit(REQUEST_TIMEOUT))
        .merge(changing(app))
        .split_for_parts();
    description.info.license = None;
    let router = router
        .route("/api/openapi.json", get(openapi))
        .route("/log/tile/{*tile}", get(log::tile))
        .route("/api/operator/backup", post(backup::begin))
        .route("/api/operator/commits/{from}", get(backup::commits))
        .route("/api/operator/files/{sha256}", get(backup::file))
        .route("/sync", get(ws::sync))
        .route("/api/{*rest}", any(nothing_here))
        .fallback(assets::asset);
    (router, description)
}

/// The description of the interface, as it is served and as the web client is typed from.
pub fn description() -> utoipa::openapi::OpenApi {
    routes(None).1
}

async fn openapi() -> impl IntoResponse {
    axum::Json(description())
}

async fn nothing_here(request: Request) -> Problem {
    Problem::not_found(crate::auth::language(request.headers()))
}

/// The whole service as a router.
pub fn router(app: Arc<App>) -> Router {
    let body_limit = DefaultBodyLimit::max(app.config.limits.body_bytes);
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(request_span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(middleware::from_fn(problem::shape))
        .layer(CatchPanicLayer::new())
        .layer(set_default(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(set_default(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set_default(header::REFERRER_POLICY, "no-referrer"))
        .layer(set_default(header::X_FRAME_OPTIONS, "DENY"))
        .layer(middleware::from_fn_with_state(app.clone(), limit_rate))
        .layer(middleware::from_fn_with_state(app.clone(), require_same_origin))
        .layer(body_limit)
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(SizeAbove::new(COMPRESSED_FROM).and(is_text)),
        );
    routes(Some(&app)).0.layer(layers).with_state(app)
}

fn time_limit(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limit)
}

fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/json") || kind.starts_with("text/html")
}

fn set_default(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The span of one request. The query is left out: it may hold a ticket.
fn request_span(request: &Request) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

async fn limit_rate(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if caller.is_some_and(|caller| !app.limiter.allow(caller, Instant::now())) {
        return Problem::too_many(crate::auth::language(request.headers())).into_response();
    }
    next.run(request).await
}

// ---- what several handlers need ----

fn command_meta(caller: &Caller, id: CommandId) -> CommandMeta {
    CommandMeta { id, user: caller.identity.user.clone(), session: caller.identity.session }
}

fn command_problem(error: &CommandError, caller: &Caller) -> Problem {
    match error {
        CommandError::Rejected(rejection) => Problem::rejected(rejection, caller.language),
        CommandError::NoMeeting => Problem::not_found(caller.language),
        CommandError::Unavailable => Problem::unavailable(caller.language),
    }
}

/// The forum, if the caller is a member; outsiders cannot tell whether it exists.
fn own_forum(app: &App, caller: &Caller, id: ForumId) -> Result<Arc<Forum>, Problem> {
    let forum = app.forums.get(id).filter(|forum| forum.actor(&caller.identity.user).is_some());
    forum.ok_or_else(|| Problem::not_found(caller.language))
}

/// The forum of the meeting, if the caller is a member; outsiders cannot tell whether there
/// is such a meeting.
fn own_meeting(app: &App, caller: &Caller, id: MeetingId) -> Result<Arc<Forum>, Problem> {
    let entry = app.directory.meeting(id).ok_or_else(|| Problem::not_found(caller.language))?;
    own_forum(app, caller, entry.forum)
}

/// Reads a meeting's room, if the caller is a member of its forum.
async fn read_meeting<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    id: MeetingId,
    read: impl Fn(&mut Room) -> T + Send + Sync + Clone + 'static,
) -> Result<T, Problem> {
    let not_found = || Problem::not_found(caller.language);
    own_meeting(app, caller, id)?;
    for _ in 0..2 {
        let room = app.room(id).ok_or_else(not_found)?;
        match room.read(read.clone()).await {
            Ok(seen) => return Ok(seen),
            Err(RoomEnded) => continue,
        }
    }
    Err(Problem::unavailable(caller.language))
}
