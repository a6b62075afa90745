//! Files that are no pages but say something about pages: robots.txt and sitemaps. They are fetched as tasks like any other.

use std::collections::HashMap;

use crawl_protocol::Kind;

use crate::{Millis, PageId, schedule::Work, sites::SiteIx, weight};

/// Index of a document.
pub(crate) type DocIx = u32;

/// One of them.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) id: PageId,
    /// Robots or sitemap.
    pub(crate) kind: Kind,
    pub(crate) url: Box<str>,
    pub(crate) site: SiteIx,
    /// Not concluded, and wanted.
    pub(crate) open: bool,
    /// Given to a worker.
    pub(crate) in_flight: bool,
    /// Attempts that ended.
    pub(crate) attempts: u32,
    /// Not to be tried before.
    pub(crate) not_before: Millis,
}

impl Document {
    /// What fetching it is, to the schedule.
    pub(crate) fn work(&self, ix: DocIx) -> Work {
        if self.kind == Kind::Sitemap { Work::Sitemap(ix) } else { Work::Robots(ix) }
    }
}

/// All documents of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    list: Vec<Document>,
    by_id: HashMap<PageId, DocIx>,
    open_robots: usize,
}

impl Documents {
    pub(crate) fn find(&self, id: PageId) -> Option<DocIx> {
        self.by_id.get(&id).copied()
    }

    /// Enters one that is not known yet.
    pub(crate) fn insert(&mut self, id: PageId, kind: Kind, url: &str, site: SiteIx) -> DocIx {
        let ix = DocIx::try_from(self.list.len()).unwrap_or(DocIx::MAX);
        let url = url.into();
        self.list.push(Document { id, kind, url, site, open: true, in_flight: false, attempts: 0, not_before: 0 });
        self.by_id.insert(id, ix);
        self.open_robots += usize::from(kind == Kind::Robots);
        ix
    }

    /// One is concluded, or not wanted any more.
    pub(crate) fn close(&mut self, ix: DocIx) {
        let doc = self.get_mut(ix);
        let closed_robots = doc.open && doc.kind == Kind::Robots;
        (doc.open, doc.in_flight) = (false, false);
        self.open_robots -= usize::from(closed_robots);
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        let urls: usize = self.list.iter().map(|doc| doc.url.len()).sum();
        weight::list(&self.list) + weight::map(&self.by_id) + urls
    }

    /// How many robots.txt are to be read.
    pub(crate) fn open_robots(&self) -> usize {
        self.open_robots
    }

    pub(crate) fn get(&self, ix: DocIx) -> &Document {
        &self.list[ix as usize]
    }

    pub(crate) fn get_mut(&mut self, ix: DocIx) -> &mut Document {
        &mut self.list[ix as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.list.iter()
    }
}
