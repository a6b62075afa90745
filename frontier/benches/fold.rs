//! How fast the fold is and what a known URL costs, on a generated site with 78 links a page: `make bench`.
//!
//! The site has `PAGES` pages (1,000,000 unless the environment says otherwise) whose addresses look like a manual's: sections,
//! words, numbers. Each page links to ten pages that all pages link to, to its neighbours, to its children, and to far ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

use std::time::Duration;

use crawl_frontier::{Frontier, HostTable, Politeness, Rules};
use crawl_protocol::{Entry, Outcome, Page, Record, Task};

const LINKS: u64 = 78;
const UID: &str = "6f6b9e5c-0000-4000-8000-000000000001";

fn main() {
    let pages = std::env::var("PAGES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let site = Site { pages };
    if std::env::var_os("PEER").is_some() {
        return peer(&site);
    }
    let before = resident();
    let mut crawl = Crawl::new(&site);
    crawl.run(|known| known >= pages * 99 / 100);
    let known = crawl.frontier.counts().discovered;
    println!("a site of {pages} pages with {LINKS} links each, on one core");
    println!("known URLs               {known:>10}   when {} pages were fetched", crawl.frontier.counts().fetched);
    println!(
        "resident memory a URL    {:>10.1}   bytes, of them {:.1} of text when written out",
        per(resident() - before, known),
        site.text()
    );
    ask_peer(per(resident() - before, known));
    crawl.report("while it grows");
    if std::env::var_os("WHOLE").is_some() {
        crawl.run(|_| false);
        println!(
            "resident memory a URL    {:>10.1}   bytes, when all {} pages were fetched",
            per(resident() - before, known),
            crawl.frontier.counts().fetched
        );
        crawl.report("over the whole crawl");
    }
    drop(crawl);
    replay(&site);
}

fn per(bytes: u64, n: u64) -> f64 {
    bytes as f64 / n as f64
}

/// What most crawlers keep: a set of the addresses as they are. Measured in a process of its own.
fn peer(site: &Site) {
    let before = resident();
    let known: std::collections::HashSet<String> = (0..site.pages).map(|n| site.url(n)).collect();
    println!("{}", per(resident() - before, known.len() as u64));
}

fn ask_peer(ours: f64) {
    let answer = std::env::current_exe().and_then(|me| std::process::Command::new(me).env("PEER", "1").output());
    let theirs = answer.ok().and_then(|answer| String::from_utf8(answer.stdout).ok()?.trim().parse::<f64>().ok());
    if let Some(theirs) = theirs {
        println!(
            "  a HashSet<String>      {theirs:>10.1}   bytes, for the addresses alone: {:.1} times ours",
            theirs / ours
        );
    }
}

/// Folds the beginning of the crawl again, from the bytes that a log holds.
fn replay(site: &Site) {
    let mut crawl = Crawl::new(site);
    crawl.kept = Some(Vec::new());
    crawl.run(|_| false);
    let log = crawl.kept.unwrap_or_default();
    let mut frontier = Frontier::new(UID, rules()).unwrap();
    let begun = processor_time();
    let mut decoding = Duration::ZERO;
    for body in &log {
        let at = processor_time();
        let Ok(Entry::Attempt(record)) = Entry::decode(body) else { continue };
        decoding += processor_time() - at;
        frontier.apply(&record);
    }
    let bytes: usize = log.iter().map(Vec::len).sum();
    println!(
        "replay                   {:>10.0}   records/s, {:.0} % of it decoding JSON of {} bytes a record",
        log.len() as f64 / (processor_time() - begun).as_secs_f64(),
        100.0 * decoding.as_secs_f64() / (processor_time() - begun).as_secs_f64(),
        bytes / log.len().max(1),
    );
}

struct Crawl<'a> {
    site: &'a Site,
    frontier: Frontier,
    hosts: HostTable,
    now: i64,
    applied: u64,
    folding: Duration,
    choosing: Duration,
    /// The records as a log holds them, when they are wanted.
    kept: Option<Vec<Vec<u8>>>,
}

