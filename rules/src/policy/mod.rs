//! What the CrawlPolicies of the cluster make of a spec. Pure: no clock, no cluster.
//!
//! Of several policies for one namespace all hold, and the strictest of each limit. `book` keeps what is known of them,
//! `check` refuses what admission would refuse, `hosts` merges what they say of hosts. Whoever uses this watches them.

mod book;
mod check;
mod hosts;
#[cfg(test)]
mod tests;

use crawl_crds::{CrawlPolicy, CrawlSpec, PolicyRobots, Robots};
use crawl_frontier::HostRule;
use kube::ResourceExt as _;

pub use book::{Book, GuardedPolicy, Policies, Trouble};

/// A spec as the policies leave it.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The spec, with whatever was asked for beyond a limit cut down to it.
    pub spec: CrawlSpec,
    /// What holds for hosts beyond the spec; one rule for a pattern, in order of patterns.
    pub hosts: Vec<HostRule>,
    /// Private addresses that may be reached.
    pub allow_addresses: Vec<String>,
    /// How many crawls of the namespace may run.
    pub quota: Option<Quota>,
    /// What was held back, in order of policies.
    pub restrictions: Vec<Restriction>,
    /// The policies that deny some host.
    pub deniers: Vec<String>,
}

/// How many crawls of a namespace may run at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The number.
    pub limit: usize,
    /// The policy that says so.
    pub policy: String,
}

/// Something that a policy held back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restriction {
    /// Fewer pages than asked for.
    MaxLinks {
        /// The policy that says so.
        policy: String,
        /// How many there may be.
        allowed: i64,
        /// How many the spec asks for.
        asked: i64,
    },
    /// robots.txt is obeyed, since a policy says so, or since none says that it may be ignored.
    Robots {
        /// The policy that says so; `None` where none says otherwise.
        policy: Option<String>,
    },
    /// Rules for hosts that are stricter than the spec.
    Hosts {
        /// The policy that says so.
        policy: String,
        /// How many of its rules are stricter.
        rules: usize,
    },
}

impl Restriction {
    /// The policy that says so; `None` where it is that no policy says otherwise.
    pub fn policy(&self) -> Option<&str> {
        match self {
            Self::MaxLinks { policy, .. } | Self::Hosts { policy, .. } => Some(policy),
            Self::Robots { policy } => policy.as_deref(),
        }
    }
}

/// What these policies make of the spec of a crawl in this namespace.
pub fn effective(spec: &CrawlSpec, namespace: &str, policies: &[CrawlPolicy]) -> Effective {
    let mut policies: Vec<_> = policies.iter().filter(|policy| is_for(&policy.spec.namespaces, namespace)).collect();
    policies.sort_by_key(|policy| policy.name_any());
    let mut spec = spec.clone();
    let mut restrictions = hosts::restrictions(&spec.politeness, &policies);
    restrictions.extend(cap_links(&mut spec, &policies));
    restrictions.extend(judge_robots(&mut spec, &policies));
    restrictions.sort_by(|a, b| (a.policy().is_none(), a.policy(), a).cmp(&(b.policy().is_none(), b.policy(), b)));
    let hosts = hosts::rules(&spec.politeness, &policies);
    let mut allow_addresses: Vec<_> = policies.iter().flat_map(|policy| policy.spec.allow_addresses.clone()).collect();
    allow_addresses.sort_unstable();
    allow_addresses.dedup();
    let deniers = policies.iter().filter(|policy| policy.spec.hosts.iter().any(|host| host.deny));
    let deniers = deniers.map(|policy| policy.name_any()).collect();
    Effective { spec, hosts, allow_addresses, quota: quota(&policies), restrictions, deniers }
}

/// Whether a policy for these namespaces is for this one.
fn is_for(namespaces: &[String], namespace: &str) -> bool {
    let matches = |pattern: &String| match pattern.strip_suffix('*') {
        Some(beginning) => namespace.starts_with(beginning),
        None => pattern == namespace,
    };
    namespaces.is_empty() || namespaces.iter().any(matches)
}

fn cap_links(spec: &mut CrawlSpec, policies: &[&CrawlPolicy]) -> Option<Restriction> {
    let limits = policies.iter().filter_map(|policy| Some((policy.spec.max_links?, policy.name_any())));
    let (allowed, policy) = limits.min()?;
    let asked = spec.max_links;
    (asked > allowed).then(|| {
        spec.max_links = allowed;
        Restriction::MaxLinks { policy, allowed, asked }
    })
}

fn judge_robots(spec: &mut CrawlSpec, policies: &[&CrawlPolicy]) -> Option<Restriction> {
    if policies.is_empty() || spec.politeness.robots == Robots::Obey {
        return None;
    }
    let first = |word| policies.iter().find(|policy| policy.spec.robots == Some(word)).map(|policy| policy.name_any());
    let forbidding = first(PolicyRobots::MustObey);
    if forbidding.is_none() && first(PolicyRobots::MayIgnore).is_some() {
        return None;
    }
    spec.politeness.robots = Robots::Obey;
    Some(Restriction::Robots { policy: forbidding })
}

fn quota(policies: &[&CrawlPolicy]) -> Option<Quota> {
    let limits = policies.iter().filter_map(|policy| Some((policy.spec.max_active_crawls?, policy.name_any())));
    let (limit, policy) = limits.min()?;
    Some(Quota { limit: usize::try_from(limit).unwrap_or(0), policy })
}
