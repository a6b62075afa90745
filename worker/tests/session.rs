//! Whole sessions against a real RabbitMQ and a small site. Needs `CRAWL_TEST_AMQP=amqp://user:password@host:port/vhost` with
//! full rights; without it each test says loudly that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crawl_broker::{Broker, BrokerConfig, Message, Password};
use crawl_protocol::{Entry, Outcome, Record, Task};
use crawl_worker::session::{SessionError, Work};
use crawl_worker::status::Status;
use support::{Server, endless, fetcher, response, task, within};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

const HTML: &str = "Content-Type: text/html\r\n";

/// A pool and a crawl of this test's own, and a broker session to look at them.
struct Scene {
    broker: Broker,
    config: BrokerConfig,
    pool: String,
    crawl: String,
}

async fn scene() -> Option<Scene> {
    let Ok(uri) = std::env::var("CRAWL_TEST_AMQP") else {
        eprintln!("SKIPPED: set CRAWL_TEST_AMQP to the URI of a RabbitMQ to run the sessions of crawl-worker");
        return None;
    };
    let uri = Url::parse(&uri).unwrap();
    let vhost = uri.path().trim_start_matches('/').replace("%2f", "/").replace("%2F", "/");
    let config = BrokerConfig {
        host: uri.host_str().unwrap().to_owned(),
        port: uri.port().unwrap_or(5672),
        vhost: if vhost.is_empty() { "/".to_owned() } else { vhost },
        username: uri.username().to_owned(),
        password: Password::new(uri.password().unwrap_or_default()),
        tls: false,
        ca_file: None,
    };
    let broker = Broker::connect(&config, "test").await.unwrap();
    broker.declare_shared().await.unwrap();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let name = format!("test-{now}-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    Some(Scene { broker, config, pool: format!("pool-{name}"), crawl: format!("crawl-{name}") })
}

impl Scene {
    async fn declared() -> Option<Self> {
        let scene = scene().await?;
        scene.broker.declare_pool(&scene.pool).await.unwrap();
        scene.broker.declare_log(&scene.crawl).await.unwrap();
        Some(scene)
    }

    fn work(&self, concurrency: u16) -> Work {
        Work {
            fetcher: fetcher(),
            pool: self.pool.clone(),
            concurrency,
            grace: Duration::from_secs(20),
            status: Status::default(),
            stop: CancellationToken::new(),
        }
    }

    async fn start(&self, work: &Work) -> JoinHandle<Result<(), SessionError>> {
        let (work, broker) = (work.clone(), Broker::connect(&self.config, "worker").await.unwrap());
        tokio::spawn(async move { work.session(broker).await })
    }

    async fn publish(&self, crawl: &str, urls: impl Iterator<Item = String>) {
        let tasks = urls.map(|url| Task { crawl: crawl.to_owned(), ..task(&url) });
        let messages =
            tasks.enumerate().map(|(n, task)| Message::task(&self.pool, &format!("page{n}"), &task)).collect();
        for outcome in self.broker.publisher().await.unwrap().publish_all(messages).await.unwrap() {
            outcome.unwrap();
        }
    }

    /// The first records of the crawl's log.
    async fn records(&self, count: usize) -> Vec<Record> {
        let mut reader = self.broker.read_log(&self.crawl).await.unwrap();
        let mut records = Vec::new();
        while records.len() < count {
            let entry = within(reader.next()).await.unwrap();
            if let Entry::Attempt(record) = Entry::decode(&entry.body.unwrap()).unwrap() {
                records.push(record);
            }
        }
        records
    }

    /// Waits until no task is left, waiting or held. A purge or a passive declare does not see what is held.
    async fn settled(&self) {
        let emptied = async {
            while self.broker.ready_count(&self.pool).await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        within(emptied).await;
    }

    async fn clean_up(self) {
        self.broker.delete_log(&self.crawl).await.unwrap();
        self.broker.purge_pool(&self.pool).await.unwrap();
        self.broker.close().await;
    }
}

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let asked = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asked).await.unwrap_or_else(|_| panic!("{what} within 30 s"));
}

fn counted(status: &Status, metric: &str) -> bool {
    status.metrics().unwrap().lines().any(|line| line == metric)
}

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
            false => assert!(matches!(outcome, Outcome::Page { links: 1, .. }), "{outcome:?}"),
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

#[tokio::test]
async fn a_pool_that_is_not_there_yet_is_waited_for() {
    let Some(scene) = scene().await else { return };
    let session = scene.start(&scene.work(1)).await;
    let ended = within(session).await.unwrap();
    assert!(matches!(ended, Err(SessionError::NoPool { .. })), "{ended:?}");
}
