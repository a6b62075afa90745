//! What is served where. One file for each group; a group's routes come with what is said of them.

mod crawls;
mod events;
mod export;
mod openapi;
mod reference;
mod results;
mod session;
mod ui;

use axum::Router;
use axum::http::Uri;
use serde_json::Value;

use crate::error::Problem;
use crate::openapi::{Routes, document};
use crate::state::App;

/// All groups that are described.
fn described() -> Routes {
    let groups = [
        session::routes(),
        crawls::routes(),
        results::routes(),
        export::routes(),
        events::routes(),
        reference::routes(),
    ];
    groups.into_iter().fold(Routes::new(), Routes::merge)
}

/// The description of the API.
#[must_use]
pub fn description() -> Value {
    document(&described().into_parts().1)
}

/// Everything that is served to callers.
pub fn router(app: App) -> Router {
    let (routes, operations) = described().into_parts();
    routes
        .merge(openapi::router(document(&operations)))
        .merge(ui::router())
        .fallback(async |uri: Uri| Problem::not_found(format!("there is nothing at {}", uri.path())))
        .with_state(app)
}
