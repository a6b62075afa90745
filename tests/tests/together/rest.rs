//! A host that asks for quiet gets it, from all crawls, and loses no page by it.

use e2e::{Cluster, Running, Site, Visit, crawl};
use serde_json::json;

/// How long a host that answers like this is to be left alone.
fn asked_ms(visit: &Visit) -> u64 {
    let seconds = visit.path.rsplit('/').next().and_then(|seconds| seconds.parse::<u64>().ok()).unwrap_or(0);
    match visit.status {
        // A date has whole seconds.
        503 if visit.path.contains("/date/") => (seconds - 1) * 1000,
        // It does not say how long: as long as the page itself waits for its next attempt, at least.
        503 if visit.path.contains("/never/") => 300,
        429 | 503 => seconds * 1000,
        _ => 0,
    }
}

#[tokio::test]
async fn a_host_that_says_not_now_is_left_alone_by_all_crawls() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("rest").await.unwrap();
    let site = Site::watch().await.unwrap();
    let seed = |crawl: &str| Site::url("rest", &format!("/rest/{}-{crawl}/", namespace.name));
    let mut crawls = Vec::new();
    for name in ["one", "two"] {
        let spec = json!({
            "seeds": [seed(name)],
            "politeness": {"delay": "0s"},
            "retry": {"backoff": "300ms"},
        });
        crawls.push(Running::create(&namespace, &crawl(name, spec).unwrap()).await.unwrap());
    }
    for running in &crawls {
        let status = running.condition("Complete").await.unwrap();
        assert_eq!((status.pages.fetched, status.pages.failed, status.links), (8, 1, 8), "{status:?}");
        let responses: Vec<(&str, i64)> = status.responses.iter().map(|(key, n)| (key.as_str(), *n)).collect();
        assert_eq!(responses, [("200", 8), ("503", 1)], "the last answer of each page");
    }
    let visits = site.visits("rest").await.unwrap();
    for path in ["429/2", "429/1", "503/1", "date/2", "never/0"] {
        let attempts = visits.iter().filter(|visit| visit.path.ends_with(path)).count();
        let each = if path == "never/0" { 3 } else { 2 };
        assert_eq!(attempts, each * crawls.len(), "attempts of {path}: {visits:#?}");
    }
    for (n, visit) in visits.iter().enumerate() {
        let quiet_until = visit.end_us.unwrap() + asked_ms(visit) * 1000;
        for later in &visits[n + 1..] {
            assert!(
                later.start_us >= quiet_until,
                "{later} comes too early after {visit}, which answered {}",
                visit.status
            );
        }
    }
}
