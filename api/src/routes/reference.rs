//! The calls of the reference: /crawls.

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
