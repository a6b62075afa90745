//! The broker module against a real RabbitMQ. Needs `CRAWL_TEST_AMQP=amqp://user:password@host:port/vhost` with full
//! rights; without it each test says loudly that it was skipped.
//!
//! Each test uses crawls and pools of names that no other test and no earlier run has used.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use crawl_broker::{BrokerError, Headers, Message, PublishError, Refused};
use crawl_protocol::topology::{COMPRESS_ABOVE_BYTES, LOG_EXCHANGE, TASKS_EXCHANGE};
use futures::FutureExt;
use support::{Scene, scene, unique, within};

fn log_message(crawl: &str, id: &str, body: &[u8]) -> Message {
    Message {
        exchange: LOG_EXCHANGE.to_owned(),
        routing_key: crawl.to_owned(),
        kind: "crawl.entry.v1".to_owned(),
        message_id: id.to_owned(),
        headers: Headers { crawl: Some(crawl.to_owned()), ..Headers::default() },
        body: body.to_vec(),
    }
}

fn task_message(pool: &str, crawl: &str, id: &str) -> Message {
    Message {
        exchange: TASKS_EXCHANGE.to_owned(),
        routing_key: pool.to_owned(),
        kind: "crawl.task.v1".to_owned(),
        message_id: id.to_owned(),
        headers: Headers { crawl: Some(crawl.to_owned()), page: Some("p".to_owned()), attempt: Some(1) },
        body: id.as_bytes().to_vec(),
    }
}

#[tokio::test]
async fn the_preflight_names_the_version_and_finds_streams() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let version = broker.preflight().await.unwrap();
    assert!(version.major >= 3, "{version}");
}

#[tokio::test]
async fn declaring_everything_twice_is_fine() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let (pool, crawl) = (unique("pool"), unique("crawl"));
    for _ in 0..2 {
        broker.declare_shared().await.unwrap();
        broker.declare_pool(&pool).await.unwrap();
        broker.declare_log(&crawl).await.unwrap();
    }
    assert!(broker.log_exists(&crawl).await.unwrap());
    broker.delete_log(&crawl).await.unwrap();
    broker.delete_log(&crawl).await.unwrap();
    assert!(!broker.log_exists(&crawl).await.unwrap());
    support::forget_pool(&pool).await;
}

#[tokio::test]
async fn a_log_is_read_back_from_its_first_entry_in_order() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let crawl = unique("crawl");
    broker.declare_log(&crawl).await.unwrap();
    // More than one window of confirms, more than one prefetch, and bodies on both sides of the compression limit.
    let bodies: Vec<Vec<u8>> = (0..2500)
        .map(|n| {
            let padding = if n % 50 == 0 { COMPRESS_ABOVE_BYTES * 4 } else { n % 7 };
            format!("{n}:{}", "x".repeat(padding)).into_bytes()
        })
        .collect();
    let messages = bodies.iter().enumerate().map(|(n, body)| log_message(&crawl, &format!("m{n}"), body)).collect();
    let mut publisher = broker.publisher().await.unwrap();
    let outcomes = publisher.publish_all(messages).await.unwrap();
    assert_eq!(outcomes, vec![Ok(()); 2500]);

    let mut reader = broker.read_log(&crawl).await.unwrap();
    let mut last = None;
    for body in &bodies {
        let entry = within(reader.next()).await.unwrap();
        assert_eq!(&entry.body.unwrap(), body);
        assert_eq!(entry.kind.as_deref(), Some("crawl.entry.v1"));
        assert!(last < Some(entry.offset), "{last:?} then {}", entry.offset);
        last = Some(entry.offset);
    }
    let mut later = broker.read_log_from(&crawl, last.unwrap()).await.unwrap();
    assert_eq!(within(later.next()).await.unwrap().offset, last.unwrap());

    // A reader waits at the end, and what is appended comes to it.
    assert!(tokio::time::timeout(Duration::from_millis(200), reader.next()).await.is_err());
    publisher.publish(log_message(&crawl, "late", b"late")).await.unwrap();
    assert_eq!(within(reader.next()).await.unwrap().body.unwrap(), b"late");
    broker.delete_log(&crawl).await.unwrap();
}

/// Readers take what is there and go on with something else: what was begun for the next entry must neither be lost nor done twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_may_stop_waiting_at_any_time() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let crawl = unique("crawl");
    broker.declare_log(&crawl).await.unwrap();
    let messages = (0..30_000).map(|n| log_message(&crawl, &format!("m{n}"), n.to_string().as_bytes())).collect();
    broker.publisher().await.unwrap().publish_all(messages).await.unwrap();

    let mut reader = broker.read_log(&crawl).await.unwrap();
    let mut read = 0;
    while read < 30_000 {
        // As the operator and the api do it: wait for one, then take what has come behind it, and no more.
        let mut entry = Some(within(reader.next()).await);
        while let Some(found) = entry {
            assert_eq!(found.unwrap().body.unwrap(), read.to_string().as_bytes());
            read += 1;
            entry = reader.next().now_or_never();
        }
    }
    broker.delete_log(&crawl).await.unwrap();
}

