//! HTTP below the routes: what a request may look like, who is refused before anyone looks at it, and how parameters are read.

mod body;
mod limit;
mod query;

pub use body::Body;
pub use limit::Limit;
pub use query::Query;
