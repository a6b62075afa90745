//! A random log, and what it says when it is told as simply as can be: a list of pages, and of who leads to whom.

use std::collections::BTreeSet;

use crawl_protocol::{FailureClass, Kind, Outcome, Page, Record};

use crate::random::Random;

/// What is known of a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) url: String,
    pub(crate) host: String,
    /// Not only by links that may not be followed.
    pub(crate) reached: bool,
    pub(crate) record: Option<Record>,
    /// In the order of the log.
    pub(crate) referrers: Vec<String>,
}

/// All pages in the order in which they were found, and the ways between them.
#[derive(Debug, Default)]
pub(crate) struct Web {
    pub(crate) pages: Vec<Known>,
    /// From, to, and whether it is a redirect.
    ways: Vec<(usize, usize, bool)>,
    now: i64,
}

const WORDS: [&str; 5] = ["alpha", "Beta", "gamma", "de-lta", "%C3%A9"];

fn url(random: &mut Random) -> String {
    let host = random.below(3);
    let folders: String = (0..random.below(3)).map(|_| format!("{}/", WORDS[random.below(5)])).collect();
    let query = if random.below(5) == 0 { "?a=/b" } else { "" };
    format!("http://h{host}.example/{folders}{}{query}", random.below(9))
}

impl Web {
    pub(crate) fn new(seed: &str) -> Self {
        let mut web = Self { now: 1_000_000, ..Self::default() };
        web.find(seed, true);
        web
    }

    fn find(&mut self, url: &str, reached: bool) -> usize {
        if let Some(known) = self.pages.iter().position(|page| page.url == url) {
            self.pages[known].reached |= reached;
            return known;
        }
        let host = url.split('/').nth(2).unwrap().to_owned();
        self.pages.push(Known { url: url.to_owned(), host, reached, record: None, referrers: Vec::new() });
        self.pages.len() - 1
    }

    /// The next entry of the log: mostly of a page that waits, and sometimes one that changes nothing.
    pub(crate) fn next(&mut self, crawl: &str, random: &mut Random) -> Record {
        self.now += random.below(3000) as i64 - 500;
        let waiting: Vec<usize> =
            (0..self.pages.len()).filter(|at| self.pages[*at].record.is_none() && self.pages[*at].reached).collect();
        let page = (random.below(8) > 0 && !waiting.is_empty()).then(|| waiting[random.below(waiting.len())]);
        let url = page
            .map_or_else(|| self.pages[random.below(self.pages.len())].url.clone(), |at| self.pages[at].url.clone());
        let outcome = outcome(random, page == Some(0));
        let record = Record {
            crawl: crawl.to_owned(),
            url,
            kind: Kind::Page,
            depth: 1,
            attempt: 1 + random.below(3) as u32,
            fetched_at: self.now,
            took_ms: random.below(50) as u64,
            outcome,
        };
        if let Some(page) = page {
            self.conclude(page, &record);
        } else if let Some(at) = waiting.iter().find(|at| self.pages[**at].url == record.url) {
            self.conclude(*at, &record);
        }
        record
    }

    fn conclude(&mut self, from: usize, record: &Record) {
        let mut leads_to = BTreeSet::new();
        match &record.outcome {
            Outcome::Page(page) => {
                let followed = page.urls.iter().map(|url| (url, true));
                for (url, reached) in followed.chain(page.nofollow.iter().map(|url| (url, false))) {
                    let to = self.find(url, reached);
                    leads_to.insert(to);
                    self.ways.extend(reached.then_some((from, to, false)));
                }
            }
            Outcome::Redirect { location, .. } => {
                let to = self.find(location, true);
                leads_to.insert(to);
                self.ways.push((from, to, true));
            }
            _ => {}
        }
        let url = self.pages[from].url.clone();
        for to in leads_to {
            self.pages[to].referrers.push(url.clone());
        }
        self.pages[from].record = Some(record.clone());
    }

    /// Links from the seed to each page.
    pub(crate) fn depths(&self) -> Vec<Option<u32>> {
        let mut depths = vec![None; self.pages.len()];
        depths[0] = Some(0);
        loop {
            let before = depths.clone();
            for (from, to, redirect) in &self.ways {
                let way = depths[*from].map(|depth: u32| depth + u32::from(!redirect));
                depths[*to] = [depths[*to], way].into_iter().flatten().min();
            }
            if depths == before {
                return depths;
            }
        }
    }
}

fn outcome(random: &mut Random, is_seed: bool) -> Outcome {
    // A seed that leads elsewhere would change the scope, and one that fails would end all.
    match if is_seed { 9 } else { random.below(10) } {
        0 | 1 => {
            let (class, status) =
                if random.below(2) == 0 { (FailureClass::HttpStatus, Some(404)) } else { (FailureClass::Dns, None) };
            let message = format!("reason {}", random.below(3));
            Outcome::Failure { class, message, status, retryable: false, retry_after_ms: None }
        }
        2 => Outcome::Redirect { status: 301, location: url(random) },
        _ => {
            let urls: Vec<String> = (0..random.below(6) + usize::from(is_seed)).map(|_| url(random)).collect();
            let nofollow = (0..random.below(2)).map(|_| url(random)).collect();
            let status = if random.below(4) == 0 { 206 } else { 200 };
            let content_type = ["", "text/html", "text/plain"][random.below(3)].to_owned();
            let (links, bytes) = (random.below(4) as u64, random.below(4) as u64);
            Outcome::Page(Page { status, content_type, bytes, links, urls, nofollow, ..Page::default() })
        }
    }
}
