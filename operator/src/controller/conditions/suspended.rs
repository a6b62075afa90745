//! Suspended: held by the user.

use super::Saying;
use crate::controller::standing::Standing;

pub(super) fn suspended(standing: &Standing) -> Saying {
    match standing {
        Standing::Suspended => Saying::yes("Suspended", "spec.suspend is true"),
        _ => Saying::no("NotSuspended", "the crawl is not held"),
    }
}
