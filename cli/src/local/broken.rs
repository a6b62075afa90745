//! Broken links: which link does not lead to a page, why, and which pages have it.

use std::collections::{HashMap, HashSet};

use crawl_frontier::SkipReason;
use crawl_results::{Query, Results, Row, State};
use serde::Serialize;

use super::fold::Silent;

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

/// Why a link to an address that is not reached is broken, in few words.
pub(super) const PRIVATE: &str = "a private address";
/// Rows that are read at once.
const BATCH: usize = 10_000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Broken {
    /// In the order they were found.
    pub(super) links: Vec<BrokenLink>,
    /// Pages that were left out because their server does not answer, and are told of here.
    pub(super) unasked: u64,
}

/// The broken links that a crawl knows of.
pub(super) fn find(results: &Results, silent: &Silent) -> Broken {
    let suspects = suspects(results);
    let redirects: HashMap<&str, &str> =
        suspects.iter().filter_map(|row| Some((row.url.as_str(), row.redirects_to.as_deref()?))).collect();
    let mut broken = Broken::default();
    for row in &suspects {
        let Some((end, status, reason)) = trouble(results, silent, &redirects, row) else { continue };
        broken.unasked += u64::from(row.state == State::Skipped);
        let pages = pages(results, &redirects, &row.url);
        // What is only reached by redirects is told of with the links that lead there.
        if !pages.is_empty() || row.referrers == 0 {
            broken.links.push(BrokenLink { url: row.url.clone(), leads_to: end, status, reason, pages });
        }
    }
    broken
}

/// All pages that a broken link may lead to first.
fn suspects(results: &Results) -> Vec<Row> {
    let concluded = Query { states: vec![State::Failed, State::Redirected], ..Query::default() };
    let unasked = Query { reasons: vec![SkipReason::RobotsUnreachable], ..Query::default() };
    [concluded, unasked].iter().flat_map(|query| rows(results, query)).collect()
}

fn rows(results: &Results, query: &Query) -> Vec<Row> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let page = results.pages(query, cursor.as_ref(), BATCH, usize::MAX);
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
}

type Trouble = (Option<String>, Option<u16>, String);

/// What is wrong with a link to this page: where it ends, with which status, and why.
fn trouble(results: &Results, silent: &Silent, redirects: &HashMap<&str, &str>, row: &Row) -> Option<Trouble> {
    let (mut url, mut seen) = (row.url.as_str(), HashSet::new());
    while let Some(next) = redirects.get(url) {
        if !seen.insert(url) {
            return Some((None, None, "redirects in a circle".to_owned()));
        }
        url = next;
    }
    let end = (url != row.url).then(|| url.to_owned());
    let last = results.page(url)?;
    let (status, reason) = match (last.state, last.class, last.reason) {
        (State::Failed, Some("blockedAddress"), _) => (None, PRIVATE.to_owned()),
        (State::Failed, ..) => (last.status, last.message.unwrap_or_default()),
        (State::Skipped, _, Some(reason)) if reason == SkipReason::TooManyRedirects.as_str() => {
            (None, "too many redirects".to_owned())
        }
        (State::Skipped, _, Some(reason)) if reason == SkipReason::RobotsUnreachable.as_str() => {
            (None, silent.why(url)?.to_owned())
        }
        _ => return None,
    };
    Some((end, status, reason))
}

/// The pages that have a link.
fn pages(results: &Results, redirects: &HashMap<&str, &str>, url: &str) -> Vec<String> {
    let referrers = results.referrers(url, None, usize::MAX).map(|found| found.items).unwrap_or_default();
    referrers.into_iter().map(|page| page.url).filter(|page| !redirects.contains_key(page.as_str())).collect()
}
