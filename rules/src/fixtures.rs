//! Minimal specs and policies for tests, through the real types.
#![allow(clippy::unwrap_used)]

use crawl_crds::{CrawlPolicy, CrawlSpec};

use crate::{Effective, effective};

/// The spec of one seed; `more` is one or more further lines of it, or other seeds.
pub(crate) fn spec(more: &str) -> CrawlSpec {
    let seeds = if more.contains("seeds:") { "" } else { "seeds: ['https://example.com/']\n" };
    serde_yaml::from_str(&format!("{seeds}{more}")).unwrap()
}

/// A CrawlPolicy; `spec` is one or more lines of it.
pub(crate) fn policy(name: &str, spec: &str) -> CrawlPolicy {
    CrawlPolicy::new(name, serde_yaml::from_str(spec).unwrap())
}

/// Such a spec where no policy is.
pub(crate) fn unrestricted(more: &str) -> Effective {
    effective(&spec(more), "team", &[])
}
