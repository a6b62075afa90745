//! Sitemap tasks in whole sessions against a real RabbitMQ; see `session.rs` for what they need.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crawl_protocol::{Outcome, Record, Task};
use support::scene::{Scene, counted, eventually};
use support::{Server, endless, pieces, response, sitemap, within};

const URLS: usize = 5000;

fn lines(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|n| format!("http://example.com/{n}\n")).collect()
}

/// What the parts list, and which of them is the last.
#[track_caller]
fn parts(records: &[Record]) -> Vec<(Vec<String>, bool)> {
    let part = |record: &Record| match &record.outcome {
        Outcome::Sitemap { urls, last, truncated: false, .. } => (urls.clone(), *last),
        other => panic!("{other:?}"),
    };
    records.iter().map(part).collect()
}

fn task_of(scene: &Scene, url: &str) -> Task {
    Task { crawl: scene.crawl.clone(), ..sitemap(url) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_a_sitemap_stand_in_their_order_and_the_task_is_acked_once() {
    let Some(scene) = Scene::declared().await else { return };
    let server = Server::start(|_| response("200 OK", "", lines(0..URLS).as_bytes())).await;
    let work = scene.work(2);
    let session = scene.start(&work).await;
    scene.publish_tasks(iter::once(task_of(&scene, &server.url("/sitemap.txt")))).await;

    let records = scene.records(3).await;
    assert!(records.iter().all(|record| record.attempt == 2 && record.url == server.url("/sitemap.txt")));
    let parts = parts(&records);
    let listed: String = parts.iter().flat_map(|(urls, _)| urls).map(|url| format!("{url}\n")).collect();
    assert_eq!(listed, lines(0..URLS));
    assert_eq!(parts.iter().map(|(_, last)| *last).collect::<Vec<_>>(), [false, false, true]);
    eventually("one attempt", || counted(&work.status, "crawl_worker_attempts_total{outcome=\"sitemap\"} 1")).await;
    work.stop.cancel();
    within(session).await.unwrap().unwrap();

    // A task that was not acked would come again.
    let again = scene.work(2);
    let session = scene.start(&again).await;
    scene.publish(&scene.crawl, iter::once(server.url("/page"))).await;
    scene.records(4).await;
    again.stop.cancel();
    within(session).await.unwrap().unwrap();
    assert_eq!(server.requests().len(), 2);
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_between_parts_loses_nothing() {
    let Some(scene) = Scene::declared().await else { return };
    let killed = Arc::new(AtomicBool::new(false));
    let whole = killed.clone();
    let server = Server::start(move |_| match whole.load(Ordering::SeqCst) {
        false => endless("", lines(0..4500).as_bytes()),
        true => response("200 OK", "", lines(0..URLS).as_bytes()),
    })
    .await;
    let session = scene.start(&scene.work(1)).await;
    scene.publish_tasks(iter::once(task_of(&scene, &server.url("/sitemap.txt")))).await;
    assert_eq!(parts(&scene.records(2).await).len(), 2);
    killed.store(true, Ordering::SeqCst);
    session.abort();
    assert!(session.await.unwrap_err().is_cancelled());

    let work = scene.work(1);
    let session = scene.start(&work).await;
    let parts = parts(&scene.records(5).await);
    assert_eq!(parts.iter().map(|(_, last)| *last).collect::<Vec<_>>(), [false, false, false, false, true]);
    let listed: BTreeSet<_> = parts.into_iter().flat_map(|(urls, _)| urls).collect();
    assert_eq!(listed.len(), URLS);
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.settled().await;
    scene.clean_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_sitemap_is_left_when_its_crawl_is_deleted() {
    let Some(scene) = Scene::declared().await else { return };
    let server =
        Server::start(|_| pieces("", Duration::ZERO, || (0..).map(|n| lines(n * 1000..n * 1000 + 1000).into_bytes())))
            .await;
    let work = scene.work(1);
    let session = scene.start(&work).await;
    let deleted = Task { crawl: "test-deleted-crawl".into(), ..sitemap(&server.url("/sitemap.txt")) };
    scene.publish_tasks(iter::once(deleted)).await;
    // There is room for one task: this one comes after it.
    scene.publish(&scene.crawl, iter::once(server.url("/page"))).await;
    scene.records(1).await;
    assert!(counted(&work.status, "crawl_worker_dropped_records_total 1"), "not one for each part");
    work.stop.cancel();
    within(session).await.unwrap().unwrap();
    scene.settled().await;
    scene.clean_up().await;
}
