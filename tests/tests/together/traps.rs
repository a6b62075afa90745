//! Sites that never end, and spellings that are one page: the crawl ends all the same, at the numbers that it should.

use std::collections::BTreeMap;

use crawl_crds::CrawlStatus;
use e2e::{Cluster, Running, Site, crawl};
use serde_json::{Value, json};

async fn ended(test: &str, seed: String, change: Value) -> Option<CrawlStatus> {
    let cluster = Cluster::connect().await.unwrap()?;
    let namespace = cluster.namespace(test).await.unwrap();
    let mut spec = json!({"seeds": [seed], "politeness": {"delay": "0s", "perHostConcurrency": 4}});
    spec.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let running = Running::create(&namespace, &crawl(test, spec).unwrap()).await.unwrap();
    let status = running.condition("Complete").await.unwrap();
    assert_eq!(status.stop_reason.as_deref(), Some("FrontierEmpty"), "{status:?}");
    Some(status)
}

fn reasons<const N: usize>(reasons: [(&str, i64); N]) -> BTreeMap<String, i64> {
    reasons.into_iter().map(|(reason, n)| (reason.to_owned(), n)).collect()
}

#[tokio::test]
async fn paths_that_grow_are_cut_where_the_spec_says() {
    let change = json!({"maxDepth": 1000, "scope": {"maxPathSegments": 8, "maxRepeatedSegments": 3}});
    let Some(status) = ended("trap", Site::url("trap", "/trap/"), change).await else { return };
    let expected = reasons([("PathTooDeep", 1), ("RepeatedSegments", 1), ("UrlTooLong", 1)]);
    assert_eq!(status.skipped_by_reason, expected);
    // The index; six segments below deeper/; three times again/; and two thousand characters.
    assert_eq!((status.pages.fetched, status.pages.failed), (1 + 6 + 3 + 3, 0), "{status:?}");
}

#[tokio::test]
async fn a_calendar_without_end_has_a_budget() {
    let change = json!({"maxDepth": 1000, "scope": {"maxPagesPerHost": 25}});
    let Some(status) = ended("calendar", Site::url("calendar", "/trap/calendar/0"), change).await else { return };
    assert_eq!((status.pages.fetched, status.pages.failed), (25, 0), "{status:?}");
    // The days before the first and after the last.
    assert_eq!(status.skipped_by_reason, reasons([("HostBudget", 2)]));
}

#[tokio::test]
async fn sessions_and_the_order_of_parameters_make_no_pages() {
    let change = json!({"urls": {"ignoreParameters": ["sid", "jsessionid"], "sortQuery": true}});
    let Some(status) = ended("shop", Site::url("shop", "/trap/sessions/index"), change).await else { return };
    let pages = status.pages;
    assert_eq!((pages.fetched, pages.discovered, pages.skipped), (6, 6, 0), "{status:?}");
    assert_eq!(status.links, 6 * 15, "each spelling is a link of its own");
}
