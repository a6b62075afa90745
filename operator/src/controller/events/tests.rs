//! Lives of crawls, and the diary of each.

use crawl_rules::Restriction;

use super::*;
use crate::controller::conditions;
use crate::controller::fixtures::now;
use crate::controller::standing::{Change, Ending, Standing, Wait};

fn status(standing: &Standing, before: &CrawlStatus, started: bool) -> CrawlStatus {
    let conditions = conditions::conditions(standing, &[], before, Some(1), now(0));
    let start_time = started.then(|| k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(now(0)));
    CrawlStatus { conditions, start_time, ..CrawlStatus::default() }
}

/// The reasons of the events while a crawl stands thus, one after another.
fn diary(standings: &[(Standing, bool)]) -> Vec<Reason> {
    let mut before = CrawlStatus::default();
    let mut reasons = Vec::new();
    for (standing, started) in standings {
        let after = status(standing, &before, *started);
        reasons.extend(transitions(&before, &after).into_iter().map(|notice| notice.reason));
        assert_eq!(transitions(&after, &after), [], "nothing happened, yet something is told");
        before = after;
    }
    reasons
}

const RUNNING: Standing = Standing::Running { holding: None, log_lost: false };

#[test]
fn a_plain_crawl_starts_and_completes() {
    let opening = Standing::Waiting(Wait::Opening);
    let ended = Standing::Ended(Ending::FrontierEmpty);
    let told = diary(&[(opening, false), (RUNNING, true), (RUNNING, true), (ended, true)]);
    assert_eq!(told, [Reason::Started, Reason::Completed]);
}

#[test]
fn holding_and_going_on_are_told_when_they_have_happened() {
    let told = diary(&[
        (RUNNING, true),
        (Standing::Changing(Change::Suspend), true),
        (Standing::Suspended, true),
        (Standing::Changing(Change::Resume), true),
        (RUNNING, true),
    ]);
    assert_eq!(told, [Reason::Started, Reason::Suspended, Reason::Resumed]);
}

#[test]
fn a_raised_limit_is_a_resumption() {
    let told = diary(&[
        (RUNNING, true),
        (Standing::Ended(Ending::MaxLinksReached), true),
        (Standing::Waiting(Wait::Opening), true),
        (RUNNING, true),
    ]);
    assert_eq!(told, [Reason::Started, Reason::Completed, Reason::Resumed]);
}

#[test]
fn a_suspended_crawl_that_is_cancelled_does_not_resume() {
    let told = diary(&[(Standing::Suspended, true), (Standing::Ended(Ending::Cancelled), true)]);
    assert_eq!(told, [Reason::Started, Reason::Suspended, Reason::Cancelled]);
}

#[test]
fn what_policies_hold_back_is_told_when_it_begins_and_ends() {
    let hosts = |rules| vec![Restriction::Hosts { policy: "teams".into(), rules }];
    let mut before = CrawlStatus::default();
    let mut told = Vec::new();
    for restrictions in [vec![], hosts(1), hosts(2), vec![]] {
        let conditions = conditions::conditions(&RUNNING, &restrictions, &before, Some(1), now(0));
        let after = CrawlStatus { conditions, ..CrawlStatus::default() };
        told.extend(transitions(&before, &after).into_iter().map(|notice| (notice.reason, notice.note)));
        before = after;
    }
    let restricted = (Reason::Restricted, "policy teams: 1 host rule applies".to_owned());
    assert_eq!(told, [restricted, (Reason::Unrestricted, "no policy holds anything back".to_owned())]);
}

#[test]
fn waiting_for_a_quota_is_told_once_and_not_each_place_in_the_line() {
    let quota = |place: &str| Standing::Waiting(Wait::Quota(place.into()));
    let told = diary(&[(quota("2nd"), false), (quota("1st"), false), (RUNNING, true)]);
    assert_eq!(told, [Reason::QuotaReached, Reason::Started]);
}

#[test]
fn troubles_are_told_once() {
    let broker = || Standing::Waiting(Wait::Broker("connection refused".into()));
    let lost = || Standing::Running { holding: None, log_lost: true };
    let told = diary(&[
        (Standing::Invalid("spec.maxLinks: must be at least 1".into()), false),
        (broker(), false),
        (broker(), false),
        (lost(), true),
        (lost(), true),
        (Standing::Ended(Ending::AllSeedsFailed), true),
    ]);
    assert_eq!(
        told,
        [Reason::InvalidSpec, Reason::BrokerUnavailable, Reason::Started, Reason::LogLost, Reason::Failed]
    );
}
