//! From a task to the record of its attempt.
//!
//! This module is responsible for everything that touches other people's servers. It never fails: whatever goes wrong is an
//! outcome with a class, a sentence for people and a verdict on whether another attempt may go better. It never follows a
//! redirect, never sends a referrer or a cookie that its task did not bring, never uses a proxy that nobody configured for it, and
//! never connects to an address that its guard refuses.

mod body;
mod cause;
mod classify;
mod client;
mod clients;
mod decoding;
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod handshake;
mod limit;
mod listing;
mod media;
mod proxy;
mod resolver;
mod response;
mod retry_after;
mod roots;
mod sealed;

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crawl_protocol::{Outcome, Record, Task};
use crawl_sealed::Key;
use futures::FutureExt;
use ipnet::IpNet;
use rustls::pki_types::CertificateDer;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use classify::Failure;
use clients::{Clients, Way};
use limit::Limit;
use listing::Listing;

use crate::room::{Room, Share};

pub use client::FetcherError;
pub use guard::Blocked;
pub use proxy::{Proxy, ProxyError};
pub use resolver::{Lookup, LookupError};
pub use roots::{RootsError, read as read_roots};

/// The shortest and the longest time that a task may grant.
const TIMEOUT_BOUNDS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(600));

/// Bytes from which on a page is large.
const LARGE: usize = 1024 * 1024;

/// MiB of memory for large bodies, where nothing else is said.
pub const BODY_MEMORY_MIB: u16 = 32;

/// What a [`Fetcher`] may reach for any task, besides the public internet and what the task itself allows, and how.
#[derive(Clone, Debug)]
pub struct FetcherConfig {
    /// Ranges of private addresses that an administrator allows.
    pub allow: Vec<IpNet>,
    /// Hosts whose addresses are all allowed, private ones too: for a user who crawls from their own machine.
    pub allow_hosts: Vec<String>,
    /// Bytes of memory for all large bodies together, and the most that is read of one.
    pub body_memory: usize,
    /// Certificates that are trusted besides the public ones.
    pub roots: Vec<CertificateDer<'static>>,
    /// What stands between us and all servers.
    pub proxy: Option<Proxy>,
    /// Opens the headers that tasks bring sealed.
    pub task_key: Option<Arc<Key>>,
}

impl Default for FetcherConfig {
    fn default() -> Self {
        let body_memory = usize::from(BODY_MEMORY_MIB) * 1024 * 1024;
        Self { allow: Vec::new(), allow_hosts: Vec::new(), body_memory, roots: Vec::new(), proxy: None, task_key: None }
    }
}

/// Fetches what tasks ask for. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Fetcher {
    clients: Arc<Clients>,
    task_key: Option<Arc<Key>>,
    /// Extraction is work for a processor: no more pages at once than there are of these.
    extracting: Arc<Semaphore>,
    /// It takes memory too: one large page at a time.
    extracting_large: Arc<Semaphore>,
    /// Memory for large bodies and what comes of them.
    room: Room,
}

impl Fetcher {
    /// Fetches with the system's name servers.
    ///
    /// # Errors
    /// When TLS cannot be set up, a given certificate is none, or the proxy is of no use.
    pub fn new(config: FetcherConfig) -> Result<Self, FetcherError> {
        Self::with_lookup(config, Arc::new(resolver::SystemLookup::default()))
    }

