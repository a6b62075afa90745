//! Every query over random logs against lists that are filtered and sorted as simply as can be.
//!
//! A failure prints its seed; `SEED=17 cargo test -p crawl-results --test model` replays it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::{HashMap, HashSet};

use crawl_frontier::{Frontier, Scope, ScopeKind};
use crawl_protocol::Entry;
use crawl_results::{Cursor, MapNode, Query, Results, Row, Rules};
use random::Random;
use web::Web;

mod expected;
mod random;
mod web;

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";
const SEED: &str = "http://h0.example/";

struct Told {
    web: Web,
    results: Results,
    frontier: Frontier,
    random: Random,
}

impl Told {
    fn new(seed: u64) -> Self {
        let scope = Scope::of_kind(ScopeKind::Any);
        let seeds = vec![SEED.to_owned()];
        let rules = Rules { scope, obey_robots: false, max_redirects: 1000, max_depth: 1000, ..Rules::new(seeds) };
        let results = Results::new(UID, rules.clone()).unwrap();
        Self { web: Web::new(SEED), results, frontier: Frontier::new(UID, rules).unwrap(), random: Random(seed) }
    }

    fn tell(&mut self, records: usize) {
        for _ in 0..records {
            let record = self.web.next(UID, &mut self.random);
            self.frontier.apply(&record);
            self.results.apply(self.results.entries(), &Entry::Attempt(record));
            assert_eq!(self.results.counts(), self.frontier.counts());
            assert_eq!(self.results.finish(), self.frontier.finish());
        }
    }

    /// All rows, by as many pages of results as it takes; `between` comes between any two.
    fn walk(&mut self, query: &Query, mut between: impl FnMut(&mut Self)) -> Vec<Row> {
        let (mut rows, mut cursor) = (Vec::new(), None::<Cursor>);
        let limit = 1 + self.random.below(20);
        for _ in 0..10_000 {
            let page = self.results.pages(query, cursor.as_ref(), limit, 1 + self.random.below(200));
            assert!(page.rows.len() <= limit);
            rows.extend(page.rows);
            match page.next {
                None => return rows,
                Some(next) => cursor = Some(Cursor::parse(&next.to_string()).unwrap()),
            }
            between(self);
        }
        panic!("there is no end to {query:?}");
    }
}

fn with_seeds(test: impl Fn(u64)) {
    if let Some(seed) = std::env::var("SEED").ok().and_then(|text| text.parse().ok()) {
        return test(seed);
    }
    for seed in 0..20 {
        println!("SEED={seed}");
        test(seed);
    }
}

#[test]
fn queries_find_what_a_list_has() {
    with_seeds(|seed| {
        let mut told = Told::new(seed);
        for _ in 0..4 {
            let records = told.random.below(120);
            told.tell(records);
            for _ in 0..12 {
                let query = expected::query(&mut told.random);
                let expected = expected::rows(&told.web, &query);
                let rows = told.walk(&query, |_| ());
                let found: Vec<&str> = rows.iter().map(|row| row.url.as_str()).collect();
                let urls: Vec<&str> = expected.iter().map(|(url, _)| url.as_str()).collect();
                assert_eq!(found, urls, "{query:?}");
                let matched = told.results.pages(&query, None, 3, 1000).matched;
                assert!(matched.is_none_or(|matched| matched == expected.len() as u64), "{query:?} {matched:?}");
            }
        }
    });
}

#[test]
fn rows_are_not_lost_while_the_log_grows() {
    with_seeds(|seed| {
        let mut told = Told::new(seed);
        told.tell(100);
        let query = expected::query(&mut told.random);
        let before: HashMap<_, _> = expected::rows(&told.web, &query).into_iter().collect();
        let rows = told.walk(&query, |told| told.tell(1));
        let after: HashMap<_, _> = expected::rows(&told.web, &query).into_iter().collect();
        let mut seen = HashSet::new();
        for row in &rows {
            let first = seen.insert(row.url.as_str());
            assert!(first || before.get(&row.url) != after.get(&row.url), "{} twice in {query:?}", row.url);
        }
        for (url, key) in &before {
            assert!(after.get(url) != Some(key) || seen.contains(url.as_str()), "{url} is not in {query:?}");
        }
    });
}

