//! How the results of a crawl stand: whether they are known, and how fresh they are.

use schemars::JsonSchema;
use serde::Serialize;

/// One word for how the results of a crawl stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResultsWord {
    /// Nobody has looked at them.
    #[default]
    None,
    /// The log is being read.
    Loading,
    /// They follow the crawl.
    Live,
    /// The crawl has ended, and they are whole.
    Complete,
    /// RabbitMQ cannot be reached; they are what was known before.
    Stale,
    /// The log is gone.
    Lost,
    /// They need more memory than --view-memory.
    TooLarge,
}

/// How the results of a crawl stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResultsState {
    /// In one word.
    pub state: ResultsWord,
    /// How many entries of the log were read.
    pub entries: u64,
    /// More about it, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How fast a crawl is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rate {
    /// Pages processed a second, lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_per_second: Option<f64>,
    /// How long the rest takes if it goes on so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<u64>,
}
