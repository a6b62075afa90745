//! A crawl of a few pages, asked for everything.
#![allow(missing_docs, clippy::unwrap_used)]

use crawl_protocol::{Entry, FailureClass, Kind, Outcome, Page, Record};
use crawl_results::{Cursor, Order, Query, Results, Rules, Sort, State};

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

/// A crawl that is told what its pages answer.
pub struct Told {
    pub results: Results,
    now: i64,
}

impl Told {
    fn new() -> Self {
        let rules = Rules { obey_robots: false, ..Rules::new(vec!["http://a/".to_owned()]) };
        Self { results: Results::new(UID, rules).unwrap(), now: 1_000_000 }
    }

    fn record(&mut self, url: &str, outcome: Outcome) -> &mut Self {
        self.now += 1000;
        let (crawl, url, fetched_at) = (UID.to_owned(), url.to_owned(), self.now);
        let record = Record { crawl, url, kind: Kind::Page, depth: 0, attempt: 1, fetched_at, took_ms: 7, outcome };
        self.results.apply(self.results.entries(), &Entry::Attempt(record));
        self
    }

    fn page(&mut self, url: &str, links: &[&str], nofollow: &[&str]) -> &mut Self {
        let list = |urls: &[&str]| -> Vec<String> { urls.iter().map(|url| (*url).to_owned()).collect() };
        let (urls, nofollow) = (list(links), list(nofollow));
        let (content_type, links) = ("text/html".to_owned(), urls.len() as u64);
        self.record(
            url,
            Outcome::Page(Page { status: 200, content_type, bytes: 10, links, urls, nofollow, ..Page::default() }),
        )
    }

    fn failure(&mut self, url: &str) -> &mut Self {
        let (class, message) = (FailureClass::HttpStatus, "the server answered 404".to_owned());
        self.record(url, Outcome::Failure { class, message, status: Some(404), retryable: false, retry_after_ms: None })
    }
}

fn told() -> Told {
    let mut told = Told::new();
    told.page(
        "http://a/",
        &["http://a/x/1", "http://a/x/2", "http://b/", "http://a/", "http://a/gone"],
        &["http://a/n"],
    )
    .page("http://a/x/1", &["http://a/gone", "http://a/x/2?q=/"], &[])
    .record("http://a/x/2", Outcome::Redirect { status: 301, location: "http://a/x/1".to_owned() })
    .failure("http://a/gone");
    told
}

fn urls(results: &Results, query: &Query) -> Vec<String> {
    results.pages(query, None, 100, 1000).rows.into_iter().map(|row| row.url).collect()
}

#[test]
fn pages_are_listed() {
    let told = told();
    let all = urls(&told.results, &Query::default());
    assert_eq!(
        all,
        ["http://a/", "http://a/x/1", "http://a/x/2", "http://b/", "http://a/gone", "http://a/n", "http://a/x/2?q=/"]
    );
    let skipped = Query::default().with_states("skipped").unwrap();
    assert_eq!(urls(&told.results, &skipped), ["http://b/", "http://a/n"]);
    let text = Query { text: Some("X/2".to_owned()), sort: Sort::Url, ..Query::default() };
    assert_eq!(urls(&told.results, &text), ["http://a/x/2", "http://a/x/2?q=/"]);
    let none = Query { host: Some("c".to_owned()), ..Query::default() };
    assert!(urls(&told.results, &none).is_empty());
}

#[test]
fn a_page_says_what_its_record_did() {
    let told = told();
    let gone = told.results.page("http://a/gone#there").unwrap();
    assert_eq!((gone.state, gone.status, gone.referrers, gone.offset), (State::Failed, Some(404), 2, Some(3)));
    assert_eq!(gone.found_on.as_deref(), Some("http://a/"));
    assert_eq!(
        serde_json::to_value(told.results.page("http://a/x/2").unwrap()).unwrap(),
        serde_json::json!({
            "id": told.results.page("http://a/x/2").unwrap().id, "url": "http://a/x/2", "state": "redirected", "host": "a",
            "depth": 1, "status": 301, "tookMs": 7, "fetchedAt": "1970-01-01T00:16:43Z", "attempt": 1,
            "redirectsTo": "http://a/x/1", "referrers": 1, "foundOn": "http://a/"
        })
    );
    assert_eq!(told.results.page("http://a/never"), None);
}

