//! What may be asked of pages, as query parameters. A wrong one is named, with what to write.

use crawl_results::{Cursor, CursorError, Order, Query, QueryError, Sort};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Problem;
use crate::http::Limit;

/// Which pages, in which order, and how many.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct PagesQuery {
    /// Where they stand: queued, inFlight, fetched, failed, redirected, skipped; several with commas.
    pub(crate) state: Option<String>,
    /// Status codes such as 404, or classes of them such as 4xx; several with commas.
    pub(crate) status: Option<String>,
    /// The host they are on.
    pub(crate) host: Option<String>,
    /// Why they were left out, as in skippedByReason; several with commas.
    pub(crate) reason: Option<String>,
    /// How they failed, such as dns or timeout; several with commas.
    pub(crate) class: Option<String>,
    /// How many links they are from the nearest seed.
    pub(crate) depth: Option<u32>,
    /// A part of their URL, in upper or lower case.
    pub(crate) q: Option<String>,
    /// By what they are sorted: found (as usual), fetchedAt, url, status, links, bytes, took, depth, referrers.
    pub(crate) sort: Option<String>,
    /// asc (as usual) or desc.
    pub(crate) order: Option<String>,
    /// How many at most.
    #[serde(default)]
    pub(crate) limit: Limit<50, 500>,
    /// The `next` of an answer with the same parameters.
    pub(crate) cursor: Option<String>,
}

impl PagesQuery {
    /// What is asked.
    pub(crate) fn query(&self) -> Result<Query, Problem> {
        let text = |given: &Option<String>| given.clone().filter(|text| !text.is_empty());
        let query = Query { host: text(&self.host), depth: self.depth, text: text(&self.q), ..Query::default() };
        let sorted = |query: Query| {
            let sort = text(&self.sort).map_or(Ok(Sort::default()), |sort| sort.parse())?;
            let order = text(&self.order).map_or(Ok(Order::default()), |order| order.parse())?;
            Ok(Query { sort, order, ..query })
        };
        query
            .with_states(self.state.as_deref().unwrap_or_default())
            .and_then(|query| query.with_statuses(self.status.as_deref().unwrap_or_default()))
            .and_then(|query| query.with_reasons(self.reason.as_deref().unwrap_or_default()))
            .and_then(|query| query.with_classes(self.class.as_deref().unwrap_or_default()))
            .and_then(sorted)
            .map_err(|error| wrong(&error))
    }

    /// What is asked, and where to go on.
    pub(crate) fn read(&self) -> Result<(Query, Option<Cursor>), Problem> {
        let query = self.query()?;
        let cursor = cursor(self.cursor.as_deref())?;
        if cursor.is_some_and(|cursor| !cursor.is_for(&query)) {
            let message = "it was given with another sort or order; leave it out to begin anew";
            return Err(Problem::bad_request("cursor", message));
        }
        Ok((query, cursor))
    }
}

/// Where to go on; an empty text begins anew.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Problem> {
    let read = text.filter(|text| !text.is_empty()).map(Cursor::parse).transpose();
    read.map_err(|CursorError| {
        Problem::bad_request("cursor", "it was not given with a page of results; leave it out to begin anew")
    })
}

fn wrong(error: &QueryError) -> Problem {
    Problem::bad_request(error.field, format!("{:?} is not known; write {}", error.text, error.allowed))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        let asked = [
            ("state", PagesQuery { state: some("fetched,broken"), ..PagesQuery::default() }),
            ("status", PagesQuery { status: some("6x"), ..PagesQuery::default() }),
            ("reason", PagesQuery { reason: some("Robot"), ..PagesQuery::default() }),
            ("class", PagesQuery { class: some("DNS"), ..PagesQuery::default() }),
            ("sort", PagesQuery { sort: some("size"), ..PagesQuery::default() }),
            ("order", PagesQuery { order: some("up"), ..PagesQuery::default() }),
            ("cursor", PagesQuery { cursor: some("é"), ..PagesQuery::default() }),
        ];
        for (field, asked) in asked {
            let problem = asked.read().unwrap_err();
            assert_eq!((problem.status.as_u16(), problem.errors[0].field.as_str()), (400, field), "{problem:?}");
        }
    }

    #[test]
    fn empty_parameters_ask_for_nothing() {
        let empty = || some("");
        let asked = PagesQuery {
            state: empty(),
            host: empty(),
            q: empty(),
            sort: empty(),
            order: empty(),
            cursor: empty(),
            ..PagesQuery::default()
        };
        assert_eq!(asked.read().unwrap(), (Query::default(), None));
    }
}
