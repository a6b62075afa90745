//! `spec.politeness`: how gently hosts are treated.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DURATION_PATTERN, Duration, seconds};

/// How gently the hosts are treated. It holds over all workers and all crawls of the cluster together.
#[derive(KubeSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Politeness {
    /// Requests to one host at the same time.
    #[serde(default = "default_per_host_concurrency")]
    #[schemars(range(min = 1, max = 64))]
    pub per_host_concurrency: i32,

    /// The least time between the end of one request to a host and the start of the next, for example 500ms or 2s; at most 1h, because other crawls wait too.
    #[serde(default = "default_delay")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    #[x_kube(validation = Rule::new("duration(self) <= duration('1h')").message("delay must be at most 1h, for example 2s"))]
    pub delay: Duration,

    /// Obey: what robots.txt disallows is skipped. Ignore: robots.txt is not read; only for sites that are yours.
    #[serde(default)]
    pub robots: Robots,

    /// A `Crawl-delay` of robots.txt is kept up to this, at most 1h; a host that asks for more is skipped.
    #[serde(default = "default_max_crawl_delay")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    #[x_kube(validation = Rule::new("duration(self) <= duration('1h')").message("maxCrawlDelay must be at most 1h, for example 30s"))]
    pub max_crawl_delay: Duration,

    /// Respect: a link marked nofollow is counted but not followed. Ignore: it is followed.
    #[serde(default)]
    pub nofollow: Nofollow,
}

/// What robots.txt means to a crawl.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Robots {
    /// What it disallows is skipped.
    #[default]
    Obey,
    /// It is not read.
    Ignore,
}

/// What `rel=nofollow` and `meta robots` mean to a crawl.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nofollow {
    /// The link is counted but not followed.
    #[default]
    Respect,
    /// The link is followed.
    Ignore,
}

impl Default for Politeness {
    fn default() -> Self {
        Self {
            per_host_concurrency: default_per_host_concurrency(),
            delay: default_delay(),
            robots: Robots::default(),
            max_crawl_delay: default_max_crawl_delay(),
            nofollow: Nofollow::default(),
        }
    }
}

fn default_per_host_concurrency() -> i32 {
    1
}

fn default_delay() -> Duration {
    seconds(1)
}

fn default_max_crawl_delay() -> Duration {
    seconds(30)
}
