//! A crawl of more URLs than are sorted together.
#![allow(missing_docs, clippy::unwrap_used)]

use crawl_protocol::{Entry, Kind, Outcome, Page, Record};
use crawl_results::{Order, Query, Results, Rules, Sort};

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

fn told() -> (Results, Vec<String>) {
    let mut all = vec!["http://h/".to_owned()];
    let scope = crawl_frontier::Scope::of_kind(crawl_frontier::ScopeKind::Any);
    let rules = Rules { scope, max_links: 100_000, obey_robots: false, ..Rules::new(all.clone()) };
    let mut results = Results::new(UID, rules).unwrap();
    for number in 0..8_u64 {
        // Scattered, so that every run spans all of them; and some cannot be requested.
        let mut urls: Vec<String> = (0..10_000)
            .map(|n| format!("http://h/{}", (number * 10_000 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect();
        urls.extend((0..3).map(|n| format!("http://h:{number}{n}99999/")));
        let url = all[usize::try_from(number).unwrap()].clone();
        all.extend(urls.iter().cloned());
        let outcome = Outcome::Page(Page { status: 200, urls, ..Page::default() });
        let (crawl, kind) = (UID.to_owned(), Kind::Page);
        let record = Record { crawl, url, kind, depth: 0, attempt: 1, fetched_at: 1, took_ms: 1, outcome };
        results.apply(number, &Entry::Attempt(record));
    }
    all.iter_mut().filter(|url| url.contains("h:")).for_each(String::clear);
    (results, all)
}

#[test]
fn they_are_walked_by_url() {
    let (results, all) = told();
    assert_eq!(results.counts().discovered, all.len() as u64);
    for (order, fetched) in [(Order::Ascending, false), (Order::Descending, false), (Order::Descending, true)] {
        let mut query = Query { sort: Sort::Url, order, ..Query::default() };
        let mut expected = all.clone();
        if fetched {
            query = query.with_states("fetched").unwrap();
            expected.truncate(8);
        }
        expected.sort_by(|a, b| {
            let urls = if order == Order::Ascending { a.cmp(b) } else { b.cmp(a) };
            a.is_empty().cmp(&b.is_empty()).then(urls)
        });
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let page = results.pages(&query, cursor.as_ref(), 9_000, 1);
            found.extend(page.rows.into_iter().map(|row| row.url));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(found == expected, "{order:?}: {} and not {}", found.len(), expected.len());
    }
}
