//! `spec.fetch`: how a page is requested.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteSize, DURATION_PATTERN, Duration, seconds};

/// How a page is requested.
#[derive(KubeSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
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

    /// Request headers, such as Authorization or Cookie, from Secrets of the Crawl's namespace. They go to the origins of the seeds only (scheme, host and port), with pages, robots.txt and sitemaps; never to where a redirect leads on another origin. While one of the Secrets cannot be used, nothing is fetched. A changed Secret is used within a minute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 4))]
    #[x_kube(validation = Rule::new("self.all(a, self.exists_one(b, b.secretRef.name == a.secretRef.name))").message("name every Secret once"))]
    pub headers_from: Vec<HeadersSource>,
}

/// Where request headers come from.
#[derive(JsonSchema, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadersSource {
    /// A Secret of type crawl-operator.io/headers. Each of its keys is the name of a header, the key's value that of the header. Its annotation crawl-operator.io/origins, if it has one, lists the only origins it may go to, for example https://example.com,https://www.example.com.
    pub secret_ref: SecretRef,
}

/// A Secret in the Crawl's own namespace.
#[derive(JsonSchema, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRef {
    /// Its name.
    #[schemars(length(min = 1, max = 253), regex(pattern = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))]
    pub name: String,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            timeout: default_timeout(),
            max_body_bytes: default_max_body_bytes(),
            max_redirects: default_max_redirects(),
            user_agent: default_user_agent(),
            headers_from: Vec::new(),
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
