//! For those who only read a log: what is known of every page, and what each record told.
//!
//! A page's index is the order in which it was found. Under the same rules the same log gives the same indexes.

use crawl_protocol::Kind;

use crate::{
    Addresses, Frontier, PageId, PageState, Rules, RulesError, distance::UNREACHED, pages::Page, pages::PageIx,
    schedule::Schedule,
};

/// What a page's record told last.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The page that the last record concluded.
    page: Option<PageIx>,
    /// The known pages that it leads to; some may stand there twice.
    leads_to: Vec<PageIx>,
}

/// A page that the crawl knows.
#[derive(Clone, Copy, Debug)]
pub struct KnownPage {
    /// What it goes by.
    pub id: PageId,
    /// Index of its host; `None` where the URL cannot be requested.
    pub host: Option<u32>,
    /// Links from the nearest seed; `None` while only nofollow links lead to it.
    pub depth: Option<u32>,
    /// Where it stands.
    pub state: PageState,
}

impl KnownPage {
    fn of(page: &Page) -> Self {
        let depth = page.distance().depth;
        Self {
            id: page.id,
            host: (page.host != crate::sites::NOWHERE).then_some(page.host),
            depth: (depth != UNREACHED).then_some(depth.into()),
            state: page.state,
        }
    }
}

impl Told {
    pub(crate) fn forget(&mut self) {
        self.page = None;
        self.leads_to.clear();
    }

    pub(crate) fn concluded(&mut self, page: PageIx) {
        self.page = Some(page);
    }

    pub(crate) fn leads_to(&mut self, pages: impl IntoIterator<Item = PageIx>) {
        self.leads_to.extend(pages);
    }
}

impl Frontier {
    /// A crawl at its beginning, for one who reads its log and publishes nothing: the counts are the same, [`Frontier::due`]
    /// gives nothing, and [`Frontier::concluded`] tells what each record said.
    ///
    /// # Errors
    /// When the rules cannot be followed; the message names the field.
    pub fn for_reading(crawl: &str, rules: Rules) -> Result<Self, RulesError> {
        // With a budget for each host, the schedule knows which pages wait when it is used up.
        let schedule = if rules.max_pages_per_host.is_some() { Schedule::default() } else { Schedule::unused() };
        Self::begin(crawl, rules, schedule, Some(Told::default()))
    }

    /// The page that the last record concluded, and the known pages that it leads to, by links of any kind or by a redirect.
    /// They are in no order, and some may stand there twice. Always `None` but for a frontier made [for reading](Self::for_reading).
    #[must_use]
    pub fn concluded(&self) -> Option<(u32, &[u32])> {
        let told = self.told.as_ref()?;
        told.page.map(|page| (page, told.leads_to.as_slice()))
    }

    /// How many pages are known.
    #[must_use]
    pub fn known(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// A page by its index; `None` when so many are not known.
    #[must_use]
    pub fn page(&self, ix: u32) -> Option<KnownPage> {
        (ix < self.known()).then(|| KnownPage::of(&self.pages.get(ix)))
    }

    /// The pages from an index on, in the order in which they were found.
    pub fn pages_from(&self, ix: u32) -> impl Iterator<Item = (u32, KnownPage)> {
        self.pages.iter_from(ix).map(|(ix, page)| (ix, KnownPage::of(page)))
    }

    /// The index of the page that goes by this URL, in any of its spellings.
    #[must_use]
    pub fn find(&self, url: &str) -> Option<u32> {
        let id = self.id_of(Kind::Page, url).unwrap_or_else(|| self.identity.of(Kind::Page, url));
        self.pages.find(id)
    }

    /// A reader of the pages' addresses.
    #[must_use]
    pub fn addresses(&self) -> Addresses<'_> {
        self.pages.addresses()
    }

    /// How many hosts are known. Some have no page, but a robots.txt that another one redirects to.
    #[must_use]
    pub fn hosts(&self) -> u32 {
        self.sites.len()
    }

    /// The name of a host by its index; empty when so many are not known.
    #[must_use]
    pub fn host(&self, ix: u32) -> &str {
        if ix < self.sites.len() { &self.sites.get(ix).name } else { "" }
    }

    /// The index of a host.
    #[must_use]
    pub fn find_host(&self, name: &str) -> Option<u32> {
        self.sites.find(name)
    }
}

impl Frontier {
    /// Bytes of memory that it holds.
    #[must_use]
    pub fn weight(&self) -> usize {
        let documents = self.documents.weight() + self.robots.weight() + self.sitemaps.weight();
        size_of::<Self>() + self.pages.weight() + self.schedule.weight() + self.sites.weight() + documents
    }
}
