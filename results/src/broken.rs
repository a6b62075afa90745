//! Who leads to a page, and above all to those that are broken.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{Cursor, Query, Results, State, rows::Rows};

/// A page that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Referrer {
    /// As it was first seen.
    pub url: String,
}

/// Pages that lead to one, in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrers {
    /// Some of them.
    pub items: Vec<Referrer>,
    /// With which to ask for those that follow.
    pub next: Option<Cursor>,
    /// How many there are.
    pub total: u32,
}

/// A page that failed, and who leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BrokenPage {
    /// As it was first seen.
    pub url: String,
    /// HTTP status code, where a response came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The class of the failure.
    pub class: &'static str,
    /// Why, in one sentence.
    pub message: String,
    /// URLs of pages that lead to it: the first 20 by the order of the log.
    pub referrers: Vec<String>,
    /// How many pages lead to it.
    pub referrer_count: u32,
}

/// Pages that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Some of them. A page may be short, even empty, although others follow.
    pub items: Vec<BrokenPage>,
    /// With which to ask for those that follow.
    pub next: Option<Cursor>,
    /// How many match, where that is known.
    pub total: Option<u64>,
}

/// Who leads to a broken page is shown of so many.
const SHOWN: usize = 20;
/// URLs that are read for one page of broken links.
const EFFORT: usize = 500_000;

impl Results {
    /// The pages that lead to this one, by links of any kind or a redirect. `None` when the crawl does not know it.
    #[must_use]
    pub fn referrers(&self, url: &str, after: Option<&Cursor>, limit: usize) -> Option<Referrers> {
        let page = self.frontier.find(url)?;
        let total = self.facts.get(page).referrers;
        let from = after.filter(|cursor| cursor.is_for_referrers_of(page)).map_or(0, |cursor| cursor.key);
        let (mut rows, mut items, mut next) = (Rows::of(self), Vec::new(), None);
        if total > 0 {
            self.adjacency.read(from, |list, referrer, target| {
                if target == page && items.len() < limit.max(1) {
                    items.push(Referrer { url: rows.url(referrer) });
                } else if target == page {
                    next = Some(Cursor::of_referrers(page, list));
                }
                // Without a cursor it is known when the last one was found.
                next.is_none() && (after.is_some() || items.len() < total as usize)
            });
        }
        Some(Referrers { items, next, total })
    }

    /// Failed pages, in the order they were found, with some of the pages that lead to them. Of the query's states nothing is kept.
    #[must_use]
    pub fn broken(&self, query: &Query, cursor: Option<&Cursor>, limit: usize) -> Broken {
        let query = Query { states: vec![State::Failed], ..query.clone() };
        let selected = self.select(&query, cursor, limit.max(1), EFFORT);
        let referrers = self.first_referrers(&selected.pages);
        let mut rows = Rows::of(self);
        let mut items = Vec::with_capacity(selected.pages.len());
        for (page, referrers) in selected.pages.iter().zip(referrers) {
            let Some(row) = rows.row(*page) else { continue };
            items.push(BrokenPage {
                url: row.url,
                status: row.status,
                class: row.class.unwrap_or("other"),
                message: row.message.unwrap_or_default(),
                referrers: referrers.into_iter().map(|page| rows.url(page)).collect(),
                referrer_count: row.referrers,
            });
        }
        Broken { items, next: selected.next, total: selected.matched }
    }

    /// The first pages that lead to each of these.
    fn first_referrers(&self, pages: &[u32]) -> Vec<Vec<u32>> {
        let mut found = vec![Vec::new(); pages.len()];
        let mut sorted: Vec<(u32, usize)> = pages.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let wanted = |page: u32| (self.facts.get(page).referrers as usize).min(SHOWN);
        let mut missing: usize = pages.iter().map(|page| wanted(*page)).sum();
        if missing == 0 {
            return found;
        }
        // Most members are none of them, which one bit says.
        let mut bits = [0_u64; 1024];
        for page in pages {
            bits[(page >> 6) as usize & 1023] |= 1 << (page & 63);
        }
        self.adjacency.read(0, |_, referrer, target| {
            if bits[(target >> 6) as usize & 1023] & 1 << (target & 63) != 0
                && let Ok(place) = sorted.binary_search_by_key(&target, |(page, _)| *page)
            {
                let referrers = &mut found[sorted[place].1];
                if referrers.len() < SHOWN {
                    referrers.push(referrer);
                    missing -= 1;
                }
            }
            missing > 0
        });
        found
    }
}
