//! The sitemaps of a crawl: which are known, and how they hang together. Pages they list are as near as links of a seed.
//!
//! A sitemap may be an index of others. How deep it lies is the shortest way over all indexes read so far, whatever their order.

use std::collections::{HashMap, HashSet};

use crate::{documents::DocIx, robots::AuthorityIx, weight};

/// An index may list indexes, but not endlessly.
const MAX_LEVEL: u8 = 3;
/// Redirects in a row, as for robots.txt.
const MAX_HOPS: u8 = 5;
/// Sitemaps of one crawl, at most: what one index may list, and some indexes. Which ones they are then depends on the order
/// in which they were found.
const MAX_SITEMAPS: usize = 51_000;
/// Entries of indexes that are remembered, at most; beyond it a shorter way to an index brings what it lists no nearer.
const MAX_BEHIND: usize = 200_000;

/// How a sitemap is reached: both parts are minima, each on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    level: u8,
    hops: u8,
}

impl Reach {
    /// Of a sitemap that robots.txt names.
    pub(crate) const NAMED: Self = Self { level: 1, hops: 0 };

    /// Of what an index lists, or of what a sitemap redirects to.
    pub(crate) fn behind(self, by_redirect: bool) -> Self {
        if by_redirect {
            Self { level: self.level, hops: self.hops.saturating_add(1) }
        } else {
            Self { level: self.level.saturating_add(1), hops: 0 }
        }
    }

    fn nearest(self, other: Self) -> Self {
        Self { level: self.level.min(other.level), hops: self.hops.min(other.hops) }
    }

    pub(crate) fn is_near_enough(self) -> bool {
        self.level <= MAX_LEVEL && self.hops <= MAX_HOPS
    }
}

/// Where a sitemap stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// To be fetched.
    Open,
    /// Read, or leads elsewhere.
    Read,
    /// Given up.
    Failed,
    /// Too far away, or denied.
    Skipped,
}

#[derive(Debug)]
struct Sitemap {
    reach: Reach,
    state: State,
    /// What it lists or redirects to.
    behind: Vec<(DocIx, bool)>,
}

/// How many sitemaps there are, by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SitemapCounts {
    /// Different sitemaps found.
    pub found: u64,
    /// Read, or leading elsewhere.
    pub read: u64,
    /// Given up.
    pub failed: u64,
    /// Left out: of a host that is denied, an index of indexes of indexes, or beyond 51,000.
    pub skipped: u64,
}

impl SitemapCounts {
    /// Those to be fetched.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.found - self.read - self.failed - self.skipped
    }
}

/// All sitemaps of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Sitemaps {
    list: HashMap<DocIx, Sitemap>,
    counts: SitemapCounts,
    /// How many entries of indexes are remembered.
    behind: usize,
    /// Authorities of seeds, and of what seeds redirect to: their /sitemap.xml is tried where robots.txt names none.
    pub(crate) of_seeds: HashSet<AuthorityIx>,
}

impl Sitemaps {
    pub(crate) fn counts(&self) -> SitemapCounts {
        self.counts
    }

    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= MAX_SITEMAPS
    }

    /// One more was found than can be remembered.
    pub(crate) fn skip_one(&mut self) {
        self.counts.found += 1;
        self.counts.skipped += 1;
    }

    pub(crate) fn insert(&mut self, doc: DocIx, reach: Reach) {
        self.list.insert(doc, Sitemap { reach, state: State::Open, behind: Vec::new() });
        self.counts.found += 1;
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        let behind = self.behind * size_of::<(DocIx, bool)>();
        weight::map(&self.list) + weight::set(&self.of_seeds) + behind
    }

    pub(crate) fn state(&self, doc: DocIx) -> State {
        self.list.get(&doc).map_or(State::Skipped, |sitemap| sitemap.state)
    }

    pub(crate) fn reach(&self, doc: DocIx) -> Reach {
        self.list.get(&doc).map_or(Reach { level: u8::MAX, hops: u8::MAX }, |sitemap| sitemap.reach)
    }

    pub(crate) fn set_state(&mut self, doc: DocIx, state: State) {
        if let Some(sitemap) = self.list.get_mut(&doc) {
            for (state, step) in [(sitemap.state, -1), (state, 1)] {
                let count = match state {
                    State::Open => continue,
                    State::Read => &mut self.counts.read,
                    State::Failed => &mut self.counts.failed,
                    State::Skipped => &mut self.counts.skipped,
                };
                *count = count.saturating_add_signed(step);
            }
            sitemap.state = state;
        }
    }

    /// A sitemap lists another one, or redirects to it.
    pub(crate) fn add_behind(&mut self, from: DocIx, to: DocIx, by_redirect: bool) {
        // No way to one that robots.txt names can be shorter.
        if let Some(sitemap) = self.list.get_mut(&from)
            && sitemap.reach != Reach::NAMED
            && self.behind < MAX_BEHIND
        {
            sitemap.behind.push((to, by_redirect));
            self.behind += 1;
        }
    }

    /// Moves a sitemap, and what lies behind it, as close as `reach` allows. Returns those that moved.
    pub(crate) fn move_closer(&mut self, doc: DocIx, reach: Reach) -> Vec<DocIx> {
        let mut moved = Vec::new();
        let mut work = vec![(doc, reach)];
        while let Some((doc, reach)) = work.pop() {
            let Some(sitemap) = self.list.get_mut(&doc) else { continue };
            let nearest = sitemap.reach.nearest(reach);
            if nearest == sitemap.reach {
                continue;
            }
            sitemap.reach = nearest;
            moved.push(doc);
            let behind = sitemap.behind.iter().map(|(next, by_redirect)| (*next, nearest.behind(*by_redirect)));
            work.extend(behind);
        }
        moved
    }
}
