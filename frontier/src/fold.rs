//! The fold: what each record of the log means.
//!
//! No clock, no randomness, no I/O: the same rules and the same records give the same state. The first conclusive record
//! of a URL counts; whatever comes after it, from wherever, changes nothing.

use crawl_protocol::{FailureClass, Kind, Outcome, Record};

use crate::{
    Frontier, HostTable, Millis, PageId, SkipReason,
    distance::{Distance, UNREACHED},
    identity::{normalized, readable, requestable},
    pages::{PageIx, State, Tries},
    robots::{AuthorityIx, Body, Decided, DocIx, Verdict, origin_of},
    schedule::Work,
    scope::{Root, host_of},
    sites::{NOWHERE, SiteIx},
};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It concluded its URL.
    Concluded,
    /// It was a failure that may pass: the URL will be tried again.
    Retried,
    /// It changed nothing: a duplicate, a URL that is not known or not wanted, or one beyond `maxLinks`.
    Ignored,
}

impl Frontier {
    /// Applies the next record of the log.
    pub fn apply(&mut self, record: &Record) -> Applied {
        let Some(url) = requestable(&record.url) else {
            return Applied::Ignored;
        };
        let id = self.identity.of(record.kind, &normalized(&url, &self.rules.spelling));
        match record.kind {
            Kind::Page => self.pages.find(id).map_or(Applied::Ignored, |ix| self.apply_to_page(ix, record)),
            Kind::Robots => self.robots.find(id).map_or(Applied::Ignored, |ix| self.apply_to_robots(ix, record)),
            Kind::Sitemap => Applied::Ignored,
        }
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
            Outcome::Page { status, bytes, links, urls, nofollow, .. } => {
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

    /// Whether as many pages of a host as may be have been processed.
    fn is_exhausted(&self, host: SiteIx) -> bool {
        self.rules.max_pages_per_host.is_some_and(|budget| self.sites.get(host).processed >= budget)
    }

    /// Leaves out what waits on a host that has just given its last page.
    fn keep_to_budget(&mut self, host: SiteIx) {
        if self.is_exhausted(host) {
            for ix in self.schedule.clear_pages(host) {
                if self.pages.get(ix).state == State::Queued {
                    self.skip(ix, SkipReason::HostBudget);
                }
            }
        }
    }

    /// No way yet to be found is shorter than this and one link more. Sitemaps may be found at any time.
    fn horizon(&self) -> u16 {
        if self.rules.sitemaps { 0 } else { self.pages.horizon() }
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

    fn discover_links(&mut self, from: PageIx, urls: &[String], nofollow: &[String]) {
        let distance = self.pages.get(from).distance().over_link();
        let mut leads_to: Vec<PageIx> = urls.iter().map(|url| self.discover(url, distance, false)).collect();
        for url in nofollow {
            if self.rules.respect_nofollow {
                self.discover(url, Distance::NOFOLLOW, false);
            } else {
                leads_to.push(self.discover(url, distance, false));
            }
        }
        self.pages.add_links(from, leads_to, self.horizon());
    }

    fn discover_target(&mut self, from: PageIx, location: &str) {
        let (distance, root) = (self.pages.get(from).distance().over_redirect(), self.pages.is_root(from));
        if root && let Some(url) = requestable(location) {
            self.widen(Root::new(&url));
        }
        let target = self.discover(location, distance, root);
        self.pages.add_redirect(from, target);
    }

    /// A seed redirected: what was out of scope may be inside now.
    fn widen(&mut self, root: Root) {
        if self.roots.contains(&root) {
            return;
        }
        self.roots.push(root);
        let outside = State::Skipped(SkipReason::OutOfScope);
        let skipped: Vec<PageIx> =
            self.pages.iter().filter(|(_, page)| page.state == outside).map(|(ix, _)| ix).collect();
        for ix in skipped {
            self.judge_again(ix);
        }
    }

    /// Enters a URL that was found, or a shorter way to one that is known.
    pub(crate) fn discover(&mut self, text: &str, distance: Distance, root: bool) -> PageIx {
        let url = match readable(text) {
            Ok(url) => url,
            Err(reason) => return self.discover_unusable(text, distance, reason),
        };
        let id = self.identity.of(Kind::Page, &normalized(&url, &self.rules.spelling));
        if let Some(ix) = self.pages.find(id) {
            if root && !self.pages.is_root(ix) {
                self.make_root(ix);
            }
            for moved in self.pages.move_closer(ix, distance) {
                self.judge_again(moved);
            }
            return ix;
        }
        let host = self.site(&host_of(&url));
        let ix = self.pages.insert(id, url.as_str(), host, distance);
        if root {
            self.pages.make_root(ix);
        }
        self.counts.discovered += 1;
        self.counts.queued += 1;
        self.place_at(ix, &url);
        ix
    }

    /// Counts a URL that cannot be requested, once. Its text is of no use to anyone.
    fn discover_unusable(&mut self, text: &str, distance: Distance, reason: SkipReason) -> PageIx {
        let id = self.identity.of(Kind::Page, text);
        if let Some(ix) = self.pages.find(id) {
            return ix;
        }
        let ix = self.pages.insert(id, "", NOWHERE, distance);
        self.counts.discovered += 1;
        self.counts.queued += 1;
        self.skip(ix, reason);
        ix
    }

    /// What a seed redirects to is a seed too: also when it was known, and when it redirects further.
    fn make_root(&mut self, ix: PageIx) {
        let mut at = Some(ix);
        while let Some(ix) = at.take() {
            self.pages.make_root(ix);
            match (self.pages.get(ix).state, self.pages.redirect(ix)) {
                (State::Skipped(_), _) => self.judge_again(ix),
                (State::Redirected, Some(next)) if !self.pages.is_root(next) => {
                    if let Some(url) = requestable(&self.pages.url(next)) {
                        self.widen(Root::new(&url));
                    }
                    at = Some(next);
                }
                _ => {}
            }
        }
    }

    /// Judges a page that has moved or whose scope has: skipped pages may come back, waiting ones may start sooner.
    fn judge_again(&mut self, ix: PageIx) {
        match self.pages.get(ix).state {
            // Nothing that can still happen changes these.
            State::Skipped(SkipReason::BadUrl | SkipReason::UrlTooLong | SkipReason::HostBudget) => {}
            State::Skipped(reason) => {
                self.pages.set_state(ix, State::Queued);
                self.counts.skipped -= 1;
                if let Some(count) = self.counts.skipped_by_reason.get_mut(reason.as_str()) {
                    *count -= 1;
                }
                self.counts.skipped_by_reason.retain(|_, count| *count > 0);
                self.counts.queued += 1;
                self.place(ix);
            }
            State::Queued => self.place(ix),
            State::InFlight | State::Fetched | State::Failed | State::Redirected => {}
        }
    }

    /// Puts a queued page where it belongs: into the schedule, behind its robots.txt, or out.
    pub(crate) fn place(&mut self, ix: PageIx) {
        match readable(&self.pages.read_url(ix)) {
            Ok(url) => self.place_at(ix, &url),
            Err(reason) => self.skip(ix, reason),
        }
    }

    /// As `place`, where the page's URL is parsed already.
    fn place_at(&mut self, ix: PageIx, url: &url::Url) {
        if let Err(reason) = self.judge(ix, url) {
            return self.skip(ix, reason);
        }
        if self.rules.obey_robots {
            let authority = self.authority(url);
            match self.robots.verdict(authority).map(|verdict| verdict.judge(url)) {
                Some(Ok(())) => {}
                Some(Err(reason)) => return self.skip(ix, reason),
                None => return self.robots.park(authority, ix),
            }
        }
        let page = self.pages.get(ix);
        self.schedule.push(page.host, page.distance().depth, Work::Page(ix), self.pages.tries(ix).not_before);
    }

    fn judge(&self, ix: PageIx, url: &url::Url) -> Result<(), SkipReason> {
        if !self.pages.is_root(ix) {
            self.rules.scope.judge(&self.roots, url)?;
        }
        let page = self.pages.get(ix);
        let Distance { depth, redirects } = page.distance();
        if depth == UNREACHED {
            return Err(SkipReason::Nofollow);
        }
        if u32::from(depth) > self.rules.max_depth {
            return Err(SkipReason::TooDeep);
        }
        if u32::from(redirects) > self.rules.max_redirects {
            return Err(SkipReason::TooManyRedirects);
        }
        if self.sites.get(page.host).denied {
            return Err(SkipReason::DeniedByPolicy);
        }
        if self.is_exhausted(page.host) { Err(SkipReason::HostBudget) } else { Ok(()) }
    }

    fn skip(&mut self, ix: PageIx, reason: SkipReason) {
        self.pages.set_state(ix, State::Skipped(reason));
        self.counts.queued -= 1;
        self.counts.skipped += 1;
        *self.counts.skipped_by_reason.entry(reason.as_str()).or_default() += 1;
    }

    /// The authority of a URL; a new one brings its robots.txt with it.
    fn authority(&mut self, url: &url::Url) -> AuthorityIx {
        let origin = origin_of(url);
        if let Some(known) = self.robots.authority(&origin) {
            return known;
        }
        let site = self.site(&host_of(url));
        let authority = self.robots.add_authority(&origin, site);
        match self.robots_doc(&format!("{origin}/robots.txt")) {
            Some(doc) => {
                let decided = self.robots.start(authority, doc);
                self.follow_verdicts(decided);
            }
            None => self.robots.refuse(authority, SkipReason::BadUrl),
        }
        authority
    }

    /// Some robots.txt have been read: what they ask of their hosts holds, and the pages that waited go on.
    fn follow_verdicts(&mut self, decided: Decided) {
        for authority in decided.authorities {
            let asked = self.robots.verdict(authority).map_or(0, Verdict::crawl_delay_ms);
            if let Some(site) = self.sites.get_mut(self.robots.site(authority)) {
                site.owed.delay_ms = site.owed.delay_ms.max(asked);
            }
        }
        for page in decided.pages {
            // One that is in flight was let through before; its record, or its return, decides.
            if self.pages.get(page).state == State::Queued {
                self.place(page);
            }
        }
    }

    fn robots_doc(&mut self, text: &str) -> Option<DocIx> {
        let url = requestable(text)?;
        let id = self.identity.of(Kind::Robots, &normalized(&url, &self.rules.spelling));
        if let Some(known) = self.robots.find(id) {
            return Some(known);
        }
        let host = self.site(&host_of(&url));
        let doc = self.robots.add_doc(id, url.as_str(), host);
        self.schedule.push(host, 0, Work::Robots(doc), 0);
        Some(doc)
    }

    fn apply_to_robots(&mut self, ix: DocIx, record: &Record) -> Applied {
        if !self.robots.is_open(ix) {
            self.robots.doc_mut(ix).in_flight = false;
            return Applied::Ignored;
        }
        let host = self.robots.doc(ix).host;
        let may_retry = record.attempt < self.rules.retry.max_attempts;
        let decided = match &record.outcome {
            Outcome::Robots { status: 200..300, body } => self.robots.conclude(ix, Body::Text(body.as_str().into())),
            Outcome::Robots { status: 500.., .. } if may_retry => {
                return self.retry_robots(ix, record, None);
            }
            Outcome::Robots { status: 500.., .. } => self.robots.conclude(ix, Body::Unreachable),
            Outcome::Robots { .. } => self.robots.conclude(ix, Body::Unavailable),
            Outcome::Redirect { location, .. } => match self.robots_doc(location) {
                Some(next) => self.robots.redirect(ix, next),
                None => self.robots.conclude(ix, Body::Unavailable),
            },
            Outcome::Failure { retryable: true, retry_after_ms, .. } if may_retry => {
                return self.retry_robots(ix, record, *retry_after_ms);
            }
            Outcome::Failure { .. } => self.robots.conclude(ix, Body::Unreachable),
            Outcome::Page { .. } | Outcome::Sitemap { .. } => return Applied::Ignored,
        };
        self.robots.doc_mut(ix).in_flight = false;
        self.schedule.wake(host);
        self.follow_verdicts(decided);
        Applied::Concluded
    }

    fn retry_robots(&mut self, ix: DocIx, record: &Record, asked: Option<u64>) -> Applied {
        let not_before = self.retry_time(record, asked);
        let doc = self.robots.doc_mut(ix);
        if record.attempt <= doc.attempts {
            return Applied::Ignored;
        }
        doc.in_flight = false;
        doc.attempts = record.attempt;
        doc.not_before = not_before;
        let host = doc.host;
        self.schedule.wake(host);
        self.schedule.push(host, 0, Work::Robots(ix), not_before);
        Applied::Retried
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

    /// Tells the table of a request that an earlier leader made.
    pub fn remember(&self, record: &Record, hosts: &mut HostTable) {
        if let Some(url) = requestable(&record.url) {
            hosts.remember(&host_of(&url), record.fetched_at, self.rules.politeness.delay_ms);
        }
    }

    /// The id of a URL of this crawl; `None` when it cannot be crawled.
    #[must_use]
    pub fn id_of(&self, kind: Kind, url: &str) -> Option<PageId> {
        requestable(url).map(|url| self.identity.of(kind, &normalized(&url, &self.rules.spelling)))
    }
}
