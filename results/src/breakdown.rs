//! Sums: by answer, host, depth, reason and type.

use std::{cmp::Reverse, collections::BTreeMap};

use crawl_frontier::PageState;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Results, concluded::NONE};

/// Hosts that are shown.
const HOSTS: usize = 100;
/// Types that are shown.
const TYPES: usize = 100;

/// Sums over all pages that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// Fetched, failed and redirected pages by status code, or by failure class where no response came.
    pub statuses: Vec<StatusSum>,
    /// The hosts with most pages.
    pub hosts: Vec<HostSum>,
    /// How many hosts have pages.
    pub host_count: u64,
    /// Pages by how many links they are from the nearest seed; those that only nofollow links lead to are in none.
    pub depths: Vec<DepthSum>,
    /// Skipped pages by the reason.
    pub reasons: Vec<ReasonSum>,
    /// Fetched pages by content type, the most frequent ones; an empty one where there was none.
    pub types: Vec<TypeSum>,
}

/// Pages with the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusSum {
    /// A status code or a failure class.
    pub key: String,
    /// How many.
    pub pages: u64,
}

/// The pages of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostSum {
    /// Its name.
    pub host: String,
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
    /// Decoded bytes of its pages.
    pub bytes: u64,
}

/// Pages that are as many links from a seed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DepthSum {
    /// How many links.
    pub depth: u32,
    /// Pages that are known.
    pub pages: u64,
    /// Those that were fetched.
    pub fetched: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that were left out.
    pub skipped: u64,
}

/// Pages that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReasonSum {
    /// The reason.
    pub reason: &'static str,
    /// How many.
    pub pages: u64,
}

/// Pages of one content type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TypeSum {
    /// The `Content-Type` without parameters.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many.
    pub pages: u64,
}

impl Results {
    /// Sums over all pages that are known.
    #[must_use]
    pub fn breakdown(&self) -> Breakdown {
        let mut hosts = vec![HostSum::default(); self.frontier.hosts() as usize];
        let mut depths = BTreeMap::<u32, DepthSum>::new();
        let mut types = vec![0; self.names.types.len() + 1];
        for ((_, page), fact) in self.frontier.pages_from(0).zip(self.facts.iter_from(0)) {
            let (fetched, failed, skipped) = match page.state {
                PageState::Fetched => (1, 0, 0),
                PageState::Failed => (0, 1, 0),
                PageState::Skipped(_) => (0, 0, 1),
                PageState::Queued | PageState::InFlight | PageState::Redirected => (0, 0, 0),
            };
            if let Some(depth) = page.depth {
                let sum = depths.entry(depth).or_insert_with(|| DepthSum { depth, ..DepthSum::default() });
                sum.pages += 1;
                sum.fetched += fetched;
                sum.failed += failed;
                sum.skipped += skipped;
            }
            let Some(sum) = page.host.and_then(|host| hosts.get_mut(host as usize)) else { continue };
            sum.pages += 1;
            sum.fetched += fetched;
            sum.failed += failed;
            sum.skipped += skipped;
            if let Some(record) = self.record(fact).filter(|_| fetched == 1) {
                sum.links += u64::from(record.links);
                sum.bytes += u64::from(record.bytes);
                let kind = if record.more == NONE { types.len() - 1 } else { record.more as usize };
                types[kind] += 1;
            }
        }
        let (hosts, host_count) = self.most_pages(hosts);
        let counts = self.counts();
        let reasons = counts.skipped_by_reason.iter().map(|(reason, pages)| ReasonSum { reason, pages: *pages });
        let statuses = counts.responses.iter().map(|(key, pages)| StatusSum { key: key.clone(), pages: *pages });
        Breakdown {
            statuses: statuses.collect(),
            hosts,
            host_count,
            depths: depths.into_values().collect(),
            reasons: reasons.collect(),
            types: self.most_frequent(&types),
        }
    }

    fn most_pages(&self, sums: Vec<HostSum>) -> (Vec<HostSum>, u64) {
        let mut sums: Vec<(u32, HostSum)> = (0..).zip(sums).filter(|(_, sum)| sum.pages > 0).collect();
        let count = sums.len() as u64;
        sums.sort_by_key(|(host, sum)| (Reverse(sum.pages), *host));
        sums.truncate(HOSTS);
        let named = |(host, sum)| HostSum { host: self.frontier.host(host).to_owned(), ..sum };
        (sums.into_iter().map(named).collect(), count)
    }

    fn most_frequent(&self, pages: &[u64]) -> Vec<TypeSum> {
        let kind = |place| self.names.types.get(place).map(|text| text.to_string()).unwrap_or_default();
        let mut types: Vec<TypeSum> = (0..)
            .zip(pages)
            .filter(|(_, pages)| **pages > 0)
            .map(|(place, pages)| TypeSum { kind: kind(place), pages: *pages })
            .collect();
        types.sort_by(|a, b| b.pages.cmp(&a.pages).then_with(|| a.kind.cmp(&b.kind)));
        types.truncate(TYPES);
        types
    }
}
