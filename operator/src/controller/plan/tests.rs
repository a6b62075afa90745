//! Tables of observations and the plans they must give. Never the API server, the broker or a clock.
#![allow(clippy::unwrap_used, clippy::panic)]

mod headers;
mod policies;

use crawl_rules::Policies;

use super::*;
use crate::controller::conditions::{ACCEPTED, COMPLETE, FAILED, PROGRESSING, SUSPENDED, find, holds};
use std::sync::Arc;

use crate::controller::fixtures::{crawl, now, policy};
use crate::controller::headers::HeadersFrom;
use crate::runner::{Awaited, Finish, Mode};

/// A Crawl as it goes through its life: each step is an observation, and the plan's status is stored.
struct Life {
    crawl: Crawl,
    broker: Broker,
    policies: Arc<Policies>,
    headers: HeadersFrom,
}

impl Life {
    fn of(spec: &str) -> Self {
        Self { crawl: crawl(spec), broker: Broker::Up, policies: Arc::default(), headers: HeadersFrom::Nothing }
    }

    /// As an administrator changes all policies there are.
    fn govern(&mut self, policies: &[(&str, &str)]) {
        self.policies = Arc::new(Policies::of(policies.iter().map(|(name, spec)| policy(name, spec)).collect()));
    }

    fn effective(&self) -> Effective {
        effective(&self.crawl.spec, "team", &self.policies.holding)
    }

    /// As an edit by the user: the generation moves on.
    fn edit(&mut self, edit: impl FnOnce(&mut crawl_crds::CrawlSpec)) {
        edit(&mut self.crawl.spec);
        self.crawl.metadata.generation = self.crawl.metadata.generation.map(|generation| generation + 1);
    }

    fn status(&self) -> CrawlStatus {
        self.crawl.status.clone().unwrap_or_default()
    }

    /// Plans, stores the status, and checks that planning again would write nothing.
    fn step(&mut self, stage: Option<Stage>, at: i64) -> Plan {
        self.step_with(stage.map(|stage| self.progress(stage)), at)
    }

    fn step_with(&mut self, progress: Option<Progress>, at: i64) -> Plan {
        let first = self.plan(progress.clone(), at);
        self.crawl.status = Some(first.status.clone());
        let second = self.plan(progress, at + 1);
        assert_eq!(second.status, first.status, "a second reconcile of an unchanged object writes");
        first
    }

    fn plan(&self, progress: Option<Progress>, at: i64) -> Plan {
        let (status, broker, policies) = (self.status(), self.broker.clone(), Arc::clone(&self.policies));
        let headers = self.headers.clone();
        plan(&Observed { crawl: &self.crawl, status, progress, broker, policies, headers, now: now(at) })
    }

    /// What a runner says that knows the spec as it is now.
    fn progress(&self, stage: Stage) -> Progress {
        let counts = Counts { discovered: 12, queued: 2, fetched: 9, failed: 1, ..Counts::default() };
        Progress {
            stage,
            counts,
            spec_hash: spec_hash(&self.effective()),
            started_at: Some(now(0).as_millisecond()),
            log_lost: false,
            holding: None,
        }
    }
}

fn mode(plan: &Plan) -> Option<Mode> {
    match &plan.runner {
        Order::Ensure(wanted) => Some(wanted.mode),
        Order::Stop => None,
    }
}

fn waiting(what: Awaited, message: &str) -> Stage {
    Stage::Waiting { what, message: message.to_owned() }
}

fn reason(status: &CrawlStatus, kind: &str) -> String {
    find(&status.conditions, kind).unwrap().reason.clone()
}

