//! `spec` of a CrawlPolicy: what an administrator allows the Crawls of some namespaces.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DURATION_PATTERN, Duration};

const NAMESPACES: &str = "self.all(n, n.matches('^([*]|[a-z0-9]([a-z0-9-]*[a-z0-9*])?)$'))";

const HOST: &str =
    "self.matches('^([*]|([*][.])?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?([.][a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*)$')";

/// IPv4 exactly, IPv6 but for the number of its groups.
const RANGES: &str = "self.all(r, \
    r.matches('^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])([.](25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}/(3[0-2]|[12]?[0-9])$') || \
    r.matches('^(([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6})?::([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6})?)/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$'))";

/// What an administrator allows the Crawls of some namespaces. Where several policies are for one namespace, all of them hold, and the strictest of each limit; only allowAddresses adds up. A policy holds from now on: it changes crawls that run, and never one that has ended.
#[derive(CustomResource, KubeSchema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "crawl-operator.io",
    version = "v1alpha1",
    kind = "CrawlPolicy",
    doc = "What an administrator allows the Crawls of some namespaces: limits, hosts, private addresses, how many run at the same time. Cluster-scoped. A Crawl that is held back says so in its condition Restricted.",
    plural = "crawlpolicies",
    shortname = "cwp",
    category = "crawlers",
    derive = "PartialEq",
    printcolumn(name = "Namespaces", type_ = "string", json_path = ".spec.namespaces"),
    printcolumn(name = "MaxLinks", type_ = "integer", json_path = ".spec.maxLinks"),
    printcolumn(name = "MaxActive", type_ = "integer", json_path = ".spec.maxActiveCrawls"),
    printcolumn(name = "Robots", type_ = "string", json_path = ".spec.robots"),
    printcolumn(name = "Addresses", type_ = "string", json_path = ".spec.allowAddresses", priority = 1),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
pub struct CrawlPolicySpec {
    /// The namespaces that the policy is for: names, or the beginning of names with one * at its end, for example team-*. Empty or absent means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 63)), extend("x-kubernetes-list-type" = "set"))]
    #[x_kube(validation = Rule::new(NAMESPACES).message("every namespace must be a name, or the beginning of names with one * at its end, for example team-a or team-*; leave namespaces out for all"))]
    pub namespaces: Vec<String>,

    /// The most that spec.maxLinks of a Crawl can ask for; one that asks for more ends at this. Of several policies the smallest holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub max_links: Option<i64>,

    /// How many Crawls of one namespace run at the same time; each namespace has this number for itself. The others wait, in order of creation, those first that had started already. 0 lets none start. Lowering it stops no Crawl that runs. Suspended and ended ones do not count. Of several policies the smallest holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub max_active_crawls: Option<i32>,

    /// What the policy says of robots.txt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robots: Option<PolicyRobots>,

    /// What holds for hosts. Every entry that matches a host holds, of this and of all other policies, and what the Crawl says holds too: one deny is enough, of the delays the longest, of the concurrencies the smallest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["pattern"]))]
    pub hosts: Vec<PolicyHost>,

    /// Private addresses that Crawls may reach, as ranges in CIDR notation, for example 10.20.0.0/16 or fd00:1::/32. Whoever may create Crawls in these namespaces may then read what is there. Several policies add up, and so does the chart's worker.allowAddresses, which is for all namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50), inner(length(min = 4, max = 49)), extend("x-kubernetes-list-type" = "set"))]
    #[x_kube(validation = Rule::new(RANGES).message("every range must be an address and the length of its prefix, for example 10.20.0.0/16, 10.20.0.7/32 for one address, or fd00:1::/32"))]
    pub allow_addresses: Vec<String>,
}

// The description that kubectl explain shows: that of the field is lost, since it may be absent.
/// MustObey: robots.txt is obeyed whatever politeness.robots of a Crawl says. MayIgnore: a Crawl may set politeness.robots to Ignore. Absent says nothing. A namespace that no policy is for decides for itself; as soon as one is for it, a Crawl there ignores robots.txt only if a policy says MayIgnore and none says MustObey.
#[derive(JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyRobots {
    /// It is obeyed, whatever the Crawl says.
    MustObey,
    /// The Crawl may ignore it, if no other policy says MustObey.
    MayIgnore,
}

/// What holds for the hosts that a pattern matches.
#[derive(KubeSchema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("(has(self.deny) && self.deny) || has(self.delay) || has(self.maxConcurrency)").message("say what holds for these hosts: deny: true, a delay such as 5s, or maxConcurrency"))]
pub struct PolicyHost {
    /// A host's name such as www.example.com, or *.example.com for example.com and every name below it, or * for all hosts. In lower case, without port; names beyond ASCII as xn--.
    #[schemars(length(min = 1, max = 255))]
    #[x_kube(validation = Rule::new(HOST).message("write a host's name such as www.example.com, *.example.com for it and all below it, or *; in lower case, without scheme, port and path"))]
    pub pattern: String,

    /// true: nothing is asked of these hosts. Their URLs are skipped with reason DeniedByPolicy; a Crawl all of whose seeds are denied is not accepted.
    #[serde(default)]
    pub deny: bool,

    /// The least time between the end of one request to such a host and the start of the next, for example 5s. It lengthens politeness.delay of a Crawl and never shortens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    pub delay: Option<Duration>,

    /// Requests to one such host at the same time, at most. It lowers politeness.perHostConcurrency of a Crawl and never raises it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 64))]
    pub max_concurrency: Option<i32>,
}
