//! A small crawl beside a large one on the same host: it need not wait until the large one is over.

use std::time::Instant;

use e2e::{Cluster, Running, Site, crawl, has};
use serde_json::{Value, json};

/// What each of the two is allowed, and the host they share.
const CASES: [(&str, &str, &str); 2] = [
    ("fair", r#"{"delay": "0s"}"#, r#"{"delay": "0s"}"#),
    // The gentle one can only begin when none of the eight is under way.
    ("fair-far", r#"{"delay": "0s", "perHostConcurrency": 8}"#, r#"{"delay": "100ms"}"#),
];

#[tokio::test]
async fn a_small_crawl_is_over_while_a_large_one_on_its_host_goes_on() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("fair").await.unwrap();
    for (host, large, small) in CASES {
        let site = Site::watch().await.unwrap();
        let spec = |path: &str, politeness: &str| {
            let politeness: Value = serde_json::from_str(politeness).unwrap();
            json!({"seeds": [Site::url(host, path)], "maxLinks": 100_000, "politeness": politeness})
        };
        let large = crawl(&format!("{host}-large"), spec("/tree/100000/0", large)).unwrap();
        let large = Running::create(&namespace, &large).await.unwrap();
        large.midway(50).await.unwrap();
        let (begun, before) = (Instant::now(), site.visits(host).await.unwrap().len());
        let small = crawl(&format!("{host}-small"), spec("/tree/10/0", small)).unwrap();
        let small = Running::create(&namespace, &small).await.unwrap();
        assert_eq!(small.complete().await.unwrap().fetched, 10);
        let (took, status) = (begun.elapsed(), large.status().await.unwrap());
        let meanwhile = site.visits(host).await.unwrap().len() - before - 11;
        eprintln!("{host}: the small crawl took {:.1} s, and the large one got {meanwhile} pages", took.as_secs_f64());
        assert!(!has(&status, "Complete", "True") && status.pages.queued > 0, "the large one goes on: {status:?}");
        large.change(json!({"cancel": true})).await.unwrap();
        large.condition("Failed").await.unwrap();
    }
}
