//! What the tests of views share: a log of their own on a real RabbitMQ, a way to it that can be cut, and a Crawl.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crawl_api::views::{Limits, View, Views};
use crawl_broker::{Broker, BrokerConfig, Message, Password, Publisher};
use crawl_crds::{Crawl, CrawlStatus};
use crawl_protocol::{Entry, FailureClass, Kind, Opened, Outcome, Page, Record};
use prometheus_client::registry::Registry;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::way::Way;

pub(crate) mod way;

/// Long enough for a loaded machine; no test asserts a duration.
const PATIENCE: Duration = Duration::from_secs(60);

/// A crawl, its log, and views of it.
pub(crate) struct Scene {
    pub(crate) uid: String,
    pub(crate) broker: Broker,
    pub(crate) views: Views,
    pub(crate) way: Way,
    pub(crate) shutdown: CancellationToken,
    publisher: Publisher,
    registry: Registry,
}

impl Scene {
    /// Without a log.
    pub(crate) async fn empty(limits: Limits) -> Option<Self> {
        let Ok(uri) = std::env::var("CRAWL_TEST_AMQP") else {
            eprintln!("SKIPPED: set CRAWL_TEST_AMQP to the URI of a RabbitMQ to run the tests of views");
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
        let way = Way::to(&config.host, config.port).await;
        let through = BrokerConfig { host: "127.0.0.1".to_owned(), port: way.port, ..config };
        let (mut registry, shutdown) = (Registry::default(), CancellationToken::new());
        let views = Views::start(Box::new(move || Ok(through.clone())), limits, shutdown.clone());
        views.register(&mut registry);
        let publisher = broker.publisher().await.unwrap();
        Some(Self { uid: unique(), broker, views, way, shutdown, publisher, registry })
    }

    /// With a log of so many pages, and their crawl.
    pub(crate) async fn of(pages: u32) -> Option<Self> {
        let mut scene = Self::empty(Limits::default()).await?;
        scene.open().await;
        scene.add(0..pages).await;
        Some(scene)
    }

    /// Makes the log.
    pub(crate) async fn open(&mut self) {
        self.broker.declare_log(&self.uid).await.unwrap();
        self.say(Entry::Opened(Opened {
            crawl: self.uid.clone(),
            session: unique(),
            spec_hash: String::new(),
            rules_version: 1,
            at: 1,
        }))
        .await;
    }

    /// Adds the records of pages by their numbers. Page 0 is the seed; each leads to the two behind it, and every tenth is broken.
    pub(crate) async fn add(&mut self, pages: std::ops::Range<u32>) {
        let uid = self.uid.clone();
        let entries = pages.map(|number| Message::entry(&uid, &format!("{uid}/{number}"), &record(&uid, number)));
        let outcomes = self.publisher.publish_all(entries.collect()).await.unwrap();
        assert!(outcomes.iter().all(Result::is_ok));
    }

    pub(crate) async fn say(&mut self, entry: Entry) {
        let uid = self.uid.clone();
        self.publisher.publish(Message::entry(&uid, &unique(), &entry)).await.unwrap();
    }

    /// What is no entry.
    pub(crate) async fn mumble(&mut self) {
        let entry = Entry::Attempt(Record { url: "http://other/".to_owned(), ..attempt(&self.uid, 0) });
        let message = Message { body: b"\xff{".to_vec(), ..Message::entry(&self.uid, &unique(), &entry) };
        self.publisher.publish(message).await.unwrap();
    }

    /// The Crawl, as the operator left it.
    pub(crate) fn crawl(&self, processed: i64) -> Crawl {
        crawl(&self.uid, 1_000_000, processed)
    }

    /// Its view.
    pub(crate) fn view(&self, crawl: &Crawl) -> std::sync::Arc<View> {
        self.views.of(self.views.wanted(crawl, &[]).unwrap())
    }

    /// What is counted, by its name.
    pub(crate) fn counted(&self, name: &str) -> u64 {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let name = format!("{name} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    }

    /// Deletes what it made.
    pub(crate) async fn end(self) {
        self.shutdown.cancel();
        self.broker.delete_log(&self.uid).await.unwrap();
    }
}

/// Known pages of the crawl, as the view has it.
pub(crate) async fn processed(view: &View) -> u64 {
    let Ok(reader) = view.reader() else { return 0 };
    let read = reader.read(|results| {
        let counts = results.counts();
        counts.fetched + counts.failed + counts.redirected
    });
    read.await.unwrap()
}

/// Waits until something holds.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let asked = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("{what} within a minute"));
}

pub(crate) fn crawl(uid: &str, max_links: i64, processed: i64) -> Crawl {
    let spec =
        json!({"seeds": [url(0)], "maxLinks": max_links, "maxDepth": 100_000, "politeness": {"robots": "Ignore"}});
    let mut crawl = Crawl::new("site", serde_json::from_value(spec).unwrap());
    crawl.metadata.uid = Some(uid.to_owned());
    crawl.metadata.namespace = Some("default".to_owned());
    let mut status = CrawlStatus::default();
    status.pages.fetched = processed;
    status.start_time = (processed > 0).then(|| serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap());
    crawl.status = Some(status);
    crawl
}

pub(crate) fn url(number: u32) -> String {
    format!("http://site.test/{}/{number}", number % 7)
}

fn record(uid: &str, number: u32) -> Entry {
    Entry::Attempt(attempt(uid, number))
}

fn attempt(uid: &str, number: u32) -> Record {
    let outcome = match number % 10 {
        9 => Outcome::Failure {
            class: FailureClass::HttpStatus,
            message: "HTTP status 404 Not Found".to_owned(),
            status: Some(404),
            retryable: false,
            retry_after_ms: None,
        },
        _ => Outcome::Page(Page {
            status: 200,
            content_type: "text/html".to_owned(),
            bytes: u64::from(number),
            links: 3,
            urls: (1..=20).map(|next| url(number + next)).collect(),
            ..Page::default()
        }),
    };
    Record {
        crawl: uid.to_owned(),
        url: url(number),
        kind: Kind::Page,
        depth: 1,
        attempt: 1,
        fetched_at: 1_000 + i64::from(number),
        took_ms: 7,
        outcome,
    }
}

fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("test-{now}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}
