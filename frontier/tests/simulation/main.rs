//! Deterministic simulation: crawls of random small webs under crashes, duplicates, reordering, lost queues, lost log tails,
//! two leaders and edits of the spec. The ledger is checked at every step, the outcome against a plain walk of the web.
//!
//! `SIM_SEEDS=5000 cargo test -p crawl-frontier --test simulation` tries more; `SIM_SEED=17` replays one.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod cluster;
mod oracle;
mod random;
mod world;

use crawl_frontier::{Counts, HostRule, Politeness, Retry, Rules, Scope, ScopeKind, Spelling};

use crate::{
    cluster::{Chaos, Cluster},
    oracle::Expected,
    random::Random,
    world::World,
};

fn seeds() -> Box<dyn Iterator<Item = u64>> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    match number("SIM_SEED") {
        Some(seed) => Box::new(std::iter::once(seed)),
        None => Box::new(0..number("SIM_SEEDS").unwrap_or(400)),
    }
}

/// Runs one seed, and names it when it fails.
fn each_seed(test: impl Fn(u64) + std::panic::RefUnwindSafe) {
    for seed in seeds() {
        if let Err(cause) = std::panic::catch_unwind(|| test(seed)) {
            eprintln!("seed {seed} failed; replay it with SIM_SEED={seed}");
            std::panic::resume_unwind(cause);
        }
    }
}

fn rules(world: &World, random: &mut Random) -> Rules {
    Rules {
        max_links: 1_000_000,
        max_depth: [0, 2, 3, 5, 8, 20][random.below(6)],
        spelling: Spelling {
            ignore_parameters: if random.percent(50) { vec!["sid".to_owned()] } else { vec![] },
            sort_query: random.percent(20),
        },
        sitemaps: random.percent(50),
        hosts: denied(random),
        max_redirects: 3,
        retry: Retry { max_attempts: 3, backoff_ms: 100, max_backoff_ms: 1000 },
        politeness: Politeness { per_host_concurrency: 1, delay_ms: [0, 500][random.below(2)] },
        ..Rules::new(world.seeds.clone())
    }
}

/// Sometimes an administrator denies a host, and slows all others down.
fn denied(random: &mut Random) -> Vec<HostRule> {
    if random.percent(80) {
        return vec![];
    }
    let politeness = Politeness { per_host_concurrency: 1, delay_ms: 0 };
    vec![HostRule { pattern: format!("h{}.example", random.below(5)), deny: true, politeness }]
}

fn setup(seed: u64) -> (World, Rules, Random) {
    let mut random = Random::new(seed);
    let world = World::random(&mut random);
    let rules = rules(&world, &mut random);
    (world, rules, random)
}

fn chaos(random: &mut Random) -> Chaos {
    Chaos {
        worker_crashes: random.percent(70),
        operator_crashes: random.percent(70),
        two_leaders: random.percent(40),
        broker_losses: random.percent(50),
    }
}

fn outcome(counts: &Counts) -> Expected {
    Expected { fetched: counts.fetched, failed: counts.failed, redirected: counts.redirected, links: counts.links }
}

#[test]
fn an_undisturbed_crawl_is_what_a_plain_walk_finds() {
    each_seed(|seed| {
        let (world, rules, random) = setup(seed);
        let counts = Cluster::new(&world, &rules, Chaos::NONE, random).run();
        assert_eq!(outcome(&counts), oracle::expect(&world, &rules));
    });
}

#[test]
fn disturbances_change_no_count() {
    each_seed(|seed| {
        let (world, rules, mut random) = setup(seed);
        let undisturbed = Cluster::new(&world, &rules, Chaos::NONE, Random::new(seed)).run();
        let chaos = chaos(&mut random);
        let disturbed = Cluster::new(&world, &rules, chaos, random).run();
        assert_eq!(disturbed, undisturbed, "{chaos:?}");
    });
}

