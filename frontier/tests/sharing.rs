//! Several crawls under one table of hosts: none is asked too often, and none waits for long. Virtual time, random by a seed that
//! is printed when it fails (`SIM_SEED=17` replays it).
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::collections::{BTreeMap, HashMap};

use crawl_frontier::{CrawlKey, Frontier, HostTable, PageId, Politeness, Rules};
use crawl_protocol::{Outcome, Page, Record, Task};

/// A generator of numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn rules(crawl: u64, pages: u64, hosts: u64, politeness: Politeness) -> Rules {
    let seeds = (0..hosts).map(|host| format!("http://h{host}/{crawl}/0")).collect();
    Rules { max_links: pages, max_depth: u32::MAX, obey_robots: false, politeness, ..Rules::new(seeds) }
}

/// A page that links to the next twenty.
fn answer(task: &Task, now: i64) -> Record {
    let (base, number) = task.url.rsplit_once('/').unwrap();
    let number: u64 = number.parse().unwrap();
    let urls = (1..=20).map(|step| format!("{base}/{}", number + step)).collect();
    let content_type = "text/html".to_owned();
    let page = Page { status: 200, content_type, bytes: 1, links: 20, urls, ..Page::default() };
    Record::of(task, now, 1, Outcome::Page(page))
}

struct Flight {
    crawl: usize,
    id: PageId,
    record: Record,
    host: String,
}

#[derive(Default)]
struct Watched {
    last_end: Option<i64>,
    /// The end of the longest delay that a request was promised after it.
    quiet_until: i64,
    in_flight: Vec<Politeness>,
}

/// Crawls that share a table, and what their hosts see of them.
struct Shared {
    crawls: Vec<Frontier>,
    owed: Vec<Politeness>,
    table: HostTable,
    now: i64,
    flights: BTreeMap<(i64, u64), Flight>,
    started: u64,
    watched: HashMap<String, Watched>,
}

impl Shared {
    fn new(crawls: Vec<(u64, u64, Politeness)>) -> Self {
        let frontier = |(n, (pages, hosts, politeness)): (usize, &(u64, u64, Politeness))| {
            Frontier::new(&format!("crawl {n}"), rules(n as u64, *pages, *hosts, *politeness)).unwrap()
        };
        Self {
            owed: crawls.iter().map(|crawl| crawl.2).collect(),
            crawls: crawls.iter().enumerate().map(frontier).collect(),
            table: HostTable::default(),
            now: 1,
            flights: BTreeMap::new(),
            started: 0,
            watched: HashMap::new(),
        }
    }

    /// One crawl publishes what it may; `took` says how long each request takes.
    fn publish(&mut self, crawl: usize, room: usize, took: &mut impl FnMut() -> i64) {
        for due in self.crawls[crawl].due(self.now, &mut self.table, room).tasks {
            let host = due.host.to_string();
            self.watch_start(crawl, &host);
            let end = self.now + took();
            self.started += 1;
            let record = answer(&due.task, end);
            self.flights.insert((end, self.started), Flight { crawl, id: due.id, record, host });
        }
    }

    fn watch_start(&mut self, crawl: usize, host: &str) {
        let owed = self.owed[crawl];
        let watched = self.watched.entry(host.to_owned()).or_default();
        if let Some(end) = watched.last_end {
            let free = watched.quiet_until.max(end + owed.delay_ms as i64);
            assert!(self.now >= free, "{host} was asked {} ms after its last answer", self.now - end);
        }
        watched.in_flight.push(owed);
        let allowed = watched.in_flight.iter().map(|owed| owed.per_host_concurrency).min().unwrap();
        assert!(watched.in_flight.len() <= allowed as usize, "{host} was asked {} at once", watched.in_flight.len());
    }

    /// The next answer comes in, if it is the turn of any before `until`.
    fn land(&mut self, until: i64) -> bool {
        let Some((key, _)) = self.flights.first_key_value().filter(|((end, _), _)| *end <= until) else { return false };
        let key = *key;
        let flight = self.flights.remove(&key).unwrap();
        self.now = key.0;
        self.crawls[flight.crawl].apply(&flight.record);
        let released = self.table.release(flight.id, 1, self.now, 0).unwrap();
        if let Some(next) = released.next {
            let waiting = self.crawls.iter_mut().find(|crawl| crawl.key() == next).unwrap();
            waiting.host_is_free(&released.host);
        }
        let owed = self.owed[flight.crawl];
        let watched = self.watched.get_mut(&flight.host).unwrap();
        watched.last_end = Some(self.now);
        watched.quiet_until = watched.quiet_until.max(self.now + owed.delay_ms as i64);
        let at = watched.in_flight.iter().position(|other| *other == owed).unwrap();
        watched.in_flight.swap_remove(at);
        true
    }
}

#[test]
fn no_host_is_asked_more_than_it_is_owed() {
    let only = std::env::var("SIM_SEED").ok().map(|seed| seed.parse().unwrap());
    for seed in only.map_or(0..300, |seed| seed..seed + 1) {
        eprintln!("seed {seed}");
        let mut random = Random(seed);
        let crawls = (0..2 + random.below(3)).map(|_| {
            let per_host_concurrency = 1 + random.below(4) as u32;
            let politeness = Politeness { per_host_concurrency, delay_ms: [0, 50, 700][random.below(3) as usize] };
            (5 + random.below(40), 1 + random.below(3), politeness)
        });
        let mut shared = Shared::new(crawls.collect());
        while shared.crawls.iter().any(|crawl| crawl.finish().is_none()) {
            let until = shared.now + random.below(60) as i64;
            while random.below(4) > 0 && shared.land(until) {}
            shared.now = shared.now.max(until.min(shared.flights.keys().next().map_or(until, |next| next.0)));
            let crawl = random.below(shared.crawls.len() as u64) as usize;
            let room = 1 + random.below(5) as usize;
            shared.publish(crawl, room, &mut || 1 + random.below(200) as i64);
            assert!(shared.now < 10_000_000, "seed {seed}: the crawls are stuck");
        }
    }
}

/// The requests that a big crawl without delay makes to a host while a small one comes and goes.
#[test]
fn a_big_crawl_leaves_a_small_one_its_share() {
    for per_host_concurrency in [1, 4] {
        for delay_ms in [0, 100] {
            let politeness = Politeness { per_host_concurrency, delay_ms };
            let mut shared = Shared::new(vec![(1_000_000, 1, politeness), (10, 1, politeness)]);
            let publish = |shared: &mut Shared, crawl| shared.publish(crawl, 1000, &mut || 5);
            for _ in 0..100 {
                publish(&mut shared, 0);
                shared.land(i64::MAX);
                shared.now += delay_ms as i64;
            }
            let before = shared.started;
            while shared.crawls[1].finish().is_none() {
                // Whoever was served last asks first: the line alone must be fair.
                publish(&mut shared, 0);
                publish(&mut shared, 1);
                if !shared.land(i64::MAX) {
                    shared.now += 10;
                }
                shared.now += delay_ms as i64;
            }
            let both = shared.started - before;
            assert!(
                both <= 2 * 10 + 2 * u64::from(per_host_concurrency),
                "{both} requests for ten pages, {politeness:?}"
            );
            assert_eq!(shared.table.held_by(CrawlKey::of("crawl 1")), 0);
        }
    }
}
