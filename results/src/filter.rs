//! Whether a page is one that was asked for, as far as that can be told without its URL.

use crawl_frontier::{KnownPage, PageState};

use crate::{Query, Results, State, StatusFilter, concluded::Concluded, facts::Fact};

/// A query, in a form that is quick to ask.
pub(crate) struct Filter<'a> {
    results: &'a Results,
    /// Bits of states; 0 asks for nothing, as below.
    states: u8,
    reasons: u16,
    classes: u16,
    statuses: &'a [StatusFilter],
    /// `Some(None)`: a host that has no page.
    host: Option<Option<u32>>,
    depth: Option<u32>,
    all: bool,
}

impl<'a> Filter<'a> {
    pub(crate) fn of(results: &'a Results, query: &'a Query) -> Self {
        let host = query.host.as_deref();
        let host = host.map(|name| results.frontier.find_host(name.to_ascii_lowercase().trim_end_matches('.')));
        Self {
            results,
            states: query.states.iter().fold(0, |bits, state| bits | 1 << *state as u8),
            reasons: query.reasons.iter().fold(0, |bits, reason| bits | 1 << *reason as u8),
            classes: query.classes.iter().fold(0, |bits, class| bits | 1 << *class as u8),
            statuses: &query.statuses,
            host,
            depth: query.depth,
            all: Query { text: None, ..query.clone() }.is_of_all(),
        }
    }

    pub(crate) fn admits(&self, page: &KnownPage, fact: Fact) -> bool {
        self.all || (self.admits_page(page) && self.admits_record(page, fact))
    }

    fn admits_page(&self, page: &KnownPage) -> bool {
        let state = self.states == 0 || self.states & 1 << State::of(page.state) as u8 != 0;
        let reason = match page.state {
            PageState::Skipped(reason) => self.reasons == 0 || self.reasons & 1 << reason as u8 != 0,
            _ => self.reasons == 0,
        };
        let host = self.host.is_none_or(|host| host.is_some() && page.host == host);
        state && reason && host && (self.depth.is_none() || self.depth == page.depth)
    }

    fn admits_record(&self, page: &KnownPage, fact: Fact) -> bool {
        if self.statuses.is_empty() && self.classes == 0 {
            return true;
        }
        self.results.record(fact).is_some_and(|record: &Concluded| {
            let class = self.classes == 0 || (page.state == PageState::Failed && self.classes & 1 << record.class != 0);
            class && (self.statuses.is_empty() || self.statuses.iter().any(|status| status.admits(record.status)))
        })
    }
}
