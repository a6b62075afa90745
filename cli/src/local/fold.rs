//! What a log means, to the loop and to whoever asks for broken links.

use std::collections::HashMap;

use crawl_frontier::{Applied, Frontier, PageState, Rules, RulesError, SkipReason};
use crawl_protocol::{Entry, FailureClass, Kind, Outcome, Page, Record};
use crawl_results::Results;
use url::Url;

use super::broken::{self, Broken};

/// A crawl's log, folded.
pub(super) struct Fold {
    /// Says what to fetch.
    pub(super) frontier: Frontier,
    check: Option<Check>,
    entries: u64,
}

/// What is wanted of a log besides, where links are checked.
struct Check {
    /// The crawl itself, where the frontier looks beyond it: says which pages are to be read.
    inside: Frontier,
    /// Who leads to what. It reads the same log by itself: what reads logs has nothing to fetch by.
    results: Results,
    /// Why servers did not answer when asked for their robots.txt: nothing on them could be reached either.
    silent: Silent,
}

/// Servers that did not answer, by their origin: why not.
#[derive(Debug, Default)]
pub(super) struct Silent(HashMap<String, String>);

impl Silent {
    /// Why the server of a URL did not answer; `None` when it did.
    pub(super) fn why(&self, url: &str) -> Option<&str> {
        self.0.get(&origin(url)?).map(String::as_str)
    }

    fn tell(&mut self, record: &Record) {
        if let (Kind::Robots, Outcome::Failure { class, message, status: None, .. }) = (record.kind, &record.outcome)
            && let Some(origin) = origin(&record.url)
        {
            let blocked = *class == FailureClass::BlockedAddress;
            self.0.insert(origin, if blocked { broken::PRIVATE.to_owned() } else { message.clone() });
        }
    }
}

fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

impl Fold {
    /// A crawl at its beginning; its links are checked where rules are given by which to look `beyond` it.
    pub(super) fn new(crawl: &str, rules: Rules, beyond: Option<Rules>) -> Result<Self, RulesError> {
        let Some(beyond) = beyond else {
            return Ok(Self { frontier: Frontier::new(crawl, rules)?, check: None, entries: 0 });
        };
        let results = Results::new(crawl, beyond.clone())?;
        let inside = Frontier::for_reading(crawl, Rules { max_links: u64::MAX, ..rules })?;
        let check = Check { inside, results, silent: Silent::default() };
        Ok(Self { frontier: Frontier::new(crawl, beyond)?, check: Some(check), entries: 0 })
    }

    /// Takes in the next entry of the log.
    pub(super) fn apply(&mut self, entry: &Entry) -> Applied {
        self.entries += 1;
        let Entry::Attempt(record) = entry else { return Applied::Ignored };
        let read = self.reads(record.kind, &record.url);
        let Some(check) = &mut self.check else { return self.frontier.apply(record) };
        check.inside.apply(record);
        // Another call may have read it, under other rules.
        let unread = if read { None } else { without_links(record) };
        let record = unread.as_ref().unwrap_or(record);
        check.results.apply(self.entries - 1, &Entry::Attempt(record.clone()));
        let applied = self.frontier.apply(record);
        if applied == Applied::Concluded {
            check.silent.tell(record);
        }
        applied
    }

    /// Whether what is at a URL is to be read, and not only looked at.
    pub(super) fn reads(&self, kind: Kind, url: &str) -> bool {
        let Some(check) = self.check.as_ref().filter(|_| kind == Kind::Page) else { return true };
        let known = check.inside.find(url).and_then(|ix| check.inside.page(ix));
        known
            .is_some_and(|page| !matches!(page.state, PageState::Skipped(SkipReason::OutOfScope | SkipReason::TooDeep)))
    }

    /// The broken links, where they are wanted.
    pub(super) fn broken(&self) -> Option<Broken> {
        self.check.as_ref().map(|check| broken::find(&check.results, &check.silent))
    }

    /// Whether broken links are wanted, not pages.
    pub(super) fn checks_links(&self) -> bool {
        self.check.is_some()
    }
}

/// A record of a page as if it had not been read; `None` where that changes nothing.
fn without_links(record: &Record) -> Option<Record> {
    let Outcome::Page(page) = &record.outcome else { return None };
    if page.urls.is_empty() && page.nofollow.is_empty() {
        return None;
    }
    let page = Page { urls: Vec::new(), nofollow: Vec::new(), ..page.clone() };
    Some(Record { outcome: Outcome::Page(page), ..record.clone() })
}
