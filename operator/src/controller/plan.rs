//! From what is there to what is to be done: the runner's orders, the status, and when to look again.
//!
//! Pure: no clock, no cluster, no broker. The same observation gives the same plan, and a plan that was carried out
//! gives one that writes nothing.

use std::time::Duration;

use crawl_crds::{Crawl, CrawlStatus, Pages, SitemapStatus};
use crawl_frontier::{Counts, Rules, SitemapCounts};
use crawl_rules::{Effective, SpecError, effective, rules, spec_hash};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use kube::runtime::reflector::ObjectRef;

use super::conditions;
use super::observe::{Broker, Observed, later};
use super::patience::PATIENCE;
use super::standing::{Ending, Standing, standing};
use crate::runner::{Mode, Progress, Rank, Stage, Wanted};

/// An active crawl is looked at this often even if its runner says nothing.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The runner's orders.
    pub(crate) runner: Order,
    /// What the status is to be.
    pub(crate) status: CrawlStatus,
    /// Whether the Crawl's time to live has passed.
    pub(crate) expired: bool,
    /// When to look again, if nothing happens before.
    pub(crate) look_again: Option<Duration>,
}

/// The runner's orders.
#[derive(Debug)]
pub(crate) enum Order {
    /// Be like this.
    Ensure(Box<Wanted>),
    /// End; the log stays.
    Stop,
}

/// What is to be done about a Crawl that is not being deleted.
pub(crate) fn plan(observed: &Observed<'_>) -> Plan {
    // Whatever the policies say now, they said otherwise then.
    if observed.finished() {
        return after_the_end(observed, observed.status.clone());
    }
    let effective = effective(&observed.crawl.spec, &observed.namespace(), &observed.policies.holding);
    let refused = match rules(&effective) {
        Ok(rules) => return active(observed, &effective, rules),
        Err(error @ SpecError::Denied(_)) => Standing::Denied(error.to_string()),
        Err(error) => Standing::Invalid(error.to_string()),
    };
    let status = status(observed, &refused, &effective, None);
    Plan { runner: Order::Stop, status, expired: false, look_again: None }
}

fn active(observed: &Observed<'_>, effective: &Effective, rules: Rules) -> Plan {
    let spec_hash = spec_hash(effective);
    let standing = standing(observed, &spec_hash);
    let speaking = observed.progress.as_ref().filter(|progress| speaks_of(progress, &spec_hash));
    let status = status(observed, &standing, effective, speaking.map(|progress| &progress.counts));
    if let Standing::Ended(_) = standing {
        return after_the_end(observed, status);
    }
    let deadline = observed.deadline().filter(|deadline| *deadline > observed.now);
    let at_most = if observed.broker == Broker::Connecting { PATIENCE } else { LOOK_AGAIN };
    let times = [deadline.map(|deadline| until(observed.now, deadline)), observed.headers.again()];
    let look_again = times.into_iter().flatten().fold(at_most, Duration::min);
    // One that is held or ends may do so: it asks nothing of anybody.
    let withheld = observed.barred().is_some() || observed.headers.problem().is_some();
    let runner = match () {
        () if withheld && observed.mode() == Mode::Run => Order::Stop,
        () => Order::Ensure(Box::new(wanted(observed, effective, rules, spec_hash))),
    };
    Plan { runner, status, expired: false, look_again: Some(look_again) }
}

/// A log that is still being read has counts that jump back; they are not shown.
fn speaks_of(progress: &Progress, spec_hash: &str) -> bool {
    let read = matches!(progress.stage, Stage::Running | Stage::Suspended | Stage::Finished(_));
    read && progress.spec_hash == spec_hash
}

