//! `spec.urls`: which spellings are one URL.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Which spellings are one URL, beyond what RFC 3986 says. The spelling that was found first is what is requested and shown.
#[derive(KubeSchema, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Urls {
    /// Names of query and path parameters that make no other page, for example utm_*, PHPSESSID or jsessionid. A * at the end stands for any further characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50), inner(length(min = 1, max = 64)))]
    #[x_kube(validation = Rule::new("self.all(p, p.matches('^[^*=&;?#/]+[*]?$'))").message("every entry must be the name of a parameter, with at most one * at its end, for example utm_*"))]
    pub ignore_parameters: Vec<String>,

    /// true takes ?b=1&a=2 and ?a=2&b=1 for the same page.
    #[serde(default)]
    pub sort_query: bool,
}
