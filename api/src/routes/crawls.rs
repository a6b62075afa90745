//! Crawls: list, create, look at, change, delete.

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
