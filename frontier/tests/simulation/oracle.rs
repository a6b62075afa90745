//! What a crawl must come to, found without the frontier: plain loops over the world until nothing changes.

use std::collections::{BTreeSet, HashMap};

use crawl_frontier::Rules;

use crate::world::{Robots, Site, Sitemap, World, without_session};

#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Expected {
    pub(crate) fetched: u64,
    pub(crate) failed: u64,
    pub(crate) redirected: u64,
    pub(crate) links: u64,
}

/// Distance of a URL: fewest links, and fewest redirects in a row, each on its own. Of a sitemap: fewest indexes.
#[derive(Clone, Copy, PartialEq)]
struct Reach {
    depth: u32,
    chain: u32,
}

impl Reach {
    fn behind(self, by_redirect: bool) -> Self {
        if by_redirect {
            Self { depth: self.depth, chain: self.chain + 1 }
        } else {
            Self { depth: self.depth + 1, chain: 0 }
        }
    }
}

/// What is known so far.
#[derive(Clone, PartialEq, Default)]
struct Known {
    pages: HashMap<String, Reach>,
    roots: BTreeSet<String>,
    sitemaps: HashMap<String, Reach>,
}

struct Walk<'a> {
    world: &'a World,
    rules: &'a Rules,
}

pub(crate) fn expect(world: &World, rules: &Rules) -> Expected {
    let walk = Walk { world, rules };
    let mut known = Known::default();
    for seed in &world.seeds {
        known.pages.insert(walk.spelt(seed), Reach { depth: 0, chain: 0 });
        known.roots.insert(walk.spelt(seed));
    }
    loop {
        let before = known.clone();
        walk.pages(&before, &mut known);
        walk.sitemaps(&before, &mut known);
        if known == before {
            break;
        }
    }
    let done = known.pages.iter().filter(|(url, reach)| walk.fetchable(&known, url, **reach));
    done.fold(Expected::default(), |mut sum, (url, _)| {
        match walk.outcome(url) {
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

impl Walk<'_> {
    fn spelt(&self, url: &str) -> String {
        let ignored = self.rules.spelling.ignore_parameters.iter().any(|name| name == "sid");
        if ignored { without_session(url).to_owned() } else { url.to_owned() }
    }

    fn pages(&self, before: &Known, known: &mut Known) {
        for (url, reach) in &before.pages {
            if self.fetchable(before, url, *reach) {
                self.follow(url, *reach, known);
            }
        }
    }

    fn follow(&self, url: &str, reach: Reach, known: &mut Known) {
        let (targets, by_redirect) = match self.outcome(url) {
            Some(Site::Html { links, .. }) => (links, false),
            Some(Site::Redirect(to)) => {
                if known.roots.contains(url) {
                    known.roots.insert(self.spelt(&to));
                }
                (vec![to], true)
            }
            _ => return,
        };
        for target in targets {
            nearer(&mut known.pages, self.spelt(&target), reach.behind(by_redirect));
        }
    }

    /// What a URL comes to in the end, after all attempts.
    fn outcome(&self, url: &str) -> Option<Site> {
        match self.world.pages.get(without_session(url)) {
            Some(Site::Flaky { times, links }) if *times < self.rules.retry.max_attempts => {
                Some(Site::Html { links: links.clone(), nofollow: vec![] })
            }
            Some(Site::Flaky { .. }) => Some(Site::Broken),
            other => other.cloned(),
        }
    }

    fn sitemaps(&self, before: &Known, known: &mut Known) {
        if !self.rules.sitemaps {
            return;
        }
        let asked = before.pages.iter().filter(|(url, reach)| self.wanted(before, url, **reach));
        for host in asked.map(|(url, _)| host(url)).chain(before.roots.iter().map(|root| host(root))) {
            for sitemap in self.named_by_robots(before, host) {
                nearer(&mut known.sitemaps, sitemap, Reach { depth: 1, chain: 0 });
            }
        }
        for (url, reach) in &before.sitemaps {
            if self.denied(url) || reach.depth > 3 || reach.chain > 5 {
                continue;
            }
            match self.world.sitemaps.get(url) {
                Some(Sitemap::Flaky { times, .. }) if *times >= self.rules.retry.max_attempts => {}
                Some(Sitemap::Urls(urls) | Sitemap::Flaky { urls, .. }) => {
                    for url in urls {
                        nearer(&mut known.pages, self.spelt(url), Reach { depth: 1, chain: 0 });
                    }
                }
                Some(Sitemap::Index(sitemaps)) => {
                    for sitemap in sitemaps {
                        nearer(&mut known.sitemaps, sitemap.clone(), reach.behind(false));
                    }
                }
                Some(Sitemap::Redirect(to)) => nearer(&mut known.sitemaps, to.clone(), reach.behind(true)),
                None => {}
            }
        }
    }

    /// The sitemaps that a host's robots.txt names, or the usual one of a seed's host.
    fn named_by_robots(&self, known: &Known, host: &str) -> Vec<String> {
        if self.denied(&format!("http://{host}/")) {
            return vec![];
        }
        let usual = || {
            let of_seed = known.roots.iter().any(|root| self::host(root) == host);
            of_seed.then(|| format!("http://{host}/sitemap.xml")).into_iter().collect()
        };
        match self.robots(host) {
            None => usual(),
            Some(Robots::Text(text)) if text.contains("Crawl-delay") => vec![],
            Some(Robots::Text(text)) => match text.lines().find_map(|line| line.strip_prefix("Sitemap: ")) {
                Some(sitemap) => vec![sitemap.to_owned()],
                None => usual(),
            },
            Some(_) => vec![],
        }
    }

    /// Whether a URL is crawled unless robots.txt says otherwise.
    fn wanted(&self, known: &Known, url: &str, reach: Reach) -> bool {
        let root = known.roots.contains(url);
        let in_scope = root || known.roots.iter().any(|root| host(root) == host(url));
        let sane = root || (url.len() < 2083 && !url.contains("again/again/again/again"));
        let near = reach.depth <= self.rules.max_depth && reach.chain <= self.rules.max_redirects;
        in_scope && sane && near && !self.denied(url)
    }

    fn fetchable(&self, known: &Known, url: &str, reach: Reach) -> bool {
        self.wanted(known, url, reach)
            && match self.robots(host(url)) {
                None => true,
                Some(Robots::Text(text)) => !text.contains("Crawl-delay") && !url.contains("/private/"),
                Some(_) => false,
            }
    }

    /// What speaks for a host at the end of all redirects; `None` when nothing does and all is allowed.
    fn robots(&self, host: &str) -> Option<Robots> {
        let mut origin = format!("http://{host}");
        for _ in 0..=5 {
            match self.world.robots.get(&origin) {
                Some(Robots::Redirect(to)) if self.denied(to) => return Some(Robots::Down),
                Some(Robots::Redirect(to)) => origin = to.trim_end_matches("/robots.txt").to_owned(),
                Some(Robots::Missing) | None => return None,
                Some(other) => return Some(other.clone()),
            }
        }
        None
    }

    fn denied(&self, url: &str) -> bool {
        self.rules.hosts.iter().any(|rule| rule.deny && rule.pattern == host(url))
    }
}

fn nearer(known: &mut HashMap<String, Reach>, url: String, reach: Reach) {
    let old = known.entry(url).or_insert(reach);
    *old = Reach { depth: old.depth.min(reach.depth), chain: old.chain.min(reach.chain) };
}

fn host(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().unwrap_or_default()
}
