//! From a request to the results of a crawl: who may read them, whether there are some, and how fresh they are.

use std::sync::Arc;
use std::time::Duration;

use axum::RequestPartsExt as _;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use crawl_crds::Crawl;
use crawl_results::Results;

use crate::error::Problem;
use crate::model::ResultsState;
use crate::state::{App, Readable};
use crate::views::{NotRead, NotWanted, Reader, Stand};

/// How long a request waits for a log that is being read, before it answers with what there is.
const WAIT: Duration = Duration::from_secs(2);

/// The results of a crawl that the caller may get.
pub(crate) struct Viewed {
    pub(crate) crawl: Arc<Crawl>,
    /// How they stood before they were asked.
    pub(crate) results: ResultsState,
    reader: Reader,
}

impl FromRequestParts<App> for Viewed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Readable(crawl) = parts.extract_with_state(app).await?;
        Self::of(app, crawl, WAIT).await
    }
}

impl Viewed {
    /// The results of this crawl, as far as they were read within that time.
    pub(crate) async fn of(app: &App, crawl: Arc<Crawl>, within: Duration) -> Result<Self, Problem> {
        if !app.policies.is_listed() {
            return Err(Problem::unavailable("the CrawlPolicies of the cluster are not known yet", 2));
        }
        let wanted = app.views.wanted(&crawl, &app.policies.all()).map_err(|error| match error {
            NotWanted::Spec(_) => Problem::new(StatusCode::CONFLICT, format!("the Crawl cannot run as it is: {error}")),
            NotWanted::NoUid => Problem::unavailable(error.to_string(), 2),
        })?;
        let view = app.views.of(wanted);
        view.settled(within).await;
        let results = view.state(&crawl);
        let nothing = || Problem::unavailable("the log of this crawl cannot be read yet", 2);
        match view.stand() {
            Stand::TooLarge => return Err(Problem::unavailable(results.message.unwrap_or_default(), 600)),
            Stand::Stale(_) if results.entries == 0 => {
                let detail = "RabbitMQ cannot be reached, and the results of this crawl were not read before";
                return Err(Problem::unavailable(detail, 5));
            }
            _ => {}
        }
        let reader = view.reader().map_err(|_| nothing())?;
        Ok(Self { crawl, results, reader })
    }

    /// Whether all was read that there is, or was.
    pub(crate) fn is_whole(&self) -> bool {
        self.results.state != crate::model::ResultsWord::Loading
    }

    /// Asks the results something, away from the async threads.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Results) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.reader.read(ask).await.map_err(problem)
    }

    /// For whoever asks again and again.
    pub(crate) fn reader(&self) -> Reader {
        self.reader.clone()
    }
}

fn problem(error: NotRead) -> Problem {
    match error {
        NotRead::Nothing | NotRead::Busy => Problem::unavailable(error.to_string(), 2),
        NotRead::Failed => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
