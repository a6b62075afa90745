//! A pool and a crawl of a real RabbitMQ, and sessions that work on them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crawl_broker::{Broker, BrokerConfig, Message, Password};
use crawl_protocol::{Entry, Record, Task};
use crawl_worker::session::{SessionError, Work};
use crawl_worker::status::Status;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{fetcher, task, within};

/// A pool and a crawl of this test's own, and a broker session to look at them.
pub(crate) struct Scene {
    pub(crate) broker: Broker,
    config: BrokerConfig,
    pub(crate) pool: String,
    pub(crate) crawl: String,
}

impl Scene {
    /// Without the pool's queue and the crawl's log.
    pub(crate) async fn undeclared() -> Option<Self> {
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
        Some(Self { broker, config, pool: format!("pool-{name}"), crawl: format!("crawl-{name}") })
    }

    pub(crate) async fn declared() -> Option<Self> {
        let scene = Self::undeclared().await?;
        scene.broker.declare_pool(&scene.pool).await.unwrap();
        scene.broker.declare_log(&scene.crawl).await.unwrap();
        Some(scene)
    }

    pub(crate) fn work(&self, concurrency: u16) -> Work {
        Work {
            fetcher: fetcher(),
            pool: self.pool.clone(),
            concurrency,
            grace: Duration::from_secs(20),
            status: Status::default(),
            stop: CancellationToken::new(),
        }
    }

    pub(crate) async fn start(&self, work: &Work) -> JoinHandle<Result<(), SessionError>> {
        let (work, broker) = (work.clone(), Broker::connect(&self.config, "worker").await.unwrap());
        tokio::spawn(async move { work.session(broker).await })
    }

    pub(crate) async fn publish(&self, crawl: &str, urls: impl Iterator<Item = String>) {
        self.publish_tasks(urls.map(|url| Task { crawl: crawl.to_owned(), ..task(&url) })).await;
    }

    pub(crate) async fn publish_tasks(&self, tasks: impl Iterator<Item = Task>) {
        let messages =
            tasks.enumerate().map(|(n, task)| Message::task(&self.pool, &format!("page{n}"), &task)).collect();
        for outcome in self.broker.publisher().await.unwrap().publish_all(messages).await.unwrap() {
            outcome.unwrap();
        }
    }

    /// The first records of the crawl's log.
    pub(crate) async fn records(&self, count: usize) -> Vec<Record> {
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
    pub(crate) async fn settled(&self) {
        let emptied = async {
            while self.broker.ready_count(&self.pool).await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        within(emptied).await;
    }

    pub(crate) async fn clean_up(self) {
        self.broker.delete_log(&self.crawl).await.unwrap();
        self.broker.purge_pool(&self.pool).await.unwrap();
        self.broker.close().await;
    }
}

pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let asked = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asked).await.unwrap_or_else(|_| panic!("{what} within 30 s"));
}

pub(crate) fn counted(status: &Status, metric: &str) -> bool {
    status.metrics().unwrap().lines().any(|line| line == metric)
}
