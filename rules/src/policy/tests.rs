//! Tables of specs and policies, and what becomes of them.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::fixtures::{policy, spec as written};
use crate::rules::{rules, spec_hash};

fn with(spec: &str, policies: &[(&str, &str)]) -> Effective {
    let policies: Vec<_> = policies.iter().map(|(name, spec)| policy(name, spec)).collect();
    effective(&written(spec), "team-a", &policies)
}

fn max_links(policy: &str, allowed: i64, asked: i64) -> Restriction {
    Restriction::MaxLinks { policy: policy.to_owned(), allowed, asked }
}

#[test]
fn a_policy_is_for_the_namespaces_that_it_names() {
    for (namespaces, applies) in [
        ("[]", true),
        ("['*']", true),
        ("[team-a]", true),
        ("['team-*']", true),
        ("[other, 'team*']", true),
        ("[team]", false),
        ("['team-b*']", false),
        ("[team-ab]", false),
    ] {
        let capped = with("maxLinks: 9", &[("p", &format!("namespaces: {namespaces}\nmaxLinks: 1"))]);
        assert_eq!(capped.spec.max_links, if applies { 1 } else { 9 }, "{namespaces}");
    }
}

#[test]
fn the_smallest_limit_holds_and_is_named() {
    let many = [("a", "maxLinks: 500"), ("b", "maxLinks: 100"), ("c", "maxLinks: 100")];
    for (asked, policies, limit, restrictions) in [
        (1000, &many[..0], 1000, vec![]),
        (1000, &many[..1], 500, vec![max_links("a", 500, 1000)]),
        (1000, &many[..], 100, vec![max_links("b", 100, 1000)]),
        (100, &many[..], 100, vec![]),
        (7, &many[..], 7, vec![]),
    ] {
        let capped = with(&format!("maxLinks: {asked}"), policies);
        assert_eq!((capped.spec.max_links, capped.restrictions), (limit, restrictions), "{asked}");
    }
}

#[test]
fn robots_are_ignored_only_where_that_is_allowed() {
    let (must, may, silent) =
        (("must", "robots: MustObey"), ("may", "robots: MayIgnore"), ("silent", "maxLinks: 5000"));
    let forbidden = |policy: Option<&str>| vec![Restriction::Robots { policy: policy.map(str::to_owned) }];
    for (policies, ignored, restrictions) in [
        (vec![], true, vec![]),
        (vec![("elsewhere", "namespaces: [other]\nrobots: MustObey")], true, vec![]),
        (vec![silent], false, forbidden(None)),
        (vec![may], true, vec![]),
        (vec![may, silent], true, vec![]),
        (vec![must], false, forbidden(Some("must"))),
        (vec![may, must], false, forbidden(Some("must"))),
    ] {
        let judged = with("politeness: {robots: Ignore}", &policies);
        assert_eq!(judged.spec.politeness.robots == Robots::Ignore, ignored, "{policies:?}");
        assert_eq!(judged.restrictions, restrictions, "{policies:?}");
    }
    assert_eq!(with("", &[must]).restrictions, [], "whoever obeys is not held back");
}

#[test]
fn host_rules_are_merged_and_those_that_the_spec_keeps_are_left_out() {
    let merged = with(
        "politeness: {delay: 2s, perHostConcurrency: 4}",
        &[
            ("b", "hosts: [{pattern: slow.example, delay: 5s}, {pattern: gone.example, deny: true}]"),
            ("a", "hosts: [{pattern: slow.example, maxConcurrency: 1}, {pattern: '*', delay: 1s, maxConcurrency: 8}]"),
            ("c", "hosts: [{pattern: gone.example, delay: 9s}]"),
        ],
    );
    let rule = |pattern: &str, deny, per_host_concurrency, delay_ms| HostRule {
        pattern: pattern.to_owned(),
        deny,
        politeness: crawl_frontier::Politeness { per_host_concurrency, delay_ms },
    };
    assert_eq!(merged.hosts, [rule("gone.example", true, 4, 2000), rule("slow.example", false, 1, 5000)]);
    let hosts = |policy: &str, rules| Restriction::Hosts { policy: policy.to_owned(), rules };
    assert_eq!(merged.restrictions, [hosts("a", 1), hosts("b", 2), hosts("c", 1)]);
    assert_eq!(merged.deniers, ["b"]);
    assert_eq!(rules(&merged).unwrap().hosts, merged.hosts);
}

