//! Who asks, and what they may do: RBAC of the cluster decides, asked with the caller's own token.

mod caller;
mod memory;
mod reviews;
mod verb;

pub use caller::{Caller, Token};
pub use reviews::Access;
pub use verb::Verb;
