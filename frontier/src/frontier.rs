//! A crawl's state, and where it stands as a whole.

use std::{collections::HashMap, sync::Arc};

use crate::{
    Counts, CrawlKey, HostTable, PageId, Rules, RulesError,
    identity::{Identity, requestable},
    pages::{Distance, Pages, State},
    robots::RobotsTable,
    schedule::{Schedule, Work},
    scope::Root,
};

/// Everything known of one crawl: its rules folded with its log.
#[derive(Debug)]
pub struct Frontier {
    pub(crate) crawl: String,
    pub(crate) key: CrawlKey,
    pub(crate) rules: Rules,
    pub(crate) identity: Identity,
    pub(crate) roots: Vec<Root>,
    pub(crate) pages: Pages,
    pub(crate) robots: RobotsTable,
    pub(crate) schedule: Schedule,
    pub(crate) counts: Counts,
    hosts: HashMap<Arc<str>, u32>,
    host_names: Vec<Arc<str>>,
}

/// Why a crawl is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing is left to fetch.
    FrontierEmpty,
    /// `maxLinks` pages have been processed, and more are known.
    MaxLinksReached,
    /// Nothing is left, and not one page could be fetched.
    AllSeedsFailed,
}

impl Frontier {
    /// A crawl at its beginning: its seeds are known, nothing is fetched. `crawl` is the Crawl's uid.
    ///
    /// # Errors
    /// When the rules cannot be followed; the message names the field.
    pub fn new(crawl: &str, rules: Rules) -> Result<Self, RulesError> {
        rules.check()?;
        let identity = Identity::new(crawl);
        let mut frontier = Self {
            crawl: crawl.to_owned(),
            key: CrawlKey::of(crawl),
            robots: RobotsTable::new(&rules.fetch.user_agent, rules.max_crawl_delay_ms),
            identity,
            roots: Vec::new(),
            pages: Pages::default(),
            schedule: Schedule::default(),
            counts: Counts::default(),
            hosts: HashMap::new(),
            host_names: Vec::new(),
            rules,
        };
        frontier.plant();
        Ok(frontier)
    }

    fn plant(&mut self) {
        let seeds = std::mem::take(&mut self.rules.seeds);
        self.roots = seeds.iter().filter_map(|seed| requestable(seed)).map(|url| Root::new(&url)).collect();
        for seed in &seeds {
            self.discover(seed, Distance::SEED, true);
        }
        self.rules.seeds = seeds;
    }

    /// What this crawl's leases in the [`HostTable`] are filed under.
    #[must_use]
    pub fn key(&self) -> CrawlKey {
        self.key
    }

    /// Where every URL stands now.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Why the crawl is over; `None` while it is not.
    #[must_use]
    pub fn finish(&self) -> Option<Finish> {
        let open = self.counts.queued + self.counts.in_flight;
        let limited = self.counts.processed() >= self.rules.max_links;
        match (open, limited, self.counts.fetched) {
            (1.., false, _) => None,
            (_, _, 0) => Some(Finish::AllSeedsFailed),
            (1.., true, _) => Some(Finish::MaxLinksReached),
            (0, _, _) => Some(Finish::FrontierEmpty),
        }
    }

    /// Whether a task is given to a worker and its record has not been read.
    #[must_use]
    pub fn in_flight(&self, task: PageId) -> bool {
        match (self.pages.find(task), self.robots.find(task)) {
            (Some(page), _) => self.pages.get(page).in_flight,
            (_, Some(doc)) => self.robots.doc(doc).in_flight,
            _ => false,
        }
    }

    /// Takes over what an earlier fold of the same crawl has under way. To be called once the log has been read.
    pub fn adopt(&mut self, hosts: &HostTable) {
        for task in hosts.overdue(self.key, crate::Millis::MAX) {
            if let Some(page) = self.pages.find(task).filter(|ix| self.pages.get(*ix).state == State::Queued) {
                self.mark_in_flight(page);
            } else if let Some(doc) = self.robots.find(task).filter(|ix| self.robots.is_open(*ix)) {
                self.robots.doc_mut(doc).in_flight = true;
            }
        }
    }

    /// Puts a task back: it was withdrawn, or nothing came of it. `false` when it was not in flight.
    pub fn give_back(&mut self, task: PageId) -> bool {
        if let Some(ix) = self.pages.find(task).filter(|ix| self.pages.get(*ix).in_flight) {
            let page = self.pages.get_mut(ix);
            page.in_flight = false;
            let host = page.host;
            self.counts.in_flight -= 1;
            self.counts.queued += 1;
            self.place(ix);
            self.schedule.wake(host);
            return true;
        }
        let Some(ix) = self.robots.find(task).filter(|ix| self.robots.doc(*ix).in_flight) else {
            return false;
        };
        let doc = self.robots.doc_mut(ix);
        doc.in_flight = false;
        let (host, not_before) = (doc.host, doc.not_before);
        self.schedule.push(host, 0, Work::Robots(ix), not_before);
        self.schedule.wake(host);
        true
    }

    /// Puts everything back that is in flight, as a crawl that has ended shows it.
    pub fn give_back_all(&mut self) {
        let pages = self.pages.indices().map(|ix| self.pages.get(ix)).filter(|page| page.in_flight);
        let docs = self.robots.docs().map(|ix| self.robots.doc(ix)).filter(|doc| doc.in_flight);
        let tasks: Vec<PageId> = pages.map(|page| page.id).chain(docs.map(|doc| doc.id)).collect();
        for task in tasks {
            self.give_back(task);
        }
    }

    /// The URL, kind, depth and next attempt of a task that is not concluded: what a record made on a worker's behalf needs.
    #[must_use]
    pub fn open_task(&self, task: PageId) -> Option<crawl_protocol::Task> {
        if let Some(ix) = self.pages.find(task).filter(|ix| self.pages.get(*ix).state == State::Queued) {
            return Some(self.task(Work::Page(ix)));
        }
        self.robots.find(task).filter(|ix| self.robots.is_open(*ix)).map(|ix| self.task(Work::Robots(ix)))
    }

    pub(crate) fn mark_in_flight(&mut self, ix: crate::pages::PageIx) {
        let page = self.pages.get_mut(ix);
        if !page.in_flight {
            page.in_flight = true;
            self.counts.in_flight += 1;
            self.counts.queued -= 1;
        }
    }

    pub(crate) fn host(&mut self, name: &str) -> u32 {
        if let Some(known) = self.hosts.get(name) {
            return *known;
        }
        let name: Arc<str> = name.into();
        let ix = u32::try_from(self.host_names.len()).unwrap_or(u32::MAX);
        self.host_names.push(Arc::clone(&name));
        self.hosts.insert(name, ix);
        self.schedule.add_host();
        self.counts.hosts += 1;
        ix
    }

    pub(crate) fn host_name(&self, ix: u32) -> Arc<str> {
        Arc::clone(&self.host_names[ix as usize])
    }
}