#[test]
fn a_new_crawl_gets_a_runner_and_is_pending() {
    let plan = Life::of("workerPool: fast").step(None, 0);
    let Order::Ensure(wanted) = &plan.runner else { panic!("no runner") };
    assert_eq!((wanted.mode, wanted.pool.as_str()), (Mode::Run, "fast"));
    assert_eq!(wanted.crawl.to_string(), "Crawl.v1alpha1.crawl-operator.io/docs.team");
    assert_eq!(plan.status.phase.as_deref(), Some("Pending"));
    assert!(holds(&plan.status.conditions, ACCEPTED));
    assert_eq!(plan.status.observed_generation, None, "no runner has spoken of this generation");
    assert_eq!(plan.look_again, Some(LOOK_AGAIN));
}

#[test]
fn a_running_crawl_shows_its_counts_and_its_start() {
    let plan = Life::of("").step(Some(Stage::Running), 5);
    assert_eq!(plan.status.phase.as_deref(), Some("Running"));
    assert_eq!((plan.status.pages.discovered, plan.status.pages.fetched), (12, 9));
    assert_eq!(plan.status.start_time, Some(Time(now(0))));
    assert_eq!(plan.status.observed_generation, Some(1));
    let message = &find(&plan.status.conditions, PROGRESSING).unwrap().message;
    assert_eq!(message, "10 pages processed, 2 to go");
}

#[test]
fn what_holds_a_crawl_up_is_said() {
    let mut life = Life::of("");
    let why = "no worker takes tasks of pool default".to_owned();
    let progress = Progress { holding: Some(why.clone()), ..life.progress(Stage::Running) };
    let plan = life.step_with(Some(progress), 5);
    assert_eq!(find(&plan.status.conditions, PROGRESSING).unwrap().message, why);
}

#[test]
fn every_end_has_its_conditions() {
    for (finish, phase, complete, failed) in [
        (Finish::FrontierEmpty, "Complete", "FrontierEmpty", "NotFailed"),
        (Finish::MaxLinksReached, "Complete", "MaxLinksReached", "NotFailed"),
        (Finish::AllSeedsFailed, "Failed", "AllSeedsFailed", "AllSeedsFailed"),
    ] {
        let mut life = Life::of("");
        life.step(Some(Stage::Running), 0);
        let Plan { runner, status, .. } = life.step(Some(Stage::Finished(finish)), 60);
        assert!(matches!(runner, Order::Stop), "{finish:?}");
        assert_eq!(status.phase.as_deref(), Some(phase));
        assert_eq!((reason(&status, COMPLETE), reason(&status, FAILED)), (complete.to_owned(), failed.to_owned()));
        assert_eq!(holds(&status.conditions, COMPLETE), phase == "Complete");
        assert_eq!(holds(&status.conditions, FAILED), phase == "Failed");
        assert!(!holds(&status.conditions, PROGRESSING));
        assert_eq!(status.completion_time, Some(Time(now(60))));
    }
}

#[test]
fn a_finished_crawl_needs_no_runner_after_a_restart() {
    let mut life = Life::of("");
    life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 60);
    let plan = life.step(None, 3600);
    assert!(matches!(plan.runner, Order::Stop));
    assert_eq!(plan.look_again, None);
    assert_eq!(plan.status, life.status());
}

#[test]
fn a_raised_limit_resumes_a_finished_crawl() {
    let mut life = Life::of("maxLinks: 10");
    life.step(Some(Stage::Finished(Finish::MaxLinksReached)), 60);
    life.edit(|spec| spec.max_links = 20);

    let opening = life.step(Some(Stage::Opening), 70);
    assert_eq!(mode(&opening), Some(Mode::Run));
    assert_eq!(opening.status.observed_generation, Some(1), "Complete is stale, and it shows");
    assert!(holds(&opening.status.conditions, COMPLETE));
    assert_eq!(find(&opening.status.conditions, COMPLETE).unwrap().observed_generation, Some(1));

    let running = life.step(Some(Stage::Running), 80);
    assert!(!holds(&running.status.conditions, COMPLETE));
    assert_eq!((running.status.completion_time, running.status.stop_reason), (None, None));
    assert_eq!(running.status.observed_generation, Some(2));
}