fn after_the_end(observed: &Observed<'_>, status: CrawlStatus) -> Plan {
    let ttl = observed.crawl.spec.ttl_seconds_after_finished;
    let ended = status.completion_time.as_ref().map(|time| time.0);
    let expiry = ttl.zip(ended).and_then(|(ttl, ended)| later(ended, ttl));
    // The end is written before the Crawl is deleted: whoever waits for it sees it.
    let expired = status == observed.status && expiry.is_some_and(|expiry| expiry <= observed.now);
    let look_again = expiry.map(|expiry| until(observed.now, expiry));
    Plan { runner: Order::Stop, status, expired, look_again }
}

/// The time until then; never none, since a requeue at once is a loop.
fn until(now: Timestamp, then: Timestamp) -> Duration {
    let seconds = then.as_second().saturating_sub(now.as_second()).max(1);
    Duration::from_secs(seconds.unsigned_abs())
}

fn wanted(observed: &Observed<'_>, effective: &Effective, rules: Rules, spec_hash: String) -> Wanted {
    let crawl: &Crawl = observed.crawl;
    Wanted {
        crawl: ObjectRef::from_obj(crawl),
        uid: crawl.uid().unwrap_or_default(),
        pool: crawl.spec.worker_pool.clone(),
        rules,
        spec_hash,
        mode: observed.mode(),
        rank: rank(observed),
        quota: effective.quota.clone(),
        headers: observed.headers.headers().cloned(),
    }
}

fn rank(observed: &Observed<'_>) -> Rank {
    let created = observed.crawl.metadata.creation_timestamp.as_ref().map_or(0, |time| time.0.as_second());
    Rank {
        fresh: observed.status.start_time.is_none(),
        created,
        name: observed.crawl.name_any(),
        namespace: observed.namespace(),
    }
}

fn status(observed: &Observed<'_>, standing: &Standing, effective: &Effective, counts: Option<&Counts>) -> CrawlStatus {
    let mut status = observed.status.clone();
    if let Some(counts) = counts {
        count(&mut status, counts);
    }
    status.start_time = observed.start_time().map(Time);
    match standing {
        Standing::Ended(ending) => end(&mut status, *ending, observed.now),
        Standing::Running { .. } | Standing::Suspended => (status.completion_time, status.stop_reason) = (None, None),
        Standing::Invalid(_) | Standing::Denied(_) | Standing::Waiting(_) | Standing::Changing(_) => {}
    }
    let restrictions = &effective.restrictions;
    status.conditions = conditions::conditions(standing, restrictions, &status, observed.generation(), observed.now);
    status.phase = Some(conditions::phase(&status.conditions).to_owned());
    if standing.settled() {
        status.observed_generation = observed.generation();
    }
    status
}

/// A crawl that ended the same way before, and did nothing since, ended then.
fn end(status: &mut CrawlStatus, ending: Ending, now: Timestamp) {
    if status.stop_reason.as_deref() != Some(ending.reason()) || status.completion_time.is_none() {
        status.completion_time = Some(Time(now));
    }
    status.stop_reason = Some(ending.reason().to_owned());
}

fn count(status: &mut CrawlStatus, counts: &Counts) {
    status.pages = Pages {
        discovered: signed(counts.discovered),
        queued: signed(counts.queued),
        in_flight: signed(counts.in_flight),
        fetched: signed(counts.fetched),
        failed: signed(counts.failed),
        redirected: signed(counts.redirected),
        skipped: signed(counts.skipped),
    };
    status.links = signed(counts.links);
    status.bytes = signed(counts.bytes);
    status.hosts = signed(counts.hosts);
    status.overlooked = signed(counts.overlooked);
    let SitemapCounts { found, read, failed, skipped } = counts.sitemaps;
    status.sitemaps = (found > 0).then(|| SitemapStatus {
        found: signed(found),
        read: signed(read),
        failed: signed(failed),
        skipped: signed(skipped),
    });
    status.skipped_by_reason =
        counts.skipped_by_reason.iter().map(|(reason, n)| ((*reason).to_owned(), signed(*n))).collect();
    status.responses = counts.responses.iter().map(|(response, n)| (response.clone(), signed(*n))).collect();
}

/// Kubernetes knows no unsigned numbers.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
