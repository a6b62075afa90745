//! What a crawl found: pages, broken links, referrers, breakdown, timeline, map. (Part D.)

use crate::openapi::Routes;

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
