//! Minimal Crawls and CrawlPolicies for tests, through the real types.
#![allow(clippy::unwrap_used)]

use crawl_crds::{Crawl, CrawlPolicy};
use crawl_frontier::Rules;
use crawl_rules::{Effective, effective};
use k8s_openapi::jiff::Timestamp;

/// The time at which tests happen.
pub(crate) const NOW: &str = "2026-11-23T12:00:00Z";

/// A Crawl of one seed; `spec` is one or more further lines of it, or other seeds.
pub(crate) fn crawl(spec: &str) -> Crawl {
    let seeds = if spec.contains("seeds:") { "" } else { "\n  seeds: ['https://example.com/']" };
    let spec = spec.lines().map(|line| format!("\n  {}", line.trim())).collect::<String>();
    let yaml = format!(
        "
apiVersion: crawl-operator.io/v1alpha1
kind: Crawl
metadata:
  name: docs
  namespace: team
  uid: 1b4e28ba-2fa1-11d2-883f-0016d3cca427
  generation: 1
  resourceVersion: '10'
  finalizers: [crawl-operator.io/log]
spec:{seeds}{spec}
"
    );
    serde_yaml::from_str(&yaml).unwrap()
}

/// A CrawlPolicy; `spec` is one or more lines of it.
pub(crate) fn policy(name: &str, spec: &str) -> CrawlPolicy {
    CrawlPolicy::new(name, serde_yaml::from_str(spec).unwrap())
}

/// A Crawl's spec where no policy is.
pub(crate) fn unrestricted(crawl: &Crawl) -> Effective {
    effective(&crawl.spec, "team", &[])
}

/// The rules of the smallest Crawl.
pub(crate) fn rules() -> Rules {
    crawl_rules::rules(&unrestricted(&crawl(""))).unwrap()
}

/// [`NOW`], and seconds after it.
pub(crate) fn now(after: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    Timestamp::from_second(now.as_second() + after).unwrap()
}
