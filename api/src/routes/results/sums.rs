//! Sums over all pages: breakdown, timeline, map.

use axum::Json;
use crawl_results::{Breakdown, MapNode, Point};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Viewed, reads};
use crate::error::Problem;
use crate::http::{Limit, Query};
use crate::model::ResultsState;
use crate::openapi::Routes;

/// Sums over all pages that are known.
#[derive(Debug, Serialize, JsonSchema)]
struct BreakdownAnswer {
    #[serde(flatten)]
    breakdown: Breakdown,
    results: ResultsState,
}

/// Counts over time.
#[derive(Debug, Serialize, JsonSchema)]
struct TimelineAnswer {
    /// What there was until each of these times; at most 300.
    points: Vec<Point>,
    results: ResultsState,
}

/// Which part of the map.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct MapQuery {
    /// What is looked at: nothing for all hosts, `http://host:port`, or `http://host/folder/`.
    #[serde(default)]
    prefix: String,
    /// How many children of a node at most.
    #[serde(default)]
    limit: Limit<60, 500>,
}

/// A part of the map of all pages by their paths.
#[derive(Debug, Serialize, JsonSchema)]
struct MapAnswer {
    /// What was asked for, with two levels below it.
    node: MapNode,
    results: ResultsState,
}

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/breakdown")
                .named("getBreakdown", "Pages by status code, host, depth, content type and reason skipped")
                .json::<BreakdownAnswer>(200, "The sums."),
            breakdown,
        )
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/timeline")
                .named("getTimeline", "Pages found, fetched and failed over time")
                .json::<TimelineAnswer>(200, "The counts, cumulative."),
            timeline,
        )
        .add(
            reads("/api/v1/namespaces/{namespace}/crawls/{name}/map")
                .named("getMap", "The pages as a tree by host and path")
                .query::<MapQuery>()
                .json::<MapAnswer>(200, "Two levels of the tree."),
            map,
        )
}

async fn breakdown(viewed: Viewed) -> Result<Json<BreakdownAnswer>, Problem> {
    let breakdown = viewed.ask(|results| results.breakdown()).await?;
    Ok(Json(BreakdownAnswer { breakdown, results: viewed.results }))
}

async fn timeline(viewed: Viewed) -> Result<Json<TimelineAnswer>, Problem> {
    let points = viewed.ask(|results| results.timeline()).await?;
    Ok(Json(TimelineAnswer { points, results: viewed.results }))
}

async fn map(viewed: Viewed, Query(asked): Query<MapQuery>) -> Result<Json<MapAnswer>, Problem> {
    let node = viewed.ask(move |results| results.map(&asked.prefix, asked.limit.get())).await?;
    Ok(Json(MapAnswer { node, results: viewed.results }))
}
