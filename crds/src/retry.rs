//! `spec.retry`: what happens when a page cannot be fetched.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DURATION_PATTERN, Duration, seconds};

/// What happens when a page cannot be fetched for a reason that may pass: a timeout, a refused connection, 429 or 5xx.
#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// Attempts in all; 1 means none after the first.
    #[serde(default = "default_max_attempts")]
    #[schemars(range(min = 1, max = 20))]
    pub max_attempts: i32,

    /// Wait before the second attempt; doubled before each further one.
    #[serde(default = "default_backoff")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    pub backoff: Duration,

    /// The longest wait; also what a server's Retry-After is cut to.
    #[serde(default = "default_max_backoff")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
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
