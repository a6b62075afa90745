//! Who asks, and what they may do: RBAC of the cluster decides, asked with the caller's own token.

mod caller;
mod verb;

pub use caller::{Caller, Token};
pub use verb::Verb;
