//! From a task to the record of its attempt.
//!
//! This module is responsible for everything that touches other people's servers. It never fails: whatever goes wrong is an
//! outcome with a class, a sentence for people and a verdict on whether another attempt may go better. It never follows a
//! redirect, never sends a cookie or a referrer, never uses a proxy, and never connects to an address that its guard refuses.

mod body;
mod classify;
mod client;
mod guard;
mod media;
mod resolver;
mod response;
mod retry_after;

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crawl_protocol::{FailureClass, Outcome, Record, Task};
use futures::FutureExt;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use url::Url;

use classify::Failure;
use guard::Guard;

pub use client::FetcherError;
pub use guard::Blocked;
pub use resolver::{Lookup, LookupError};

/// The shortest and the longest time that a task may grant.
const TIMEOUT_BOUNDS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(600));

/// What a [`Fetcher`] may reach, besides the public internet.
#[derive(Clone, Debug, Default)]
pub struct FetcherConfig {
    /// Ranges of private addresses that an administrator allows.
    pub allow: Vec<IpNet>,
    /// Hosts whose addresses are all allowed, private ones too: for a user who crawls from their own machine.
    pub allow_hosts: Vec<String>,
}

/// Fetches pages. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    guard: Arc<Guard>,
    /// Extraction is work for a processor: no more pages at once than there are of these.
    extracting: Arc<Semaphore>,
}

impl Fetcher {
    /// Fetches with the system's name servers.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: FetcherConfig) -> Result<Self, FetcherError> {
        Self::with_lookup(config, Arc::new(resolver::SystemLookup::default()))
    }

    /// Fetches with another way of looking names up. The guard stays in between.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn with_lookup(config: FetcherConfig, lookup: Arc<dyn Lookup>) -> Result<Self, FetcherError> {
        let guard = Arc::new(Guard::new(config.allow, config.allow_hosts));
        let client = client::build(resolver::GuardedResolver::new(guard.clone(), lookup))?;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self { client, guard, extracting: Arc::new(Semaphore::new(processors)) })
    }

    /// Does one task. Never fails: a failure is an outcome.
    pub async fn fetch(&self, task: &Task) -> Record {
        let begun = Instant::now();
        let attempt = AssertUnwindSafe(self.attempt(task)).catch_unwind().await;
        let outcome = match attempt {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(failure)) => failure.into(),
            Err(_panic) => Failure::internal("the worker failed on this page").into(),
        };
        Record {
            crawl: task.crawl.clone(),
            url: task.url.clone(),
            kind: task.kind,
            depth: task.depth,
            attempt: task.attempt,
            fetched_at: now_millis(),
            took_ms: begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            outcome,
        }
    }

    async fn attempt(&self, task: &Task) -> Result<Outcome, Failure> {
        let url = Url::parse(&task.url).map_err(|error| Failure::invalid_url(format!("not a URL: {error}")))?;
        self.guard.check_url(&url)?;
        let (shortest, longest) = TIMEOUT_BOUNDS;
        let limit = Duration::from_millis(task.fetch.timeout_ms).clamp(shortest, longest);
        let exchange = tokio::time::timeout(limit, response::exchange(&self.client, task, &url));
        let received = exchange.await.map_err(|_| Failure::timeout(limit))??;
        // The server has done its part: the time limit is over before the links are looked for.
        match received {
            response::Received::Final(outcome) => Ok(outcome),
            response::Received::Html(html) => self.extract(html, url).await,
        }
    }

    async fn extract(&self, html: response::Html, url: Url) -> Result<Outcome, Failure> {
        let _permit = self.extracting.acquire().await;
        let extracting = tokio::task::spawn_blocking(move || html.into_outcome(&url));
        extracting.await.map_err(|_panic| Failure::internal("the links of this page could not be extracted"))
    }
}

/// Whether an address may be reached without anyone's permission: a public one.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    guard::is_public(address)
}

fn now_millis() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_millis().try_into().unwrap_or(i64::MAX)
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        let Failure { class, message, status, retryable, retry_after } = failure;
        let retry_after_ms = retry_after.map(|wait| wait.as_millis().try_into().unwrap_or(u64::MAX));
        Self::Failure { class, message, status, retryable, retry_after_ms }
    }
}

impl From<Blocked> for Failure {
    fn from(blocked: Blocked) -> Self {
        let class = match blocked {
            Blocked::Url { .. } => FailureClass::InvalidUrl,
            Blocked::Host { .. } | Blocked::Addresses { .. } | Blocked::Port { .. } => FailureClass::BlockedAddress,
        };
        Self { class, message: blocked.to_string(), status: None, retryable: false, retry_after: None }
    }
}
