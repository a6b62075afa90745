//! Messages that nobody can read: counted, set aside, and no crawl waits for them.

use std::time::Duration;

use crawl_broker::{Headers, Message};
use crawl_protocol::topology;
use e2e::{BrokerAccess, Cluster, Running, eventually, manual};

fn garbage(exchange: &str, key: &str, id: &str) -> Message {
    Message {
        exchange: exchange.to_owned(),
        routing_key: key.to_owned(),
        kind: "crawl.task.v1".to_owned(),
        message_id: id.to_owned(),
        headers: Headers::default(),
        body: b"{\"crawl\": 7, \xff".to_vec(),
    }
}

#[tokio::test]
async fn garbage_in_the_queues_stops_nothing() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("poison").await.unwrap();
    let access = BrokerAccess::open(&cluster).await.unwrap();
    let mut publisher = access.broker.publisher().await.unwrap();
    let slowly = |spec: &mut crawl_crds::CrawlSpec| {
        spec.max_links = 100;
        // Twenty pages a second at most: the garbage comes on the way.
        spec.politeness.delay = Duration::from_millis(50).into();
    };
    let running = Running::create(&namespace, &manual("poison", slowly).unwrap()).await.unwrap();
    let uid = running.uid().await.unwrap();
    running.midway(10).await.unwrap();
    for n in 0..5 {
        let task = garbage(topology::TASKS_EXCHANGE, "default", &format!("nobody/nothing/{n}"));
        let record = garbage(topology::LOG_EXCHANGE, &uid, &format!("{uid}/garbage/{n}"));
        publisher.publish(task).await.unwrap();
        publisher.publish(record).await.unwrap();
    }
    assert_eq!(running.complete().await.unwrap().fetched, 100);
    eventually(Duration::from_secs(30), "the unreadable tasks are set aside", async || {
        Ok(access.broker.queue_length(topology::UNREADABLE_QUEUE).await? >= 5)
    })
    .await
    .unwrap();
}
