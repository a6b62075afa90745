//! Results of crawls, folded from their logs. (Part D.)

use crawl_crds::Crawl;

use crate::args::Args;
use crate::model::{Rate, ResultsState};

/// The results that are being looked at. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Views {}

impl Views {
    /// None yet; nothing is read before somebody asks.
    #[must_use]
    pub fn new(_args: &Args) -> Self {
        Self {}
    }

    /// How the results of this crawl stand, without beginning to read them.
    #[must_use]
    pub fn state(&self, _crawl: &Crawl) -> ResultsState {
        ResultsState::default()
    }

    /// How fast it is, where its results are being read.
    #[must_use]
    pub fn rate(&self, _crawl: &Crawl) -> Option<Rate> {
        None
    }
}

/// The pages of a crawl as `{"id": …, "crawls": [{"url": …, "links": …}…]}`: each fetched or failed page, in the order of the
/// log. (Part D makes it a stream.)
///
/// # Errors
/// When the results cannot be read.
pub async fn reference_pages(
    _app: &crate::state::App,
    crawl: std::sync::Arc<Crawl>,
) -> Result<axum::response::Response, crate::error::Problem> {
    use axum::response::IntoResponse as _;
    use kube::ResourceExt as _;
    Ok(axum::Json(serde_json::json!({"id": crawl.name_any(), "crawls": []})).into_response())
}
