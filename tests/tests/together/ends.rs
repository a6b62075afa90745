//! Ends that come by the clock.

use std::time::Duration;

use e2e::{BrokerAccess, Cluster, Running, Site, crawl, has};
use serde_json::json;

#[tokio::test]
async fn a_deadline_ends_the_crawl_and_keeps_its_results() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("late").await.unwrap();
    let spec = json!({
        "seeds": [Site::url("late", "/tree/1000/0")],
        "politeness": {"delay": "200ms"},
        "activeDeadlineSeconds": 6,
    });
    let running = Running::create(&namespace, &crawl("late", spec).unwrap()).await.unwrap();
    let status = running.condition("Failed").await.unwrap();
    assert_eq!(status.stop_reason.as_deref(), Some("DeadlineExceeded"), "{status:?}");
    assert!(status.pages.fetched > 0 && status.pages.queued > 0 && status.links > 0, "{status:?}");
    assert!(status.completion_time > status.start_time && !has(&status, "Complete", "True"));
    let quiet = Site::watch().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(quiet.pages("late").await.unwrap(), Vec::<String>::new(), "asked for after the end");
    assert_eq!(running.status().await.unwrap(), status);
}

#[tokio::test]
async fn a_time_to_live_removes_the_crawl_and_its_log() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("brief").await.unwrap();
    let access = BrokerAccess::open(&cluster).await.unwrap();
    let spec = |ttl: i64| {
        json!({
            "seeds": [Site::url("brief", "/tree/5/0")],
            "politeness": {"delay": "0s"},
            "ttlSecondsAfterFinished": ttl,
        })
    };
    let stays = Running::create(&namespace, &crawl("stays", spec(3600)).unwrap()).await.unwrap();
    let goes = Running::create(&namespace, &crawl("goes", spec(8)).unwrap()).await.unwrap();
    let uid = goes.uid().await.unwrap();
    assert_eq!(goes.complete().await.unwrap().fetched, 5, "its end was seen before it went");
    assert!(access.broker.log_exists(&uid).await.unwrap());
    goes.gone().await.unwrap();
    assert!(!access.broker.log_exists(&uid).await.unwrap(), "its log is gone");
    assert_eq!(stays.complete().await.unwrap().fetched, 5);
}
