//! One page, with what only its record in the log says.

use axum::Json;
use axum::extract::State;
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::Deserialize;

use super::page_detail::{PageDetail, Said};
use super::{Viewed, reads};
use crate::error::Problem;
use crate::http::Query;
use crate::openapi::Routes;
use crate::state::App;

const REFERRERS: usize = 50;

/// Which page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PageQuery {
    /// The page, in any of its spellings.
    url: String,
}

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new().add(
        reads("/api/v1/namespaces/{namespace}/crawls/{name}/page")
            .named("getPage", "All that is known of one page")
            .query::<PageQuery>()
            .json::<PageDetail>(200, "The page."),
        page,
    )
}

/// 404: the crawl knows no such page.
pub(super) fn unknown(url: &str) -> Problem {
    let shown: String = url.chars().take(200).collect();
    Problem::not_found(format!("the crawl knows no page {shown:?}"))
}

async fn page(
    State(app): State<App>,
    viewed: Viewed,
    Query(asked): Query<PageQuery>,
) -> Result<Json<PageDetail>, Problem> {
    let url = asked.url.clone();
    let found = viewed.ask(move |results| {
        let row = results.page(&url)?;
        let referrers = results.referrers(&url, None, REFERRERS).map(|found| found.items).unwrap_or_default();
        Some((row, referrers))
    });
    let (row, referrers) = found.await?.ok_or_else(|| unknown(&asked.url))?;
    let (said, missing) = match (row.offset, viewed.crawl.uid()) {
        (Some(offset), Some(uid)) => match app.views.record(&uid, offset).await {
            Ok(record) => (Said::by(record), None),
            Err(error) => (Said::default(), Some(format!("Title, headings and links cannot be shown: {error}."))),
        },
        _ => (Said::default(), None),
    };
    Ok(Json(PageDetail::of(row, referrers, said, missing, viewed.results)))
}
