//! What a crawl's results say that they weigh, against what was allocated.
#![allow(missing_docs, clippy::unwrap_used)]

use crawl_protocol::Entry;
use crawl_results::{Results, Rules};
use peak_alloc::PeakAlloc;
use site::Site;

#[path = "../benches/site/mod.rs"]
mod site;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

#[test]
fn the_weight_is_what_is_allocated() {
    for (pages, robots, budget) in
        [(300, true, None), (3_000, false, None), (20_000, true, None), (20_000, false, Some(2_000))]
    {
        let mut site = Site::new(pages);
        let scope = crawl_frontier::Scope::of_kind(crawl_frontier::ScopeKind::Domain);
        let seeds = vec![site.url(0)];
        let rules = Rules {
            max_links: 1_000_000,
            max_depth: 1000,
            obey_robots: robots,
            max_pages_per_host: budget,
            scope,
            ..Rules::new(seeds)
        };
        let before = ALLOCATED.current_usage();
        let mut results = Results::new(UID, rules).unwrap();
        while let Some(record) = site.next_record(UID) {
            results.apply(results.entries(), &Entry::Attempt(record));
        }
        let (weight, allocated) = (results.weight(), ALLOCATED.current_usage() - before);
        let (least, most) = (allocated * 85 / 100, allocated * 115 / 100 + 20_000);
        let known = results.counts().discovered;
        assert!((least..=most).contains(&weight), "{weight} of {allocated} bytes, {known} URLs known");
    }
}
