//! Suspend, resume, cancel, delete.

use std::time::Duration;

use crawl_crds::CrawlSpec;
use e2e::{BrokerAccess, Cluster, Counts, OPERATOR, Running, Site, WORKERS, crawl, eventually, has, manual};
use serde_json::json;

/// Ten pages a second at most: slow enough to be caught on the way, since status is written every two seconds.
fn slowly(spec: &mut CrawlSpec) {
    spec.politeness.per_host_concurrency = 1;
    spec.politeness.delay = Duration::from_millis(100).into();
}

#[tokio::test]
async fn suspend_holds_and_resume_goes_on_to_the_same_counts() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("suspend").await.unwrap();
    let limited = |spec: &mut CrawlSpec| {
        slowly(spec);
        spec.max_depth = 1;
    };
    let running = Running::create(&namespace, &manual("suspend", limited).unwrap()).await.unwrap();
    running.midway(10).await.unwrap();
    running.change(json!({"suspend": true})).await.unwrap();
    let drained = |status: &crawl_crds::CrawlStatus| has(status, "Suspended", "True") && status.pages.in_flight == 0;
    let held = running.until("suspended and nothing in flight", drained).await.unwrap();
    assert!(held.pages.queued > 0, "it was suspended on the way: {held:?}");
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(running.status().await.unwrap().pages, held.pages, "nothing happens while it is suspended");

    running.change(json!({"suspend": false})).await.unwrap();
    let resumed = running.complete().await.unwrap();
    let shallow = manual("undisturbed", |spec| spec.max_depth = 1).unwrap();
    let undisturbed = Running::create(&namespace, &shallow).await.unwrap().complete().await.unwrap();
    assert_eq!(resumed, undisturbed);
}

#[tokio::test]
async fn a_suspended_crawl_stays_so_over_a_restart_of_the_operator() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("paused").await.unwrap();
    let site = Site::watch().await.unwrap();
    let spec = json!({"seeds": [Site::url("paused", "/slow/20/40/0")], "politeness": {"delay": "80ms"}});
    let running = Running::create(&namespace, &crawl("paused", spec).unwrap()).await.unwrap();
    running.midway(5).await.unwrap();
    running.change(json!({"suspend": true})).await.unwrap();
    let drained = |status: &crawl_crds::CrawlStatus| has(status, "Suspended", "True") && status.pages.in_flight == 0;
    let held = running.until("suspended and nothing in flight", drained).await.unwrap();

    let (quiet, before) = (Site::watch().await.unwrap(), cluster.leader().await.unwrap());
    cluster.kill("operator").await.unwrap();
    eventually(Duration::from_secs(60), "a new operator leads", async || {
        Ok(cluster.leader().await? != before && cluster.ready(OPERATOR).await? == 1)
    })
    .await
    .unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let status = running.status().await.unwrap();
    assert!(has(&status, "Suspended", "True") && status.pages == held.pages, "{status:?}");
    assert_eq!(quiet.pages("paused").await.unwrap(), Vec::<String>::new(), "asked for while suspended");

    running.change(json!({"suspend": false})).await.unwrap();
    assert_eq!(running.complete().await.unwrap(), Counts { fetched: 40, failed: 0, links: 39 });
    assert_eq!(site.pages("paused").await.unwrap().len(), 40, "each page was asked for once");
}

#[tokio::test]
async fn cancel_stops_and_keeps_the_results() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("cancel").await.unwrap();
    let running = Running::create(&namespace, &manual("cancel", slowly).unwrap()).await.unwrap();
    running.midway(10).await.unwrap();
    running.change(json!({"cancel": true})).await.unwrap();
    let status = running.condition("Failed").await.unwrap();
    assert_eq!(status.stop_reason.as_deref(), Some("Cancelled"));
    assert_eq!(status.phase.as_deref(), Some("Cancelled"));
    assert!(status.pages.fetched >= 10 && status.pages.queued > 0, "{status:?}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(running.status().await.unwrap().pages, status.pages);
}

#[tokio::test]
async fn delete_removes_log_and_tasks() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("delete").await.unwrap();
    // With no worker, what is published stays in the queue.
    cluster.scale(WORKERS, 0).await.unwrap();
    let one_at_a_time = |spec: &mut CrawlSpec| {
        spec.max_links = 5;
        spec.politeness.per_host_concurrency = 1;
    };
    let running = Running::create(&namespace, &manual("delete", one_at_a_time).unwrap()).await.unwrap();
    let uid = running.uid().await.unwrap();
    let access = BrokerAccess::open(&cluster).await.unwrap();
    eventually(Duration::from_secs(60), "a task waits", async || Ok(access.broker.ready_count("default").await? > 0))
        .await
        .unwrap();
    assert!(access.broker.log_exists(&uid).await.unwrap());

    running.delete().await.unwrap();
    assert!(!access.broker.log_exists(&uid).await.unwrap(), "the log is gone");
    assert_eq!(access.broker.ready_count("default").await.unwrap(), 0, "its tasks are gone");

    // Its host is free again: it may be asked once at a time, and the deleted crawl does not ask.
    cluster.scale(WORKERS, 2).await.unwrap();
    let next = Running::create(&namespace, &manual("next", one_at_a_time).unwrap()).await.unwrap();
    assert_eq!(next.complete().await.unwrap().fetched, 5);
}
