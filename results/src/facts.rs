//! What is kept of every known page beside the frontier: its record, and who leads to it. 12 bytes.

use crawl_frontier::Segmented;

use crate::concluded::NONE;

/// What is kept of one page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// Place of its record among those that concluded pages; [`NONE`] while it has none.
    pub(crate) record: u32,
    /// How many pages lead to it.
    pub(crate) referrers: u32,
    /// The page that was the first to lead to it, by the order of the log; [`NONE`] while none does.
    pub(crate) found_on: u32,
}

const NOTHING: Fact = Fact { record: NONE, referrers: 0, found_on: NONE };

/// What is kept of every known page.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    list: Segmented<Fact>,
}

impl Facts {
    /// Makes room for the pages that have become known.
    pub(crate) fn grow(&mut self, known: u32) {
        while self.list.len() < known as usize {
            self.list.push(NOTHING);
        }
    }

    pub(crate) fn get(&self, page: u32) -> Fact {
        *self.list.get(page as usize)
    }

    pub(crate) fn iter_from(&self, page: u32) -> impl Iterator<Item = Fact> {
        self.list.iter_from(page as usize).copied()
    }

    /// A page was concluded, and leads to these, each named once.
    pub(crate) fn conclude(&mut self, page: u32, record: u32, leads_to: &[u32]) {
        self.list.get_mut(page as usize).record = record;
        for target in leads_to {
            let fact = self.list.get_mut(*target as usize);
            fact.referrers += 1;
            if fact.found_on == NONE {
                fact.found_on = page;
            }
        }
    }

    pub(crate) fn weight(&self) -> usize {
        self.list.weight()
    }
}
