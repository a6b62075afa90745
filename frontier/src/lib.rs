//! The frontier of a crawl: which URLs are known, where each stands, and what may be fetched now.
//!
//! This crate is where the thinking is. It does no I/O, reads no clock and uses no randomness; time comes in as an argument,
//! and everything else from the crawl's log. That is why a crash, a duplicate or a second leader cannot change a count, and
//! why `tests/simulation.rs` can try thousands of them.
//!
//! - [`Frontier::apply`] folds one record of the log into the state (`fold.rs`).
//! - [`Frontier::due`] says what may start now, under a [`HostTable`] that all crawls share (`due.rs`, `hosts.rs`).
//! - [`Frontier::for_reading`] and what stands with it (`reading.rs`) is for those who only read a log.
//! - [`Frontier::counts`] and [`Frontier::finish`] say where the crawl stands.

mod addresses;
mod counts;
mod distance;
mod documents;
mod due;
mod fold;
mod frontier;
mod hosts;
mod identity;
mod line;
mod pages;
mod reading;
mod robots;
mod rules;
mod schedule;
mod scope;
mod segmented;
mod sitemaps;
mod sites;
mod spelling;
mod url_list;
mod ways;
mod weight;

pub use addresses::{ADDRESS_BLOCK, Addresses};
pub use counts::{Counts, SitemapCounts, SkipReason};
pub use due::{Due, Round};
pub use fold::Applied;
pub use frontier::{Finish, Frontier};
pub use hosts::{CrawlKey, HostTable, Released};
pub use identity::{MAX_URL_BYTES, PageId};
pub use pages::State as PageState;
pub use reading::KnownPage;
pub use rules::{DEFAULT_USER_AGENT, HostRule, Millis, Politeness, Retry, Rules, RulesError, Spelling};
pub use scope::{Scope, ScopeError, ScopeKind, Traps};
pub use segmented::Segmented;
