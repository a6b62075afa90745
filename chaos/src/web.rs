//! A web made of a seed: pages on several hosts that link to each other, lead elsewhere, are missing or always fail. And what
//! a crawl of it must come to, found by a plain walk that knows nothing of our code.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write;

use fastrand::Rng;

/// The address of the first host; each further one has the next.
const FIRST_HOST: usize = 2;
/// A host that links lead to and that no crawl asks.
const OUTSIDE: &str = "127.0.0.200";

/// What is at a URL.
#[derive(Clone, Debug)]
enum Page {
    Linking(Vec<Link>),
    Moved(usize),
    Missing,
    Failing,
}

#[derive(Clone, Copy, Debug)]
enum Link {
    To(usize),
    /// The same page by another spelling.
    Fragment(usize),
    Outside(usize),
}

/// A web. Pages stand on the hosts in turn; the first of each host is its `/`.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    hosts: usize,
    port: u16,
    pages: Vec<Page>,
}

/// What a server answers.
pub(crate) enum Answer {
    /// A page of HTML.
    Html(String),
    /// A redirect to this URL.
    Moved(String),
    /// There is nothing.
    Missing,
    /// The server fails.
    Failing,
}

/// What a crawl of all of it must count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) fetched: i64,
    pub(crate) failed: i64,
    pub(crate) redirected: i64,
    pub(crate) skipped: i64,
    pub(crate) links: i64,
}

impl Web {
    /// Grows a web of so many pages. Every page can be reached: each is linked to from one before it.
    pub(crate) fn grow(rng: &mut Rng, hosts: usize, pages: usize, port: u16) -> Self {
        let mut all: Vec<Page> = (0..pages)
            .map(|index| match rng.u8(..100) {
                0..4 if index >= hosts => Page::Missing,
                4..6 if index >= hosts => Page::Failing,
                6..12 if index >= hosts => Page::Moved(0),
                _ => Page::Linking(Vec::new()),
            })
            .collect();
        let linking: Vec<usize> = (0..pages).filter(|&index| matches!(all[index], Page::Linking(_))).collect();
        for index in 0..pages {
            let earlier = linking.partition_point(|&other| other < index);
            if let Some(parent) = (index >= hosts).then(|| linking[rng.usize(..earlier)]) {
                all[parent].link(Link::To(index));
            }
            match &mut all[index] {
                Page::Moved(target) => *target = linking[rng.usize(..linking.len())],
                Page::Linking(links) => {
                    for _ in 0..rng.usize(..12) {
                        links.push(match rng.u8(..10) {
                            0 => Link::Outside(rng.usize(..50)),
                            1 => Link::Fragment(rng.usize(..pages)),
                            _ => Link::To(rng.usize(..pages)),
                        });
                    }
                }
                Page::Missing | Page::Failing => {}
            }
        }
        Self { hosts, port, pages: all }
    }

    /// The URLs to begin with: the first page of each host.
    pub(crate) fn seeds(&self) -> Vec<String> {
        (0..self.hosts).map(|index| self.url(index)).collect()
    }

    /// What is at a path of a host.
    pub(crate) fn answer(&self, host: &str, path: &str) -> Answer {
        match self.index(host, path).and_then(|index| self.pages.get(index)) {
            Some(Page::Linking(links)) => Answer::Html(self.html(links)),
            Some(Page::Moved(target)) => Answer::Moved(self.url(*target)),
            Some(Page::Failing) => Answer::Failing,
            Some(Page::Missing) | None => Answer::Missing,
        }
    }

    /// Walks everything, breadth first.
    pub(crate) fn walk(&self) -> Counts {
        let mut counts = Counts::default();
        let mut outside = HashSet::new();
        let mut seen: HashSet<usize> = (0..self.hosts).collect();
        let mut queue: VecDeque<usize> = (0..self.hosts).collect();
        while let Some(index) = queue.pop_front() {
            let mut found = Vec::new();
            match &self.pages[index] {
                Page::Missing | Page::Failing => counts.failed += 1,
                Page::Moved(target) => {
                    counts.redirected += 1;
                    found.push(*target);
                }
                Page::Linking(links) => {
                    counts.fetched += 1;
                    for link in links {
                        counts.links += 1;
                        match link {
                            Link::To(page) | Link::Fragment(page) => found.push(*page),
                            Link::Outside(page) => drop(outside.insert(*page)),
                        }
                    }
                }
            }
            queue.extend(found.into_iter().filter(|&page| seen.insert(page)));
        }
        counts.skipped = i64::try_from(outside.len()).unwrap_or(i64::MAX);
        counts
    }

    fn url(&self, index: usize) -> String {
        let (host, port) = (FIRST_HOST + index % self.hosts, self.port);
        let path = if index < self.hosts { String::new() } else { format!("p{index}") };
        format!("http://127.0.0.{host}:{port}/{path}")
    }

    fn index(&self, host: &str, path: &str) -> Option<usize> {
        let host: usize = host.strip_prefix("127.0.0.")?.parse().ok()?;
        let index = match path.strip_prefix("/p") {
            Some(number) => number.parse().ok()?,
            None if path == "/" => host.checked_sub(FIRST_HOST)?,
            None => return None,
        };
        (FIRST_HOST + index % self.hosts == host).then_some(index)
    }

    fn html(&self, links: &[Link]) -> String {
        let mut html = String::from("<!doctype html><title>A page</title>");
        for (number, link) in links.iter().enumerate() {
            let url = match link {
                Link::To(page) => self.url(*page),
                Link::Fragment(page) => format!("{}#part-{number}", self.url(*page)),
                Link::Outside(page) => format!("http://{OUTSIDE}:{}/{page}", self.port),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(html, "<p><a href=\"{url}\">link {number}</a>");
        }
        html
    }
}

impl Page {
    fn link(&mut self, link: Link) {
        if let Self::Linking(links) = self {
            links.push(link);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_grows_the_same_web_and_all_of_it_is_reached() {
        for seed in 0..200 {
            let grow = || Web::grow(&mut Rng::with_seed(seed), 3, 200, 80);
            let counts = grow().walk();
            assert_eq!(counts, grow().walk());
            assert_eq!(counts.fetched + counts.failed + counts.redirected, 200, "seed {seed}: {counts:?}");
        }
    }

    #[test]
    fn every_url_of_a_web_is_answered_by_its_own_host_only() {
        let web = Web::grow(&mut Rng::with_seed(7), 3, 50, 80);
        for index in 0..50 {
            let url = web.url(index);
            let (host, path) = url.trim_start_matches("http://").split_once(":80").unwrap_or_default();
            assert_eq!(web.index(host, path), Some(index), "{url}");
        }
        assert_eq!(web.index("127.0.0.2", "/p4"), None);
    }
}
