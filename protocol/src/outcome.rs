//! What became of one attempt to fetch a URL.

use serde::{Deserialize, Serialize};

use crate::Page;

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// The server answered 2xx, or 304 to a task with validators.
    Page(Page),
    /// The server answered 3xx with a usable `Location`. It is not followed: the frontier admits the target like a link.
    Redirect {
        /// HTTP status code.
        status: u16,
        /// The target: absolute, without fragment.
        location: String,
    },
    /// The answer to a task of kind robots: any status but a redirect.
    Robots {
        /// HTTP status code.
        status: u16,
        /// The body of a 2xx answer, lossily decoded, at most 500 KiB; else empty.
        body: String,
    },
    /// A part of the answer to a task of kind sitemap that was 2xx and could be read, if only its beginning.
    Sitemap {
        /// HTTP status code.
        status: u16,
        /// What this part lists: absolute http and https URLs, in document order.
        urls: Vec<String>,
        /// The sitemaps that a sitemap index lists in this part.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sitemaps: Vec<String>,
        /// Nothing follows: this part concludes the task. Parts of several attempts may be mixed; their URLs add up.
        last: bool,
        /// The sitemap was cut at a limit, or was not well formed from some point on; only in the last part.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        truncated: bool,
    },
    /// There is no page: `links` is shown as -1, with the message as the reason.
    Failure {
        /// The kind of failure.
        class: FailureClass,
        /// One sentence for people. Never holds a secret or a body.
        message: String,
        /// HTTP status code, where a response came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Whether another attempt may go better.
        retryable: bool,
        /// What the server asked to wait (`Retry-After`), milliseconds, capped by the worker at one day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
}

impl Outcome {
    /// Whether no other record of the same attempt follows.
    #[must_use]
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Sitemap { last: false, .. })
    }
}

/// The kinds of failure: a fixed set, used in status and metric labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureClass {
    /// The server answered 4xx or 5xx, or 3xx without a usable `Location`.
    HttpStatus,
    /// The name did not resolve.
    Dns,
    /// No connection: refused, unreachable, reset while connecting.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// The time limit of the fetch ran out.
    Timeout,
    /// The connection broke, or what came was not HTTP or not decodable.
    Transport,
    /// The address is one that crawls may not reach.
    BlockedAddress,
    /// The URL cannot be requested.
    InvalidUrl,
    /// The worker failed on this page; others go on. Also when the task's headers cannot be opened.
    Internal,
    /// The task was delivered again and again without a record.
    Poison,
    /// The task was published again and again without a record.
    Lost,
    /// A class that this version does not know.
    #[serde(other)]
    Other,
}
