//! The results of one crawl: its log, folded.

use crawl_frontier::{Applied, Counts, Finish, Frontier, Rules, RulesError, Segmented};
use crawl_protocol::{Entry, Record};

use crate::{
    adjacency::Adjacency,
    concluded::Concluded,
    facts::{Fact, Facts},
    names::Names,
    rate::Rate,
    row::{Processed, Row},
    rows::Rows,
    timeline::Timeline,
    url_order::UrlOrder,
};

/// What the log of one crawl says, as far as it was read.
#[derive(Debug)]
pub struct Results {
    pub(crate) frontier: Frontier,
    pub(crate) facts: Facts,
    /// What concluded pages, in the order of the log.
    pub(crate) records: Segmented<Concluded>,
    pub(crate) names: Names,
    pub(crate) adjacency: Adjacency,
    pub(crate) timeline: Timeline,
    pub(crate) rate: Rate,
    pub(crate) url_order: UrlOrder,
    entries: u64,
    /// Where the page leads whose record is being read.
    leads_to: Vec<u32>,
}

impl Results {
    /// The results of a crawl whose log has not been read: its seeds are known. `crawl` is the Crawl's uid.
    ///
    /// # Errors
    /// When the rules cannot be followed; the message names the field.
    pub fn new(crawl: &str, rules: Rules) -> Result<Self, RulesError> {
        let frontier = Frontier::for_reading(crawl, rules)?;
        let mut facts = Facts::default();
        facts.grow(frontier.known());
        Ok(Self {
            timeline: Timeline::new(frontier.known()),
            frontier,
            facts,
            records: Segmented::default(),
            names: Names::default(),
            adjacency: Adjacency::default(),
            rate: Rate::default(),
            url_order: UrlOrder::default(),
            entries: 0,
            leads_to: Vec::new(),
        })
    }

    /// Takes in the next entry of the log; `offset` is its place there.
    pub fn apply(&mut self, offset: u64, entry: &Entry) {
        self.entries += 1;
        if let Entry::Attempt(record) = entry {
            let before = self.frontier.known();
            let applied = self.frontier.apply(record);
            self.facts.grow(self.frontier.known());
            self.url_order.grow(&self.frontier);
            self.timeline.found(record.fetched_at, self.frontier.known() - before);
            if applied == Applied::Concluded {
                self.conclude(offset, record);
            }
        }
    }

    fn conclude(&mut self, offset: u64, record: &Record) {
        let Some((page, leads_to)) = self.frontier.concluded() else { return };
        self.leads_to.clear();
        self.leads_to.extend_from_slice(leads_to);
        self.leads_to.sort_unstable();
        self.leads_to.dedup();
        let place = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push(Concluded::of(offset, page, record, &self.leads_to, &mut self.names));
        self.facts.conclude(page, place, &self.leads_to);
        self.adjacency.push(page, &self.leads_to);
        self.timeline.concluded(record);
        self.rate.concluded(record);
    }

    /// Where every URL stands now, as the Crawl's status has it once the operator has read as much.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        self.frontier.counts()
    }

    /// Why the crawl is over; `None` while it is not.
    #[must_use]
    pub fn finish(&self) -> Option<Finish> {
        self.frontier.finish()
    }

    /// Entries of the log that were read.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Bytes of memory that it holds.
    #[must_use]
    pub fn weight(&self) -> usize {
        let lists = self.url_order.weight() + self.facts.weight() + self.records.weight() + self.adjacency.weight();
        size_of::<Self>() + self.frontier.weight() + lists + self.names.weight() + self.timeline.weight()
    }

    /// Bytes of it that the frontier holds: what the operator holds of the crawl too.
    #[must_use]
    pub fn weight_of_frontier(&self) -> usize {
        self.frontier.weight()
    }

    /// The page that goes by this URL, in any of its spellings; `None` when the crawl does not know it.
    #[must_use]
    pub fn page(&self, url: &str) -> Option<Row> {
        Rows::of(self).row(self.frontier.find(url)?)
    }

    /// Fetched and failed pages in the order of the log, from the record number `from` on: at most `limit` of them, and the number
    /// to go on with.
    #[must_use]
    pub fn processed(&self, from: usize, limit: usize) -> (Vec<Processed>, Option<usize>) {
        let mut rows = Rows::of(self);
        let mut found = Vec::new();
        for (place, record) in (from..=usize::MAX).zip(self.records.iter_from(from)) {
            let links = match self.frontier.page(record.page).map(|page| page.state) {
                Some(crawl_frontier::PageState::Fetched) => Some(record.links),
                Some(crawl_frontier::PageState::Failed) => None,
                _ => continue,
            };
            if found.len() == limit {
                return (found, Some(place));
            }
            found.push(Processed { url: rows.url(record.page), links });
        }
        (found, None)
    }

    /// Pages fetched or failed a second in the 20 s before `now`, by the times of their records.
    #[must_use]
    pub fn rate(&self, now_ms: i64) -> f64 {
        self.rate.at(now_ms)
    }

    /// What concluded a page.
    pub(crate) fn record(&self, fact: Fact) -> Option<&Concluded> {
        ((fact.record as usize) < self.records.len()).then(|| self.records.get(fact.record as usize))
    }
}
