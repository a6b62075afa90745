//! The map of a crawl: its URLs as a tree of origins, folders and pages, two levels of it at a time.

use schemars::JsonSchema;
use serde::Serialize;

use crate::Results;
use tree::Tree;

mod address;
mod sum;
mod tree;

/// An origin, a folder or a page, with all that lies below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapNode {
    /// The last part of its prefix: an origin, the name of a folder with a `/` at its end, or that of a page.
    pub name: String,
    /// What all its URLs begin with; empty for all of the crawl.
    pub prefix: String,
    /// Pages that are known.
    pub pages: u64,
    /// Those that were fetched.
    pub fetched: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that were left out.
    pub skipped: u64,
    /// Links on its pages.
    pub links: u64,
    /// How often known pages lead to one of its pages.
    pub referrers: u64,
    /// Whether it is a page, with nothing below it.
    pub leaf: bool,
    /// What is directly below it, those with most links first. A folder's own page, whose URL is its prefix, is none of them.
    pub children: Vec<MapNode>,
    /// What is below it and not shown.
    pub more: More,
}

/// What is below a node and not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct More {
    /// How many nodes; where there are more than 50,000 folders, at most so many.
    pub nodes: u64,
    /// How many pages there are in them.
    pub pages: u64,
}

impl Results {
    /// What lies below a prefix, two levels of it, with at most `limit` children each: an empty one for all of the crawl,
    /// `http://host:port`, or `http://host/folder/`. A node without pages when no URL begins so.
    #[must_use]
    pub fn map(&self, prefix: &str, limit: usize) -> MapNode {
        let mut tree = Tree::new(prefix, limit.max(1));
        let mut addresses = self.frontier.addresses();
        let mut pages = self.frontier.pages_from(0).zip(self.facts.iter_from(0));
        for number in 0..self.frontier.known().div_ceil(crawl_frontier::ADDRESS_BLOCK) {
            for (url, ((ix, page), fact)) in addresses.block(number).lines().zip(&mut pages) {
                tree.add(url, ix, &sum::Sum::of(self, &page, fact));
            }
        }
        tree.finish(self)
    }
}
