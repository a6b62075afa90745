//! All pages of a crawl as a file. (Part D.)

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
