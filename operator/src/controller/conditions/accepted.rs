//! Accepted: the spec can be followed.

use super::Saying;
use crate::controller::standing::Standing;

pub(super) fn accepted(standing: &Standing) -> Saying {
    match standing {
        Standing::Invalid(message) => Saying::no("InvalidSpec", message.as_str()),
        Standing::Denied(message) => Saying::no("DeniedByPolicy", message.as_str()),
        _ => Saying::yes("Valid", "the spec can be followed"),
    }
}
