//! The rules of a robots.txt for one crawler, and the verdict on a path.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::groups::Groups;
use crate::octets::{Forms, Side};
use crate::{lines, pattern, record};

/// What a robots.txt says to one crawler.
///
/// Only the rules of the groups that speak to it are kept, in a few times the bytes they were written in.
#[derive(Clone, Debug)]
pub struct Robots {
    /// What the spans of the rules point into.
    pub(crate) text: Box<str>,
    /// In the order in which they are asked: the first that matches decides.
    pub(crate) rules: Box<[Rule]>,
    pub(crate) crawl_delay: Option<Duration>,
    pub(crate) sitemaps: Vec<String>,
}

/// What a robots.txt says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// Whether it may be requested.
    pub allowed: bool,
    /// The line that decides; `None` when no rule matches, which allows.
    pub line: Option<Line<'a>>,
}

/// A line of a robots.txt; displayed as `12: Disallow: /private`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: u32,
    /// As written, without white space at its ends.
    pub text: &'a str,
}

/// One rule, compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How much it says: the longest rule that matches decides. A `*` is an octet too.
    pub(crate) octets: u32,
    pub(crate) allow: bool,
    pub(crate) number: u32,
    pub(crate) line: Span,
    /// Its pattern in both normal forms; mostly the same, and a part of the line.
    pub(crate) written: Span,
    pub(crate) meant: Span,
}

/// A part of [`Robots::text`]. Half the size of a range, and there are three in each of perhaps a hundred thousand
/// rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    begin: u32,
    length: u32,
}

impl Robots {
    /// Bytes of memory that it holds.
    #[must_use]
    pub fn weight(&self) -> usize {
        let sitemaps: usize = self.sitemaps.iter().map(|url| url.capacity() + size_of::<String>()).sum();
        size_of::<Self>() + self.text.len() + size_of_val(&*self.rules) + sitemaps
    }

    /// Reads a robots.txt as the crawler with this product token, see [`crate::product_token`]: the groups that name
    /// it, merged; where there is none the groups for `*`; where there is none either nothing. Case does not matter.
    /// Reads [`crate::MAX_BYTES`].
    #[must_use]
    pub fn parse(body: &[u8], user_agent_token: &str) -> Self {
        let mut groups = Groups::new(user_agent_token);
        for (number, line) in lines::lines(body) {
            if let Some(record) = record::read(line) {
                groups.add(number, line, record);
            }
        }
        groups.finish()
    }

    /// Judges a path with its query, as it would be requested; see [`crate::path_and_query`].
    #[must_use]
    pub fn verdict(&self, path_and_query: &str) -> Verdict<'_> {
        let path: Cow<'_, str> =
            if path_and_query.starts_with('/') { path_and_query.into() } else { format!("/{path_and_query}").into() };
        let path = Forms::of(path.as_bytes(), Side::Path);
        // Nobody could know of a rule against reading the rules (RFC 9309 §2.2.2).
        let rule =
            if path.written == "/robots.txt" { None } else { self.rules.iter().find(|rule| self.matches(rule, &path)) };
        Verdict {
            allowed: rule.is_none_or(|rule| rule.allow),
            line: rule.map(|rule| Line { number: rule.number, text: rule.line.of(&self.text) }),
        }
    }

    /// Whether a path with its query may be requested.
    #[must_use]
    pub fn is_allowed(&self, path_and_query: &str) -> bool {
        self.verdict(path_and_query).allowed
    }

    /// The `Crawl-delay` of this crawler's own groups; of the groups for `*` where it has none of its own. The longest,
    /// if there are several. It is no part of the RFC; what is negative, no number or longer than [`crate::MAX_DELAY`]
    /// is passed over.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// The URLs of the `Sitemap` lines, in whose group they may stand: absolute ones, each once,
    /// [`crate::MAX_SITEMAPS`] at most.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    fn matches(&self, rule: &Rule, path: &Forms<'_>) -> bool {
        pattern::matches(rule.written.of(&self.text), &path.written)
            || ((rule.meant != rule.written || path.meant.is_some())
                && pattern::matches(rule.meant.of(&self.text), path.meant()))
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.number, self.text)
    }
}

impl Span {
    /// Everything that is kept comes from at most [`lines::MAX_BYTES`], and four gigabytes are far away.
    pub(crate) fn new(begin: usize, length: usize) -> Self {
        Self { begin: begin.try_into().unwrap_or(u32::MAX), length: length.try_into().unwrap_or(0) }
    }

    /// A part of this part.
    pub(crate) fn part(self, at: usize, length: usize) -> Self {
        Self::new(self.begin as usize + at, length)
    }

    pub(crate) fn of(self, text: &str) -> &str {
        let begin = self.begin as usize;
        text.get(begin..begin + self.length as usize).unwrap_or_default()
    }
}