#[test]
fn addresses_add_up() {
    let policies = [("b", "allowAddresses: [10.0.0.0/8, 'fd00::/8']"), ("a", "allowAddresses: [10.0.0.0/8]")];
    let allowed = with("", &policies);
    assert_eq!(allowed.allow_addresses, ["10.0.0.0/8", "fd00::/8"]);
    assert_eq!(rules(&allowed).unwrap().fetch.allow_addresses, allowed.allow_addresses);
    assert_eq!(allowed.restrictions, [], "an allowance holds nothing back");
}

#[test]
fn the_smallest_quota_holds() {
    let quota = |limit, policy: &str| Some(Quota { limit, policy: policy.to_owned() });
    let policies = [("a", "maxActiveCrawls: 5"), ("b", "maxActiveCrawls: 2"), ("c", "{}")];
    assert_eq!(with("", &policies).quota, quota(2, "b"));
    assert_eq!(with("", &policies[2..]).quota, None);
    assert_eq!(with("", &[("none", "maxActiveCrawls: 0")]).quota, quota(0, "none"));
}

#[test]
fn restrictions_are_in_order_of_policies() {
    let held = with(
        "maxLinks: 50\npoliteness: {robots: Ignore}",
        &[("b", "hosts: [{pattern: '*', delay: 5s}]"), ("a", "hosts: [{pattern: '*', delay: 5s}]\nmaxLinks: 7")],
    );
    let hosts = |policy: &str| Restriction::Hosts { policy: policy.to_owned(), rules: 1 };
    let expected = [max_links("a", 7, 50), hosts("a"), hosts("b"), Restriction::Robots { policy: None }];
    assert_eq!(held.restrictions, expected);
}

#[test]
fn the_hash_changes_only_with_what_concerns_the_crawl() {
    let spec = "maxLinks: 100\npoliteness: {delay: 2s, perHostConcurrency: 2}";
    let plain = spec_hash(&with(spec, &[]));
    for policy in [
        "{}",
        "maxLinks: 100",
        "maxActiveCrawls: 1",
        "robots: MustObey",
        "robots: MayIgnore",
        "namespaces: [other]\nmaxLinks: 1",
        "hosts: [{pattern: '*', delay: 2s, maxConcurrency: 2}]",
    ] {
        assert_eq!(spec_hash(&with(spec, &[("p", policy)])), plain, "{policy}");
    }
    for policy in [
        "maxLinks: 99",
        "hosts: [{pattern: '*', delay: 3s}]",
        "hosts: [{pattern: a.example, deny: true}]",
        "allowAddresses: [10.0.0.0/8]",
    ] {
        assert_ne!(spec_hash(&with(spec, &[("p", policy)])), plain, "{policy}");
    }
    let ignoring = |policies: &[_]| spec_hash(&with("politeness: {robots: Ignore}", policies));
    assert_ne!(ignoring(&[]), ignoring(&[("p", "robots: MustObey")]));
    let rule = "hosts: [{pattern: a.example, delay: 9s}]";
    let [one, other] = ["one", "other"].map(|name| spec_hash(&with(spec, &[(name, rule)])));
    assert_eq!(one, other, "who says it changes nothing");
}

#[test]
fn a_crawl_of_denied_seeds_alone_is_refused() {
    let deny = ("p", "hosts: [{pattern: '*.gone.example', deny: true}]");
    let refused = rules(&with("seeds: ['https://a.gone.example/', 'https://gone.example/']", &[deny])).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "spec.seeds: every one is on a host that a CrawlPolicy denies (p); create a Crawl with other seeds"
    );
    assert!(rules(&with("seeds: ['https://a.gone.example/', 'https://there.example/']", &[deny])).is_ok());
    assert!(rules(&with("seeds: ['https://a.gone.example/']", &[])).is_ok());
}
