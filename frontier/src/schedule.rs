//! The order in which a crawl's work may start: shortest distance first within a host, hosts in turn.
//!
//! It holds no truth: entries may be stale, and whoever takes one looks at the page again.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use crate::{Millis, documents::DocIx, pages::PageIx, weight};

/// Bytes of a queue of pages in a tree: a node of eleven, perhaps with one of them.
const PER_DEPTH: usize = 400;

/// Something to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// A robots.txt: nothing else of its host may start before it.
    Robots(DocIx),
    /// A sitemap.
    Sitemap(DocIx),
    /// A page.
    Page(PageIx),
}

/// Work of one crawl that has not started, by host.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// Nobody will take anything out.
    unused: bool,
    hosts: Vec<HostQueue>,
    /// Hosts to be asked in turn.
    turns: VecDeque<u32>,
    /// Hosts that may not be asked before a time.
    resting: BTreeSet<(Millis, u32)>,
    /// Work that may not start before a time, with its host.
    delayed: BTreeSet<(Millis, u32, Reverse<u16>, Work)>,
    /// No sitemap may start.
    sitemaps_held: bool,
    /// Hosts that lost their turn because of that.
    only_sitemaps: Vec<u32>,
}

#[derive(Debug, Default)]
struct HostQueue {
    robots: VecDeque<DocIx>,
    /// They and pages take turns: a host may have 50,000 of them.
    sitemaps: VecDeque<DocIx>,
    page_next: bool,
    /// Pages by their depth.
    pages: BTreeMap<u16, VecDeque<PageIx>>,
    in_turn: bool,
    resting_until: Option<Millis>,
}

impl HostQueue {
    fn push(&mut self, depth: u16, work: Work) {
        match work {
            Work::Robots(ix) => self.robots.push_back(ix),
            Work::Sitemap(ix) => self.sitemaps.push_back(ix),
            Work::Page(ix) => self.pages.entry(depth).or_default().push_back(ix),
        }
    }

    fn peek(&self, sitemaps_held: bool) -> Option<Work> {
        if let Some(ix) = self.robots.front() {
            return Some(Work::Robots(*ix));
        }
        let page = self.pages.first_key_value().and_then(|(_, nearest)| nearest.front()).map(|ix| Work::Page(*ix));
        let sitemap = self.sitemaps.front().filter(|_| !sitemaps_held).map(|ix| Work::Sitemap(*ix));
        if self.page_next { page.or(sitemap) } else { sitemap.or(page) }
    }

    fn pop(&mut self, sitemaps_held: bool) {
        match self.peek(sitemaps_held) {
            None => {}
            Some(Work::Robots(_)) => drop(self.robots.pop_front()),
            Some(Work::Sitemap(_)) => {
                self.sitemaps.pop_front();
                self.page_next = true;
            }
            Some(Work::Page(_)) => {
                self.page_next = false;
                if let Some(mut nearest) = self.pages.first_entry() {
                    nearest.get_mut().pop_front();
                    if nearest.get().is_empty() {
                        nearest.remove();
                    }
                }
            }
        }
    }
}

impl Schedule {
    /// One that stays empty, where a log is only read.
    pub(crate) fn unused() -> Self {
        Self { unused: true, ..Self::default() }
    }

    /// Bytes of memory that it holds; it looks at every host.
    pub(crate) fn weight(&self) -> usize {
        let per_delayed = size_of::<(Millis, u32, Reverse<u16>, Work)>();
        let queues = self.hosts.iter().map(|host| {
            let pages: usize =
                host.pages.values().map(|pages| pages.capacity() * size_of::<PageIx>() + PER_DEPTH).sum();
            pages + (host.robots.capacity() + host.sitemaps.capacity()) * size_of::<DocIx>()
        });
        queues.sum::<usize>()
            + weight::list(&self.hosts)
            + self.turns.capacity() * 4
            + self.delayed.len() * per_delayed * 2
    }

    /// Makes room for one more host.
    pub(crate) fn add_host(&mut self) {
        if !self.unused {
            self.hosts.push(HostQueue::default());
        }
    }

