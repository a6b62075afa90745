//! A crawl's state, and where it stands as a whole.

use std::sync::Arc;

use crate::{
    Counts, CrawlKey, HostTable, PageId, Rules, RulesError,
    distance::Distance,
    documents::Documents,
    identity::{Identity, requestable},
    pages::{PageIx, Pages, State},
    reading::Told,
    robots::RobotsTable,
    schedule::Schedule,
    scope::Root,
    sitemaps::Sitemaps,
    sites::{SiteIx, Sites},
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
    pub(crate) documents: Documents,
    pub(crate) robots: RobotsTable,
    pub(crate) sitemaps: Sitemaps,
    pub(crate) schedule: Schedule,
    pub(crate) counts: Counts,
    pub(crate) sites: Sites,
    /// What the last record told, where the log is only read.
    pub(crate) told: Option<Told>,
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
        Self::begin(crawl, rules, Schedule::default(), None)
    }

    pub(crate) fn begin(crawl: &str, rules: Rules, schedule: Schedule, told: Option<Told>) -> Result<Self, RulesError> {
        rules.check()?;
        let identity = Identity::new(crawl);
        let mut frontier = Self {
            crawl: crawl.to_owned(),
            key: CrawlKey::of(crawl),
            robots: RobotsTable::new(&rules.fetch.user_agent, rules.max_crawl_delay_ms),
            documents: Documents::default(),
            sitemaps: Sitemaps::default(),
            identity,
            roots: Vec::new(),
            pages: Pages::default(),
            schedule,
            counts: Counts::default(),
            sites: Sites::default(),
            told,
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
        self.counts.sitemaps = self.sitemaps.counts();
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
        let mut open = self.counts.queued + self.counts.in_flight + self.counts.sitemaps.open();
        // A robots.txt that no page waits for may still name sitemaps.
        if self.rules.sitemaps {
            open += self.documents.open_robots() as u64;
        }
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
        match (self.pages.find(task), self.documents.find(task)) {
            (Some(page), _) => self.pages.get(page).state == State::InFlight,
            (_, Some(doc)) => self.documents.get(doc).in_flight,
            _ => false,
        }
    }

    /// Takes over what an earlier fold of the same crawl has under way. To be called once the log has been read. A task that
    /// means nothing under the rules of now keeps its host until its record comes, or it is given up.
    pub fn adopt(&mut self, hosts: &HostTable) {
        for task in hosts.overdue(self.key, crate::Millis::MAX) {
            if let Some(page) = self.pages.find(task).filter(|ix| self.pages.get(*ix).state == State::Queued) {
                self.mark_in_flight(page);
            } else if let Some(doc) = self.documents.find(task).filter(|ix| self.documents.get(*ix).open) {
                self.documents.get_mut(doc).in_flight = true;
            }
        }
    }

    /// Puts a task back: it was withdrawn, or nothing came of it. `false` when it was not in flight.
    pub fn give_back(&mut self, task: PageId) -> bool {
        if let Some(ix) = self.pages.find(task).filter(|ix| self.pages.get(*ix).state == State::InFlight) {
            self.let_go(ix);
            self.place(ix);
            self.schedule.wake(self.pages.get(ix).host);
            return true;
        }
        let Some(ix) = self.documents.find(task).filter(|ix| self.documents.get(*ix).in_flight) else {
            return false;
        };
        let doc = self.documents.get_mut(ix);
        doc.in_flight = false;
        let (site, not_before, work) = (doc.site, doc.not_before, doc.work(ix));
        self.schedule.push(site, 0, work, not_before);
        self.schedule.wake(site);
        true
    }

    /// Puts everything back that is in flight, as a crawl that has ended shows it.
    pub fn give_back_all(&mut self) {
        let pages = self.pages.iter().map(|(_, page)| page).filter(|page| page.state == State::InFlight);
        let docs = self.documents.iter().filter(|doc| doc.in_flight);
        let tasks: Vec<PageId> = pages.map(|page| page.id).chain(docs.map(|doc| doc.id)).collect();
        for task in tasks {
            self.give_back(task);
        }
    }

    pub(crate) fn mark_in_flight(&mut self, ix: PageIx) {
        let page = self.pages.get(ix);
        if page.state == State::Queued {
            self.pages.set_state(ix, State::InFlight);
            self.counts.in_flight += 1;
            self.counts.queued -= 1;
            if let Some(site) = self.sites.get_mut(page.host) {
                site.in_flight += 1;
            }
        }
    }

    /// A page is not in flight any more: its record came, or nobody waits for it.
    pub(crate) fn let_go(&mut self, ix: PageIx) {
        let page = self.pages.get(ix);
        if page.state == State::InFlight {
            self.pages.set_state(ix, State::Queued);
            self.counts.in_flight -= 1;
            self.counts.queued += 1;
            if let Some(site) = self.sites.get_mut(page.host) {
                site.in_flight -= 1;
            }
        }
    }

    pub(crate) fn site(&mut self, name: &str) -> SiteIx {
        if let Some(known) = self.sites.find(name) {
            return known;
        }
        self.schedule.add_host();
        self.counts.hosts += 1;
        self.sites.insert(name, self.rules.politeness, &self.rules.hosts)
    }

    pub(crate) fn host_name(&self, ix: SiteIx) -> Arc<str> {
        Arc::clone(&self.sites.get(ix).name)
    }
}
