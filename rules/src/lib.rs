//! From a Crawl's spec and the CrawlPolicies of the cluster to the rules of the frontier.
//!
//! Whoever folds a log folds it under these rules: the operator, which runs a crawl, and the api, which shows it. Both get the
//! same counts only if both get the same rules. Pure: no clock, no cluster, no broker.

#[cfg(test)]
mod fixtures;
mod policy;
mod rules;

pub use policy::{Book, Effective, GuardedPolicy, Policies, Quota, Restriction, Trouble, effective};
pub use rules::{SpecError, rules, spec_hash};