#[test]
fn counts_of_other_rules_are_not_taken_for_the_new_ones() {
    let mut life = Life::of("maxLinks: 10");
    let old = Progress { counts: Counts::default(), ..life.progress(Stage::Finished(Finish::MaxLinksReached)) };
    life.step(Some(Stage::Running), 0);
    life.edit(|spec| spec.max_links = 20);
    let plan = life.step_with(Some(old), 10);
    assert_eq!(reason(&plan.status, PROGRESSING), "Updating");
    assert_eq!(plan.status.pages.discovered, 12);
    assert_eq!(plan.status.observed_generation, Some(1));
}

#[test]
fn an_edit_that_changes_no_rule_keeps_the_time_of_the_end() {
    let mut life = Life::of("");
    life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 60);
    life.edit(|spec| spec.ttl_seconds_after_finished = Some(1000));
    life.step(Some(Stage::Opening), 70);
    let plan = life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 80);
    assert_eq!(plan.status.completion_time, Some(Time(now(60))));
    assert_eq!(plan.status.observed_generation, Some(2));
}

#[test]
fn suspending_is_true_when_the_runner_holds() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    life.edit(|spec| spec.suspend = true);

    let asked = life.step(Some(Stage::Running), 10);
    assert_eq!(mode(&asked), Some(Mode::Suspend));
    assert!(!holds(&asked.status.conditions, SUSPENDED));
    assert_eq!(asked.status.observed_generation, Some(1));

    let held = life.step(Some(Stage::Suspended), 11);
    assert_eq!(held.status.phase.as_deref(), Some("Suspended"));
    assert_eq!(reason(&held.status, PROGRESSING), "Suspended");
    assert!(!holds(&held.status.conditions, PROGRESSING));
    assert_eq!(held.status.observed_generation, Some(2));

    life.edit(|spec| spec.suspend = false);
    assert!(holds(&life.step(Some(Stage::Suspended), 20).status.conditions, SUSPENDED), "not yet");
    let resumed = life.step(Some(Stage::Running), 21);
    assert_eq!(resumed.status.phase.as_deref(), Some("Running"));
    assert_eq!(find(&resumed.status.conditions, SUSPENDED).unwrap().last_transition_time, Time(now(21)));
}

#[test]
fn cancelling_keeps_the_results_and_can_be_undone() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    life.edit(|spec| spec.cancel = true);
    assert_eq!(mode(&life.step(Some(Stage::Running), 10)), Some(Mode::Cancel));

    let cancelled = life.step(Some(Stage::Finished(Finish::Cancelled)), 11);
    assert_eq!(cancelled.status.phase.as_deref(), Some("Cancelled"));
    assert_eq!(reason(&cancelled.status, FAILED), "Cancelled");
    assert!(!holds(&cancelled.status.conditions, COMPLETE));
    assert_eq!(cancelled.status.pages.fetched, 9);

    life.edit(|spec| spec.cancel = false);
    let old = life.step(Some(Stage::Finished(Finish::Cancelled)), 20);
    assert_eq!(mode(&old), Some(Mode::Run));
    assert!(holds(&old.status.conditions, FAILED), "it has not gone on yet");
    let resumed = life.step(Some(Stage::Running), 21);
    assert_eq!(resumed.status.phase.as_deref(), Some("Running"));
    assert!(!holds(&resumed.status.conditions, FAILED));
}

#[test]
fn a_crawl_that_has_ended_by_itself_is_not_cancelled() {
    let mut life = Life::of("");
    life.edit(|spec| spec.cancel = true);
    let plan = life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 60);
    assert_eq!(plan.status.phase.as_deref(), Some("Complete"));
}

