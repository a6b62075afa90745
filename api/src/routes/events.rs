//! A crawl as it changes: server-sent events. (Part D.)

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
