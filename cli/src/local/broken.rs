//! Broken links: which link does not lead to a page, why, and which pages have it.

use std::collections::{HashMap, HashSet};

use crawl_frontier::SkipReason;
use crawl_results::{Query, Results, Row, State};
use serde::Serialize;

/// A link that does not lead to a page.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BrokenLink {
    /// As pages have it.
    pub(super) url: String,
    /// Where its redirects end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leads_to: Option<String>,
    /// HTTP status code of that, where a response came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    pub(super) reason: String,
    /// The pages it is on; empty for a seed.
    pub(super) pages: Vec<String>,
}

/// Rows that are read at once.
const BATCH: usize = 10_000;

/// The broken links that a crawl knows of, in the order they were found.
pub(super) fn find(results: &Results) -> Vec<BrokenLink> {
    let suspects = rows(results);
    let redirects: HashMap<&str, &str> =
        suspects.iter().filter_map(|row| Some((row.url.as_str(), row.redirects_to.as_deref()?))).collect();
    let mut broken = Vec::new();
    for row in &suspects {
        let Some((end, status, reason)) = trouble(results, &redirects, row) else { continue };
        let pages = pages(results, &redirects, &row.url);
        // What is only reached by redirects is told of with the links that lead there.
        if !pages.is_empty() || row.referrers == 0 {
            broken.push(BrokenLink { url: row.url.clone(), leads_to: end, status, reason, pages });
        }
    }
    broken
}

/// All pages that a broken link may lead to first.
fn rows(results: &Results) -> Vec<Row> {
    let query = Query { states: vec![State::Failed, State::Redirected], ..Query::default() };
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let page = results.pages(&query, cursor.as_ref(), BATCH, usize::MAX);
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
}

type Trouble = (Option<String>, Option<u16>, String);

/// What is wrong with a link to this page: where it ends, with which status, and why.
fn trouble(results: &Results, redirects: &HashMap<&str, &str>, row: &Row) -> Option<Trouble> {
    let (mut url, mut seen) = (row.url.as_str(), HashSet::new());
    while let Some(next) = redirects.get(url) {
        if !seen.insert(url) {
            return Some((None, None, "redirects in a circle".to_owned()));
        }
        url = next;
    }
    let end = (url != row.url).then(|| url.to_owned());
    let last = results.page(url)?;
    match last.state {
        State::Failed if last.class == Some("blockedAddress") => Some((end, None, "a private address".to_owned())),
        State::Failed => Some((end, last.status, last.message.unwrap_or_default())),
        State::Skipped if last.reason == Some(SkipReason::TooManyRedirects.as_str()) => {
            Some((end, None, "too many redirects".to_owned()))
        }
        _ => None,
    }
}

/// The pages that have a link.
fn pages(results: &Results, redirects: &HashMap<&str, &str>, url: &str) -> Vec<String> {
    let referrers = results.referrers(url, None, usize::MAX).map(|found| found.items).unwrap_or_default();
    referrers.into_iter().map(|page| page.url).filter(|page| !redirects.contains_key(page.as_str())).collect()
}
