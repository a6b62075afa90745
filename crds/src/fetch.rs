//! `spec.fetch`: how a page is requested.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteSize, DURATION_PATTERN, Duration, seconds};

/// How a page is requested.
#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetch {
    /// Total time for one request and its body, for example 30s.
    #[serde(default = "default_timeout")]
    #[schemars(regex(pattern = DURATION_PATTERN), length(max = 32))]
    pub timeout: Duration,

    /// How much of a page is read, after decompression, for example 10Mi; what comes after it is cut off.
    #[serde(default = "default_max_body_bytes")]
    pub max_body_bytes: ByteSize,

    /// How many redirects in a row are followed; what the next one leads to is skipped with reason TooManyRedirects.
    #[serde(default = "default_max_redirects")]
    #[schemars(range(min = 0, max = 50))]
    pub max_redirects: i32,

    /// The User-Agent header; its first word, up to a slash, is the name looked for in robots.txt. Name a contact in it.
    #[serde(default = "default_user_agent")]
    #[schemars(length(min = 1, max = 256), regex(pattern = r"^[A-Za-z][A-Za-z_-]*[ -~]*$"))]
    pub user_agent: String,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            timeout: default_timeout(),
            max_body_bytes: default_max_body_bytes(),
            max_redirects: default_max_redirects(),
            user_agent: default_user_agent(),
        }
    }
}

fn default_timeout() -> Duration {
    seconds(30)
}

fn default_max_body_bytes() -> ByteSize {
    ByteSize::mebibytes(10)
}

fn default_max_redirects() -> i32 {
    10
}

fn default_user_agent() -> String {
    "crawl-operator/0.1 (+https://crawl-operator.io)".to_owned()
}
