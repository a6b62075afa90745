//! The main job: the counts are right, however many workers there are.

use e2e::{Cluster, Running, WORKERS, by_local_crawl, by_plain_walk, has, manual};

#[tokio::test]
async fn the_manual_has_the_same_counts_by_every_way() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("counts").await.unwrap();
    let walked = by_plain_walk().await.unwrap();
    assert!(walked.fetched > 1000 && walked.links > 10_000, "the manual is whole: {walked:?}");
    assert_eq!(by_local_crawl().await.unwrap(), walked, "kubectl-crawl local against html5lib");
    for workers in [1, 4] {
        cluster.scale(WORKERS, workers).await.unwrap();
        let crawl = manual(&format!("by-{workers}"), |_| {}).unwrap();
        let running = Running::create(&namespace, &crawl).await.unwrap();
        assert_eq!(running.complete().await.unwrap(), walked, "{workers} workers");
    }
}

#[tokio::test]
async fn max_links_is_exact_and_raising_it_goes_on() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("limit").await.unwrap();
    let running = Running::create(&namespace, &manual("limit", |spec| spec.max_links = 40).unwrap()).await.unwrap();
    let status = running.condition("Complete").await.unwrap();
    assert_eq!(status.pages.fetched + status.pages.failed, 40);
    assert_eq!(status.stop_reason.as_deref(), Some("MaxLinksReached"));
    assert!(status.pages.queued > 0);

    running.change(serde_json::json!({"maxLinks": 90})).await.unwrap();
    let right = |status: &crawl_crds::CrawlStatus| status.pages.fetched == 90 && has(status, "Complete", "True");
    let status = running.until("90 pages", right).await.unwrap();
    assert_eq!(status.observed_generation, Some(2));
    let pages = status.pages;
    assert_eq!(
        pages.discovered,
        pages.queued + pages.in_flight + pages.fetched + pages.failed + pages.redirected + pages.skipped
    );
}

#[tokio::test]
async fn kubectl_wait_and_get_work() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("wait").await.unwrap();
    Running::create(&namespace, &manual("wait", |spec| spec.max_links = 20).unwrap()).await.unwrap();
    namespace.kubectl(&["wait", "--for=condition=Complete", "crawl/wait", "--timeout=120s"]).await.unwrap();
    let shown = namespace.kubectl(&["get", "cw", "wait"]).await.unwrap();
    let (head, row) = shown.split_once('\n').unwrap();
    assert_eq!(
        head.split_whitespace().collect::<Vec<_>>(),
        ["NAME", "PHASE", "FETCHED", "QUEUED", "FAILED", "LINKS", "AGE"]
    );
    assert_eq!(row.split_whitespace().take(3).collect::<Vec<_>>(), ["wait", "Complete", "20"]);
    let events = namespace.kubectl(&["get", "events", "-o", "jsonpath={.items[*].reason}"]).await.unwrap();
    assert!(events.contains("Started") && events.contains("Completed"), "{events}");
}

#[tokio::test]
async fn a_crawl_that_reaches_nothing_fails_and_says_why() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("nothing").await.unwrap();
    let crawl =
        manual("nothing", |spec| spec.seeds = vec!["http://169.254.169.254/latest/meta-data/".to_owned()]).unwrap();
    let running = Running::create(&namespace, &crawl).await.unwrap();
    let status = running.condition("Failed").await.unwrap();
    assert_eq!(status.stop_reason.as_deref(), Some("AllSeedsFailed"));
    assert_eq!((status.pages.fetched, has(&status, "Complete", "True")), (0, false));
}
