//! The worker: takes tasks from the broker, fetches pages, finds their links and appends records to the crawls' logs.
//!
//! It keeps nothing between tasks, knows nothing of Kubernetes and decides nothing about a crawl. [`fetch`] and [`extract`]
//! are also used without a broker, by `kubectl crawl local`.

pub mod admin;
pub mod args;
pub mod extract;
pub mod fetch;
mod recorder;
mod room;
pub mod run;
pub mod session;
mod sitemap;
pub mod status;
mod task;

pub use fetch::{Fetcher, FetcherConfig, FetcherError};
