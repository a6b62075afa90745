//! From the first task to the last record.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use crawl_broker::{Broker, LogEntry, LogReader, Message, Publisher};
use crawl_protocol::{Entry, FetchSettings, Kind, Outcome, Task, Validators};
use futures::FutureExt;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::hosts::{Due, Hosts};

/// Without a record for so long something is wrong.
const SILENCE: Duration = Duration::from_secs(60);

/// A crawl of one run, with its objects at the broker.
pub(crate) struct Drive<'a> {
    broker: &'a Broker,
    pools: Vec<String>,
    crawl: String,
    publisher: Publisher,
    log: LogReader,
    published: usize,
    results: Results,
}

/// What the log says.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pages: u64,
    links: u64,
    urls: usize,
    failed: u64,
    repeated: u64,
    first_failure: Option<String>,
    took: Duration,
}

impl<'a> Drive<'a> {
    /// Declares what an operator would declare.
    pub(crate) async fn new(broker: &'a Broker, pools: Vec<String>) -> anyhow::Result<Self> {
        let crawl = uuid::Uuid::new_v4().to_string();
        broker.declare_shared().await?;
        for pool in &pools {
            broker.declare_pool(pool).await?;
            broker.purge_pool(pool).await?;
        }
        broker.declare_log(&crawl).await?;
        let (publisher, log) = (broker.publisher().await?, broker.read_log(&crawl).await?);
        Ok(Self { broker, pools, crawl, publisher, log, published: 0, results: Results::default() })
    }

    /// Has all pages fetched once the workers are there.
    pub(crate) async fn run(mut self, workers: u32, mut hosts: Hosts) -> anyhow::Result<Results> {
        timeout(SILENCE, self.wait_for(workers)).await.context("the workers do not come")??;
        let begun = Instant::now();
        while !hosts.done() {
            self.publish(hosts.due()).await?;
            tokio::select! {
                entry = timeout(SILENCE, self.log.next()) => {
                    self.read(entry.context("no record for a minute")??, &mut hosts)?;
                    // What has come meanwhile is read before anything is published, so that tasks go out many at once.
                    while let Some(entry) = self.log.next().now_or_never() {
                        self.read(entry?, &mut hosts)?;
                    }
                }
                () = sleep_until(hosts.next()) => {}
            }
        }
        self.results.took = begun.elapsed();
        self.broker.delete_log(&self.crawl).await?;
        Ok(self.results)
    }

    async fn wait_for(&self, workers: u32) -> anyhow::Result<()> {
        loop {
            let mut there = 0;
            for pool in &self.pools {
                there += self.broker.pool_state(pool).await?.workers;
            }
            if there >= workers {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn publish(&mut self, due: Vec<Due>) -> anyhow::Result<()> {
        let first = self.published;
        self.published += due.len();
        let messages = due.into_iter().zip(first..).map(|(Due { url, host }, page)| {
            let pool = &self.pools[host % self.pools.len()];
            Message::task(pool, &page.to_string(), &self.task(url))
        });
        for outcome in self.publisher.publish_all(messages.collect()).await? {
            outcome.context("the broker did not take a task")?;
        }
        Ok(())
    }

    /// A task with the defaults of a Crawl.
    fn task(&self, url: String) -> Task {
        let fetch = FetchSettings {
            timeout_ms: 30_000,
            max_body_bytes: 10 << 20,
            user_agent: "crawl-operator-bench/1".into(),
            allow_addresses: Vec::new(),
            sealed_headers: None,
        };
        Task {
            crawl: self.crawl.clone(),
            url,
            kind: Kind::Page,
            depth: 1,
            attempt: 1,
            redelivery_delay_ms: 1000,
            validators: Validators::default(),
            fetch,
        }
    }

    fn read(&mut self, entry: LogEntry, hosts: &mut Hosts) -> anyhow::Result<()> {
        let Entry::Attempt(record) = Entry::decode(&entry.body?)? else { bail!("someone else opened the log") };
        ensure!(record.crawl == self.crawl, "a record of another crawl");
        if !hosts.recorded(&record.url) {
            self.results.repeated += 1;
            return Ok(());
        }
        match record.outcome {
            Outcome::Page(page) => {
                self.results.pages += 1;
                self.results.links += page.links;
                self.results.urls += page.urls.len();
            }
            outcome => {
                self.results.failed += 1;
                self.results.first_failure.get_or_insert_with(|| format!("{}: {outcome:?}", record.url));
            }
        }
        Ok(())
    }
}

impl Results {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "pages": self.pages,
            "links": self.links,
            "urls": self.urls,
            "failed": self.failed,
            "repeated": self.repeated,
            "firstFailure": self.first_failure,
            "seconds": self.took.as_secs_f64(),
        })
    }
}
