//! For load balancers and operators: is the process alive, and may it be sent requests.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
    /// The last durable position of the log.
    position: u64,
}

/// The process is alive.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Health)))]
pub async fn healthz(State(app): State<Arc<App>>) -> Json<Health> {
    Json(Health { status: "ok", position: app.log.head().position.0 })
}

/// The service takes requests: it is not going down, and its projections have caught up.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let position = app.log.head().position.0;
    if *app.stopping().borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "stopping", position }));
    }
    (StatusCode::OK, Json(Health { status: "ready", position }))
}
