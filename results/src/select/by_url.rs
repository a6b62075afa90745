//! In the order of the URLs' bytes. A URL never changes, so the cursor names the page and not the text.

use std::cmp::Ordering;

use crawl_frontier::ADDRESS_BLOCK;

use super::Selected;
use crate::{Cursor, Order, Query, Results, filter::Filter, finder::Finder, top::Top};

/// A page's place in the order. Pages without a URL come last, whatever the direction.
#[derive(PartialEq, Eq)]
struct Place {
    url: String,
    page: u32,
    order: Order,
}

fn compare(order: Order, a: (&str, u32), b: (&str, u32)) -> Ordering {
    let urls = match order {
        Order::Ascending => a.0.cmp(b.0),
        Order::Descending => b.0.cmp(a.0),
    };
    a.0.is_empty().cmp(&b.0.is_empty()).then(urls).then(a.1.cmp(&b.1))
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

impl Results {
    pub(super) fn select_by_url(
        &self,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: usize,
        filter: &Filter<'_>,
        mut finder: Option<&mut Finder<'_>>,
    ) -> Selected {
        let (order, known) = (query.order, self.frontier.known());
        let mut addresses = self.frontier.addresses();
        let behind = cursor.map(|cursor| (addresses.get(cursor.page).to_owned(), cursor.page));
        let (mut top, mut matched) = (Top::of(limit), 0);
        let mut admitted = Vec::new();
        for number in 0..known.div_ceil(ADDRESS_BLOCK) {
            let first = number * ADDRESS_BLOCK;
            let pages = self.frontier.pages_from(first).zip(self.facts.iter_from(first)).take(ADDRESS_BLOCK as usize);
            admitted.clear();
            admitted.extend(pages.map(|((_, page), fact)| filter.admits(&page, fact)));
            if !admitted.contains(&true) {
                continue;
            }
            for ((page, url), _) in
                (first..).zip(addresses.block(number).lines()).zip(&admitted).filter(|(_, admitted)| **admitted)
            {
                matched += 1;
                let place = (url, page);
                if behind.as_ref().is_some_and(|(url, page)| compare(order, place, (url, *page)).is_le()) {
                    continue;
                }
                if top.last().is_some_and(|last: &Place| compare(order, last.parts(), place).is_le()) {
                    top.more = true;
                } else if finder.as_mut().is_none_or(|finder| finder.finds(page)) {
                    top.push(Place { url: url.to_owned(), page, order });
                }
            }
        }
        let (more, places) = (top.more, top.into_sorted());
        Selected {
            next: places.last().filter(|_| more).map(|last| Cursor::new(query, 0, last.page)),
            pages: places.into_iter().map(|place| place.page).collect(),
            matched: finder.is_none().then_some(matched),
            scanned: known.into(),
        }
    }
}