    /// Fetches with another way of looking names up. The guard stays in between.
    ///
    /// # Errors
    /// When TLS cannot be set up, a given certificate is none, or the proxy is of no use.
    pub fn with_lookup(config: FetcherConfig, lookup: Arc<dyn Lookup>) -> Result<Self, FetcherError> {
        let room = Room::new(config.body_memory);
        let task_key = config.task_key.clone();
        let clients = Arc::new(Clients::new(config, lookup)?);
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            clients,
            task_key,
            extracting: Arc::new(Semaphore::new(processors)),
            extracting_large: Arc::new(Semaphore::new(1)),
            room,
        })
    }

    /// Does one task. Never fails: a failure is an outcome.
    pub async fn fetch(&self, task: &Task) -> Fetched {
        let begun = Instant::now();
        Fetched::of(task, begun, self.attempt(task, begun)).await
    }

    async fn attempt(&self, task: &Task, begun: Instant) -> Result<Came, Failure> {
        let url = Url::parse(&task.url).map_err(|error| Failure::invalid_url(format!("not a URL: {error}")))?;
        let guarded = self.clients.permitting(&task.fetch.allow_addresses)?;
        guarded.check(&url)?;
        let headers = sealed::open(self.task_key.as_ref(), task)?;
        let (shortest, longest) = TIMEOUT_BOUNDS;
        let granted = Duration::from_millis(task.fetch.timeout_ms).clamp(shortest, longest);
        let limit = Limit::new(begun, granted);
        let Way { client, via } = limit.within(guarded.way(&url)).await??;
        match response::exchange(&client, via, task, &url, headers, limit, &self.room).await? {
            response::Received::Final(outcome, share) => Ok(Came { outcome, share, listing: None }),
            // The server has done its part: the time limit is over before the links are looked for.
            response::Received::Html(html) => self.extract(html, url).await,
            response::Received::Sitemap(response) => {
                Box::new(Listing::new(response, &url, begun, granted)).next().await
            }
        }
    }

    async fn extract(&self, html: Box<response::Html>, url: Url) -> Result<Came, Failure> {
        let (outcome, share) = match html.quickly(&url) {
            Ok(extracted) => extracted,
            Err(html) => self.extract_elsewhere(html, url).await?,
        };
        Ok(Came { outcome, share, listing: None })
    }

    async fn extract_elsewhere(
        &self,
        html: Box<response::Html>,
        url: Url,
    ) -> Result<(Outcome, Option<Share>), Failure> {
        let _alone = if html.length() > LARGE { Some(self.extracting_large.acquire().await) } else { None };
        let _permit = self.extracting.acquire().await;
        let extracting = tokio::task::spawn_blocking(move || html.into_outcome(&url));
        extracting.await.map_err(|_panic| Failure::internal("the links of this page could not be extracted"))
    }
}

/// What an attempt came to so far.
#[derive(Debug)]
struct Came {
    outcome: Outcome,
    /// The room that the outcome takes.
    share: Option<Share>,
    /// What is still to be read.
    listing: Option<Box<Listing>>,
}

/// The next record of a task.
#[derive(Debug)]
pub struct Fetched {
    /// The record.
    pub record: Record,
    /// More records follow; without it, this one concludes the task. Only a sitemap has more than one.
    pub rest: Option<Rest>,
    /// The room that the record takes.
    pub(crate) share: Option<Share>,
}

/// What of a task is still to be fetched. Dropping it gives it up.
#[derive(Debug)]
pub struct Rest {
    task: Task,
    begun: Instant,
    listing: Box<Listing>,
}

impl Rest {
    /// Goes on. Never fails either.
    pub async fn next(self) -> Fetched {
        let Self { task, begun, listing } = self;
        Fetched::of(&task, begun, listing.next()).await
    }
}

impl Fetched {
    async fn of(task: &Task, begun: Instant, came: impl Future<Output = Result<Came, Failure>>) -> Self {
        let came = AssertUnwindSafe(came).catch_unwind().await;
        let came = came.unwrap_or_else(|_panic| Err(Failure::internal("the worker failed on this page")));
        let nothing = |failure: Failure| Came { outcome: failure.into(), share: None, listing: None };
        let Came { outcome, share, listing } = came.unwrap_or_else(nothing);
        let took_ms = begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        let record = Record::of(task, now_millis(), took_ms, outcome);
        Self { record, rest: listing.map(|listing| Rest { task: task.clone(), begun, listing }), share }
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
