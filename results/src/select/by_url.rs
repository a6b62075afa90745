//! In the order of the URLs' bytes. A URL never changes, so the cursor names the page and not the text.

use std::cmp::Ordering;

use crawl_frontier::{ADDRESS_BLOCK, Addresses};

use super::Selected;
use crate::{Cursor, Order, Query, Results, filter::Filter, finder::Finder, top::Top, url_order::compare};

/// A page's place in the order.
#[derive(PartialEq, Eq)]
struct Place {
    url: String,
    page: u32,
    order: Order,
}

impl Place {
    fn parts(&self) -> (&str, u32) {
        (&self.url, self.page)
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.order, self.parts(), other.parts())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The first places behind the cursor's.
struct Search<'a> {
    results: &'a Results,
    filter: &'a Filter<'a>,
    order: Order,
    behind: Option<(String, u32)>,
    top: Top<Place>,
    matched: u64,
}

impl Results {
    pub(super) fn select_by_url(
        &self,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: usize,
        filter: &Filter<'_>,
        finder: Option<&mut Finder<'_>>,
    ) -> Selected {
        let mut addresses = self.frontier.addresses();
        let behind = cursor.map(|cursor| (addresses.get(cursor.page).to_owned(), cursor.page));
        let (order, top) = (query.order, Top::of(limit));
        let mut search = Search { results: self, filter, order, behind, top, matched: 0 };
        // What has a text in it is found faster block by block.
        let has_text = finder.is_some();
        let sorted = if has_text { 0 } else { self.url_order.covered() };
        search.among(sorted, &mut addresses, finder);
        if sorted > 0 {
            search.among_sorted(&mut addresses);
        }
        let (more, matched, places) = (search.top.more, search.matched, search.top.into_sorted());
        Selected {
            next: places.last().filter(|_| more).map(|last| Cursor::new(query, 0, last.page)),
            pages: places.into_iter().map(|place| place.page).collect(),
            matched: (sorted == 0 && !has_text).then_some(matched),
            scanned: self.frontier.known().into(),
        }
    }
}

impl Search<'_> {
    /// Whether this may be one of the first: it is behind the cursor, and before the last of those that were found.
    fn wants(&mut self, place: (&str, u32)) -> bool {
        let behind = self.behind.as_ref().map(|(url, page)| (url.as_str(), *page));
        if behind.is_some_and(|behind| compare(self.order, place, behind).is_le()) {
            return false;
        }
        let late = self.top.last().is_some_and(|last| compare(self.order, last.parts(), place).is_le());
        self.top.more |= late;
        !late
    }

    /// Looks at all pages from one on.
    fn among(&mut self, from: u32, addresses: &mut Addresses<'_>, mut finder: Option<&mut Finder<'_>>) {
        let mut admitted = Vec::new();
        for number in from / ADDRESS_BLOCK..self.results.frontier.known().div_ceil(ADDRESS_BLOCK) {
            let first = number * ADDRESS_BLOCK;
            let pages = self.results.frontier.pages_from(first).zip(self.results.facts.iter_from(first));
            admitted.clear();
            let block = pages.take(ADDRESS_BLOCK as usize);
            admitted.extend(block.filter(|((_, page), fact)| self.filter.admits(page, *fact)).map(|((ix, _), _)| ix));
            if admitted.is_empty() {
                continue;
            }
            let mut next = admitted.iter().peekable();
            for (page, url) in (first..).zip(addresses.block(number).lines()) {
                if next.next_if(|admitted| **admitted == page).is_none() {
                    continue;
                }
                self.matched += 1;
                if self.wants((url, page)) && finder.as_mut().is_none_or(|finder| finder.finds(page)) {
                    self.top.push(Place { url: url.to_owned(), page, order: self.order });
                }
            }
        }
    }

    /// Looks at each run of sorted pages only as far as it has some of the first.
    fn among_sorted(&mut self, addresses: &mut Addresses<'_>) {
        let behind = self.behind.clone();
        let behind = behind.as_ref().map(|(url, page)| (url.as_str(), *page));
        for run in self.results.url_order.behind(self.order, behind, addresses) {
            for page in run {
                let Some(known) = self.results.frontier.page(page) else { break };
                if !self.filter.admits(&known, self.results.facts.get(page)) {
                    continue;
                }
                let url = addresses.get(page);
                if !self.wants((url, page)) {
                    break;
                }
                self.top.push(Place { url: url.to_owned(), page, order: self.order });
            }
        }
    }
}
