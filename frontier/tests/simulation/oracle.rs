//! What a crawl must come to, found without the frontier: plain loops over the world until nothing changes.

use std::collections::{BTreeSet, HashMap};

use crawl_frontier::Rules;

use crate::world::{Robots, Site, World};

#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Expected {
    pub(crate) fetched: u64,
    pub(crate) failed: u64,
    pub(crate) redirected: u64,
    pub(crate) links: u64,
}

/// Distance of a URL: fewest links, and fewest redirects in a row, each on its own.
#[derive(Clone, Copy, PartialEq)]
struct Reach {
    depth: u32,
    chain: u32,
}

pub(crate) fn expect(world: &World, rules: &Rules) -> Expected {
    let mut known: HashMap<String, Reach> =
        world.seeds.iter().map(|seed| (seed.clone(), Reach { depth: 0, chain: 0 })).collect();
    let mut roots: BTreeSet<String> = world.seeds.iter().cloned().collect();
    loop {
        let before = (known.clone(), roots.clone());
        for (url, reach) in &before.0 {
            if fetchable(world, rules, url, *reach, &before.1) {
                follow(world, rules, url, *reach, &mut known, &mut roots);
            }
        }
        if (&known, &roots) == (&before.0, &before.1) {
            break;
        }
    }
    let done = known.iter().filter(|(url, reach)| fetchable(world, rules, url, **reach, &roots));
    done.fold(Expected::default(), |mut sum, (url, _)| {
        match outcome(world, rules, url) {
            Some(Site::Html { links, nofollow }) => {
                sum.fetched += 1;
                sum.links += (links.len() + nofollow.len()) as u64;
            }
            Some(Site::Redirect(_)) => sum.redirected += 1,
            _ => sum.failed += 1,
        }
        sum
    })
}

/// What a URL comes to in the end, after all attempts.
fn outcome(world: &World, rules: &Rules, url: &str) -> Option<Site> {
    match world.pages.get(url) {
        Some(Site::Flaky { times, links }) if *times < rules.retry.max_attempts => {
            Some(Site::Html { links: links.clone(), nofollow: vec![] })
        }
        Some(Site::Flaky { .. }) => Some(Site::Broken),
        other => other.cloned(),
    }
}

fn follow(
    world: &World,
    rules: &Rules,
    url: &str,
    reach: Reach,
    known: &mut HashMap<String, Reach>,
    roots: &mut BTreeSet<String>,
) {
    let (targets, next) = match outcome(world, rules, url) {
        Some(Site::Html { links, .. }) => (links, Reach { depth: reach.depth + 1, chain: 0 }),
        Some(Site::Redirect(to)) => {
            if roots.contains(url) {
                roots.insert(to.clone());
            }
            (vec![to], Reach { depth: reach.depth, chain: reach.chain + 1 })
        }
        _ => return,
    };
    for target in targets {
        let old = known.entry(target).or_insert(next);
        *old = Reach { depth: old.depth.min(next.depth), chain: old.chain.min(next.chain) };
    }
}

fn fetchable(world: &World, rules: &Rules, url: &str, reach: Reach, roots: &BTreeSet<String>) -> bool {
    let in_scope = roots.contains(url) || roots.iter().any(|root| host(root) == host(url));
    in_scope && reach.depth <= rules.max_depth && reach.chain <= rules.max_redirects && allowed(world, url)
}

fn allowed(world: &World, url: &str) -> bool {
    let mut origin = format!("http://{}", host(url));
    for _ in 0..=5 {
        match world.robots.get(&origin) {
            Some(Robots::Redirect(to)) => origin = to.trim_end_matches("/robots.txt").to_owned(),
            Some(Robots::Text(text)) if text.contains("Crawl-delay") => return false,
            Some(Robots::Text(_)) => return !url.contains("/private/"),
            Some(Robots::Down) => return false,
            Some(Robots::Missing) | None => return true,
        }
    }
    true
}

fn host(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().unwrap_or_default()
}
