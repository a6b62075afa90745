//! The pages of a crawl, each with its number of links.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Refused;
use super::list::Asking;
use crate::access::Verb;
use crate::state::App;

/// The pages of a crawl.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Pages {
    /// The crawl's id.
    id: String,
    /// Its pages, in the order they were done.
    crawls: Vec<Page>,
}

/// A page.
#[derive(Debug, Serialize, JsonSchema)]
struct Page {
    /// Its URL; of a longer one the first 75 characters and "...".
    url: String,
    /// How many links it has; -1 where it could not be fetched.
    links: i64,
}

/// The id is all that comes after /crawls/, whatever it holds: what no Crawl is called is no id.
pub(super) async fn pages(State(app): State<App>, caller: Asking, uri: Uri) -> Result<Response, Refused> {
    let id = uri.path().strip_prefix("/crawls/").unwrap_or_default();
    let namespace = app.args.namespace.as_str();
    app.allowed(&caller.0, Some(namespace), Some(id), Verb::Get).await?;
    let crawl = app.crawls.get(namespace, id).ok_or_else(Refused::no_such_id)?;
    Ok(crate::views::reference_pages(&app, crawl).await?)
}

/// /crawls/ without an id.
pub(super) async fn no_id() -> Refused {
    Refused::no_such_id()
}
