//! Views of logs on a real RabbitMQ. Needs `CRAWL_TEST_AMQP=amqp://user:password@host:port/vhost` with full rights; without it
//! each test says loudly that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use crawl_api::model::ResultsWord;
use crawl_api::views::{Limits, NoRecord, Stand};
use crawl_protocol::Outcome;
use crawl_results::Query;
use support::{Scene, crawl, eventually, processed, url};

const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_read_and_followed_and_unreadable_entries_are_passed_over() {
    let Some(mut scene) = Scene::of(2_000).await else { return };
    let mut crawl = scene.crawl(2_000);
    let view = scene.view(&crawl);
    view.settled(SOON).await;
    assert_eq!((view.stand(), processed(&view).await, view.entries()), (Stand::Live, 2_000, 2_001));
    assert_eq!(view.state(&crawl).state, ResultsWord::Live);

    scene.mumble().await;
    scene.add(2_000..2_100).await;
    eventually("what is added is seen", async || processed(&view).await == 2_100).await;
    assert_eq!((view.entries(), scene.counted("view_unreadable_entries_total")), (2_102, 1));
    let failed = Query::default().with_states("failed").unwrap();
    let broken =
        view.reader().unwrap().read(move |results| results.pages(&failed, None, 500, 1_000_000)).await.unwrap();
    assert_eq!(broken.rows.len(), 210);

    if let Some(status) = &mut crawl.status {
        status.completion_time.clone_from(&status.start_time);
    }
    assert_eq!(view.state(&crawl).state, ResultsWord::Complete);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_who_ask_at_once_have_the_log_read_once() {
    let Some(scene) = Scene::of(3_000).await else { return };
    let crawl = scene.crawl(3_000);
    let asking = (0..100).map(|_| async {
        let view = scene.view(&crawl);
        view.settled(SOON).await;
        processed(&view).await
    });
    let all = futures::future::join_all(asking).await;
    assert!(all.iter().all(|processed| *processed == 3_000), "{all:?}");
    assert_eq!(scene.counted("view_entries_read_total"), 3_001);
    assert_eq!(scene.counted("views"), 1);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_leaves_the_results_and_the_view_goes_on_where_it_was() {
    let Some(mut scene) = Scene::of(1_000).await else { return };
    let crawl = scene.crawl(1_000);
    let view = scene.view(&crawl);
    view.settled(SOON).await;
    scene.way.cut();
    eventually("it is stale", async || view.state(&crawl).state == ResultsWord::Stale).await;
    assert!(scene.views.broker_trouble().is_some() || matches!(view.stand(), Stand::Stale(_)));
    scene.add(1_000..1_500).await;
    assert_eq!(processed(&view).await, 1_000, "what was read is still there");
    scene.way.mend();
    eventually("it goes on", async || processed(&view).await == 1_500 && view.stand() == Stand::Live).await;
    assert_eq!(scene.counted("view_entries_read_total"), 1_501, "nothing was read twice");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_made_anew_meanwhile_is_read_from_its_beginning() {
    let Some(mut scene) = Scene::of(1_000).await else { return };
    let crawl = scene.crawl(100);
    let view = scene.view(&crawl);
    eventually("it is read", async || processed(&view).await == 1_000).await;
    scene.way.cut();
    scene.broker.delete_log(&scene.uid).await.unwrap();
    scene.open().await;
    scene.add(0..100).await;
    scene.way.mend();
    eventually("the new one is shown", async || processed(&view).await == 100 && view.stand() == Stand::Live).await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_deleted_is_lost_and_one_that_is_not_yet_there_is_waited_for() {
    let Some(mut scene) = Scene::empty(Limits::default()).await else { return };
    let view = scene.view(&scene.crawl(0));
    eventually("there is none", async || view.stand() == Stand::NoLog).await;
    assert_eq!(view.state(&scene.crawl(0)).state, ResultsWord::None);
    scene.open().await;
    scene.add(0..10).await;
    // The Crawl says that it has begun.
    let again = scene.view(&scene.crawl(10));
    eventually("it is read", async || again.stand() == Stand::Live && processed(&again).await == 10).await;
    scene.broker.delete_log(&scene.uid).await.unwrap();
    eventually("it is lost", async || again.state(&scene.crawl(10)).state == ResultsWord::Lost).await;
    assert_eq!(processed(&again).await, 10, "what was read is still there");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_have_the_log_read_again_while_the_old_results_are_shown() {
    let Some(scene) = Scene::of(1_000).await else { return };
    let view = scene.view(&scene.crawl(1_000));
    view.settled(SOON).await;
    let fewer = crawl(&scene.uid, 300, 300);
    let same = scene.view(&fewer);
    assert!(processed(&same).await >= 300, "there is always something");
    same.settled(SOON).await;
    eventually("the new rules hold", async || processed(&same).await == 300).await;
    eventually("it has caught up twice", async || scene.counted("views_loaded_total") == 2).await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_keep_to_their_memory() {
    let Some(scene) = Scene::of(2_000).await else { return };
    let view = scene.view(&scene.crawl(2_000));
    view.settled(SOON).await;
    let bytes = usize::try_from(scene.counted("view_bytes")).unwrap();
    scene.end().await;

    // Room for one and a half of them.
    let limits = Limits { memory: bytes * 3 / 2, ..Limits::default() };
    let Some(mut first) = Scene::empty(limits).await else { return };
    first.open().await;
    first.add(0..2_000).await;
    let old = first.view(&first.crawl(2_000));
    old.settled(SOON).await;
    let uid = first.uid.clone();
    first.uid = format!("{uid}-b");
    first.open().await;
    first.add(0..2_000).await;
    let new = first.view(&first.crawl(2_000));
    new.settled(SOON).await;
    assert_eq!((new.stand(), processed(&new).await), (Stand::Live, 2_000));
    assert!(first.views.peek(&uid).is_none(), "what was used longest ago went");
    assert_eq!(first.counted("views"), 1);

    // And none that does not fit alone.
    first.add(2_000..6_000).await;
    eventually("it is too large", async || new.stand() == Stand::TooLarge).await;
    assert!(new.reader().is_err());
    first.broker.delete_log(&uid).await.unwrap();
    first.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_goes_with_its_crawl() {
    let Some(scene) = Scene::of(10).await else { return };
    let view = scene.view(&scene.crawl(10));
    view.settled(SOON).await;
    let tidying = scene.views.clone();
    let tidy = tokio::spawn(async move { tidying.keep_tidy(|| |_: &str| false).await });
    eventually("it is gone", async || scene.views.peek(&scene.uid).is_none()).await;
    assert_eq!(scene.counted("views"), 0);
    scene.shutdown.cancel();
    tidy.await.unwrap();
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_read_from_its_place() {
    let Some(scene) = Scene::of(500).await else { return };
    let view = scene.view(&scene.crawl(500));
    view.settled(SOON).await;
    let row = view.reader().unwrap().read(|results| results.page(&url(123))).await.unwrap().unwrap();
    let record = scene.views.record(&scene.uid, row.offset.unwrap()).await.unwrap();
    assert_eq!(record.url, url(123));
    assert!(matches!(record.outcome, Outcome::Page(page) if page.bytes == 123));
    assert_eq!(scene.views.record("test-no-such-crawl", 3).await, Err(NoRecord::Gone));
    assert_eq!(scene.views.record(&scene.uid, 1_000_000).await, Err(NoRecord::Gone));
    scene.end().await;
}