#[test]
fn referrers_and_sums_are_those_of_the_list() {
    with_seeds(|seed| {
        let mut told = Told::new(seed);
        told.tell(300);
        let failed = Query::default().with_states("failed").unwrap();
        let broken = told.results.broken(&Query::default(), None, 1000);
        assert_eq!(broken.items.len(), expected::rows(&told.web, &failed).len());
        for page in &told.web.pages {
            let row = told.results.page(&page.url).unwrap();
            assert_eq!(
                (row.referrers as usize, &row.found_on),
                (page.referrers.len(), &page.referrers.first().cloned())
            );
            assert_eq!(
                row.fetched_at.map(|at| at.as_millisecond()),
                page.record.as_ref().map(|record| record.fetched_at)
            );
            if let Some(broken) = broken.items.iter().find(|broken| broken.url == page.url) {
                assert_eq!(broken.referrers, page.referrers[..page.referrers.len().min(20)]);
            }
            let (mut found, mut after) = (Vec::new(), None);
            while let Some(some) = told.results.referrers(&page.url, after.as_ref(), 3) {
                found.extend(some.items.into_iter().map(|one| one.url));
                after = some.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, page.referrers);
        }
        let counts = told.results.counts();
        let sums = told.results.breakdown();
        assert_eq!(sums.hosts.iter().map(|host| host.bytes).sum::<u64>(), counts.bytes);
        assert_eq!(sums.hosts.iter().map(|host| host.pages).sum::<u64>(), counts.discovered);
        assert_eq!(sums.types.iter().map(|one| one.pages).sum::<u64>(), counts.fetched);
        assert_eq!(sums.depths.iter().map(|depth| depth.failed).sum::<u64>(), counts.failed);
        let points = told.results.timeline();
        let last = points.last().unwrap();
        assert_eq!((last.found, last.fetched, last.failed), (counts.discovered, counts.fetched, counts.failed));
        assert!(points.len() <= 300 && points.is_sorted_by_key(|point| (point.at, point.found)));
        assert_eq!(told.results.processed(0, 10_000).0.len() as u64, counts.processed());
    });
}

#[test]
fn the_map_is_that_of_the_list() {
    with_seeds(|seed| {
        let mut told = Told::new(seed);
        told.tell(200);
        let limit = 1 + told.random.below(8);
        let mut prefixes = vec![String::new()];
        while let Some(prefix) = prefixes.pop() {
            let node = told.results.map(&prefix, limit);
            check(&told, &node, limit);
            for child in node.children {
                check(&told, &child, limit);
                if !child.leaf {
                    prefixes.push(child.prefix);
                }
            }
        }
    });
}

/// What a node says of its pages, and that nothing below it was forgotten.
fn check(told: &Told, node: &MapNode, limit: usize) {
    let start = if node.prefix.matches('/').count() == 2 { format!("{}/", node.prefix) } else { node.prefix.clone() };
    let below = |url: &str| if node.leaf { url == node.prefix } else { url.starts_with(&start) };
    let pages: Vec<_> = told.web.pages.iter().filter(|page| below(&page.url)).collect();
    assert_eq!(node.pages, pages.len() as u64, "{}", node.prefix);
    assert_eq!(node.referrers, pages.iter().map(|page| page.referrers.len() as u64).sum::<u64>(), "{}", node.prefix);
    if !node.leaf {
        let own = pages.iter().filter(|page| page.url == start).count() as u64;
        let shown: u64 = node.children.iter().map(|child| child.pages).sum();
        assert_eq!(own + shown + node.more.pages, node.pages, "{node:?}");
        assert!(node.children.len() <= limit && node.children.is_sorted_by(|a, b| a.links >= b.links));
        assert_eq!(node.more.nodes > 0, node.more.pages > 0);
    }
}
