//! A crawl by itself.

use std::collections::BTreeMap;

use crawl_crds::{Crawl, CrawlSpec, SitemapStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use schemars::JsonSchema;
use serde::Serialize;

use super::{CrawlSummary, Rate, ResultsState};

/// What the caller may do with a crawl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct May {
    /// Suspend, resume, cancel, raise maxLinks.
    pub update: bool,
    /// Delete it and its results.
    pub delete: bool,
}

/// A crawl by itself.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrawlDetail {
    /// What stands in a list.
    #[serde(flatten)]
    pub summary: CrawlSummary,
    /// What was asked for, with all defaults.
    pub spec: CrawlSpec,
    /// Changes of the spec are counted.
    pub generation: i64,
    /// What the operator says, for programs.
    pub conditions: Vec<Condition>,
    /// Why URLs were skipped, and how many.
    pub skipped_by_reason: BTreeMap<String, i64>,
    /// Pages by HTTP status code, and failures without one by their class.
    pub responses: BTreeMap<String, i64>,
    /// How often a URL was found that is not remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlooked: Option<i64>,
    /// Where every sitemap stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitemaps: Option<SitemapStatus>,
    /// Why it ended, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    /// How fast it is, where somebody looks at its results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// How its results stand.
    pub results: ResultsState,
    /// What the caller may do with it.
    pub may: May,
}

impl CrawlDetail {
    /// Of this Crawl.
    #[must_use]
    pub fn of(crawl: &Crawl, may: May, results: ResultsState, rate: Option<Rate>) -> Self {
        let status = crawl.status.clone().unwrap_or_default();
        Self {
            summary: CrawlSummary::of(crawl),
            spec: crawl.spec.clone(),
            generation: crawl.metadata.generation.unwrap_or_default(),
            conditions: status.conditions,
            skipped_by_reason: status.skipped_by_reason,
            responses: status.responses,
            overlooked: Some(status.overlooked).filter(|overlooked| *overlooked > 0),
            sitemaps: status.sitemaps,
            stop_reason: status.stop_reason,
            rate,
            results,
            may,
        }
    }
}
