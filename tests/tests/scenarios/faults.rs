//! Parts that die in the middle of a crawl change no count.

use std::time::Duration;

use crawl_crds::CrawlSpec;
use e2e::{Cluster, Counts, Namespace, OPERATOR, RABBITMQ, Running, WORKERS, eventually, has, manual};

/// Slow enough to be caught on the way, quick enough to wait for.
fn slowly(spec: &mut CrawlSpec) {
    spec.politeness.per_host_concurrency = 4;
    spec.politeness.delay = Duration::from_millis(10).into();
}

async fn undisturbed(namespace: &Namespace) -> Counts {
    let crawl = manual("undisturbed", |_| {}).unwrap();
    Running::create(namespace, &crawl).await.unwrap().complete().await.unwrap()
}

#[tokio::test]
async fn workers_and_operator_may_die() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("die").await.unwrap();
    let expected = undisturbed(&namespace).await;
    for component in ["worker", "operator"] {
        let running = Running::create(&namespace, &manual(component, slowly).unwrap()).await.unwrap();
        running.midway(100).await.unwrap();
        cluster.kill(component).await.unwrap();
        let seen = running.status().await.unwrap().pages;
        assert!(seen.fetched < expected.fetched, "{component} was killed on the way: {seen:?}");
        assert_eq!(running.complete().await.unwrap(), expected, "after all Pods of {component} were killed");
    }
}

#[tokio::test]
async fn the_leader_may_die_and_the_other_operator_goes_on() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("leader").await.unwrap();
    let expected = undisturbed(&namespace).await;
    cluster.scale(OPERATOR, 2).await.unwrap();
    let running = Running::create(&namespace, &manual("leader", slowly).unwrap()).await.unwrap();
    running.midway(100).await.unwrap();
    let leader = cluster.leader().await.unwrap();
    cluster.kill_pod(&leader).await.unwrap();
    assert_eq!(running.complete().await.unwrap(), expected, "after the leader was killed");
    assert_ne!(cluster.leader().await.unwrap(), leader);
}

#[tokio::test]
async fn without_rabbitmq_a_crawl_waits_and_says_so() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("broker").await.unwrap();
    cluster.scale(RABBITMQ, 0).await.unwrap();
    let running = Running::create(&namespace, &manual("broker", |spec| spec.max_links = 30).unwrap()).await.unwrap();
    let told = |status: &crawl_crds::CrawlStatus| {
        let progressing = status.conditions.iter().find(|condition| condition.type_ == "Progressing");
        progressing.is_some_and(|it| {
            it.status == "False" && it.reason == "BrokerUnavailable" && it.message.contains("RabbitMQ")
        })
    };
    running.until("the condition tells of RabbitMQ", told).await.unwrap();
    for object in [OPERATOR, WORKERS] {
        eventually(Duration::from_secs(60), &format!("{object} is not ready"), async || {
            Ok(cluster.ready(object).await? == 0)
        })
        .await
        .unwrap();
    }
    cluster.scale(RABBITMQ, 1).await.unwrap();
    let status = running.condition("Complete").await.unwrap();
    assert_eq!(status.pages.fetched, 30);
    assert!(has(&status, "Complete", "True"));
}
