//! What a log means, to the loop and to whoever asks for broken links.

use crawl_frontier::{Applied, Frontier, Rules, RulesError};
use crawl_protocol::Entry;
use crawl_results::Results;

/// A crawl's log, folded.
pub(super) struct Fold {
    /// Says what to fetch.
    pub(super) frontier: Frontier,
    /// Who leads to what, where that is asked for. It reads the same log by itself: what reads logs has nothing to fetch by.
    pub(super) results: Option<Results>,
    entries: u64,
}

impl Fold {
    /// A crawl at its beginning.
    pub(super) fn new(crawl: &str, rules: Rules, check: bool) -> Result<Self, RulesError> {
        let results = if check { Some(Results::new(crawl, rules.clone())?) } else { None };
        Ok(Self { frontier: Frontier::new(crawl, rules)?, results, entries: 0 })
    }

    /// Takes in the next entry of the log.
    pub(super) fn apply(&mut self, entry: &Entry) -> Applied {
        if let Some(results) = &mut self.results {
            results.apply(self.entries, entry);
        }
        self.entries += 1;
        match entry {
            Entry::Attempt(record) => self.frontier.apply(record),
            Entry::Opened(_) => Applied::Ignored,
        }
    }

    /// Whether broken links are wanted, not pages.
    pub(super) fn checks_links(&self) -> bool {
        self.results.is_some()
    }
}
