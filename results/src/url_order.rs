//! The order of URLs, of 65,536 pages at a time: two bytes a page.
//!
//! URLs are compressed, and reading all of a million to find the first fifty takes far too long. So whenever so many more pages are
//! known they are sorted once: a URL never changes. Whoever wants those behind a cursor finds the place in each run, and
//! reads on from there.

use std::cmp::Ordering;

use crawl_frontier::{ADDRESS_BLOCK, Addresses, Frontier};

use crate::Order;

/// Pages of a run: as many as two bytes can name.
const RUN: u32 = 1 << 16;

/// Runs of pages, each sorted.
#[derive(Debug, Default)]
pub(crate) struct UrlOrder {
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Run {
    /// Pages by their place among those of the run; those without a URL are last.
    sorted: Box<[u16]>,
    /// How many have a URL.
    with_url: usize,
}

/// Which of two pages comes first. Those without a URL come last, whatever the direction.
pub(crate) fn compare(order: Order, a: (&str, u32), b: (&str, u32)) -> Ordering {
    let urls = match order {
        Order::Ascending => a.0.cmp(b.0),
        Order::Descending => b.0.cmp(a.0),
    };
    a.0.is_empty().cmp(&b.0.is_empty()).then(urls).then(a.1.cmp(&b.1))
}

impl UrlOrder {
    /// The pages from this one on are in no run.
    pub(crate) fn covered(&self) -> u32 {
        u32::try_from(self.runs.len()).unwrap_or(u32::MAX).saturating_mul(RUN)
    }

    /// Sorts what has become known, when it is enough for a run.
    pub(crate) fn grow(&mut self, frontier: &Frontier) {
        while frontier.known() - self.covered() >= RUN {
            self.runs.push(Run::of(&mut frontier.addresses(), self.covered()));
        }
    }

    /// The pages of each run that come behind a place in the order, run after run.
    pub(crate) fn behind(
        &self,
        order: Order,
        place: Option<(&str, u32)>,
        addresses: &mut Addresses<'_>,
    ) -> Vec<impl Iterator<Item = u32> + use<'_>> {
        let runs = (0..).step_by(RUN as usize).zip(&self.runs);
        runs.map(|(first, run)| {
            let from = place.map_or(0, |place| run.place(first, order, place, addresses));
            (from..run.sorted.len()).map(move |at| first + run.get(order, at))
        })
        .collect()
    }

    pub(crate) fn weight(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.runs.len() * RUN as usize * 2
    }
}

impl Run {
    fn of(addresses: &mut Addresses<'_>, first: u32) -> Self {
        let blocks = first / ADDRESS_BLOCK..(first + RUN) / ADDRESS_BLOCK;
        let text = blocks.fold(String::new(), |text, number| text + addresses.block(number));
        let urls: Vec<&str> = text.lines().collect();
        // As long as the addresses can be read there are as many lines as pages.
        let url = |page: &u16| urls.get(usize::from(*page)).copied().unwrap_or_default();
        let mut sorted: Vec<u16> = (0..=u16::MAX).collect();
        sorted.sort_unstable_by(|a, b| compare(Order::Ascending, (url(a), (*a).into()), (url(b), (*b).into())));
        let with_url = sorted.partition_point(|page| !url(page).is_empty());
        Self { sorted: sorted.into(), with_url }
    }

    /// What stands at a place of an order.
    fn get(&self, order: Order, at: usize) -> u32 {
        let at = if order == Order::Descending && at < self.with_url { self.with_url - 1 - at } else { at };
        self.sorted[at].into()
    }

    /// How many pages do not come behind this one.
    fn place(&self, first: u32, order: Order, behind: (&str, u32), addresses: &mut Addresses<'_>) -> usize {
        let (mut least, mut most) = (0, self.sorted.len());
        while least < most {
            let middle = least.midpoint(most);
            let page = first + self.get(order, middle);
            if compare(order, (addresses.get(page), page), behind).is_le() { least = middle + 1 } else { most = middle }
        }
        least
    }
}
