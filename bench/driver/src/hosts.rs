//! Which pages may be asked for: as many of a host at the same time as allowed, and after each one its rest. Every host has
//! the same rest, so those that rest form a line.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use anyhow::Context;
use tokio::time::Instant;
use url::Url;

/// The hosts, and the pages of each that are still to be fetched.
#[derive(Debug)]
pub(crate) struct Hosts {
    waiting: Vec<VecDeque<String>>,
    /// The host of each page that is under way.
    under_way: HashMap<String, usize>,
    /// Hosts that may be asked once more, and from when on; the earliest first.
    free: VecDeque<(Instant, usize)>,
    delay: Duration,
}

/// A page that may be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) url: String,
    /// The number of its host.
    pub(crate) host: usize,
}

impl Hosts {
    pub(crate) fn new<'a>(
        urls: impl Iterator<Item = &'a str>,
        per_host: usize,
        delay: Duration,
    ) -> anyhow::Result<Self> {
        let (mut numbers, mut waiting) = (HashMap::new(), Vec::<VecDeque<String>>::new());
        for text in urls {
            let url = Url::parse(text).with_context(|| format!("{text:?} is no URL"))?;
            let host = url.host_str().unwrap_or_default().to_owned();
            let number = *numbers.entry(host).or_insert(waiting.len());
            if number == waiting.len() {
                waiting.push(VecDeque::new());
            }
            waiting[number].push_back(text.to_owned());
        }
        let now = Instant::now();
        let free = (0..waiting.len()).flat_map(|host| std::iter::repeat_n((now, host), per_host)).collect();
        Ok(Self { waiting, under_way: HashMap::new(), free, delay })
    }

    /// Nothing is left to fetch and nothing is under way.
    pub(crate) fn done(&self) -> bool {
        self.under_way.is_empty() && self.waiting.iter().all(VecDeque::is_empty)
    }

    /// The pages that may be asked for now.
    pub(crate) fn due(&mut self) -> Vec<Due> {
        let (now, mut due) = (Instant::now(), Vec::new());
        while let Some((_, host)) = self.free.pop_front_if(|(from, _)| *from <= now) {
            // A host without pages is not asked again.
            if let Some(url) = self.waiting[host].pop_front() {
                self.under_way.insert(url.clone(), host);
                due.push(Due { url, host });
            }
        }
        due
    }

    /// When the next host may be asked; far away when that depends on records.
    pub(crate) fn next(&self) -> Instant {
        self.free.front().map_or_else(|| Instant::now() + Duration::from_secs(3600), |(from, _)| *from)
    }

    /// A page was recorded. False when it was not under way: recorded before, or never asked for.
    pub(crate) fn recorded(&mut self, url: &str) -> bool {
        let Some(host) = self.under_way.remove(url) else { return false };
        self.free.push_back((Instant::now() + self.delay, host));
        true
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_host_rests_after_each_page() {
        let all = ["http://a/1", "http://a/2", "http://b/1"];
        let mut hosts = Hosts::new(all.into_iter(), 1, Duration::from_millis(100)).unwrap();
        let urls = |due: Vec<Due>| due.into_iter().map(|due| (due.url, due.host)).collect::<Vec<_>>();
        assert_eq!(urls(hosts.due()), [("http://a/1".into(), 0), ("http://b/1".into(), 1)]);
        assert!(hosts.recorded("http://a/1") && !hosts.recorded("http://a/1"));
        assert!(hosts.due().is_empty());
        tokio::time::sleep_until(hosts.next()).await;
        assert_eq!(urls(hosts.due()), [("http://a/2".into(), 0)]);
        assert!(hosts.recorded("http://b/1") && !hosts.done());
        assert!(hosts.recorded("http://a/2") && hosts.done());
    }
}