#[test]
fn the_deadline_ends_a_crawl_and_a_later_one_resumes_it() {
    let mut life = Life::of("activeDeadlineSeconds: 30");
    let before = life.step(Some(Stage::Running), 10);
    assert_eq!((mode(&before), before.look_again), (Some(Mode::Run), Some(Duration::from_secs(20))));
    assert_eq!(mode(&life.step(Some(Stage::Running), 30)), Some(Mode::Cancel));
    let ended = life.step(Some(Stage::Finished(Finish::Cancelled)), 31);
    assert_eq!(ended.status.phase.as_deref(), Some("Failed"));
    assert_eq!(ended.status.stop_reason.as_deref(), Some("DeadlineExceeded"));
    assert_eq!(reason(&ended.status, FAILED), "DeadlineExceeded");

    life.edit(|spec| spec.active_deadline_seconds = Some(3600));
    assert_eq!(mode(&life.step(None, 40)), Some(Mode::Run));
}

#[test]
fn the_time_to_live_runs_from_the_end() {
    let mut life = Life::of("ttlSecondsAfterFinished: 100");
    let ended = life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 60);
    assert_eq!((ended.expired, ended.look_again), (false, Some(Duration::from_secs(100))));
    assert!(!life.step(None, 158).expired);
    assert!(life.step(None, 160).expired);
}

#[test]
fn a_crawl_without_time_to_live_is_seen_ended_before_it_goes() {
    let mut life = Life::of("ttlSecondsAfterFinished: 0");
    let ended = life.step(Some(Stage::Finished(Finish::FrontierEmpty)), 60);
    assert_eq!((ended.expired, ended.look_again), (false, Some(Duration::from_secs(1))));
    assert!(life.step(None, 61).expired);
}

#[test]
fn an_invalid_spec_is_refused_in_words_and_gets_no_runner() {
    let mut life = Life::of("maxLinks: 0");
    let plan = life.step(None, 0);
    assert!(matches!(plan.runner, Order::Stop));
    let accepted = find(&plan.status.conditions, ACCEPTED).unwrap();
    assert_eq!((accepted.status.as_str(), accepted.reason.as_str()), ("False", "InvalidSpec"));
    assert_eq!(accepted.message, "spec.maxLinks: must be at least 1");
    assert_eq!(plan.status.observed_generation, Some(1));

    life.edit(|spec| spec.max_links = 5);
    let corrected = life.step(None, 10);
    assert_eq!(mode(&corrected), Some(Mode::Run));
    assert!(holds(&corrected.status.conditions, ACCEPTED));
}

#[test]
fn a_broker_that_is_away_is_the_reason() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    life.broker = Broker::Connecting;
    let moment = life.step(Some(waiting(Awaited::Broker, "no session")), 5);
    assert_eq!(reason(&moment.status, PROGRESSING), "Opening", "a reconnection is no news");
    assert_eq!(moment.look_again, Some(PATIENCE));

    life.broker = Broker::Away("connection refused".to_owned());
    let away = life.step(Some(waiting(Awaited::Broker, "no session")), 10);
    let progressing = find(&away.status.conditions, PROGRESSING).unwrap();
    assert_eq!(progressing.reason, "BrokerUnavailable");
    assert_eq!(progressing.message, "RabbitMQ cannot be reached: connection refused");
    assert_eq!(away.status.pages.fetched, 9, "the counts stay");

    life.broker = Broker::Up;
    let refused = life.step(Some(waiting(Awaited::Broker, "the broker refused a log entry or a task")), 20);
    assert_eq!(reason(&refused.status, PROGRESSING), "Retrying");
}

#[test]
fn counts_that_are_still_being_read_are_not_shown() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    let reading = Progress { counts: Counts::default(), ..life.progress(Stage::Opening) };
    assert_eq!(life.step_with(Some(reading), 10).status.pages.fetched, 9);
}

#[test]
fn a_lost_log_is_said_and_the_start_stays() {
    let mut life = Life::of("");
    life.step(Some(Stage::Running), 0);
    let lost =
        Progress { log_lost: true, started_at: Some(now(100).as_millisecond()), ..life.progress(Stage::Running) };
    let plan = life.step_with(Some(lost), 100);
    assert_eq!(reason(&plan.status, PROGRESSING), "LogLost");
    assert_eq!(plan.status.start_time, Some(Time(now(0))));
}
