//! What the results of a large crawl cost to hold and to read: `cargo bench -p crawl-results`, part of `make bench`.
//!
//! A generated crawl of `PAGES` pages (1,000,000 with `WHOLE=1`, else 100,000) on forty hosts, in folders, with some 15 links a page whose
//! targets follow a power law; a third more URLs are known than are fetched. All times are of the processor, the best of three.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

use std::time::Duration;

use crawl_protocol::{Entry, Opened};
use crawl_results::{Order, Query, Results, Rules, Sort};
use site::Site;

mod site;

const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

fn main() {
    let default = if std::env::var_os("WHOLE").is_some() { 1_000_000 } else { 100_000 };
    let pages = std::env::var("PAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let results = fold(pages);
    for (name, took, rows) in read(&results) {
        println!("{name:<44} {:>9.1} ms   {rows} rows", took.as_secs_f64() * 1e3);
    }
}

fn fold(pages: u32) -> Results {
    let mut site = Site::new(pages);
    let scope = crawl_frontier::Scope::of_kind(crawl_frontier::ScopeKind::Domain);
    let rules =
        Rules { max_links: pages.into(), max_depth: 1000, obey_robots: false, scope, ..Rules::new(vec![site.url(0)]) };
    let before = resident();
    let mut results = Results::new(UID, rules).unwrap();
    let (mut folding, mut encoded, mut decoding) = (Duration::ZERO, 0, Duration::ZERO);
    let session = String::new();
    let opened = Opened { crawl: UID.to_owned(), session, spec_hash: String::new(), rules_version: 1, at: 0 };
    results.apply(0, &Entry::Opened(opened));
    while let Some(record) = site.next_record(UID) {
        let body = Entry::Attempt(record).encode();
        encoded += body.len();
        let at = processor_time();
        let entry = Entry::decode(&body).unwrap();
        let decoded = processor_time();
        results.apply(results.entries(), &entry);
        folding += processor_time() - decoded;
        decoding += decoded - at;
    }
    let (known, entries) = (results.counts().discovered, results.entries());
    // The site remembers what it has named, in four bytes each.
    let held = resident().saturating_sub(before + 4 * known as usize);
    println!(
        "{} pages processed, {known} URLs known, {} bytes a record",
        results.counts().processed(),
        encoded as u64 / entries
    );
    println!(
        "to fold a record         {:>10.1} µs, and {:.1} to decode it",
        per(folding, entries),
        per(decoding, entries)
    );
    println!(
        "weight                   {:>10.1} bytes a known URL, {} MB",
        results.weight() as f64 / known as f64,
        results.weight() >> 20
    );
    println!("resident memory          {:>10.1} bytes a known URL, {} MB", held as f64 / known as f64, held >> 20);
    println!("of that the frontier     {:>10.1} bytes a known URL", results.weight_of_frontier() as f64 / known as f64);
    results
}

fn per(time: Duration, n: u64) -> f64 {
    time.as_secs_f64() * 1e6 / n as f64
}

fn read(results: &Results) -> Vec<(String, Duration, usize)> {
    let mut found = Vec::new();
    let mut ask = |name: &str, question: &dyn Fn() -> usize| {
        let mut best = (Duration::MAX, 0);
        for _ in 0..3 {
            let at = processor_time();
            let rows = question();
            best = best.min((processor_time() - at, rows));
        }
        found.push((name.to_owned(), best.0, best.1));
    };
    let sorts = [
        ("found", Sort::Found),
        ("fetchedAt", Sort::FetchedAt),
        ("url", Sort::Url),
        ("status", Sort::Status),
        ("links", Sort::Links),
        ("bytes", Sort::Bytes),
        ("took", Sort::Took),
        ("depth", Sort::Depth),
        ("referrers", Sort::Referrers),
    ];
    for (name, sort) in sorts {
        for order in [Order::Ascending, Order::Descending] {
            let query = Query { sort, order, ..Query::default() };
            ask(&format!("50 by {name}, {order:?}"), &|| results.pages(&query, None, 50, EFFORT).rows.len());
        }
    }
    let some = |text: &str| Query { text: Some(text.to_owned()), ..Query::default() };
    let failed = Query::default().with_states("failed").unwrap();
    let host = Query { host: Some("h7.example.com".to_owned()), ..Query::default() };
    let never = Query::default().with_statuses("599").unwrap();
    for (name, query) in [
        ("failed", failed.clone()),
        ("one host", host.clone()),
        ("status 599: none", never),
        ("text, frequent", some("tuning")),
        ("text, none: cut", some("nowhere-at-all")),
        ("failed by url", Query { sort: Sort::Url, ..failed.clone() }),
        ("one host by url, descending", Query { sort: Sort::Url, order: Order::Descending, ..host }),
        ("text, frequent, by links", Query { sort: Sort::Links, ..some("tuning") }),
        ("text, none, by links", Query { sort: Sort::Links, ..some("nowhere-at-all") }),
    ] {
        ask(&format!("50 of {name}"), &|| results.pages(&query, None, 50, EFFORT).rows.len());
    }
    ask("text, none, all of it", &|| results.pages(&some("nowhere-at-all"), None, 50, usize::MAX).rows.len());
    ask("500 rows by found", &|| results.pages(&Query::default(), None, 500, EFFORT).rows.len());
    ask("export of 10,000 rows", &|| results.pages(&Query::default(), None, 10_000, EFFORT).rows.len());
    ask("50 broken with their referrers", &|| results.broken(&Query::default(), None, 50).items.len());
    let rare = results.broken(&Query::default(), None, 500);
    let rare = rare.items.iter().min_by_key(|page| page.referrer_count).unwrap().url.clone();
    ask("all referrers of one page", &|| results.referrers(&rare, None, 50).unwrap().items.len());
    ask("one page", &|| usize::from(results.page(&rare).is_some()));
    ask("breakdown", &|| results.breakdown().hosts.len());
    ask("timeline", &|| results.timeline().len());
    ask("map of all", &|| results.map("", 60).children.len());
    ask("map of one host", &|| results.map("https://h7.example.com", 60).children.len());
    found
}

/// URLs that may be read for one page of results.
const EFFORT: usize = 500_000;

/// What this thread has had of the processor: neighbours on the machine do not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
}
