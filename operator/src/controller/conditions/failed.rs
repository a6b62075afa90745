//! Failed: the crawl ended otherwise than asked. A cancelled one too, as in Argo and Tekton.

use crawl_crds::CrawlStatus;
use crawl_rules::Restriction;

use super::{Saying, words};
use crate::controller::standing::Standing;

pub(super) fn failed(standing: &Standing, restrictions: &[Restriction], status: &CrawlStatus) -> Saying {
    match standing {
        Standing::Ended(ending) if !ending.complete() => {
            Saying::yes(ending.reason(), words::ending(*ending, restrictions, status))
        }
        _ => Saying::no("NotFailed", "the crawl has not failed"),
    }
}
