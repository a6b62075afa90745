//! The conditions of a Crawl: one file each, one pure function each, of where the crawl stands.
//!
//! Types and reasons come from fixed sets; messages say why in one sentence. `lastTransitionTime` moves only when the
//! status does. Nothing here looks at the cluster or at `phase`.

mod accepted;
mod complete;
mod failed;
mod progressing;
mod restricted;
mod suspended;
mod words;

use crawl_crds::CrawlStatus;
use crawl_rules::Restriction;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;

use super::standing::{Standing, Wait};

/// The spec can be followed.
pub(crate) const ACCEPTED: &str = "Accepted";
/// Something is being done.
pub(crate) const PROGRESSING: &str = "Progressing";
/// Held by the user.
pub(crate) const SUSPENDED: &str = "Suspended";
/// A policy holds something back.
pub(crate) const RESTRICTED: &str = "Restricted";
/// Ended as asked.
pub(crate) const COMPLETE: &str = "Complete";
/// Ended otherwise.
pub(crate) const FAILED: &str = "Failed";

/// What a condition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saying {
    holds: bool,
    reason: &'static str,
    message: String,
}

impl Saying {
    fn yes(reason: &'static str, message: impl Into<String>) -> Self {
        Self { holds: true, reason, message: message.into() }
    }

    fn no(reason: &'static str, message: impl Into<String>) -> Self {
        Self { holds: false, reason, message: message.into() }
    }
}

/// The conditions of a crawl that stands so. `status` holds the conditions before and the counts now.
pub(crate) fn conditions(
    standing: &Standing,
    restrictions: &[Restriction],
    status: &CrawlStatus,
    generation: Option<i64>,
    now: Timestamp,
) -> Vec<Condition> {
    let words = |saying: fn(&Standing, &[Restriction], &CrawlStatus) -> Saying| saying(standing, restrictions, status);
    // Some are known of every generation at once, some only when the runner speaks of it, and what policies hold back only
    // when they can be read.
    let (at_once, settled) = (true, standing.settled());
    let readable = !matches!(standing, Standing::Waiting(Wait::Policy(_)));
    let sayings = [
        (ACCEPTED, at_once, accepted::accepted(standing)),
        (RESTRICTED, readable, restricted::restricted(restrictions)),
        (PROGRESSING, at_once, words(progressing::progressing)),
        (SUSPENDED, settled, suspended::suspended(standing)),
        (COMPLETE, settled, words(complete::complete)),
        (FAILED, settled, words(failed::failed)),
    ];
    let told = sayings.into_iter().map(|(kind, known, saying)| match find(&status.conditions, kind) {
        Some(before) if !known => before.clone(),
        before => condition(kind, saying, before, generation.filter(|_| known), now),
    });
    told.collect()
}

fn condition(
    kind: &'static str,
    saying: Saying,
    before: Option<&Condition>,
    generation: Option<i64>,
    now: Timestamp,
) -> Condition {
    let status = if saying.holds { "True" } else { "False" };
    let unchanged = before.filter(|before| before.status == status);
    Condition {
        type_: kind.to_owned(),
        status: status.to_owned(),
        reason: saying.reason.to_owned(),
        message: saying.message,
        observed_generation: generation,
        last_transition_time: unchanged.map_or(Time(now), |before| before.last_transition_time.clone()),
    }
}

/// The condition of this type.
pub(crate) fn find<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.type_ == kind)
}

/// Whether a condition is True.
pub(crate) fn holds(conditions: &[Condition], kind: &str) -> bool {
    find(conditions, kind).is_some_and(|condition| condition.status == "True")
}

/// One word for people, from the conditions alone.
pub(crate) fn phase(conditions: &[Condition]) -> &'static str {
    let failed_by = |reason| find(conditions, FAILED).is_some_and(|failed| failed.reason == reason);
    match () {
        () if holds(conditions, COMPLETE) => "Complete",
        () if holds(conditions, FAILED) && failed_by("Cancelled") => "Cancelled",
        () if holds(conditions, FAILED) || !holds(conditions, ACCEPTED) => "Failed",
        () if holds(conditions, SUSPENDED) => "Suspended",
        () if holds(conditions, PROGRESSING) => "Running",
        () => "Pending",
    }
}
