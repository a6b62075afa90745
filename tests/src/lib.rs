//! What end-to-end tests stand on: a real cluster with the chart installed, a namespace per test, and the counts to expect.
//!
//! Without `CRAWL_E2E=1` (set by `make e2e`, which makes the cluster) the tests skip, loudly. When a test fails, its
//! namespace's objects and the logs of all our Pods are printed.

mod broker;
mod cluster;
mod crawl;
mod distance;
mod expected;
mod site;

pub use broker::BrokerAccess;
pub use cluster::{Cluster, Namespace, OPERATOR, RABBITMQ, WORKERS, eventually};
pub use crawl::{Running, crawl, has, manual};
pub use distance::{Owed, Treatment, treatment};
pub use expected::{Counts, by_local_crawl, by_plain_walk};
pub use site::{Site, Visit};

/// Where the chart is installed.
pub const SYSTEM: &str = "crawl-system";
/// The manual, as crawls in the cluster see it.
pub const SITE: &str = "http://manual.crawl-site.svc.cluster.local:8080/";
