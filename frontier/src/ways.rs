//! Where concluded pages lead, as long as that may still matter.
//!
//! When a shorter way to a page is found, everything behind it moves closer. A fetched page with all its links kept would cost
//! more than all else together, so they are forgotten as soon as they can shorten nothing: no way that is yet to be found
//! is shorter than that to the nearest open page, the *horizon*: a link from there is one more, a redirect as many. Pages
//! that near are final.

use std::collections::HashMap;

use crate::{distance::Distance, pages::PageIx, weight};

/// The ways that may still be shortened.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    links: HashMap<PageIx, Box<[PageIx]>>,
    /// How many links those are.
    linked: usize,
    /// Kept for good: how many redirects in a row lead to a page may shrink at any time.
    redirects: HashMap<PageIx, PageIx>,
    /// Everything final at this horizon has been forgotten.
    forgotten_to: u16,
}

/// Whether no way to a page at this depth can be shorter.
pub(crate) fn is_final(depth: u16, horizon: u16) -> bool {
    depth <= horizon
}

/// Whether no link from a page that is not final can be a shorter way to a page at this depth.
pub(crate) fn no_link_helps(depth: u16, horizon: u16) -> bool {
    depth <= horizon.saturating_add(1)
}

impl Ways {
    /// Keeps where a fetched page links to.
    pub(crate) fn add_links(&mut self, from: PageIx, targets: Box<[PageIx]>) {
        if !targets.is_empty() {
            self.linked += targets.len();
            self.links.insert(from, targets);
        }
    }

    /// Keeps where a page redirects to.
    pub(crate) fn add_redirect(&mut self, from: PageIx, target: PageIx) {
        self.redirects.insert(from, target);
    }

    /// Where a page redirects to.
    pub(crate) fn redirect(&self, from: PageIx) -> Option<PageIx> {
        self.redirects.get(&from).copied()
    }

    /// What lies behind a page at this distance, and at which distance.
    pub(crate) fn behind(&self, from: PageIx, distance: Distance) -> impl Iterator<Item = (PageIx, Distance)> {
        let linked = self.links.get(&from).into_iter().flatten().map(move |next| (*next, distance.over_link()));
        linked.chain(self.redirect(from).map(|next| (next, distance.over_redirect())))
    }

    /// Forgets the links of pages that have become final.
    pub(crate) fn forget(&mut self, horizon: u16, depth: impl Fn(PageIx) -> u16) {
        if horizon > self.forgotten_to {
            self.forgotten_to = horizon;
            self.links.retain(|from, targets| {
                let kept = !is_final(depth(*from), horizon);
                self.linked -= if kept { 0 } else { targets.len() };
                kept
            });
        }
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        weight::map(&self.links) + self.linked * size_of::<PageIx>() + weight::map(&self.redirects)
    }
}
