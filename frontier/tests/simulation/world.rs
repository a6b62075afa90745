//! A small web: what each URL answers, by attempt.

use std::collections::HashMap;

use crawl_protocol::{FailureClass, Kind, Outcome, Page, Record, Task};

use crate::random::Random;

#[derive(Clone, Debug)]
pub(crate) enum Site {
    Html {
        links: Vec<String>,
        nofollow: Vec<String>,
    },
    Redirect(String),
    Broken,
    /// Fails this many times, then answers as HTML with these links.
    Flaky {
        times: u32,
        links: Vec<String>,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum Robots {
    Missing,
    Text(String),
    Down,
    Redirect(String),
}

/// What is found where a sitemap is looked for.
#[derive(Clone, Debug)]
pub(crate) enum Sitemap {
    Urls(Vec<String>),
    Index(Vec<String>),
    Redirect(String),
    /// Fails this many times, then lists these URLs.
    Flaky {
        times: u32,
        urls: Vec<String>,
    },
}

pub(crate) struct World {
    pub(crate) pages: HashMap<String, Site>,
    pub(crate) robots: HashMap<String, Robots>,
    pub(crate) sitemaps: HashMap<String, Sitemap>,
    pub(crate) seeds: Vec<String>,
}

impl World {
    pub(crate) fn random(random: &mut Random) -> Self {
        let hosts = 1 + random.below(5);
        Self::of_hosts(hosts, random)
    }

    pub(crate) fn of_hosts(hosts: usize, random: &mut Random) -> Self {
        let urls: Vec<String> = (0..5 + random.below(60)).map(|n| url(random.below(hosts), n)).collect();
        let mut pages: HashMap<_, _> = urls.iter().map(|url| (url.clone(), site(random, &urls))).collect();
        if random.percent(50) {
            pages.extend(chain(random, &urls));
        }
        let robots = (0..hosts).map(|host| (origin(host), robots(random, hosts))).collect();
        let seeds = urls[..1 + random.below(3)].to_vec();
        let sitemaps = sitemaps(random, hosts, &urls);
        Self { pages, robots, sitemaps, seeds }
    }

    /// What a worker would record for a task: one record, or the parts of a sitemap.
    pub(crate) fn answer(&self, task: &Task, now: i64) -> Vec<Record> {
        let outcomes = match task.kind {
            Kind::Page => vec![self.page(task)],
            Kind::Robots => vec![self.robots_txt(task)],
            Kind::Sitemap => self.sitemap(task),
        };
        let record = |outcome| Record::of(task, now, 1, outcome);
        outcomes.into_iter().map(record).collect()
    }

    fn sitemap(&self, task: &Task) -> Vec<Outcome> {
        match self.sitemaps.get(&task.url) {
            None => vec![failure(404, false)],
            Some(Sitemap::Flaky { times, .. }) if task.attempt <= *times => vec![failure(503, true)],
            Some(Sitemap::Redirect(location)) => vec![Outcome::Redirect { status: 301, location: location.clone() }],
            Some(Sitemap::Urls(urls) | Sitemap::Flaky { urls, .. }) => parts(urls, &[]),
            Some(Sitemap::Index(sitemaps)) => parts(&[], sitemaps),
        }
    }

    fn page(&self, task: &Task) -> Outcome {
        match self.pages.get(without_session(&task.url)) {
            None => failure(404, false),
            Some(Site::Broken) => failure(500, true),
            Some(Site::Flaky { times, .. }) if task.attempt <= *times => failure(503, true),
            Some(Site::Flaky { links, .. }) => html(links, &[]),
            Some(Site::Html { links, nofollow }) => html(links, nofollow),
            Some(Site::Redirect(location)) => Outcome::Redirect { status: 301, location: location.clone() },
        }
    }

    fn robots_txt(&self, task: &Task) -> Outcome {
        let origin = task.url.trim_end_matches("/robots.txt");
        match self.robots.get(origin) {
            Some(Robots::Text(body)) => Outcome::Robots { status: 200, body: body.clone() },
            Some(Robots::Down) => Outcome::Robots { status: 503, body: String::new() },
            Some(Robots::Redirect(location)) => Outcome::Redirect { status: 302, location: location.clone() },
            Some(Robots::Missing) | None => Outcome::Robots { status: 404, body: String::new() },
        }
    }
}

fn origin(host: usize) -> String {
    format!("http://h{host}.example")
}

fn url(host: usize, n: usize) -> String {
    format!("{}/{}/{n}", origin(host), ["a", "b", "private"][n % 3])
}

fn site(random: &mut Random, urls: &[String]) -> Site {
    match random.below(20) {
        0 => Site::Broken,
        1 | 2 => Site::Flaky { times: 1 + random.below(4) as u32, links: links(random, urls) },
        3..6 => Site::Redirect(urls[random.below(urls.len())].clone()),
        _ => Site::Html { links: links(random, urls), nofollow: links(random, urls).into_iter().take(1).collect() },
    }
}

/// A long way through all pages, with slow short cuts: pages are first reached by a way that is not the shortest.
fn chain(random: &mut Random, urls: &[String]) -> Vec<(String, Site)> {
    let mut pages = Vec::new();
    for (n, pair) in urls.windows(2).enumerate() {
        let mut links = vec![pair[1].clone()];
        if random.percent(30) {
            links.push(urls[(n + 2 + random.below(4)).min(urls.len() - 1)].clone());
            pages.push((pair[0].clone(), Site::Flaky { times: random.below(3) as u32, links }));
        } else {
            pages.push((pair[0].clone(), Site::Html { links, nofollow: vec![] }));
        }
    }
    pages
}

fn links(random: &mut Random, urls: &[String]) -> Vec<String> {
    let mut links: Vec<String> = (0..random.below(6)).map(|_| urls[random.below(urls.len())].clone()).collect();
    if random.percent(10) {
        links.push(format!("http://elsewhere.example/{}", random.below(3)));
    }
    if random.percent(10) {
        links.push(url(0, 1000 + random.below(3)));
    }
    if random.percent(10)
        && let Some(link) = links.first()
    {
        links.push(format!("{}?sid={}", without_session(link), random.below(3)));
    }
    if random.percent(5) {
        links.push(format!("{}/{}", origin(0), ["again/".repeat(5), "x".repeat(3000)][random.below(2)]));
    }
    links
}

/// The page behind a link with a session in it: the server does not care.
pub(crate) fn without_session(url: &str) -> &str {
    url.split_once("?sid=").map_or(url, |(page, _)| page)
}

fn sitemaps(random: &mut Random, hosts: usize, urls: &[String]) -> HashMap<String, Sitemap> {
    let named: Vec<String> = (0..hosts)
        .flat_map(|host| ["sitemap.xml", "a.xml", "b.xml"].map(|name| format!("{}/{name}", origin(host))))
        .collect();
    let some = |random: &mut Random, of: &[String]| -> Vec<String> {
        (0..random.below(4)).map(|_| of[random.below(of.len())].clone()).collect()
    };
    let mut found = HashMap::new();
    for name in &named {
        let sitemap = match random.below(8) {
            0 | 1 => continue,
            2 | 3 => Sitemap::Index(some(random, &named)),
            4 => Sitemap::Redirect(named[random.below(named.len())].clone()),
            5 => Sitemap::Flaky { times: 1 + random.below(4) as u32, urls: some(random, urls) },
            _ => Sitemap::Urls(some(random, urls)),
        };
        found.insert(name.clone(), sitemap);
    }
    found
}

/// What a sitemap lists, in parts of two.
fn parts(urls: &[String], sitemaps: &[String]) -> Vec<Outcome> {
    let count = urls.len().max(sitemaps.len()).div_ceil(2).max(1);
    let two = |list: &[String], part: usize| list.iter().skip(2 * part).take(2).cloned().collect();
    let part = |part| Outcome::Sitemap {
        status: 200,
        urls: two(urls, part),
        sitemaps: two(sitemaps, part),
        last: part + 1 == count,
        truncated: false,
    };
    (0..count).map(part).collect()
}

fn robots(random: &mut Random, hosts: usize) -> Robots {
    match random.below(10) {
        0 => Robots::Down,
        1 => Robots::Redirect(format!("{}/robots.txt", origin(random.below(hosts)))),
        2..4 => Robots::Text("User-agent: *\nDisallow: /private/\n".to_owned()),
        4 => {
            let sitemap = format!("{}/{}.xml", origin(random.below(hosts)), ["a", "b"][random.below(2)]);
            Robots::Text(format!("User-agent: *\nDisallow: /private/\nSitemap: {sitemap}\n"))
        }
        5 => Robots::Text("User-agent: *\nCrawl-delay: 100\n".to_owned()),
        _ => Robots::Missing,
    }
}

fn failure(status: u16, retryable: bool) -> Outcome {
    let message = format!("the server answered {status}");
    Outcome::Failure { class: FailureClass::HttpStatus, message, status: Some(status), retryable, retry_after_ms: None }
}

fn html(links: &[String], nofollow: &[String]) -> Outcome {
    Outcome::Page(Page {
        status: 200,
        content_type: "text/html".to_owned(),
        bytes: 100,
        links: (links.len() + nofollow.len()) as u64,
        urls: links.to_vec(),
        nofollow: nofollow.iter().filter(|url| !links.contains(url)).cloned().collect(),
        ..Page::default()
    })
}
