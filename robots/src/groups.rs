//! From lines to the rules for one crawler: which groups speak to it, merged (RFC 9309 §2.2.1).

use std::cmp::Reverse;
use std::time::Duration;

use crate::agent::{Named, named};
use crate::extras;
use crate::octets::{Forms, Side};
use crate::record::{Record, trim};
use crate::robots::{Robots, Rule, Span};

/// Stars in all rules for one crawler, at most. The largest robots.txt of the web have some hundreds.
pub const MAX_STARS: usize = 4096;

/// The rules that some groups have in common, while they are collected.
#[derive(Debug, Default)]
struct Collected {
    /// What the spans of the rules point into.
    text: String,
    rules: Vec<Rule>,
    delay: Option<Duration>,
    /// Stars in the rules so far.
    stars: usize,
}

/// Reads records in their order and keeps what concerns one crawler.
#[derive(Debug, Default)]
pub(crate) struct Groups<'a> {
    token: &'a str,
    own: Collected,
    everyone: Collected,
    /// There is a group for this crawler, perhaps without rules: what is said to everyone does not concern it.
    has_own: bool,
    /// Whom a rule speaks to. Only rules end a list of agents.
    ruled: Agents,
    /// Whom a delay speaks to. For delays alone one ends the list too: where each agent is given one and nothing else,
    /// no group has two.
    delayed: Agents,
    sitemaps: Vec<String>,
}

/// The agents above the line that is being read, as far as they matter.
#[derive(Clone, Copy, Debug, Default)]
struct Agents {
    own: bool,
    everyone: bool,
    /// The next `User-agent` line begins another list.
    complete: bool,
}

impl<'a> Groups<'a> {
    pub(crate) fn new(token: &'a str) -> Self {
        Self { token, ..Self::default() }
    }

    /// Takes in the record that stands on a line.
    pub(crate) fn add(&mut self, number: u32, line: &[u8], record: Record<'_>) {
        match record {
            Record::UserAgent(value) => self.user_agent(value),
            Record::Allow(value) => self.rule(true, value, number, line),
            Record::Disallow(value) => self.rule(false, value, number, line),
            Record::CrawlDelay(value) => {
                self.delayed.complete = true;
                if let Some(group) = self.group(self.delayed) {
                    // Of several the one that is safe.
                    group.delay = group.delay.max(extras::delay(value));
                }
            }
            Record::Sitemap(value) => {
                if self.sitemaps.len() < extras::MAX_SITEMAPS
                    && let Some(url) = extras::sitemap(value)
                    && !self.sitemaps.contains(&url)
                {
                    self.sitemaps.push(url);
                }
            }
        }
    }

    /// What was collected.
    pub(crate) fn finish(self) -> Robots {
        let Collected { mut text, mut rules, delay, stars: _ } = if self.has_own { self.own } else { self.everyone };
        text.shrink_to_fit();
        // The first rule that matches decides: the longest, of these one that allows, of these the first.
        rules.sort_unstable_by_key(|rule| (Reverse(rule.octets), !rule.allow, rule.number));
        Robots { text: text.into(), rules: rules.into(), crawl_delay: delay, sitemaps: self.sitemaps }
    }

    fn user_agent(&mut self, value: &[u8]) {
        for agents in [&mut self.ruled, &mut self.delayed] {
            if agents.complete {
                *agents = Agents::default();
            }
        }
        match named(value) {
            Named::Everyone => (self.ruled.everyone, self.delayed.everyone) = (true, true),
            Named::Token(token) if !token.is_empty() && token.eq_ignore_ascii_case(self.token.as_bytes()) => {
                (self.ruled.own, self.delayed.own, self.has_own) = (true, true, true);
                self.everyone = Collected::default();
            }
            Named::Token(_) => {}
        }
    }

    fn rule(&mut self, allow: bool, value: &[u8], number: u32, line: &[u8]) {
        (self.ruled.complete, self.delayed.complete) = (true, true);
        if let Some(group) = self.group(self.ruled) {
            group.add(allow, value, number, line);
        }
    }

    /// Where a line that speaks to these agents belongs, if it concerns this crawler.
    fn group(&mut self, agents: Agents) -> Option<&mut Collected> {
        if agents.own { Some(&mut self.own) } else { (agents.everyone && !self.has_own).then_some(&mut self.everyone) }
    }
}

impl Collected {
    fn add(&mut self, allow: bool, value: &[u8], number: u32, line: &[u8]) {
        // An empty value says nothing, and a path begins with a slash.
        if !matches!(value.first(), Some(b'/' | b'*')) {
            return;
        }
        let Some(value) = self.within_stars(allow, value) else { return };
        let line = self.keep(&String::from_utf8_lossy(trim(line)));
        let rule = self.compile(allow, value, number, line);
        self.rules.push(rule);
        // Whoever allows a directory's index page allows the directory: so does Google's parser.
        if allow
            && let Some(slash) = value.iter().rposition(|byte| *byte == b'/')
            && value[slash..].starts_with(b"/index.htm")
        {
            let directory = [&value[..=slash], b"$"].concat();
            let rule = self.compile(allow, &directory, number, line);
            self.rules.push(rule);
        }
    }

    /// Each star costs time for every URL that is judged. Beyond [`MAX_STARS`] the rules that have any are read so that they
    /// allow too little and not too much: an `Allow` is passed over, a `Disallow` ends before its first star.
    fn within_stars<'v>(&mut self, allow: bool, value: &'v [u8]) -> Option<&'v [u8]> {
        let Some(first) = value.iter().position(|byte| *byte == b'*') else { return Some(value) };
        self.stars += value.iter().filter(|byte| **byte == b'*').count();
        match (self.stars <= MAX_STARS, allow) {
            (true, _) => Some(value),
            (false, true) => None,
            (false, false) if first == 0 => Some(b"/"),
            (false, false) => Some(&value[..first]),
        }
    }

    fn compile(&mut self, allow: bool, value: &[u8], number: u32, line: Span) -> Rule {
        let forms = Forms::of(value, Side::Pattern);
        let octets = u32::try_from(forms.meant().len()).unwrap_or(u32::MAX);
        // Most patterns stand in their line just as they are compared.
        let in_line = line.of(&self.text).find(&*forms.written);
        let written = match in_line {
            Some(at) => line.part(at, forms.written.len()),
            None => self.keep(&forms.written),
        };
        let meant = forms.meant.as_deref().map_or(written, |meant| self.keep(meant));
        Rule { octets, allow, number, line, written, meant }
    }

    fn keep(&mut self, text: &str) -> Span {
        let begin = self.text.len();
        self.text.push_str(text);
        Span::new(begin, text.len())
    }
}
