//! A generated site and its crawl, page after page in the order in which they are found.

use crawl_protocol::{FailureClass, Kind, Outcome, Page, Record};

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

pub(crate) struct Site {
    /// URLs of the site.
    urls: u32,
    /// Pages that will be crawled.
    pages: u32,
    seen: Vec<bool>,
    found: Vec<u32>,
    next: usize,
}

impl Site {
    pub(crate) fn new(pages: u32) -> Self {
        let urls = pages + pages / 3;
        let mut seen = vec![false; urls as usize];
        seen[0] = true;
        let mut found = Vec::with_capacity(urls as usize);
        found.push(0);
        Self { urls, pages, seen, found, next: 0 }
    }

    pub(crate) fn url(&self, n: u32) -> String {
        let mixed = mix(n.into());
        let word = |shift: u32| WORDS[(mixed >> shift) as usize % 16];
        // Pages that lie together are found together.
        let host = if n == 0 { 0 } else { mix(u64::from(n / 2000)) % 40 };
        format!(
            "https://h{host}.example.com/{}/{}/{}/{}-{}-{n}.html",
            WORDS[(n >> 8) as usize % 16],
            (n >> 6) % 1000,
            word(4),
            word(8),
            word(12)
        )
    }

    fn links(&self, n: u32) -> Vec<u32> {
        let urls = u64::from(self.urls);
        let near = (1..=6).flat_map(|step| [n.saturating_sub(step), n + step]).take(8);
        let children = (u64::from(n) * 4 + 1..u64::from(n) * 4 + 4).map(|child| (child % urls) as u32);
        // The cube of a number below one: few pages have most of the links.
        let far = (0..4).map(|link| {
            let part = (mix(u64::from(n) * 4 + link) % 1_000_000) as f64 / 1e6;
            (part * part * part * f64::from(self.urls)) as u32
        });
        near.chain(children).chain(far).map(|n| n % self.urls).collect()
    }

    /// What becomes of the next page; `None` when as many were processed as shall be.
    pub(crate) fn next_record(&mut self, crawl: &str) -> Option<Record> {
        if self.next == self.pages as usize {
            return None;
        }
        let n = *self.found.get(self.next)?;
        self.next += 1;
        let mixed = mix(u64::from(n) + 77);
        let outcome = match mixed % 100 {
            0..3 if n > 0 => Outcome::Failure {
                class: FailureClass::HttpStatus,
                message: "the server answered 404 Not Found".to_owned(),
                status: Some(404),
                retryable: false,
                retry_after_ms: None,
            },
            3 if n > 0 => {
                let target = self.links(n)[9];
                self.find(target);
                Outcome::Redirect { status: 301, location: self.url(target) }
            }
            _ => {
                let links = self.links(n);
                links.iter().for_each(|link| self.find(*link));
                Outcome::Page(Page {
                    status: 200,
                    content_type: "text/html".to_owned(),
                    bytes: mixed >> 40 & 0xffff,
                    links: mixed >> 20 & 127,
                    urls: links.into_iter().map(|n| self.url(n)).collect(),
                    ..Page::default()
                })
            }
        };
        let (url, fetched_at) = (self.url(n), 1_700_000_000_000 + self.next as i64 * 20);
        let (crawl, took_ms) = (crawl.to_owned(), mixed >> 50);
        Some(Record { crawl, url, kind: Kind::Page, depth: 1, attempt: 1, fetched_at, took_ms, outcome })
    }

    fn find(&mut self, n: u32) {
        if !self.seen[n as usize] {
            self.seen[n as usize] = true;
            self.found.push(n);
        }
    }
}

/// A number that looks random and is the same each time (SplitMix64's last steps).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
