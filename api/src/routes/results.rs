//! What a crawl found: pages, broken links, referrers, breakdown, timeline, map.

mod detail;
mod lists;
mod page_detail;
mod parameters;
mod sums;
mod viewed;
mod why;

use crate::openapi::{Operation, Routes};

pub(super) use parameters::PagesQuery;
pub(super) use viewed::Viewed;

/// Problems that any of these may answer besides those that all routes may.
const PROBLEMS: [u16; 2] = [404, 409];

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    Routes::new().merge(lists::routes()).merge(detail::routes()).merge(sums::routes())
}

/// The description of a read below a crawl.
fn reads(path: &'static str) -> Operation {
    Operation::get(path).problems(&PROBLEMS)
}
