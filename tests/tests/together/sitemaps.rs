//! Pages to which no link leads, found by sitemaps.

use e2e::{Cluster, Running, Site, crawl};
use serde_json::json;

#[tokio::test]
async fn sitemaps_find_what_no_link_leads_to() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("maps").await.unwrap();
    let site = Site::watch().await.unwrap();
    // By an index that robots.txt names, one of its two compressed, with one URL of another host; where every crawler looks;
    // and not at all.
    let cases = [
        ("map", "Include", 61, 1, Some((3, 3))),
        ("map-plain", "Include", 61, 0, Some((1, 1))),
        ("edits", "Ignore", 1, 0, None),
    ];
    let mut crawls = Vec::new();
    for (host, sitemaps, fetched, skipped, found_read) in cases {
        let spec = json!({
            "seeds": [Site::url(host, "/")],
            "sitemaps": sitemaps,
            "politeness": {"delay": "0s"},
        });
        let running = Running::create(&namespace, &crawl(host, spec).unwrap()).await.unwrap();
        crawls.push((host, running, fetched, skipped, found_read));
    }
    for (host, running, fetched, skipped, found_read) in &crawls {
        let status = running.condition("Complete").await.unwrap();
        let pages = status.pages;
        assert_eq!((pages.fetched, pages.failed, pages.skipped), (*fetched, 0, *skipped), "{host}: {status:?}");
        assert_eq!((pages.discovered, status.links), (*fetched + *skipped, 0), "{host}: {status:?}");
        assert_eq!(status.sitemaps.map(|maps| (maps.found, maps.read)), *found_read, "{host}: {status:?}");
    }
    let pages = site.pages("map").await.unwrap();
    let maps = pages.iter().filter(|path| path.contains("xml")).count();
    assert_eq!((maps, pages.len()), (3, 64), "each sitemap and each page was asked for once");
}
