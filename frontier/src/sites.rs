//! What a crawl knows of each host: its name, what an administrator says of it, and how much of it has been crawled.

use std::{collections::HashMap, sync::Arc};

use crate::{
    rules::{HostRule, Politeness},
    weight,
};

/// Index of a host.
pub(crate) type SiteIx = u32;

/// The host of URLs that cannot be requested.
pub(crate) const NOWHERE: SiteIx = SiteIx::MAX;

/// One host.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) name: Arc<str>,
    /// An administrator denies it.
    pub(crate) denied: bool,
    /// What the spec and the administrator owe it, whichever is gentler.
    pub(crate) owed: Politeness,
    /// Pages that count towards `maxPagesPerHost`.
    pub(crate) processed: u64,
    /// Pages given to a worker.
    pub(crate) in_flight: u64,
}

/// All hosts of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    list: Vec<Site>,
    by_name: HashMap<Arc<str>, SiteIx>,
    /// Bytes of all names.
    text: usize,
}

impl Sites {
    pub(crate) fn find(&self, name: &str) -> Option<SiteIx> {
        self.by_name.get(name).copied()
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        weight::list(&self.list) + weight::map(&self.by_name) + self.text
    }

    /// How many there are.
    pub(crate) fn len(&self) -> SiteIx {
        SiteIx::try_from(self.list.len()).unwrap_or(NOWHERE)
    }

    pub(crate) fn insert(&mut self, name: &str, base: Politeness, rules: &[HostRule]) -> SiteIx {
        let ix = SiteIx::try_from(self.list.len()).unwrap_or(NOWHERE);
        let name: Arc<str> = name.into();
        let matching = || rules.iter().filter(|rule| rule.matches(&name));
        let denied = matching().any(|rule| rule.deny);
        let owed = matching().fold(base, |owed, rule| owed.gentler(rule.politeness));
        // An Arc counts twice who holds it.
        self.text += name.len() + 2 * size_of::<usize>();
        self.by_name.insert(Arc::clone(&name), ix);
        self.list.push(Site { name, denied, owed, processed: 0, in_flight: 0 });
        ix
    }

    pub(crate) fn get(&self, ix: SiteIx) -> &Site {
        &self.list[ix as usize]
    }

    /// `None` for [`NOWHERE`].
    pub(crate) fn get_mut(&mut self, ix: SiteIx) -> Option<&mut Site> {
        self.list.get_mut(ix as usize)
    }
}

impl HostRule {
    /// Whether it speaks of this host. `*.example.com` speaks of `example.com` too, as people expect of a deny.
    fn matches(&self, host: &str) -> bool {
        let pattern = self.pattern.trim_end_matches('.');
        match pattern.strip_prefix("*.") {
            _ if pattern == "*" => true,
            Some(end) => {
                let start = host.len().checked_sub(end.len());
                start.is_some_and(|at| {
                    host.get(at..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
                        && (at == 0 || host.as_bytes()[at - 1] == b'.')
                })
            }
            None => pattern.eq_ignore_ascii_case(host),
        }
    }
}

impl Politeness {
    fn gentler(self, other: Self) -> Self {
        Self {
            per_host_concurrency: self.per_host_concurrency.min(other.per_host_concurrency),
            delay_ms: self.delay_ms.max(other.delay_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_hosts() {
        for (pattern, host, expected) in [
            ("example.com", "example.com", true),
            ("Example.COM.", "example.com", true),
            ("example.com", "www.example.com", false),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", true),
            ("*.example.com", "badexample.com", false),
            ("*.example.com", "example.com.evil", false),
            ("*", "127.0.0.1", true),
            ("10.0.0.1", "10.0.0.1", true),
        ] {
            let politeness = Politeness { per_host_concurrency: 1, delay_ms: 0 };
            let rule = HostRule { pattern: pattern.to_owned(), deny: true, politeness };
            assert_eq!(rule.matches(host), expected, "{pattern} {host}");
        }
    }
}