#[test]
fn broken_links_are_found() {
    let told = told();
    let broken = told.results.broken(&Query::default(), None, 10);
    assert_eq!((broken.items.len(), broken.total, broken.next), (1, Some(1), None));
    assert_eq!(broken.items[0].referrers, ["http://a/", "http://a/x/1"]);
    assert_eq!((broken.items[0].referrer_count, broken.items[0].class), (2, "httpStatus"));
    let first = told.results.referrers("http://a/x/1", None, 1).unwrap();
    assert_eq!((first.items[0].url.as_str(), first.total), ("http://a/", 2));
    let second = told.results.referrers("http://a/x/1", first.next.as_ref(), 5).unwrap();
    assert_eq!((second.items[0].url.as_str(), second.next), ("http://a/x/2", None));
    assert_eq!(told.results.referrers("http://a/", None, 5).unwrap().items[0].url, "http://a/");
}

#[test]
fn sums_are_those_of_the_counts() {
    let told = told();
    let sums = told.results.breakdown();
    let found: Vec<_> = sums.hosts.iter().map(|host| (host.host.as_str(), host.pages, host.links)).collect();
    assert_eq!(found, [("a", 6, 7), ("b", 1, 0)]);
    let points = told.results.timeline();
    let last = points.last().unwrap();
    assert_eq!((points[0].found, last.found, last.fetched, last.failed), (6, 7, 2, 1));
    let log = told.results.processed(0, 2);
    assert_eq!((log.0.len(), log.1), (2, Some(3)));
    let (rest, end) = told.results.processed(3, 2);
    assert_eq!((rest[0].url.as_str(), rest[0].links, end), ("http://a/gone", None, None));
}

#[test]
fn the_map_is_walked_down() {
    let told = told();
    let top = told.results.map("", 10);
    assert_eq!((top.pages, top.children.len(), top.more.nodes), (7, 2, 0));
    let origin = &top.children[0];
    assert_eq!((origin.prefix.as_str(), origin.name.as_str(), origin.pages), ("http://a", "http://a", 6));
    let names: Vec<_> = origin.children.iter().map(|node| (node.name.as_str(), node.pages, node.leaf)).collect();
    assert_eq!(names, [("x/", 3, false), ("gone", 1, true), ("n", 1, true)]);
    assert_eq!(origin.children[0].prefix, "http://a/x/");
    let again = told.results.map("http://a", 10);
    assert_eq!((&again.name, &again.prefix, again.pages), (&origin.name, &origin.prefix, 6));
    let folder = told.results.map("http://a/x/", 1);
    assert_eq!((folder.name.as_str(), folder.children[0].name.as_str()), ("x/", "1"));
    assert_eq!((folder.children[0].leaf, folder.more.nodes, folder.more.pages), (true, 2, 2));
    assert_eq!(told.results.map("http://nowhere", 10).pages, 0);
}

#[test]
fn a_cursor_from_elsewhere_does_no_harm() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let told = told();
    for order in (0..18).chain([255]) {
        for (key, page) in [(0, 0), (u64::MAX, u32::MAX), (1 << 40, 1 << 20), (u64::MAX, 0), (0, 6), (0, 7)] {
            let bytes = [&[1, order][..], &u64::to_be_bytes(key), &u32::to_be_bytes(page)].concat();
            let cursor = Cursor::parse(&BASE64_URL_SAFE_NO_PAD.encode(bytes)).unwrap();
            for sort in [Sort::Found, Sort::Url, Sort::Took, Sort::Depth] {
                for order in [Order::Ascending, Order::Descending] {
                    for text in [None, Some("x".to_owned())] {
                        let query = Query { sort, order, text, ..Query::default() };
                        assert!(told.results.pages(&query, Some(&cursor), 2, 1).rows.len() <= 2);
                    }
                }
            }
            assert!(told.results.referrers("http://a/gone", Some(&cursor), 5).is_some());
            assert!(told.results.broken(&Query::default(), Some(&cursor), 5).items.len() <= 1);
        }
    }
}