#[test]
fn the_limit_is_exact() {
    each_seed(|seed| {
        let (world, mut rules, mut random) = setup(seed);
        let all = Cluster::new(&world, &rules, Chaos::NONE, Random::new(seed)).run();
        rules.max_links = 1 + random.below(20) as u64;
        let chaos = chaos(&mut random);
        let limited = Cluster::new(&world, &rules, chaos, random).run();
        assert_eq!(limited.processed(), all.processed().min(rules.max_links), "{chaos:?}");
    });
}

#[test]
fn a_raised_limit_and_another_depth_hold_as_if_they_had_always_been() {
    each_seed(|seed| {
        let (world, mut rules, mut random) = setup(seed);
        let undisturbed = Cluster::new(&world, &rules, Chaos::NONE, Random::new(seed)).run();
        let last = rules.clone();
        rules.max_links = 1 + random.below(10) as u64;
        rules.max_depth = random.below(3) as u32;
        rules.obey_robots = random.percent(50);
        rules.politeness.per_host_concurrency = 1 + random.below(4) as u32;
        let last = Rules { politeness: rules.politeness, ..last };
        let obeyed = rules.obey_robots;
        let chaos = chaos(&mut random);
        let steps = random.below(3000);
        let mut cluster = Cluster::new(&world, &rules, chaos, random);
        cluster.steps(steps);
        cluster.change_rules(&last);
        let counts = cluster.run();
        // What was fetched while robots.txt was ignored stays fetched; the ledger was checked at every step all the same.
        if obeyed {
            assert_eq!(counts, undisturbed, "{chaos:?}");
        }
    });
}

/// Scope, depth, limits and budgets are changed again and again while the crawl runs: only the last rules count.
#[test]
fn edits_at_any_moment_leave_no_trace() {
    each_seed(|seed| {
        let (world, last, mut random) = setup(seed);
        let undisturbed = Cluster::new(&world, &last, Chaos::NONE, Random::new(seed)).run();
        let chaos = chaos(&mut random);
        let edits: Vec<(Rules, usize)> =
            (0..1 + random.below(5)).map(|_| (edited(&last, &mut random), random.below(800))).collect();
        let mut cluster = Cluster::new(&world, &edits[0].0, chaos, random);
        for (rules, steps) in &edits {
            cluster.change_rules(rules);
            cluster.steps(*steps);
        }
        cluster.change_rules(&last);
        assert_eq!(cluster.run(), undisturbed, "{chaos:?}");
    });
}

fn edited(last: &Rules, random: &mut Random) -> Rules {
    let exclude = [vec![], vec!["/a/".to_owned()], vec!["[13579]$".to_owned()]][random.below(3)].clone();
    let kind = [ScopeKind::Page, ScopeKind::Prefix, ScopeKind::Host, ScopeKind::Any][random.below(4)];
    Rules {
        max_links: 1 + random.below(60) as u64,
        max_depth: random.below(10) as u32,
        scope: Scope::new(kind, &[], &exclude).unwrap(),
        spelling: Spelling { sort_query: random.percent(50), ..last.spelling.clone() },
        max_pages_per_host: random.percent(30).then(|| 1 + random.below(10) as u64),
        sitemaps: random.percent(50),
        hosts: denied(random),
        respect_nofollow: random.percent(50),
        max_redirects: random.below(5) as u32,
        ..last.clone()
    }
}

#[test]
fn the_budget_of_a_host_is_exact() {
    each_seed(|seed| {
        let mut random = Random::new(seed);
        let hosts = 1 + random.below(3);
        let world = World::of_hosts(hosts, &mut random);
        let mut rules = rules(&world, &mut random);
        let all = Cluster::new(&world, &rules, Chaos::NONE, Random::new(seed)).run();
        let budget = 1 + random.below(8) as u64;
        rules.max_pages_per_host = Some(budget);
        let chaos = chaos(&mut random);
        let limited = Cluster::new(&world, &rules, chaos, random).run();
        if hosts == 1 {
            assert_eq!(limited.processed(), all.processed().min(budget), "{chaos:?}");
        }
        assert!(limited.processed() <= budget * hosts as u64, "{chaos:?}: {limited:?}");
    });
}
