//! What the policies say of hosts, merged: one rule for a pattern, and none that the spec keeps anyway.
//!
//! Policies that say the same in another order or under other names give the same rules, so that no log is read again for it.

use std::collections::BTreeMap;

use crawl_crds::{CrawlPolicy, Duration, PolicyHost, Politeness};
use crawl_frontier::HostRule;
use kube::ResourceExt as _;

use super::Restriction;

/// The rules that are stricter than the spec, in order of patterns.
pub(super) fn rules(owed: &Politeness, policies: &[&CrawlPolicy]) -> Vec<HostRule> {
    let mut merged: BTreeMap<&str, HostRule> = BTreeMap::new();
    for host in policies.iter().flat_map(|policy| &policy.spec.hosts).filter(|host| restricts(host, owed)) {
        let base = || HostRule { pattern: host.pattern.clone(), deny: false, politeness: of_the_spec(owed) };
        let rule = merged.entry(&host.pattern).or_insert_with(base);
        rule.deny |= host.deny;
        rule.politeness = gentler(rule.politeness, host);
    }
    let denied_is_all = |mut rule: HostRule| {
        if rule.deny {
            rule.politeness = of_the_spec(owed);
        }
        rule
    };
    merged.into_values().map(denied_is_all).collect()
}

/// How many of its rules each policy adds to the spec.
pub(super) fn restrictions(owed: &Politeness, policies: &[&CrawlPolicy]) -> Vec<Restriction> {
    let count = |policy: &CrawlPolicy| policy.spec.hosts.iter().filter(|host| restricts(host, owed)).count();
    let counted = policies.iter().map(|policy| (policy.name_any(), count(policy)));
    counted.filter(|(_, rules)| *rules > 0).map(|(policy, rules)| Restriction::Hosts { policy, rules }).collect()
}

fn restricts(host: &PolicyHost, owed: &Politeness) -> bool {
    let owed = of_the_spec(owed);
    host.deny || gentler(owed, host) != owed
}

fn gentler(owed: crawl_frontier::Politeness, host: &PolicyHost) -> crawl_frontier::Politeness {
    crawl_frontier::Politeness {
        per_host_concurrency: owed.per_host_concurrency.min(host.max_concurrency.map_or(u32::MAX, unsigned)),
        delay_ms: owed.delay_ms.max(host.delay.as_ref().map_or(0, millis)),
    }
}

/// A spec that is out of its range is refused after this, with the name of the field.
fn of_the_spec(owed: &Politeness) -> crawl_frontier::Politeness {
    crawl_frontier::Politeness {
        per_host_concurrency: unsigned(owed.per_host_concurrency),
        delay_ms: millis(&owed.delay),
    }
}

fn unsigned(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

fn millis(duration: &Duration) -> u64 {
    if duration.is_negative() {
        return 0;
    }
    u64::try_from(std::time::Duration::from(*duration).as_millis()).unwrap_or(u64::MAX)
}
