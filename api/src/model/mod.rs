//! What the API says of a crawl, as JSON.

mod results;

pub use results::{Rate, ResultsState, ResultsWord};
