//! What is asked of the pages: which of them, and in which order.

use std::str::FromStr;

use crawl_frontier::SkipReason;
use crawl_protocol::FailureClass;

use crate::{
    QueryError, State,
    words::{by_name, class, reason},
};

/// Which pages, and in which order. Of each list any one may hold; an empty one asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Where they stand.
    pub states: Vec<State>,
    /// How servers answered.
    pub statuses: Vec<StatusFilter>,
    /// On which host.
    pub host: Option<String>,
    /// Why they were left out; implies that they were.
    pub reasons: Vec<SkipReason>,
    /// How they failed; implies that they did.
    pub classes: Vec<FailureClass>,
    /// How many links from the nearest seed.
    pub depth: Option<u32>,
    /// A part of their URL, in upper or lower case.
    pub text: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Its direction.
    pub order: Order,
}

/// A status code, or a hundred of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    /// `404`
    Exact(u16),
    /// `4xx`: the first digit.
    Class(u16),
}

/// By what pages are sorted. Those that are alike in it, or have nothing of the kind, stand in the order they were found; the
/// latter last, whatever the direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The order in which they were found.
    #[default]
    Found,
    /// When the fetch ended.
    FetchedAt,
    /// The URL's bytes.
    Url,
    /// Status code.
    Status,
    /// Links on the page.
    Links,
    /// Bytes of the body.
    Bytes,
    /// How long the fetch took.
    Took,
    /// Links from the nearest seed.
    Depth,
    /// How many pages lead there.
    Referrers,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    #[default]
    Ascending,
    /// The largest first.
    Descending,
}

impl Query {
    /// Adds a comma separated list of states, as a URL's `state` has it.
    ///
    /// # Errors
    /// When one is not known.
    pub fn with_states(mut self, text: &str) -> Result<Self, QueryError> {
        self.states.extend(list(text, str::parse::<State>)?);
        Ok(self)
    }

    /// Adds a comma separated list of status codes and classes of them, as a URL's `status` has it.
    ///
    /// # Errors
    /// When one is none.
    pub fn with_statuses(mut self, text: &str) -> Result<Self, QueryError> {
        self.statuses.extend(list(text, str::parse::<StatusFilter>)?);
        Ok(self)
    }

    /// Adds a comma separated list of reasons, as a URL's `reason` has it.
    ///
    /// # Errors
    /// When one is not known.
    pub fn with_reasons(mut self, text: &str) -> Result<Self, QueryError> {
        self.reasons.extend(list(text, reason)?);
        Ok(self)
    }

    /// Adds a comma separated list of failure classes, as a URL's `class` has it.
    ///
    /// # Errors
    /// When one is not known.
    pub fn with_classes(mut self, text: &str) -> Result<Self, QueryError> {
        self.classes.extend(list(text, class)?);
        Ok(self)
    }

    /// Whether it asks for nothing but an order.
    pub(crate) fn is_of_all(&self) -> bool {
        let order = Self { sort: self.sort, order: self.order, ..Self::default() };
        *self == order
    }
}

fn list<T>(text: &str, one: impl Fn(&str) -> Result<T, QueryError>) -> Result<Vec<T>, QueryError> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

impl StatusFilter {
    pub(crate) fn admits(self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => status == exact,
            Self::Class(first) => status / 100 == first,
        }
    }
}

impl FromStr for StatusFilter {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let digits = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        let filter = match (digits, text.parse()) {
            (Some(first), _) => first.parse().ok().filter(|first| (1..=9).contains(first)).map(Self::Class),
            (None, Ok(exact)) => Some(Self::Exact(exact)).filter(|_| (100..=999).contains(&exact)),
            (None, Err(_)) => None,
        };
        let allowed = || "a code such as 404, or a class such as 4xx".to_owned();
        filter.ok_or_else(|| QueryError { field: "status", text: text.to_owned(), allowed: allowed() })
    }
}

impl Sort {
    pub(crate) const ALL: [(Self, &str); 9] = [
        (Self::Found, "found"),
        (Self::FetchedAt, "fetchedAt"),
        (Self::Url, "url"),
        (Self::Status, "status"),
        (Self::Links, "links"),
        (Self::Bytes, "bytes"),
        (Self::Took, "took"),
        (Self::Depth, "depth"),
        (Self::Referrers, "referrers"),
    ];
}

impl FromStr for Sort {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        by_name("sort", text, Self::ALL)
    }
}

impl FromStr for Order {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        by_name("order", text, [(Self::Ascending, "asc"), (Self::Descending, "desc")])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_mistakes_are_named() {
        let query = Query::default().with_states("failed, skipped,").and_then(|query| query.with_statuses("404,5xx"));
        let query = query.unwrap();
        assert_eq!(query.states, [State::Failed, State::Skipped]);
        assert_eq!(query.statuses, [StatusFilter::Exact(404), StatusFilter::Class(5)]);
        assert!(!query.is_of_all() && Query { sort: Sort::Url, ..Query::default() }.is_of_all());
        for text in ["4x", "xx", "0xx", "12", "1000", "4xx4", "-404", "é"] {
            let error = Query::default().with_statuses(text).unwrap_err().to_string();
            assert!(error.contains("such as 404"), "{error}");
        }
        let error = Query::default().with_states("broken").unwrap_err().to_string();
        assert_eq!(
            error,
            "state: \"broken\" is not known; write queued, inFlight, fetched, failed, redirected, skipped"
        );
        assert!("size".parse::<Sort>().is_err() && "down".parse::<Order>().is_err());
    }
}