#[tokio::test]
async fn reading_a_log_that_is_not_there_says_so() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let error = broker.read_log(&unique("crawl")).await.unwrap_err();
    assert!(matches!(error, BrokerError::NotFound { .. }), "{error:?}");
    // An error of one channel is not an error of the session.
    assert!(tokio::time::timeout(Duration::from_millis(1500), broker.closed()).await.is_err());
}

#[tokio::test]
async fn deleting_a_log_ends_its_readers_with_an_error() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let crawl = unique("crawl");
    broker.declare_log(&crawl).await.unwrap();
    let mut reader = broker.read_log(&crawl).await.unwrap();
    broker.delete_log(&crawl).await.unwrap();
    let error = within(reader.next()).await.unwrap_err();
    assert!(matches!(error, BrokerError::Ended { .. }), "{error:?}");
}

#[tokio::test]
async fn a_record_for_a_deleted_log_is_returned_and_the_others_are_stored() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let (alive, deleted) = (unique("alive"), unique("deleted"));
    broker.declare_log(&alive).await.unwrap();
    broker.declare_log(&deleted).await.unwrap();
    broker.delete_log(&deleted).await.unwrap();

    let mut publisher = broker.publisher().await.unwrap();
    for round in 0..20 {
        let crawl_of = |n: usize| {
            if (n + round).is_multiple_of(3) { &deleted } else { &alive }
        };
        let messages = (0..50).map(|n| log_message(crawl_of(n), &format!("{round}/{n}"), b"{}")).collect();
        let expected: Vec<_> =
            (0..50).map(|n| if crawl_of(n) == &deleted { Err(Refused::Returned) } else { Ok(()) }).collect();
        assert_eq!(publisher.publish_all(messages).await.unwrap(), expected, "round {round}");
    }
    let refused = publisher.publish(log_message(&deleted, "single", b"{}")).await;
    assert!(matches!(refused, Err(PublishError::Refused(Refused::Returned))), "{refused:?}");
    publisher.publish(log_message(&alive, "single", b"{}")).await.unwrap();
    broker.delete_log(&alive).await.unwrap();
}

#[tokio::test]
async fn tasks_are_counted_consumed_given_back_and_purged() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let pool = unique("pool");
    broker.declare_pool(&pool).await.unwrap();
    let mut publisher = broker.publisher().await.unwrap();
    publisher.publish_all((0..3).map(|n| task_message(&pool, "c", &format!("t{n}"))).collect()).await.unwrap();
    support::eventually("3 ready", async || broker.ready_count(&pool).await.unwrap() == 3).await;

    let mut consumer = broker.consume_tasks(&pool, 2).await.unwrap();
    let first = within(consumer.next()).await.unwrap().unwrap();
    assert_eq!(first.body.as_deref().unwrap(), b"t0");
    assert_eq!((first.message_id.as_deref(), first.crawl.as_deref()), (Some("t0"), Some("c")));
    assert_eq!((first.redelivered, first.delivery_count), (false, 0));
    first.ack().await.unwrap();
    let second = within(consumer.next()).await.unwrap().unwrap();
    second.requeue().await.unwrap();

    consumer.cancel().await.unwrap();
    while let Some(arrived) = within(consumer.next()).await.unwrap() {
        arrived.requeue().await.unwrap();
    }
    support::eventually("2 ready", async || broker.ready_count(&pool).await.unwrap() == 2).await;
    assert_eq!(broker.purge_pool(&pool).await.unwrap(), 2);
    support::forget_pool(&pool).await;
}

#[tokio::test]
async fn a_dropped_consumer_gives_its_deliveries_back() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let pool = unique("pool");
    broker.declare_pool(&pool).await.unwrap();
    broker.publisher().await.unwrap().publish(task_message(&pool, "c", "t")).await.unwrap();
    let mut consumer = broker.consume_tasks(&pool, 10).await.unwrap();
    let held = within(consumer.next()).await.unwrap().unwrap();
    drop(consumer);
    drop(held);
    let mut again = broker.consume_tasks(&pool, 10).await.unwrap();
    let delivery = within(again.next()).await.unwrap().unwrap();
    assert!(delivery.redelivered);
    delivery.ack().await.unwrap();
    support::forget_pool(&pool).await;
}

