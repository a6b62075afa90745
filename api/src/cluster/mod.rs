//! The cluster: what is known of its Crawls and CrawlPolicies, and how it is asked.

mod calls;
mod crawls;
mod listed;
mod refusal;
mod watch;

pub use calls::{As, Calls};
pub use listed::{Key, Listed};
pub use refusal::Refusal;
pub(crate) use watch::watch;
