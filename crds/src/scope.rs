//! `spec.scope`: which URLs belong to a crawl.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which URLs belong to the crawl. A URL is in scope when the type allows it, an `include` matches (or there is none), and no `exclude` matches.
#[derive(KubeSchema, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Page: only the seeds. Prefix: URLs that begin with a seed's path up to its last slash. Host: the seeds' hosts.
    /// Domain: the seeds' registrable domains with all their sub-domains. Any: the whole web.
    /// Where a seed redirects, its target counts as a seed too.
    #[serde(default, rename = "type")]
    pub kind: ScopeType,

    /// Regular expressions (RE2 syntax); a URL that none of them matches is left out. The seeds are always fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20), inner(length(min = 1, max = 256)))]
    #[x_kube(validation = Rule::new("self.all(p, ''.matches(p) in [true, false])").message("every include must be a regular expression in RE2 syntax, for example ^https://example\\.com/docs/"))]
    pub include: Vec<String>,

    /// Regular expressions (RE2 syntax); a URL that one of them matches is left out, whatever else matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20), inner(length(min = 1, max = 256)))]
    #[x_kube(validation = Rule::new("self.all(p, ''.matches(p) in [true, false])").message("every exclude must be a regular expression in RE2 syntax, for example \\.pdf$"))]
    pub exclude: Vec<String>,

    /// How many segments a path may have; longer ones are taken for a trap that grows for ever, and skipped with reason PathTooDeep.
    #[serde(default = "default_max_path_segments")]
    #[schemars(range(min = 1, max = 200))]
    pub max_path_segments: i32,

    /// How often the same segment may stand in a path; with more it is skipped with reason RepeatedSegments.
    #[serde(default = "default_max_repeated_segments")]
    #[schemars(range(min = 1, max = 200))]
    pub max_repeated_segments: i32,

    /// How many pages of one host to process; the others are skipped with reason HostBudget. Absent means no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub max_pages_per_host: Option<i64>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            kind: ScopeType::default(),
            include: Vec::new(),
            exclude: Vec::new(),
            max_path_segments: default_max_path_segments(),
            max_repeated_segments: default_max_repeated_segments(),
            max_pages_per_host: None,
        }
    }
}

fn default_max_path_segments() -> i32 {
    20
}

fn default_max_repeated_segments() -> i32 {
    3
}

/// How far a crawl goes from its seeds.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScopeType {
    /// Only the seeds.
    Page,
    /// URLs that begin with a seed's path up to its last slash.
    Prefix,
    /// The seeds' hosts and ports, over http and https.
    #[default]
    Host,
    /// The seeds' registrable domains.
    Domain,
    /// The whole web.
    Any,
}
