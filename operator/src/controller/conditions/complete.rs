//! Complete: the crawl ended as asked.

use crawl_crds::CrawlStatus;

use super::{Saying, words};
use crate::controller::standing::Standing;

pub(super) fn complete(standing: &Standing, status: &CrawlStatus) -> Saying {
    match standing {
        Standing::Ended(ending) if ending.complete() => Saying::yes(ending.reason(), words::ending(*ending, status)),
        Standing::Ended(ending) => Saying::no(ending.reason(), words::ending(*ending, status)),
        _ => Saying::no("NotFinished", "the crawl has not ended"),
    }
}
