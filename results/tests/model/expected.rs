//! What a query must find: the pages filtered and sorted as its documentation says.

use std::cmp::Ordering;

use crawl_protocol::{FailureClass, Outcome, Record};
use crawl_results::{Order, Query, Sort, State, StatusFilter};

use crate::{
    random::Random,
    web::{Known, Web},
};

fn state(page: &Known) -> State {
    match page.record.as_ref().map(|record| &record.outcome) {
        None if page.reached => State::Queued,
        None => State::Skipped,
        Some(Outcome::Page(_)) => State::Fetched,
        Some(Outcome::Redirect { .. }) => State::Redirected,
        Some(_) => State::Failed,
    }
}

fn status(record: &Record) -> Option<u16> {
    match &record.outcome {
        Outcome::Page(page) => Some(page.status),
        Outcome::Redirect { status, .. } => Some(*status),
        Outcome::Failure { status, .. } => *status,
        _ => None,
    }
}

fn matches(query: &Query, page: &Known, depth: Option<u32>) -> bool {
    let status = page.record.as_ref().and_then(status);
    let admits = |filter: &StatusFilter| match filter {
        StatusFilter::Exact(exact) => status == Some(*exact),
        StatusFilter::Class(first) => status.map(|status| status / 100) == Some(*first),
    };
    let class = match page.record.as_ref().map(|record| &record.outcome) {
        Some(Outcome::Failure { class, .. }) => Some(*class),
        _ => None,
    };
    let text = query.text.as_ref().is_none_or(|text| page.url.to_lowercase().contains(&text.to_lowercase()));
    (query.states.is_empty() || query.states.contains(&state(page)))
        && (query.statuses.is_empty() || query.statuses.iter().any(admits))
        && (query.classes.is_empty() || class.is_some_and(|class| query.classes.contains(&class)))
        && (query.reasons.is_empty() || state(page) == State::Skipped)
        && query.host.as_ref().is_none_or(|host| *host == page.host)
        && (query.depth.is_none() || query.depth == depth)
        && text
}

/// What a page is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    Number(Option<i64>),
    Text(String),
}

fn key(sort: Sort, page: &Known, depth: Option<u32>) -> Key {
    let fetched = match page.record.as_ref().map(|record| &record.outcome) {
        Some(Outcome::Page(page)) => Some(page),
        _ => None,
    };
    let record = page.record.as_ref();
    Key::Number(match sort {
        Sort::Found => return Key::Number(Some(0)),
        Sort::Url => return Key::Text(page.url.clone()),
        Sort::FetchedAt => record.map(|record| record.fetched_at),
        Sort::Status => record.and_then(status).map(i64::from),
        Sort::Links => fetched.map(|page| page.links as i64),
        Sort::Bytes => fetched.map(|page| page.bytes as i64),
        Sort::Took => record.map(|record| record.took_ms as i64),
        Sort::Depth => depth.map(i64::from),
        Sort::Referrers => Some(page.referrers.len() as i64),
    })
}

fn compare(order: Order, a: &Key, b: &Key) -> Ordering {
    let directed = |ordering: Ordering| if order == Order::Ascending { ordering } else { ordering.reverse() };
    match (a, b) {
        (Key::Number(None), Key::Number(None)) => Ordering::Equal,
        (Key::Number(None), _) => Ordering::Greater,
        (_, Key::Number(None)) => Ordering::Less,
        (Key::Number(a), Key::Number(b)) => directed(a.cmp(b)),
        (Key::Text(a), Key::Text(b)) => directed(a.cmp(b)),
        _ => unreachable!("one order has one kind of key"),
    }
}

/// The URLs of all rows in their order, each with what it is sorted by.
pub(crate) fn rows(web: &Web, query: &Query) -> Vec<(String, Key)> {
    let depths = web.depths();
    let matching = web.pages.iter().zip(&depths).filter(|(page, depth)| matches(query, page, **depth));
    let mut rows: Vec<_> = matching.map(|(page, depth)| (page.url.clone(), key(query.sort, page, *depth))).collect();
    if query.sort == Sort::Found && query.order == Order::Descending {
        rows.reverse();
    }
    rows.sort_by(|a, b| compare(query.order, &a.1, &b.1));
    rows
}

/// Asks for something that may well be there.
pub(crate) fn query(random: &mut Random) -> Query {
    let sorts = [
        Sort::Found,
        Sort::FetchedAt,
        Sort::Url,
        Sort::Status,
        Sort::Links,
        Sort::Bytes,
        Sort::Took,
        Sort::Depth,
        Sort::Referrers,
    ];
    let orders = [Order::Ascending, Order::Descending];
    let mut query = Query { sort: sorts[random.below(9)], order: orders[random.below(2)], ..Query::default() };
    for _ in 0..random.below(3) {
        match random.below(7) {
            0 => {
                query =
                    query.with_states(["fetched", "failed,queued", "skipped", "redirected"][random.below(4)]).unwrap()
            }
            1 => query = query.with_statuses(["2xx", "404,301", "206", "5xx"][random.below(4)]).unwrap(),
            2 => {
                query.classes = vec![[FailureClass::Dns, FailureClass::HttpStatus, FailureClass::Tls][random.below(3)]]
            }
            3 => query = query.with_reasons("Nofollow").unwrap(),
            4 => query.host = Some(format!("h{}.example", random.below(4))),
            5 => query.depth = Some(random.below(5) as u32),
            _ => {
                query.text =
                    Some(["beta/", "%c3%a9", "/7", "?A=", "h1.example/", "nowhere"][random.below(6)].to_owned())
            }
        }
    }
    query
}
