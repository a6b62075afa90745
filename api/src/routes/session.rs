//! Who asks, and what they may do.

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