impl<'a> Crawl<'a> {
    fn new(site: &'a Site) -> Self {
        let frontier = Frontier::new(UID, rules()).unwrap();
        Self {
            site,
            frontier,
            hosts: HostTable::default(),
            now: 1,
            applied: 0,
            folding: Duration::ZERO,
            choosing: Duration::ZERO,
            kept: None,
        }
    }

    /// Crawls until `enough` says so of the number of known URLs, or as many records are kept as are wanted.
    fn run(&mut self, enough: impl Fn(u64) -> bool) {
        while !enough(self.frontier.counts().discovered) && self.frontier.finish().is_none() {
            self.now += 10;
            let at = processor_time();
            let round = self.frontier.due(self.now, &mut self.hosts, 1000);
            self.choosing += processor_time() - at;
            for due in round.tasks {
                let record = self.site.answer(&due.task, self.now);
                if let Some(kept) = &mut self.kept {
                    kept.push(Entry::Attempt(record.clone()).encode());
                }
                let at = processor_time();
                self.frontier.apply(&record);
                self.hosts.release(due.id, record.attempt, self.now, 0);
                self.folding += processor_time() - at;
                self.applied += 1;
            }
            if self.kept.as_ref().is_some_and(|kept| kept.len() >= 20_000) {
                return;
            }
        }
    }

    fn report(&self, when: &str) {
        println!(
            "records folded           {:>10.0}   records/s {when}; {:.1} µs more to choose each task",
            self.applied as f64 / self.folding.as_secs_f64(),
            self.choosing.as_secs_f64() * 1e6 / self.applied as f64,
        );
    }
}

fn rules() -> Rules {
    let politeness = Politeness { per_host_concurrency: 1_000_000, delay_ms: 0 };
    Rules { max_links: u64::MAX, max_depth: 1000, politeness, ..Rules::new(vec![Site { pages: 1 }.url(0)]) }
}

struct Site {
    pages: u64,
}

const WORDS: [&str; 16] = [
    "reference",
    "sql",
    "install",
    "tuning",
    "cluster",
    "index",
    "storage",
    "backup",
    "query",
    "planner",
    "operator",
    "runtime",
    "config",
    "replication",
    "monitoring",
    "release",
];

impl Site {
    fn url(&self, n: u64) -> String {
        let mixed = mix(n);
        let word = |shift: u32| WORDS[(mixed >> shift) as usize % 16];
        format!(
            "https://docs.example.com/{}/{}/{}-{}-{n}.html",
            WORDS[(n >> 4) as usize % 16],
            word(4),
            word(8),
            word(12)
        )
    }

    /// Bytes of an average address.
    fn text(&self) -> f64 {
        (0..1000).map(|n| self.url(mix(n) % self.pages).len() as f64).sum::<f64>() / 1000.0
    }

    fn links(&self, n: u64) -> Vec<String> {
        let everywhere = 0..10;
        let neighbours = (1..=14).flat_map(|step| [n.saturating_sub(step), n + step]);
        let children = n * 20 + 1..=n * 20 + 20;
        let far = (0..20).map(|link| mix(n * 20 + link) % self.pages);
        everywhere.chain(neighbours).chain(children).chain(far).map(|n| self.url(n % self.pages)).collect()
    }

    fn answer(&self, task: &Task, now: i64) -> Record {
        let number = task.url.trim_end_matches(".html").rsplit('-').next().and_then(|n| n.parse().ok());
        let outcome = match number {
            None => Outcome::Robots { status: 404, body: String::new() },
            Some(n) => Outcome::Page(Page {
                status: 200,
                content_type: "text/html".to_owned(),
                bytes: 38_000,
                links: LINKS,
                urls: self.links(n),
                ..Page::default()
            }),
        };
        Record::of(task, now, 1, outcome)
    }
}

/// A number that looks random and is the same each time (SplitMix64's last steps).
fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// What this thread has had of the processor: neighbours on the machine do not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}
