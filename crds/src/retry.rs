//! `spec.retry`: what happens when a page cannot be fetched.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

use crate::{DURATION_PATTERN, Duration, seconds};

/// What happens when a page cannot be fetched for a reason that may pass: a timeout, a refused connection, 429 or 5xx.
#[derive(KubeSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// Attempts in all; 1 means none after the first.
    #[serde(default = "default_max_attempts")]
    #[schemars(range(min = 1, max = 20))]
    pub max_attempts: i32,

    /// Wait before the second attempt; doubled before each further one. At most 24h.
    #[serde(default = "default_backoff")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    #[x_kube(validation = Rule::new("duration(self) <= duration('24h')").message("backoff must be at most 24h, for example 2s"))]
    pub backoff: Duration,

    /// The longest wait; also what a server's Retry-After is cut to. At most 24h.
    #[serde(default = "default_max_backoff")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    #[x_kube(validation = Rule::new("duration(self) <= duration('24h')").message("maxBackoff must be at most 24h, for example 5m"))]
    pub max_backoff: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { max_attempts: default_max_attempts(), backoff: default_backoff(), max_backoff: default_max_backoff() }
    }
}

fn default_max_attempts() -> i32 {
    3
}

fn default_backoff() -> Duration {
    seconds(2)
}

fn default_max_backoff() -> Duration {
    seconds(300)
}
