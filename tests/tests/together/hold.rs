//! Held and resumed: nothing is asked for meanwhile, nothing is lost, nothing is fetched twice.

use std::time::Duration;

use crawl_crds::CrawlStatus;
use e2e::{Cluster, Counts, Running, Site, crawl, has};
use serde_json::json;

#[tokio::test]
async fn a_crawl_that_was_held_again_and_again_fetches_every_page_once() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("hold").await.unwrap();
    let site = Site::watch().await.unwrap();
    let spec = json!({
        "seeds": [Site::url("hold", "/slow/20/100/0")],
        "politeness": {"delay": "80ms"},
    });
    let running = Running::create(&namespace, &crawl("hold", spec).unwrap()).await.unwrap();
    for fetched in [5, 40] {
        running.midway(fetched).await.unwrap();
        running.change(json!({"suspend": true})).await.unwrap();
        let drained = |status: &CrawlStatus| has(status, "Suspended", "True") && status.pages.in_flight == 0;
        let held = running.until("suspended and nothing in flight", drained).await.unwrap();
        let quiet = Site::watch().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(quiet.pages("hold").await.unwrap(), Vec::<String>::new(), "asked for while suspended");
        assert_eq!(running.status().await.unwrap().pages, held.pages);
        running.change(json!({"suspend": false})).await.unwrap();
    }
    assert_eq!(running.complete().await.unwrap(), Counts { fetched: 100, failed: 0, links: 99 });
    assert_eq!(site.pages("hold").await.unwrap().len(), 100, "each page was asked for once");
}
