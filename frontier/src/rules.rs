//! The rules of one crawl: what a spec becomes before it is folded with a log.

use crawl_protocol::FetchSettings;

use crate::{
    identity::requestable,
    scope::{Scope, ScopeError, ScopeKind},
};

/// Milliseconds since the epoch, by whoever's clock wrote them.
pub type Millis = i64;

/// The `User-Agent` of a crawl that gives none: a name for robots.txt, and where to complain.
pub const DEFAULT_USER_AGENT: &str = "crawl-operator/0.1 (+https://crawl-operator.io)";

/// Everything that decides what a log means. The same rules and the same log give the same state.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Absolute http or https URLs, at least one.
    pub seeds: Vec<String>,
    /// Fetched and failed pages, at most.
    pub max_links: u64,
    /// Links from a seed, at most.
    pub max_depth: u32,
    /// Which URLs belong to the crawl.
    pub scope: Scope,
    /// Which spellings are one URL, beyond what RFC 3986 says.
    pub spelling: Spelling,
    /// Fetched and failed pages of one host, at most.
    pub max_pages_per_host: Option<u64>,
    /// Whether sitemaps are read.
    pub sitemaps: bool,
    /// What an administrator says of hosts; all that match a host hold.
    pub hosts: Vec<HostRule>,
    /// Whether robots.txt is fetched and obeyed.
    pub obey_robots: bool,
    /// The longest `Crawl-delay` that is kept, milliseconds; a host that asks for more is skipped.
    pub max_crawl_delay_ms: u64,
    /// Whether links marked nofollow are left out.
    pub respect_nofollow: bool,
    /// Redirects in a row, at most.
    pub max_redirects: u32,
    /// What happens after a failure that may pass.
    pub retry: Retry,
    /// How gently hosts are treated.
    pub politeness: Politeness,
    /// What every task of the crawl carries.
    pub fetch: FetchSettings,
}

/// Which spellings are one URL, beyond what RFC 3986 says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Names of query and path parameters that decide nothing, such as `utm_*` or `jsessionid`; a `*` at the end stands for
    /// any further characters. Compared without regard to case.
    pub ignore_parameters: Vec<String>,
    /// Whether the order of query parameters decides nothing.
    pub sort_query: bool,
}

/// What an administrator says of some hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRule {
    /// A host's name, or `*.` and the end of one, or `*`.
    pub pattern: String,
    /// Nothing may be asked of them.
    pub deny: bool,
    /// They are treated at least this gently: the longer delay and the smaller concurrency hold.
    pub politeness: Politeness,
}

/// What happens after a failure that may pass.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// Attempts in all, at least 1.
    pub max_attempts: u32,
    /// Wait before the second attempt, milliseconds; doubled before each further one.
    pub backoff_ms: u64,
    /// The longest wait, milliseconds.
    pub max_backoff_ms: u64,
}

/// How gently hosts are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Politeness {
    /// Requests to one host at the same time, at least 1.
    pub per_host_concurrency: u32,
    /// Time between the end of one request and the start of the next, milliseconds.
    pub delay_ms: u64,
}

/// Rules that cannot be followed. The message says which field and what to write.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// There is nothing to start from.
    #[error("seeds: give at least one URL, for example https://example.com/")]
    NoSeeds,
    /// A seed is not a URL that can be crawled.
    #[error("seeds: {seed:?} is not an absolute http:// or https:// URL; write for example https://example.com/")]
    Seed {
        /// As it was written.
        seed: String,
    },
    /// A number is out of its range.
    #[error("{field}: must be at least {least}")]
    TooSmall {
        /// The field's name in the spec.
        field: &'static str,
        /// The smallest value it may have.
        least: u64,
    },
    /// A pattern of the scope is not a regular expression.
    #[error(transparent)]
    Scope(#[from] ScopeError),
}

impl Rules {
    /// The rules of a Crawl that says no more than its seeds: the defaults of its resource.
    #[must_use]
    pub fn new(seeds: Vec<String>) -> Self {
        Self {
            seeds,
            max_links: 1000,
            max_depth: 20,
            scope: Scope::of_kind(ScopeKind::Host),
            spelling: Spelling::default(),
            max_pages_per_host: None,
            sitemaps: false,
            hosts: Vec::new(),
            obey_robots: true,
            max_crawl_delay_ms: 30_000,
            respect_nofollow: true,
            max_redirects: 10,
            retry: Retry { max_attempts: 3, backoff_ms: 2_000, max_backoff_ms: 300_000 },
            politeness: Politeness { per_host_concurrency: 1, delay_ms: 1_000 },
            fetch: FetchSettings {
                timeout_ms: 30_000,
                max_body_bytes: 10 << 20,
                user_agent: DEFAULT_USER_AGENT.to_owned(),
                allow_addresses: Vec::new(),
                sealed_headers: None,
            },
        }
    }

    /// Refuses what the API server would refuse: rules also come from a command line.
    pub(crate) fn check(&self) -> Result<(), RulesError> {
        if self.seeds.is_empty() {
            return Err(RulesError::NoSeeds);
        }
        if let Some(seed) = self.seeds.iter().find(|seed| requestable(seed).is_none()) {
            return Err(RulesError::Seed { seed: seed.clone() });
        }
        let numbers = [
            ("maxLinks", self.max_links),
            ("retry.maxAttempts", self.retry.max_attempts.into()),
            ("politeness.perHostConcurrency", self.politeness.per_host_concurrency.into()),
        ];
        match numbers.into_iter().find(|(_, value)| *value == 0) {
            Some((field, _)) => Err(RulesError::TooSmall { field, least: 1 }),
            None => Ok(()),
        }
    }
}

impl Retry {
    /// The wait after attempt number `attempt` failed, milliseconds.
    pub(crate) fn wait_ms(&self, attempt: u32, asked: Option<u64>) -> u64 {
        let doublings = attempt.saturating_sub(1).min(32);
        let backoff = self.backoff_ms.saturating_mul(1 << doublings);
        backoff.max(asked.unwrap_or(0)).min(self.max_backoff_ms)
    }
}
