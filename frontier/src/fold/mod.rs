//! The fold: what each record of the log means.
//!
//! No clock, no randomness, no I/O: the same rules and the same records give the same state. The first conclusive record
//! of a URL counts; whatever comes after it, from wherever, changes nothing.

mod discover;
mod documents;
mod place;

use crawl_protocol::{FailureClass, Kind, Outcome, Page, Record};

use crate::{
    Frontier, HostTable, Millis, PageId, SkipReason,
    distance::Distance,
    identity::{normalized, requestable},
    pages::{PageIx, State, Tries},
    scope::host_of,
};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It concluded its URL.
    Concluded,
    /// It was a failure that may pass: the URL will be tried again.
    Retried,
    /// It was a part of a sitemap, and others follow.
    Part,
    /// It changed nothing: a duplicate, a URL that is not known or not wanted, or one beyond `maxLinks`.
    Ignored,
}

impl Frontier {
    /// Applies the next record of the log.
    pub fn apply(&mut self, record: &Record) -> Applied {
        if let Some(told) = &mut self.told {
            told.forget();
        }
        let Some(id) = self.id_of(record.kind, &record.url) else {
            return Applied::Ignored;
        };
        let applied = match record.kind {
            Kind::Page => self.pages.find(id).map_or(Applied::Ignored, |ix| self.apply_to_page(ix, record)),
            Kind::Robots | Kind::Sitemap => {
                self.documents.find(id).map_or(Applied::Ignored, |ix| self.apply_to_document(ix, record))
            }
        };
        self.counts.sitemaps = self.sitemaps.counts();
        applied
    }

    fn apply_to_page(&mut self, ix: PageIx, record: &Record) -> Applied {
        let wanted = self.pages.get(ix).state.is_open() && self.counts.processed() < self.rules.max_links;
        if !wanted || self.is_exhausted(self.pages.get(ix).host) {
            self.let_go(ix);
            if wanted {
                self.skip(ix, SkipReason::HostBudget);
            }
            return Applied::Ignored;
        }
        match &record.outcome {
            Outcome::Page(Page { status, bytes, links, urls, nofollow, .. }) => {
                self.conclude(ix, State::Fetched, status.to_string());
                self.counts.links += links;
                self.counts.bytes += bytes;
                self.discover_links(ix, urls, nofollow);
            }
            Outcome::Redirect { status, location } => {
                self.conclude(ix, State::Redirected, status.to_string());
                self.discover_target(ix, location);
            }
            Outcome::Failure { class, status, retryable, retry_after_ms, .. } => {
                if *retryable && record.attempt < self.rules.retry.max_attempts {
                    return self.retry_page(ix, record, *retry_after_ms);
                }
                self.conclude(ix, State::Failed, response_key(*class, *status));
            }
            Outcome::Robots { .. } | Outcome::Sitemap { .. } => return Applied::Ignored,
        }
        self.keep_to_budget(self.pages.get(ix).host);
        self.pages.forget_final(self.horizon());
        Applied::Concluded
    }

    fn conclude(&mut self, ix: PageIx, state: State, response: String) {
        self.let_go(ix);
        self.pages.set_state(ix, state);
        if let Some(told) = &mut self.told {
            told.concluded(ix);
        }
        self.counts.queued -= 1;
        match state {
            State::Fetched => self.counts.fetched += 1,
            State::Failed => self.counts.failed += 1,
            State::Redirected => self.counts.redirected += 1,
            State::Queued | State::InFlight | State::Skipped(_) => {}
        }
        *self.counts.responses.entry(response).or_default() += 1;
        let host = self.pages.get(ix).host;
        if let Some(site) = self.sites.get_mut(host).filter(|_| state != State::Redirected) {
            site.processed += 1;
        }
        self.schedule.wake(host);
    }

    /// No way yet to be found is shorter than this. Sitemaps may be found at any time.
    fn horizon(&self) -> u16 {
        let nearest = self.pages.horizon();
        if self.rules.sitemaps { nearest.min(Distance::LISTED.depth) } else { nearest }
    }

    fn retry_page(&mut self, ix: PageIx, record: &Record, asked: Option<u64>) -> Applied {
        if record.attempt <= self.pages.tries(ix).attempts {
            return Applied::Ignored;
        }
        let not_before = self.retry_time(record, asked);
        self.let_go(ix);
        self.pages.set_tries(ix, Tries { attempts: record.attempt, not_before });
        self.schedule.wake(self.pages.get(ix).host);
        // Its robots.txt may not have been read under the rules of now.
        self.place(ix);
        Applied::Retried
    }

    fn retry_time(&self, record: &Record, asked: Option<u64>) -> Millis {
        let wait = self.rules.retry.wait_ms(record.attempt, asked);
        record.fetched_at.saturating_add_unsigned(wait).max(1)
    }
}

/// The key under which a response is counted: its status code, or the class of a failure without one.
fn response_key(class: FailureClass, status: Option<u16>) -> String {
    match (status, serde_json::to_value(class)) {
        (Some(status), _) => status.to_string(),
        (None, Ok(serde_json::Value::String(class))) => class,
        (None, _) => "other".to_owned(),
    }
}

/// For callers that hold a record or a task.
impl Frontier {
    /// How long the record's host wants to be left alone, milliseconds: 429 and 503 speak for the host, not for one page.
    #[must_use]
    pub fn rest_ms(&self, record: &Record) -> u64 {
        match &record.outcome {
            Outcome::Failure { status: Some(429 | 503), retry_after_ms, .. } => {
                self.rules.retry.wait_ms(record.attempt, *retry_after_ms)
            }
            _ => 0,
        }
    }

    /// Tells the table of a request that an earlier leader made. Returns the host that it went to; `None` when its URL cannot
    /// be crawled.
    pub fn remember(&self, record: &Record, hosts: &mut HostTable) -> Option<String> {
        let host = host_of(&requestable(&record.url)?);
        let owed = self.sites.find(&host).map_or(self.rules.politeness, |site| self.sites.get(site).owed);
        hosts.remember(&host, record.fetched_at, owed.delay_ms.max(self.rest_ms(record)));
        Some(host)
    }

    /// The id of a URL of this crawl; `None` when it cannot be crawled.
    #[must_use]
    pub fn id_of(&self, kind: Kind, url: &str) -> Option<PageId> {
        requestable(url).map(|url| self.identity.of(kind, &normalized(&url, &self.rules.spelling)))
    }
}
