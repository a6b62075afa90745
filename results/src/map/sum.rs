//! What a node of the map shows of its pages.

use crawl_frontier::{KnownPage, PageState};

use crate::{MapNode, Results, facts::Fact};

/// Sums over the pages of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) pages: u64,
    fetched: u64,
    failed: u64,
    skipped: u64,
    pub(super) links: u64,
    pub(super) referrers: u64,
}

impl Sum {
    /// Of one page.
    pub(super) fn of(results: &Results, page: &KnownPage, fact: Fact) -> Self {
        let fetched = page.state == PageState::Fetched;
        let record = results.record(fact).filter(|_| fetched);
        Self {
            pages: 1,
            fetched: fetched.into(),
            failed: (page.state == PageState::Failed).into(),
            skipped: matches!(page.state, PageState::Skipped(_)).into(),
            links: record.map_or(0, |record| record.links.into()),
            referrers: fact.referrers.into(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.fetched += other.fetched;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.links += other.links;
        self.referrers += other.referrers;
    }

    /// A node that shows this, with nothing below it.
    pub(super) fn node(&self, name: &str, prefix: String, leaf: bool) -> MapNode {
        MapNode {
            name: name.to_owned(),
            prefix,
            pages: self.pages,
            fetched: self.fetched,
            failed: self.failed,
            skipped: self.skipped,
            links: self.links,
            referrers: self.referrers,
            leaf,
            ..MapNode::default()
        }
    }
}