    /// Adds work, to start not before `not_before`; `depth` orders the work of one host.
    pub(crate) fn push(&mut self, host: u32, depth: u16, work: Work, not_before: Millis) {
        if self.unused {
            return;
        }
        if not_before > 0 {
            self.delayed.insert((not_before, host, Reverse(depth), work));
        } else {
            self.push_ready(host, depth, work);
        }
    }

    fn push_ready(&mut self, host: u32, depth: u16, work: Work) {
        self.hosts[host as usize].push(depth, work);
        self.give_turn(host);
    }

    fn give_turn(&mut self, host: u32) {
        let queue = &mut self.hosts[host as usize];
        if !queue.in_turn && queue.resting_until.is_none() && queue.peek(false).is_some() {
            queue.in_turn = true;
            self.turns.push_back(host);
        }
    }

    /// Lets everything in whose time has come.
    pub(crate) fn advance(&mut self, now: Millis) {
        while let Some((at, host, Reverse(depth), work)) = self.delayed.first().copied().filter(|first| first.0 <= now)
        {
            self.delayed.remove(&(at, host, Reverse(depth), work));
            self.push_ready(host, depth, work);
        }
        while let Some((at, host)) = self.resting.first().copied().filter(|first| first.0 <= now) {
            self.resting.remove(&(at, host));
            self.hosts[host as usize].resting_until = None;
            self.give_turn(host);
        }
    }

    /// The host whose turn it is, with its first work. Whoever asks must `take` or `rest`.
    pub(crate) fn next(&mut self) -> Option<(u32, Work)> {
        loop {
            let host = *self.turns.front()?;
            let queue = &mut self.hosts[host as usize];
            if let Some(work) = queue.peek(self.sitemaps_held) {
                return Some((host, work));
            }
            queue.in_turn = false;
            if !queue.sitemaps.is_empty() {
                self.only_sitemaps.push(host);
            }
            self.turns.pop_front();
        }
    }

    /// Removes the first work of the host whose turn it is; `started` passes the turn on.
    pub(crate) fn take(&mut self, started: bool) {
        if let Some(host) = self.turns.front().copied() {
            self.hosts[host as usize].pop(self.sitemaps_held);
            if started {
                self.turns.rotate_left(1);
            }
        }
    }

    /// Lets the host whose turn it is rest.
    pub(crate) fn rest(&mut self, until: Millis) {
        if let Some(host) = self.turns.pop_front() {
            let queue = &mut self.hosts[host as usize];
            queue.in_turn = false;
            queue.resting_until = Some(until);
            self.resting.insert((until, host));
        }
    }

    /// Wakes a host: a request to it ended, so it may be asked sooner than was thought.
    pub(crate) fn wake(&mut self, host: u32) {
        let Some(queue) = self.hosts.get_mut(host as usize) else { return };
        if let Some(at) = queue.resting_until.take() {
            self.resting.remove(&(at, host));
        }
        self.give_turn(host);
    }

    /// Lets no sitemap start, or lets them start again.
    pub(crate) fn hold_sitemaps(&mut self, held: bool) {
        self.sitemaps_held = held;
        if !held {
            for host in std::mem::take(&mut self.only_sitemaps) {
                self.give_turn(host);
            }
        }
    }

    /// Takes all pages of a host out.
    pub(crate) fn clear_pages(&mut self, host: u32) -> Vec<PageIx> {
        let ready = std::mem::take(&mut self.hosts[host as usize].pages);
        let mut pages: Vec<PageIx> = ready.into_values().flatten().collect();
        self.delayed.retain(|(_, of, _, work)| match work {
            Work::Page(ix) if *of == host => {
                pages.push(*ix);
                false
            }
            _ => true,
        });
        pages
    }

    /// When `advance` will next let something in.
    pub(crate) fn next_event(&self) -> Option<Millis> {
        let delayed = self.delayed.first().map(|first| first.0);
        let resting = self.resting.first().map(|first| first.0);
        [delayed, resting].into_iter().flatten().min()
    }
}
