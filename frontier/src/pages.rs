//! The table of URLs: what is known of each, and its distance from the seeds.
//!
//! Distances are the shortest over all records read so far, whatever their order: when a shorter way to a page is
//! found, everything behind it moves closer. So the final table does not depend on the order of the log.
//!
//! A crawl may know millions of URLs: what every page has is packed here, what few pages have stands in tables of its own.

use std::collections::{BTreeMap, HashMap, HashSet};

use hashbrown::HashTable;

use crate::{
    Addresses, Millis, PageId, SkipReason,
    distance::{Distance, UNREACHED},
    segmented::Segmented,
    url_list::UrlList,
    ways::{Ways, is_final, no_link_helps},
    weight,
};

/// Index of a page in the table.
pub(crate) type PageIx = u32;

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Known, in scope, waiting.
    Queued,
    /// Given to a worker. To the fold this is the same as queued.
    InFlight,
    /// A worker read it.
    Fetched,
    /// Given up.
    Failed,
    /// Leads elsewhere.
    Redirected,
    /// Left out.
    Skipped(SkipReason),
}

impl State {
    /// Whether a record may still conclude it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::InFlight)
    }

    /// Whether it is open, or may be again without a new way to it being shorter than it is.
    fn keeps_horizon(self) -> bool {
        self.is_open() || self == Self::Skipped(SkipReason::TooManyRedirects)
    }
}

/// One URL: 24 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) id: PageId,
    /// Index of its host; of no host where the URL cannot be requested.
    pub(crate) host: u32,
    depth: u16,
    redirects: u8,
    pub(crate) state: State,
}

impl Page {
    pub(crate) fn distance(&self) -> Distance {
        Distance { depth: self.depth, redirects: self.redirects }
    }
}

/// What is known of a page that has failed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    /// Attempts that ended.
    pub(crate) attempts: u32,
    /// Not to be tried before.
    pub(crate) not_before: Millis,
}

/// All URLs of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    list: Segmented<Page>,
    by_id: HashTable<PageIx>,
    urls: UrlList,
    /// Seeds, and what seeds redirect to: always in scope.
    roots: HashSet<PageIx>,
    tries: HashMap<PageIx, Tries>,
    ways: Ways,
    /// How many pages at each depth keep the horizon there.
    open: BTreeMap<u16, u32>,
}

impl Pages {
    pub(crate) fn find(&self, id: PageId) -> Option<PageIx> {
        self.by_id.find(id.bits(), |ix| self.get(*ix).id == id).copied()
    }

    /// Enters a URL that is not known yet, queued.
    pub(crate) fn insert(&mut self, id: PageId, url: &str, host: u32, distance: Distance) -> PageIx {
        let ix = PageIx::try_from(self.list.len()).unwrap_or(PageIx::MAX);
        let Distance { depth, redirects } = distance;
        self.list.push(Page { id, host, depth, redirects, state: State::Queued });
        self.urls.push(url);
        let list = &self.list;
        self.by_id.insert_unique(id.bits(), ix, |ix| list.get(*ix as usize).id.bits());
        self.keep_horizon(depth);
        ix
    }

    pub(crate) fn get(&self, ix: PageIx) -> Page {
        *self.list.get(ix as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// As it was first seen.
    pub(crate) fn url(&self, ix: PageIx) -> String {
        self.urls.get(ix as usize)
    }

    /// As `url`, faster for pages that were found near the one before.
    pub(crate) fn read_url(&mut self, ix: PageIx) -> String {
        self.urls.read(ix as usize)
    }

    /// All pages, in the order they were found.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (PageIx, &Page)> {
        (0..).zip(self.list.iter())
    }

    /// The pages from one on, in the order they were found.
    pub(crate) fn iter_from(&self, ix: PageIx) -> impl Iterator<Item = (PageIx, &Page)> {
        (ix..=PageIx::MAX).zip(self.list.iter_from(ix as usize))
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        let lists = self.list.weight() + self.by_id.allocation_size() + self.urls.weight();
        lists + weight::set(&self.roots) + weight::map(&self.tries) + self.ways.weight()
    }

    /// A reader of addresses.
    pub(crate) fn addresses(&self) -> Addresses<'_> {
        Addresses::of(&self.urls)
    }

    pub(crate) fn set_state(&mut self, ix: PageIx, state: State) {
        let before = self.get(ix);
        if before.state.keeps_horizon() != state.keeps_horizon() {
            if state.keeps_horizon() { self.keep_horizon(before.depth) } else { self.leave_horizon(before.depth) }
        }
        self.list.get_mut(ix as usize).state = state;
        if !state.is_open() {
            self.tries.remove(&ix);
        }
    }

    pub(crate) fn is_root(&self, ix: PageIx) -> bool {
        self.roots.contains(&ix)
    }

    pub(crate) fn make_root(&mut self, ix: PageIx) {
        self.roots.insert(ix);
    }

    pub(crate) fn tries(&self, ix: PageIx) -> Tries {
        self.tries.get(&ix).copied().unwrap_or_default()
    }

    pub(crate) fn set_tries(&mut self, ix: PageIx, tries: Tries) {
        self.tries.insert(ix, tries);
    }

    /// Where a page redirects to, once it has.
    pub(crate) fn redirect(&self, ix: PageIx) -> Option<PageIx> {
        self.ways.redirect(ix)
    }

    pub(crate) fn add_redirect(&mut self, from: PageIx, target: PageIx) {
        self.ways.add_redirect(from, target);
    }

    /// Remembers where a fetched page links to, as far as that may still matter.
    pub(crate) fn add_links(&mut self, from: PageIx, mut targets: Vec<PageIx>, horizon: u16) {
        if is_final(self.get(from).depth, horizon) {
            return;
        }
        targets.retain(|target| !no_link_helps(self.get(*target).depth, horizon));
        targets.sort_unstable();
        targets.dedup();
        self.ways.add_links(from, targets.into());
    }

    /// The depth of the nearest page that may still be fetched: no way yet to be found is shorter.
    pub(crate) fn horizon(&self) -> u16 {
        self.open.first_key_value().map_or(UNREACHED, |(depth, _)| *depth)
    }

    /// Forgets what has become final.
    pub(crate) fn forget_final(&mut self, horizon: u16) {
        let list = &self.list;
        self.ways.forget(horizon, |ix| list.get(ix as usize).depth);
    }

    /// Moves a page, and what lies behind it, as close as `distance` allows. Returns the pages that moved.
    pub(crate) fn move_closer(&mut self, ix: PageIx, distance: Distance) -> Vec<PageIx> {
        let mut moved = Vec::new();
        let mut work = vec![(ix, distance)];
        while let Some((ix, distance)) = work.pop() {
            let page = self.get(ix);
            let nearest = page.distance().nearest(distance);
            if nearest == page.distance() {
                continue;
            }
            if page.state.keeps_horizon() {
                self.leave_horizon(page.depth);
                self.keep_horizon(nearest.depth);
            }
            let page = self.list.get_mut(ix as usize);
            (page.depth, page.redirects) = (nearest.depth, nearest.redirects);
            moved.push(ix);
            work.extend(self.ways.behind(ix, nearest));
        }
        moved
    }

    fn keep_horizon(&mut self, depth: u16) {
        *self.open.entry(depth).or_default() += 1;
    }

    fn leave_horizon(&mut self, depth: u16) {
        if let Some(pages) = self.open.get_mut(&depth) {
            *pages -= 1;
            if *pages == 0 {
                self.open.remove(&depth);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_small() {
        assert_eq!(size_of::<Page>(), 24);
    }
}
