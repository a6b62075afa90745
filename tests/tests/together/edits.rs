//! A spec that is changed while the crawl runs: the counts become those of the spec as it is now.

use crawl_crds::{CrawlSpec, CrawlStatus};
use e2e::{Cluster, Counts, Namespace, Running, Site, crawl, has};
use serde_json::{Value, json};

/// Of 120 pages, three links deep.
fn spec(host: &str, change: Value) -> Value {
    let mut spec = json!({
        "seeds": [Site::url(host, "/slow/20/120/0")],
        "politeness": {"delay": "40ms"},
    });
    spec.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    spec
}

async fn start(namespace: &Namespace, name: &str, spec: Value) -> Running {
    Running::create(namespace, &crawl(name, spec).unwrap()).await.unwrap()
}

fn over(generation: i64) -> impl Fn(&CrawlStatus) -> bool {
    move |status| status.observed_generation == Some(generation) && has(status, "Complete", "True")
}

fn skipped(status: &CrawlStatus, reason: &str) -> i64 {
    status.skipped_by_reason.get(reason).copied().unwrap_or(0)
}

#[tokio::test]
async fn raising_max_links_goes_on_and_asks_for_nothing_twice() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("raise").await.unwrap();
    let site = Site::watch().await.unwrap();
    let running = start(&namespace, "raise", spec("raise", json!({"maxLinks": 15}))).await;
    let status = running.condition("Complete").await.unwrap();
    assert_eq!((status.pages.fetched, status.stop_reason.as_deref()), (15, Some("MaxLinksReached")));
    assert!(status.pages.queued > 0);

    running.change(json!({"maxLinks": 40})).await.unwrap();
    let status = running.until("generation 2 is over", over(2)).await.unwrap();
    assert_eq!((status.pages.fetched, status.stop_reason.as_deref()), (40, Some("MaxLinksReached")));

    running.change(json!({"maxLinks": 1000})).await.unwrap();
    let status = running.until("generation 3 is over", over(3)).await.unwrap();
    assert_eq!((status.pages.fetched, status.pages.queued), (120, 0));
    assert_eq!(status.stop_reason.as_deref(), Some("FrontierEmpty"));
    let mut pages = site.pages("raise").await.unwrap();
    pages.dedup();
    assert_eq!(pages.len(), 120);
    assert_eq!(site.pages("raise").await.unwrap().len(), 120, "each page was asked for once");
}

#[tokio::test]
async fn lowering_max_links_below_what_is_fetched_ends_the_crawl() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("lower").await.unwrap();
    let running = start(&namespace, "lower", spec("limit", json!({}))).await;
    running.midway(20).await.unwrap();
    running.change(json!({"maxLinks": 7})).await.unwrap();
    let status = running.until("generation 2 is over", over(2)).await.unwrap();
    assert_eq!((status.pages.fetched, status.pages.in_flight), (7, 0), "{status:?}");
    assert_eq!(status.stop_reason.as_deref(), Some("MaxLinksReached"));
    assert!(status.pages.queued > 0);
}

#[tokio::test]
async fn lowering_the_depth_leaves_out_what_is_deeper() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("depth").await.unwrap();
    let running = start(&namespace, "depth", spec("depth", json!({}))).await;
    running.midway(15).await.unwrap();
    running.change(json!({"maxDepth": 1})).await.unwrap();
    let status = running.until("generation 2 is over", over(2)).await.unwrap();
    assert_eq!(Counts::of(&status), Counts { fetched: 11, failed: 0, links: 110 });
    assert_eq!((status.pages.queued, skipped(&status, "TooDeep")), (0, 100));

    running.change(json!({"maxDepth": 2})).await.unwrap();
    let status = running.until("generation 3 is over", over(3)).await.unwrap();
    assert_eq!((status.pages.fetched, skipped(&status, "TooDeep")), (111, 9), "what was left out came back");
}

#[tokio::test]
async fn tightening_the_scope_drops_what_waits() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("scope").await.unwrap();
    // Pages 50 to 99 are not wanted any more: all of them leaves of the tree but none of their parents.
    let exclude = json!({"scope": {"exclude": ["/[5-9][0-9]$"]}});
    let running = start(&namespace, "scope", spec("edits", json!({}))).await;
    running.midway(15).await.unwrap();
    running.change(exclude.clone()).await.unwrap();
    let told = |status: &CrawlStatus| status.observed_generation == Some(2);
    running.until("generation 2 is observed", told).await.unwrap();
    let site = Site::watch().await.unwrap();
    let status = running.until("generation 2 is over", over(2)).await.unwrap();
    assert_eq!((status.pages.fetched, status.pages.queued, skipped(&status, "Excluded")), (70, 0, 50), "{status:?}");
    let unwanted = |path: &String| path.len() == "/slow/20/120/50".len() && path[path.len() - 2..] >= *"50";
    let late: Vec<String> = site.pages("edits").await.unwrap().into_iter().filter(unwanted).collect();
    assert!(late.len() <= 1, "asked for although excluded, and not on their way already: {late:?}");

    let fresh = start(&namespace, "fresh", spec("edits", exclude)).await.complete().await.unwrap();
    assert_eq!(Counts::of(&status), fresh, "as if the spec had always been like this");
}

#[test]
fn the_specs_of_these_tests_are_specs() {
    let spec: CrawlSpec = serde_json::from_value(spec("h", json!({"maxDepth": 1}))).unwrap();
    assert_eq!(spec.max_depth, 1);
}
