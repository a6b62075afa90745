//! The ledger of a crawl, as status shows it.

use std::collections::BTreeMap;

pub use crate::sitemaps::SitemapCounts;

/// Why a URL was left out. The fixed set of keys of `status.skippedByReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkipReason {
    /// Not in `scope.type`.
    OutOfScope,
    /// No `include` matches, or an `exclude` does.
    Excluded,
    /// More than `maxDepth` links away.
    TooDeep,
    /// More than `maxRedirects` redirects in a row lead to it, and no link does.
    TooManyRedirects,
    /// Only linked with nofollow.
    Nofollow,
    /// robots.txt disallows it.
    Robots,
    /// robots.txt could not be read: the server failed, so everything is taken as disallowed.
    RobotsUnreachable,
    /// robots.txt asks for a longer delay than `maxCrawlDelay`.
    CrawlDelay,
    /// The URL cannot be requested.
    BadUrl,
    /// The URL is longer than 2,083 bytes.
    UrlTooLong,
    /// Its path has more than `maxPathSegments` segments.
    PathTooDeep,
    /// A segment of its path stands there more than `maxRepeatedSegments` times.
    RepeatedSegments,
    /// `maxPagesPerHost` pages of its host have been processed.
    HostBudget,
    /// A CrawlPolicy denies its host.
    DeniedByPolicy,
}

impl SkipReason {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::OutOfScope,
        Self::Excluded,
        Self::TooDeep,
        Self::TooManyRedirects,
        Self::Nofollow,
        Self::Robots,
        Self::RobotsUnreachable,
        Self::CrawlDelay,
        Self::BadUrl,
        Self::UrlTooLong,
        Self::PathTooDeep,
        Self::RepeatedSegments,
        Self::HostBudget,
        Self::DeniedByPolicy,
    ];

    /// The key in status.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutOfScope => "OutOfScope",
            Self::Excluded => "Excluded",
            Self::TooDeep => "TooDeep",
            Self::TooManyRedirects => "TooManyRedirects",
            Self::Nofollow => "Nofollow",
            Self::Robots => "Robots",
            Self::RobotsUnreachable => "RobotsUnreachable",
            Self::CrawlDelay => "CrawlDelay",
            Self::BadUrl => "BadUrl",
            Self::UrlTooLong => "UrlTooLong",
            Self::PathTooDeep => "PathTooDeep",
            Self::RepeatedSegments => "RepeatedSegments",
            Self::HostBudget => "HostBudget",
            Self::DeniedByPolicy => "DeniedByPolicy",
        }
    }
}

/// Where every URL stands: discovered = queued + in_flight + fetched + failed + redirected + skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Different URLs found.
    pub discovered: u64,
    /// Waiting for their turn.
    pub queued: u64,
    /// Given to a worker and not yet concluded.
    pub in_flight: u64,
    /// Fetched.
    pub fetched: u64,
    /// Given up.
    pub failed: u64,
    /// Lead elsewhere.
    pub redirected: u64,
    /// Left out.
    pub skipped: u64,
    /// Links on all fetched pages.
    pub links: u64,
    /// Decoded bytes of all fetched pages.
    pub bytes: u64,
    /// Different hosts found.
    pub hosts: u64,
    /// How often a URL was found that is not remembered, because ten times `maxLinks` and 100,000 are known.
    pub overlooked: u64,
    /// Where every sitemap stands; they are neither pages nor links.
    pub sitemaps: SitemapCounts,
    /// Skipped URLs by [`SkipReason::as_str`].
    pub skipped_by_reason: BTreeMap<&'static str, u64>,
    /// Fetched, failed and redirected pages by status code, or by failure class where no response came.
    pub responses: BTreeMap<String, u64>,
}

impl Counts {
    /// Pages that count towards `maxLinks`.
    #[must_use]
    pub fn processed(&self) -> u64 {
        self.fetched + self.failed
    }

    /// Whether the ledger adds up. Anything else is a defect of the fold.
    #[must_use]
    pub fn balanced(&self) -> bool {
        let concluded = self.fetched + self.failed + self.redirected + self.skipped;
        self.discovered == self.queued + self.in_flight + concluded
            && self.skipped == self.skipped_by_reason.values().sum::<u64>()
    }
}
