//! A page of results: filtered, in order, from a cursor on.
//!
//! The cursor holds the last row's place in the order. So no order is kept but that of URLs: those that come next are the smallest behind it,
//! and one pass finds them with a heap of as many as are wanted.

use crate::{
    Cursor, Order, Query, Results, Row, Sort, concluded::Concluded, facts::Fact, filter::Filter, finder::Finder,
    rows::Rows,
};
use crawl_frontier::{KnownPage, PageState};

mod by_key;
mod by_url;

/// A page of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// The rows. A page may be short, even empty, although others follow.
    pub rows: Vec<Row>,
    /// With which to ask for what follows; `None` when nothing does.
    pub next: Option<Cursor>,
    /// How many pages of the crawl match, where that is known.
    pub matched: Option<u64>,
    /// How many pages were looked at.
    pub scanned: u64,
}

/// Which pages come next, and what became known on the way.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    pub(crate) pages: Vec<u32>,
    pub(crate) next: Option<Cursor>,
    pub(crate) matched: Option<u64>,
    pub(crate) scanned: u64,
}

impl Results {
    /// At most `limit` of the pages that match, behind the cursor. In the order found, a page of results ends early, with a
    /// `next`, once `effort` URLs were read to search them; other orders need them all. A cursor that
    /// [is not for](Cursor::is_for) the query leads anywhere.
    #[must_use]
    pub fn pages(&self, query: &Query, cursor: Option<&Cursor>, limit: usize, effort: usize) -> Pages {
        let selected = self.select(query, cursor, limit.max(1), effort);
        let mut rows = Rows::of(self);
        Pages {
            rows: selected.pages.iter().filter_map(|page| rows.row(*page)).collect(),
            next: selected.next,
            matched: selected.matched,
            scanned: selected.scanned,
        }
    }

    pub(crate) fn select(&self, query: &Query, cursor: Option<&Cursor>, limit: usize, effort: usize) -> Selected {
        let mut filter = Filter::of(self, query);
        let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let mut finder = text.map(|text| Finder::of(self.frontier.addresses(), text));
        let mut selected = match query.sort {
            Sort::Found => self.select_found(query, cursor, limit, effort, &mut filter, finder.as_mut()),
            Sort::Url => self.select_by_url(query, cursor, limit, &filter, finder.as_mut()),
            _ => self.select_by_key(query, cursor, limit, &filter, finder.as_mut()),
        };
        if finder.is_none() {
            selected.matched = selected.matched.or_else(|| self.known_matches(query));
        }
        selected
    }

    fn select_found(
        &self,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: usize,
        effort: usize,
        filter: &mut Filter<'_>,
        mut finder: Option<&mut Finder<'_>>,
    ) -> Selected {
        let known = self.frontier.known();
        let (mut selected, mut last) = (Selected::default(), None);
        let mut look = |ix: u32, page: &KnownPage, fact: Fact| {
            let spent = finder.as_ref().is_some_and(|finder| finder.read >= effort.max(1));
            if selected.pages.len() == limit || spent {
                return false;
            }
            last = Some(ix);
            selected.scanned += 1;
            if filter.admits(page, fact) && finder.as_mut().is_none_or(|finder| finder.finds(ix)) {
                selected.pages.push(ix);
            }
            true
        };
        let whole = match query.order {
            Order::Ascending => {
                let from = cursor.map_or(0, |cursor| cursor.page.saturating_add(1));
                let facts = self.facts.iter_from(from);
                self.frontier.pages_from(from).zip(facts).all(|((ix, page), fact)| look(ix, &page, fact))
            }
            Order::Descending => {
                let to = cursor.map_or(known, |cursor| cursor.page.min(known));
                (0..to).rev().all(|ix| self.frontier.page(ix).is_none_or(|page| look(ix, &page, self.facts.get(ix))))
            }
        };
        selected.next = last.filter(|_| !whole).map(|last| Cursor::new(query, 0, last));
        selected
    }

    /// How many pages match, where the counts say so.
    fn known_matches(&self, query: &Query) -> Option<u64> {
        let counts = self.counts();
        let only = |rest: Query| rest == Query { sort: query.sort, order: query.order, ..Query::default() };
        if query.is_of_all() {
            return Some(counts.discovered);
        }
        if only(Query { states: Vec::new(), ..query.clone() }) {
            use crate::State::{Failed, Fetched, InFlight, Queued, Redirected, Skipped};
            let of = [
                (Queued, counts.queued),
                (InFlight, counts.in_flight),
                (Fetched, counts.fetched),
                (Failed, counts.failed),
                (Redirected, counts.redirected),
                (Skipped, counts.skipped),
            ];
            return Some(of.iter().filter(|(state, _)| query.states.contains(state)).map(|(_, pages)| pages).sum());
        }
        if only(Query { reasons: Vec::new(), ..query.clone() }) {
            let asked = |name: &str| query.reasons.iter().any(|reason| reason.as_str() == name);
            return Some(counts.skipped_by_reason.iter().filter(|(name, _)| asked(name)).map(|(_, pages)| pages).sum());
        }
        if only(Query { statuses: Vec::new(), ..query.clone() }) {
            let asked = |code: u16| query.statuses.iter().any(|status| status.admits(code));
            let codes = counts.responses.iter().filter_map(|(key, pages)| Some((key.parse().ok()?, pages)));
            return Some(codes.filter(|(code, _)| asked(*code)).map(|(_, pages)| pages).sum());
        }
        None
    }

    /// A page's place in an order, the smallest first; the largest of all where it has nothing of the kind.
    fn key(&self, query: &Query, page: &KnownPage, fact: Fact) -> u64 {
        let record = || self.record(fact);
        let fetched = || record().filter(|_| page.state == PageState::Fetched);
        let status = |record: &Concluded| (record.status != 0).then_some(record.status.into());
        let value: Option<u64> = match query.sort {
            Sort::Found | Sort::Url => None,
            // The earliest of all times becomes the smallest number.
            Sort::FetchedAt => record().map(|record| (record.fetched_at as u64) ^ (1 << 63)),
            Sort::Status => record().and_then(status),
            Sort::Links => fetched().map(|record| record.links.into()),
            Sort::Bytes => fetched().map(|record| record.bytes.into()),
            Sort::Took => record().map(|record| record.took_ms.into()),
            Sort::Depth => page.depth.map(u64::from),
            Sort::Referrers => Some(fact.referrers.into()),
        };
        let largest = u64::MAX - 1;
        match (value.map(|value| value.min(largest)), query.order) {
            (None, _) => u64::MAX,
            (Some(value), Order::Ascending) => value,
            (Some(value), Order::Descending) => largest - value,
        }
    }
}
