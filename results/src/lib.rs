//! What a crawl's log says to people: its pages, sorted and filtered, broken links and who has them, sums, a map.
//!
//! [`Results`] folds a log with the operator's own [`Frontier`](crawl_frontier::Frontier), so its counts are those of the
//! Crawl's status, and keeps beside it what each record said, in some forty bytes. It does no I/O and reads no clock. It must
//! never keep an answer, nor an order but that of URLs: whatever is asked is read from what the log said until then, and a page of results is
//! one pass over all pages at most, however many were asked for before.
//!
//! The types of the answers are what the API returns: their fields' docs are its descriptions.

mod adjacency;
mod breakdown;
mod broken;
mod concluded;
mod cursor;
mod facts;
mod filter;
mod finder;
mod map;
mod names;
mod query;
mod rate;
mod results;
mod row;
mod rows;
mod select;
mod timeline;
mod top;
mod url_order;
mod words;

pub use breakdown::{Breakdown, DepthSum, HostSum, ReasonSum, StatusSum, TypeSum};
pub use broken::{Broken, BrokenPage, Referrer, Referrers};
pub use crawl_frontier::{Counts, Finish, Rules, RulesError};
pub use cursor::{Cursor, CursorError};
pub use map::{MapNode, More};
pub use query::{Order, Query, Sort, StatusFilter};
pub use results::Results;
pub use row::{Processed, Row, State};
pub use select::Pages;
pub use timeline::Point;
pub use words::QueryError;
