//! Answers that are no pages: chains of redirects, no answer at all, a 404.

use e2e::{Cluster, Running, Site, crawl};
use serde_json::json;

#[tokio::test]
async fn redirects_silence_and_errors_are_counted_for_what_they_are() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("odd").await.unwrap();
    let site = Site::watch().await.unwrap();
    let seeds = ["/redirect/3", "/redirect/9", "/never", "/nothing"].map(|path| Site::url("odd", path));
    let spec = json!({
        "seeds": seeds,
        "politeness": {"delay": "0s"},
        "fetch": {"timeout": "1s", "maxRedirects": 4},
        "retry": {"maxAttempts": 2, "backoff": "100ms"},
    });
    let running = Running::create(&namespace, &crawl("odd", spec).unwrap()).await.unwrap();
    let status = running.condition("Complete").await.unwrap();
    let pages = status.pages;
    // 3, 2, 1 lead to 0; 9, 8, 7, 6, 5 lead to 4, by one redirect too many.
    assert_eq!((pages.fetched, pages.failed, pages.redirected, pages.skipped), (1, 2, 8, 1), "{status:?}");
    assert_eq!(status.skipped_by_reason.get("TooManyRedirects"), Some(&1));
    let responses: Vec<(&str, i64)> = status.responses.iter().map(|(key, n)| (key.as_str(), *n)).collect();
    assert_eq!(responses, [("200", 1), ("302", 8), ("404", 1), ("timeout", 1)]);
    let silent = site.visits("odd").await.unwrap().into_iter().filter(|visit| visit.path == "/never").count();
    assert_eq!(silent, 2, "attempts");
}
