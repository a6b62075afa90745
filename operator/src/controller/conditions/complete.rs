//! Complete: the crawl ended as asked.

use crawl_crds::CrawlStatus;
use crawl_rules::Restriction;

use super::{Saying, words};
use crate::controller::standing::Standing;

pub(super) fn complete(standing: &Standing, restrictions: &[Restriction], status: &CrawlStatus) -> Saying {
    let words = |ending| words::ending(ending, restrictions, status);
    match standing {
        Standing::Ended(ending) if ending.complete() => Saying::yes(ending.reason(), words(*ending)),
        Standing::Ended(ending) => Saying::no(ending.reason(), words(*ending)),
        _ => Saying::no("NotFinished", "the crawl has not ended"),
    }
}
