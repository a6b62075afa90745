//! What the API says of a crawl, as JSON. Pure: made of a Crawl and of what is known of its results.

mod detail;
mod manifest;
mod results;
mod sentence;
mod summary;

pub use detail::{CrawlDetail, May};
pub use manifest::manifest;
pub use results::{Rate, ResultsState, ResultsWord};
pub use sentence::sentence;
pub use summary::{CrawlSummary, Phase};
