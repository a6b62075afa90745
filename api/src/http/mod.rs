//! HTTP below the routes: who is refused before anyone looks at a request, and how parameters and bodies are read.

mod body;
mod gate;
mod guard;
mod headers;
mod limit;
mod origin;
mod path;
mod query;
mod rate;
mod serve;

pub use body::Body;
#[cfg(test)]
pub(crate) use body::read as read_json;
pub use gate::{Gate, Pass};
pub use guard::{Guard, guard};
pub use headers::security;
pub use limit::Limit;
pub use path::Path;
pub use query::Query;
pub use serve::{Peer, serve};
