//! The table of URLs: what is known of each, and its distance from the seeds.
//!
//! Distances are the shortest over all records read so far, whatever their order: when a shorter way to a page is
//! found, everything behind it moves closer. So the final table does not depend on the order of the log.

use std::collections::HashMap;

use crate::{Millis, PageId, SkipReason};

/// Index of a page in the table.
pub(crate) type PageIx = u32;

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Known, in scope, not concluded.
    Queued,
    /// A worker read it.
    Fetched,
    /// Given up.
    Failed,
    /// Leads elsewhere.
    Redirected,
    /// Left out.
    Skipped(SkipReason),
}

/// How a page is reached: both parts are minima, each on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Distance {
    /// Links from a seed; [`UNREACHED`] while only nofollow links lead here.
    pub(crate) depth: u32,
    /// Redirects in a row that led here; 0 when a link or a seed does.
    pub(crate) redirects: u32,
}

/// The depth of a page that only nofollow links lead to.
pub(crate) const UNREACHED: u32 = u32::MAX;

impl Distance {
    pub(crate) const SEED: Self = Self { depth: 0, redirects: 0 };
    pub(crate) const NOFOLLOW: Self = Self { depth: UNREACHED, redirects: 0 };

    /// The distance of what a page at this distance links to.
    pub(crate) fn over_link(self) -> Self {
        Self { depth: self.depth.saturating_add(1), redirects: 0 }
    }

    /// The distance of what a page at this distance redirects to.
    pub(crate) fn over_redirect(self) -> Self {
        Self { depth: self.depth, redirects: self.redirects.saturating_add(1) }
    }

    fn nearest(self, other: Self) -> Self {
        if self.depth == UNREACHED || other.depth == UNREACHED {
            // A way that may not be followed says nothing of redirects.
            return if self.depth == UNREACHED { other } else { self };
        }
        Self { depth: self.depth.min(other.depth), redirects: self.redirects.min(other.redirects) }
    }
}

/// One URL.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) id: PageId,
    /// As it was first seen.
    pub(crate) url: Box<str>,
    pub(crate) host: u32,
    pub(crate) state: State,
    pub(crate) distance: Distance,
    /// A seed, or what a seed redirects to: always in scope.
    pub(crate) root: bool,
    /// Given to a worker.
    pub(crate) in_flight: bool,
    /// Attempts that ended.
    pub(crate) attempts: u32,
    /// Not to be tried before.
    pub(crate) not_before: Millis,
    /// Where it leads, by links that may be followed, or by its redirect.
    pub(crate) leads_to: Box<[PageIx]>,
}

/// All URLs of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    list: Vec<Page>,
    by_id: HashMap<PageId, PageIx>,
}

impl Pages {
    pub(crate) fn find(&self, id: PageId) -> Option<PageIx> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn insert(&mut self, page: Page) -> PageIx {
        let ix = PageIx::try_from(self.list.len()).unwrap_or(PageIx::MAX);
        self.by_id.insert(page.id, ix);
        self.list.push(page);
        ix
    }

    pub(crate) fn get(&self, ix: PageIx) -> &Page {
        &self.list[ix as usize]
    }

    pub(crate) fn get_mut(&mut self, ix: PageIx) -> &mut Page {
        &mut self.list[ix as usize]
    }

    /// Indices of all pages, in the order they were found.
    pub(crate) fn indices(&self) -> std::ops::Range<PageIx> {
        0..PageIx::try_from(self.list.len()).unwrap_or(PageIx::MAX)
    }

    /// Moves a page, and what lies behind it, as close as `distance` allows. Returns the pages that moved.
    pub(crate) fn move_closer(&mut self, ix: PageIx, distance: Distance) -> Vec<PageIx> {
        let mut moved = Vec::new();
        let mut work = vec![(ix, distance)];
        while let Some((ix, distance)) = work.pop() {
            let page = self.get_mut(ix);
            let nearest = page.distance.nearest(distance);
            if nearest == page.distance {
                continue;
            }
            page.distance = nearest;
            moved.push(ix);
            let behind = match page.state {
                State::Fetched => nearest.over_link(),
                State::Redirected => nearest.over_redirect(),
                State::Queued | State::Failed | State::Skipped(_) => continue,
            };
            work.extend(page.leads_to.iter().map(|next| (*next, behind)));
        }
        moved
    }
}