#[tokio::test]
async fn a_rejected_task_is_a_dead_letter_with_its_reason() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let (pool, id) = (unique("pool"), unique("poison"));
    broker.declare_pool(&pool).await.unwrap();
    broker.publisher().await.unwrap().publish(task_message(&pool, "c", &id)).await.unwrap();
    let mut consumer = broker.consume_tasks(&pool, 1).await.unwrap();
    within(consumer.next()).await.unwrap().unwrap().reject().await.unwrap();

    let mut dead = broker.consume_dead(10).await.unwrap();
    loop {
        let letter = within(dead.next()).await.unwrap().unwrap();
        if letter.message_id.as_deref() == Some(&id) {
            assert_eq!(letter.death_reason.as_deref(), Some("rejected"));
            assert_eq!(letter.crawl.as_deref(), Some("c"));
            letter.ack().await.unwrap();
            break;
        }
        letter.ack().await.unwrap();
    }
    support::forget_pool(&pool).await;
}

#[tokio::test]
async fn withdrawing_takes_one_crawls_tasks_and_leaves_the_others() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let pool = unique("pool");
    broker.declare_pool(&pool).await.unwrap();
    let crawl_of = |n: usize| {
        if n.is_multiple_of(4) { "suspended" } else { "other" }
    };
    let messages = (0..1200).map(|n| task_message(&pool, crawl_of(n), &format!("t{n}"))).collect();
    broker.publisher().await.unwrap().publish_all(messages).await.unwrap();
    support::eventually("1200 ready", async || broker.ready_count(&pool).await.unwrap() == 1200).await;

    let withdrawn: BTreeSet<String> = broker.withdraw(&pool, "suspended").await.unwrap().into_iter().collect();
    let expected: BTreeSet<String> = (0..1200).step_by(4).map(|n| format!("t{n}")).collect();
    assert_eq!(withdrawn, expected);
    assert!(broker.withdraw(&pool, "suspended").await.unwrap().is_empty());

    support::eventually("900 ready", async || broker.ready_count(&pool).await.unwrap() == 900).await;
    let mut consumer = broker.consume_tasks(&pool, 1000).await.unwrap();
    let mut left = BTreeSet::new();
    for _ in 0..900 {
        let delivery = within(consumer.next()).await.unwrap().unwrap();
        let id = delivery.message_id.clone().unwrap();
        assert_eq!(delivery.body.as_deref().unwrap(), id.as_bytes());
        assert_eq!(delivery.crawl.as_deref(), Some("other"));
        assert_eq!(delivery.delivery_count, 0, "withdrawing must not bring a task nearer to the dead letters");
        left.insert(id);
        delivery.ack().await.unwrap();
    }
    assert_eq!(left.len(), 900);
    support::forget_pool(&pool).await;
}

#[tokio::test]
async fn a_pool_that_nobody_declared_is_not_found_and_its_tasks_are_returned() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let pool = unique("pool");
    let error = broker.consume_tasks(&pool, 1).await.unwrap_err();
    assert!(matches!(error, BrokerError::NotFound { .. }), "{error:?}");
    let refused = broker.publisher().await.unwrap().publish(task_message(&pool, "c", "t")).await;
    assert!(matches!(refused, Err(PublishError::Refused(Refused::Returned))), "{refused:?}");
}

#[tokio::test]
async fn a_name_that_amqp_cannot_carry_is_an_error_and_no_panic() {
    let Some(Scene { broker }) = scene().await else {
        return;
    };
    let long = "x".repeat(300);
    assert!(matches!(broker.log_exists(&long).await, Err(BrokerError::NameTooLong { .. })));
    let refused = broker.publisher().await.unwrap().publish(log_message(&long, "m", b"{}")).await;
    assert!(matches!(refused, Err(PublishError::Session(BrokerError::NameTooLong { .. }))), "{refused:?}");
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_and_never_shown() {
    let Some(config) = support::config() else {
        return;
    };
    let config = crawl_broker::BrokerConfig { password: crawl_broker::Password::new("wr0ng"), ..config };
    let error = crawl_broker::Broker::connect(&config, "test").await.unwrap_err();
    let shown = format!("{error:?} {error}");
    assert!(shown.contains("403") || shown.contains("ACCESS"), "{shown}");
    assert!(!shown.contains("wr0ng"), "{shown}");
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_an_error() {
    let Some(config) = support::config() else {
        return;
    };
    // Port 1 of the loopback: nothing listens there.
    let config = crawl_broker::BrokerConfig { host: "127.0.0.1".into(), port: 1, ..config };
    assert!(crawl_broker::Broker::connect(&config, "test").await.is_err());
}
