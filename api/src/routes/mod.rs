//! What is served where. One file for each group; a group's routes come with what is said of them.

mod crawls;
mod events;
mod export;
mod openapi;
mod reference;
mod reference_pages;
mod results;
mod session;
mod streamed;
mod ui;

pub(crate) use reference_pages::reference_pages;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use serde_json::Value;

use crate::args::Anonymous;
use crate::error::Problem;
use crate::http::{Guard, guard, security};
use crate::openapi::{Routes, document};
use crate::state::App;

/// The largest body.
const BODY: usize = 256 * 1024;

/// All groups that are described.
fn described() -> Routes {
    let groups = [
        session::routes(),
        crawls::routes(),
        results::routes(),
        export::routes(),
        events::routes(),
        openapi::routes(),
        reference::routes(),
    ];
    groups.into_iter().fold(Routes::new(), Routes::merge)
}

/// The description of the API.
#[must_use]
pub fn description() -> Value {
    document(&described().into_parts().1)
}

/// Whether this route is of the user interface.
pub(crate) fn is_page(route: &str) -> bool {
    ui::is_page(route)
}

/// Everything that is served to callers.
pub fn router(app: App) -> Router {
    // Where nobody gets anything without a token, a name that leads here by a trick leads to nothing.
    let hosts = (app.args.anonymous != Anonymous::None).then(|| app.args.hosts());
    let access = app.clone();
    let watchman = Guard::new(hosts, move |token| access.access.knows(token), app.metrics.clone());
    let (routes, _) = described().into_parts();
    routes
        .merge(ui::router())
        .fallback(async |uri: Uri| Problem::not_found(format!("there is nothing at {}", uri.path())))
        .method_not_allowed_fallback(async || {
            let detail = "this cannot be done here; the header Allow says what can";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(watchman, guard))
        .layer(from_fn(security))
        .with_state(app)
}
