//! The cluster: what is known of its Crawls and CrawlPolicies, and how it is asked.

mod listed;
mod watch;

pub use listed::{Key, Listed};
pub(crate) use watch::watch;
