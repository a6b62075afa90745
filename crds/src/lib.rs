//! The Kubernetes API of crawl-operator: the `Crawl` and `CrawlPolicy` resources, their defaults, and the rules by which the API server refuses wrong ones.
//!
//! This crate is responsible for shapes, defaults and validation messages. It never talks to a cluster and decides nothing about a crawl.
//! `generated/` holds the YAML made from these types; a test fails when it drifts.

mod crawl;
mod fetch;
mod policy;
mod politeness;
mod retry;
mod scope;
mod size;
mod status;
mod urls;
pub mod yaml;

pub use crawl::{Crawl, CrawlSpec, Sitemaps};
pub use fetch::{Fetch, HeadersSource, SecretRef};
pub use policy::{CrawlPolicy, CrawlPolicySpec, PolicyHost, PolicyRobots};
pub use politeness::{Nofollow, Politeness, Robots};
pub use retry::Retry;
pub use scope::{Scope, ScopeType};
pub use size::{ByteSize, ByteSizeError};
pub use status::{CrawlStatus, Pages, SitemapStatus};
pub use urls::Urls;

/// Durations as Kubernetes writes them: `500ms`, `1s`, `1m30s`.
pub use kube::core::Duration;

/// What a duration field accepts: all that `kube::core::Duration` writes (zero is `0ns`), and no negative ones.
const DURATION_PATTERN: &str = r"^([0-9]{1,9}(\.[0-9]{1,9})?(ns|us|ms|s|m|h))+$";

/// A duration that is known to be right when the code is written.
fn seconds(n: u64) -> Duration {
    std::time::Duration::from_secs(n).into()
}
