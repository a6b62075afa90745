//! Lists of pages: all of them, broken ones, and who leads to one.

use axum::Json;
use crawl_results::{BrokenPage, Referrer, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::detail::unknown;
use super::parameters::{PagesQuery, cursor};
use super::{Viewed, reads};
use crate::error::Problem;
use crate::http::{Limit, Query};
use crate::model::ResultsState;
use crate::openapi::Routes;

/// URLs that a search may read for one page of results: some 50 ms.
pub(crate) const EFFORT: usize = 300_000;

/// Some of the pages.
#[derive(Debug, Serialize, JsonSchema)]
struct PageList {
    /// In the order asked for. Fewer than asked for, or none, does not mean that none follow.
    items: Vec<Row>,
    /// The cursor of those that follow; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many match, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<u64>,
    /// How many were looked at.
    scanned: u64,
    results: ResultsState,
}

/// Some of the pages that failed.
#[derive(Debug, Serialize, JsonSchema)]
struct BrokenList {
    /// In the order they were found. Fewer than asked for, or none, does not mean that none follow.
    items: Vec<BrokenPage>,
    /// The cursor of those that follow; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many match, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    results: ResultsState,
}

/// Which of the pages that failed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct BrokenQuery {
    /// How they failed, such as dns or timeout; several with commas.
    class: Option<String>,
    /// Status codes such as 404, or classes of them such as 4xx; several with commas.
    status: Option<String>,
    /// The host they are on.
    host: Option<String>,
    /// A part of their URL, in upper or lower case.
    q: Option<String>,
    /// How many at most.
    #[serde(default)]
    limit: Limit<50, 500>,
    /// The `next` of an answer with the same parameters.
    cursor: Option<String>,
}

/// Who leads to which page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ReferrersQuery {
    /// The page, in any of its spellings.
    url: String,
    /// How many at most.
    #[serde(default)]
    limit: Limit<50, 500>,
    /// The `next` of an answer with the same URL.
    cursor: Option<String>,
}

/// Some of the pages that lead to one.
#[derive(Debug, Serialize, JsonSchema)]
struct ReferrerList {
    /// In the order of the log.
    items: Vec<Referrer>,
    /// The cursor of those that follow; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many there are.
    total: u32,
    results: ResultsState,
}

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/pages")
                .named("listPages", "The pages of a crawl: filtered, sorted, some at a time")
                .query::<PagesQuery>()
                .json::<PageList>(200, "Some of the pages, and where to go on."),
            pages,
        )
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/broken")
                .named("listBroken", "The pages that failed, each with those that lead to it")
                .query::<BrokenQuery>()
                .json::<BrokenList>(200, "Some of them, and where to go on."),
            broken,
        )
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/referrers")
                .named("listReferrers", "The pages that lead to one")
                .query::<ReferrersQuery>()
                .json::<ReferrerList>(200, "Some of them, and where to go on."),
            referrers,
        )
}

async fn pages(viewed: Viewed, Query(asked): Query<PagesQuery>) -> Result<Json<PageList>, Problem> {
    let (query, cursor) = asked.read()?;
    let limit = asked.limit.get();
    let pages = viewed.ask(move |results| results.pages(&query, cursor.as_ref(), limit, EFFORT)).await?;
    Ok(Json(PageList {
        items: pages.rows,
        next: pages.next.map(|cursor| cursor.to_string()),
        matched: pages.matched,
        scanned: pages.scanned,
        results: viewed.results,
    }))
}

async fn broken(viewed: Viewed, Query(asked): Query<BrokenQuery>) -> Result<Json<BrokenList>, Problem> {
    let BrokenQuery { class, status, host, q, limit, cursor } = asked;
    let (query, cursor) = PagesQuery { class, status, host, q, cursor, ..PagesQuery::default() }.read()?;
    let broken = viewed.ask(move |results| results.broken(&query, cursor.as_ref(), limit.get())).await?;
    Ok(Json(BrokenList {
        items: broken.items,
        next: broken.next.map(|cursor| cursor.to_string()),
        total: broken.total,
        results: viewed.results,
    }))
}

async fn referrers(viewed: Viewed, Query(asked): Query<ReferrersQuery>) -> Result<Json<ReferrerList>, Problem> {
    let after = cursor(asked.cursor.as_deref())?;
    let (url, limit) = (asked.url.clone(), asked.limit.get());
    let found = viewed.ask(move |results| results.referrers(&url, after.as_ref(), limit)).await?;
    let found = found.ok_or_else(|| unknown(&asked.url))?;
    Ok(Json(ReferrerList {
        items: found.items,
        next: found.next.map(|cursor| cursor.to_string()),
        total: found.total,
        results: viewed.results,
    }))
}
