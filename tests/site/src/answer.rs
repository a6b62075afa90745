//! What the site answers: a pure function of host, path, and how often the path was asked for before.
//!
//! The first segment of a path chooses what it is about; the host decides only robots.txt and `/sitemap.xml`. Links are
//! relative, so that a crawl stays with what it began with.

use std::time::{Duration, SystemTime};

use crate::{
    hostile,
    html::{page, tree},
    maps, traps,
};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) wait: Wait,
}

/// How long the answer is in coming.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    Not,
    For(Duration),
    ForEver,
}

const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    pub(crate) fn new(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: Vec::new(), kind, body: body.into(), wait: Wait::Not }
    }

    pub(crate) fn html(body: String) -> Self {
        Self::new(HTML, body)
    }

    pub(crate) fn plain(status: u16, text: &str) -> Self {
        Self { status, ..Self::new("text/plain", text) }
    }

    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// What this path of this host answers when it was asked for `before` times already.
pub(crate) fn answer(host: &str, target: &str, before: u32) -> Answer {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let found = match segments.as_slice() {
        ["robots.txt"] => robots(host).map(|text| Answer::new("text/plain", text)),
        ["sitemap.xml" | "maps", ..] => maps::answer(host, path),
        [""] => Some(Answer::html(page("home", &[]))),
        ["tree", pages, n] => tree_of(pages, n),
        ["slow", milliseconds, pages, n] => slow(milliseconds, pages, n),
        ["rest", rest @ ..] => resting(rest, before),
        ["redirect", n] => redirect(n),
        ["never"] => Some(Answer { wait: Wait::ForEver, ..Answer::plain(200, "") }),
        ["only", n] => Some(Answer::html(page(n, &[]))),
        ["broken", rest @ ..] => broken(rest),
        ["hostile", rest @ ..] => hostile::answer(rest, query),
        ["trap", trap @ ..] => traps::page_at(trap, query).map(Answer::html),
        _ => None,
    };
    found.unwrap_or_else(|| Answer::plain(404, "there is no such page\n"))
}

fn robots(host: &str) -> Option<String> {
    match host.split(['.', ':']).next()? {
        "polite-c" => Some("User-agent: *\nCrawl-delay: 1\n".to_owned()),
        "shut" => Some("User-agent: *\nDisallow: /\n".to_owned()),
        "map" => Some(format!("User-agent: *\nAllow: /\n\nSitemap: http://{host}/maps/index.xml\n")),
        _ => None,
    }
}

fn tree_of(pages: &str, n: &str) -> Option<Answer> {
    tree(pages.parse().ok()?, n.parse().ok()?).map(Answer::html)
}

fn slow(milliseconds: &str, pages: &str, n: &str) -> Option<Answer> {
    let wait = Wait::For(Duration::from_millis(milliseconds.parse().ok()?));
    Some(Answer { wait, ..tree_of(pages, n)? })
}

/// `rest/KEY/` leads to pages that ask for quiet when they are asked for the first time. A key was never used before.
fn resting(path: &[&str], before: u32) -> Option<Answer> {
    let (status, seconds): (u16, u64) = match path {
        [_key, ""] => {
            let links = ["429/2", "429/1", "503/1", "date/2", "never/0", "1", "2", "3"];
            return Some(Answer::html(page("rest", &links.map(str::to_owned))));
        }
        [_key, "never", _] => return Some(Answer::plain(503, "never\n")),
        [_key, "date", seconds] => (503, seconds.parse().ok()?),
        [_key, status, seconds] => (status.parse().ok()?, seconds.parse().ok()?),
        [_key, n] => return Some(Answer::html(page(n, &[]))),
        _ => return None,
    };
    if before > 0 {
        return Some(Answer::html(page("at last", &[])));
    }
    let asked = match path {
        // A date has whole seconds: it says up to one less.
        [_, "date", _] => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds)),
        _ => seconds.to_string(),
    };
    Some(Answer::plain(status, "not now\n").with("retry-after", asked))
}

/// `redirect/3` leads to 2, 1 and 0, which is a page.
fn redirect(n: &str) -> Option<Answer> {
    let n: u32 = n.parse().ok()?;
    match n.checked_sub(1) {
        None => Some(Answer::html(page("the end of the chain", &[]))),
        Some(next) => Some(Answer::plain(302, "").with("location", next.to_string())),
    }
}

/// `broken/` leads to two pages that both lead to one that is gone; one of them also to an error and to a way that ends nowhere.
fn broken(path: &[&str]) -> Option<Answer> {
    let (title, links): (&str, &[&str]) = match path {
        [""] => ("two pages", &["a", "b"]),
        ["a"] => ("a page", &["gone", "refused"]),
        ["b"] => ("another page", &["gone", "error", "moved"]),
        ["refused"] => return Some(Answer::plain(403, "not for you\n")),
        ["error"] => return Some(Answer::plain(500, "an error\n")),
        ["moved"] => return Some(Answer::plain(302, "").with("location", "gone".to_owned())),
        _ => return None,
    };
    Some(Answer::html(page(title, &links.iter().map(|&link| link.to_owned()).collect::<Vec<_>>())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(path: &str, before: u32) -> u16 {
        answer("polite-a.test:8080", path, before).status
    }

    #[test]
    fn every_kind_of_path_answers() {
        for (path, before, expected) in [
            ("/", 0, 200),
            ("/robots.txt", 0, 404),
            ("/sitemap.xml", 0, 404),
            ("/tree/5/4", 0, 200),
            ("/tree/5/5", 0, 404),
            ("/slow/100/5/1", 0, 200),
            ("/rest/k/", 0, 200),
            ("/rest/k/429/2", 0, 429),
            ("/rest/k/429/2", 1, 200),
            ("/rest/k/date/2", 0, 503),
            ("/rest/k/never/0", 9, 503),
            ("/rest/k/1", 0, 200),
            ("/redirect/3", 0, 302),
            ("/redirect/0", 0, 200),
            ("/never", 0, 200),
            ("/only/7", 0, 200),
            ("/trap/", 0, 200),
            ("/broken/b", 0, 200),
            ("/broken/gone", 0, 404),
            ("/broken/error", 0, 500),
            ("/hostile/", 0, 200),
            ("/nothing", 0, 404),
        ] {
            assert_eq!(status(path, before), expected, "{path}");
        }
    }

    #[test]
    fn what_takes_time_says_so() {
        assert_eq!(answer("h", "/slow/100/5/1", 0).wait, Wait::For(Duration::from_millis(100)));
        assert_eq!(answer("h", "/never", 0).wait, Wait::ForEver);
    }

    #[test]
    fn quiet_is_asked_for_in_seconds() {
        assert_eq!(answer("h", "/rest/k/503/1", 0).headers, [("retry-after", "1".to_owned())]);
    }

    #[test]
    fn the_host_decides_robots() {
        let text = |host: &str| String::from_utf8_lossy(&answer(host, "/robots.txt", 0).body).into_owned();
        assert!(text("polite-c.x.svc").contains("Crawl-delay: 1"));
        assert!(text("map.x.svc:8080").contains("Sitemap: http://map.x.svc:8080/maps/index.xml\n"));
    }
}
