//! What a log means, to the loop and to whoever asks for broken links.

use std::collections::HashMap;

use crawl_frontier::{Applied, Frontier, Rules, RulesError};
use crawl_protocol::{Entry, FailureClass, Kind, Outcome, Record};
use crawl_results::Results;
use url::Url;

use super::broken::{self, Broken};

/// A crawl's log, folded.
pub(super) struct Fold {
    /// Says what to fetch.
    pub(super) frontier: Frontier,
    /// Who leads to what, where that is asked for. It reads the same log by itself: what reads logs has nothing to fetch by.
    results: Option<Results>,
    /// Why servers did not answer when asked for their robots.txt: nothing on them could be reached either.
    silent: Silent,
    entries: u64,
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
    /// A crawl at its beginning.
    pub(super) fn new(crawl: &str, rules: Rules, check: bool) -> Result<Self, RulesError> {
        let results = if check { Some(Results::new(crawl, rules.clone())?) } else { None };
        Ok(Self { frontier: Frontier::new(crawl, rules)?, results, silent: Silent::default(), entries: 0 })
    }

    /// Takes in the next entry of the log.
    pub(super) fn apply(&mut self, entry: &Entry) -> Applied {
        if let Some(results) = &mut self.results {
            results.apply(self.entries, entry);
        }
        self.entries += 1;
        match entry {
            Entry::Attempt(record) => {
                let applied = self.frontier.apply(record);
                if applied == Applied::Concluded && self.results.is_some() {
                    self.silent.tell(record);
                }
                applied
            }
            Entry::Opened(_) => Applied::Ignored,
        }
    }

    /// The broken links, where they are wanted.
    pub(super) fn broken(&self) -> Option<Broken> {
        self.results.as_ref().map(|results| broken::find(results, &self.silent))
    }

    /// Whether broken links are wanted, not pages.
    pub(super) fn checks_links(&self) -> bool {
        self.results.is_some()
    }
}
