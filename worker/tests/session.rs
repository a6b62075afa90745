//! Whole sessions against a real RabbitMQ and a small site. Needs `CRAWL_TEST_AMQP=amqp://user:password@host:port/vhost` with
//! full rights; without it each test says loudly that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crawl_broker::Message;
use crawl_protocol::{Outcome, Page, Task};
use crawl_worker::session::{SessionError, Work};
use support::scene::{Scene, counted, eventually};
use support::{Server, endless, response, task, within};

const HTML: &str = "Content-Type: text/html\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_task_has_its_record_and_is_acked() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|path| match path {
        "/broken" => response("500 Oops", "", b""),
        _ => response("200 OK", HTML, b"<a href=/x>"),
    })
    .await;
    let work = scene.work(4);
    let session = scene.start(&work).await;
    let urls: Vec<String> = (0..30).map(|n| server.url(&format!("/{n}"))).chain([server.url("/broken")]).collect();
    scene.publish(&scene.crawl, urls.iter().cloned()).await;

    let records: BTreeMap<String, Outcome> =
        scene.records(31).await.into_iter().map(|record| (record.url, record.outcome)).collect();
    assert_eq!(records.len(), 31, "each URL once");
    for (url, outcome) in &records {
        match url.ends_with("/broken") {
            true => {
                assert!(matches!(outcome, Outcome::Failure { status: Some(500), retryable: true, .. }), "{outcome:?}")
            }
            false => assert!(matches!(outcome, Outcome::Page(Page { links: 1, .. })), "{outcome:?}"),
        }
    }
    assert_eq!(work.status.reason_not_ready(), None);
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.settled().await;
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_a_deleted_crawl_is_dropped_and_the_worker_goes_on() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| response("200 OK", HTML, b"")).await;
    let work = scene.work(2);
    scene.publish("test-deleted-crawl", std::iter::once(server.url("/gone"))).await;
    scene.publish(&scene.crawl, std::iter::once(server.url("/here"))).await;
    let session = scene.start(&work).await;
    assert_eq!(scene.records(1).await[0].url, server.url("/here"));
    eventually("one dropped", || counted(&work.status, "crawl_worker_dropped_records_total 1")).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_task_is_rejected_and_the_worker_goes_on() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| response("200 OK", HTML, b"")).await;
    let work = scene.work(2);
    let nonsense = Message { body: b"{}".to_vec(), ..Message::task(&scene.pool, "p", &task("http://x/")) };
    scene.broker.publisher().await.unwrap().publish(nonsense).await.unwrap();
    scene.publish(&scene.crawl, std::iter::once(server.url("/here"))).await;
    let session = scene.start(&work).await;
    assert_eq!(scene.records(1).await.len(), 1);
    eventually("one rejected", || counted(&work.status, "crawl_worker_unreadable_tasks_total 1")).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_what_runs_and_gives_back_what_was_not_begun() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| endless(HTML, b"<a href=/x>")).await;
    // One fetch runs, and hangs for its second; nine tasks wait.
    let work = scene.work(1);
    let session = scene.start(&work).await;
    let mut slow = task(&server.url("/slow"));
    (slow.crawl, slow.fetch.timeout_ms) = (scene.crawl.clone(), 1000);
    let messages = (0..10).map(|n| Message::task(&scene.pool, &format!("page{n}"), &slow)).collect();
    scene.broker.publisher().await.unwrap().publish_all(messages).await.unwrap();
    eventually("one begun", || !server.requests().is_empty()).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();

    let begun = server.requests().len();
    let records = scene.records(begun).await;
    assert!(records.iter().all(|record| matches!(record.outcome, Outcome::Failure { .. })));
    let left = async {
        while scene.broker.ready_count(&scene.pool).await.unwrap() as usize != 10 - begun {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    within(left).await;
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_grace_is_over_running_tasks_go_back() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| endless(HTML, b"")).await;
    let work = Work { grace: Duration::from_millis(100), ..scene.work(2) };
    let session = scene.start(&work).await;
    scene.publish(&scene.crawl, std::iter::once(server.url("/slow"))).await;
    eventually("one begun", || !server.requests().is_empty()).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    let back = async {
        while scene.broker.ready_count(&scene.pool).await.unwrap() != 1 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    within(back).await;
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_another_worker_had_waits_before_the_host_is_asked_again() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| endless(HTML, b"")).await;
    let work = Work { grace: Duration::from_millis(50), ..scene.work(2) };
    let session = scene.start(&work).await;
    let asked = Task { crawl: scene.crawl.clone(), redelivery_delay_ms: 700, ..task(&server.url("/slow")) };
    scene.publish_tasks(std::iter::once(asked)).await;
    eventually("the first request", || server.requests().len() == 1).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    let (given_back, work) = (Instant::now(), Work { grace: Duration::from_millis(50), ..scene.work(2) });
    let session = scene.start(&work).await;
    eventually("the second request", || server.requests().len() == 2).await;
    assert!(given_back.elapsed() >= Duration::from_millis(700), "asked again after {:?}", given_back.elapsed());
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.clean_up().await;
}

#[tokio::test]
async fn a_pool_that_is_not_there_yet_is_waited_for() {
    let Some(scene) = Scene::undeclared().await else { return };
    let session = scene.start(&scene.work(1)).await;
    let ended = within(session).await.unwrap();
    assert!(matches!(ended, Err(SessionError::NoPool { .. })), "{ended:?}");
}
