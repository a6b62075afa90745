//! The description of the API.

use axum::Json;
use axum::Router;
use axum::routing::get;
use serde_json::Value;

use crate::state::App;

/// Where it is.
pub(crate) const PATH: &str = "/api/v1/openapi.json";

/// Serves it.
pub(crate) fn router(document: Value) -> Router<App> {
    Router::new().route(PATH, get(async move || Json(document)))
}
