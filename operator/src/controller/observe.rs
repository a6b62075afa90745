//! What is there: the Crawl, its freshest status, the policies, the Secrets it names, what its runner says, whether the broker answers, and the time.
//!
//! It looks and changes nothing.

use std::sync::Arc;

use crawl_crds::{Crawl, CrawlStatus};
use crawl_rules::Policies;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;

use super::conditions::{self, COMPLETE, FAILED};
use super::headers::HeadersFrom;
use crate::runner::{Mode, Progress};

/// Everything that a plan is made from.
#[derive(Debug)]
pub(crate) struct Observed<'a> {
    /// The Crawl, as the watch last showed it.
    pub(crate) crawl: &'a Crawl,
    /// Its status; newer than the watch's where we wrote it ourselves.
    pub(crate) status: CrawlStatus,
    /// What the runner last said, if there is one.
    pub(crate) progress: Option<Progress>,
    /// Whether the broker answers.
    pub(crate) broker: Broker,
    /// What the policies of the cluster say.
    pub(crate) policies: Arc<Policies>,
    /// What is known of the headers that it asks for, where something may be fetched.
    pub(crate) headers: HeadersFrom,
    /// When this was observed, in whole seconds, as Kubernetes stores times.
    pub(crate) now: Timestamp,
}

/// Whether the broker answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broker {
    /// It does.
    Up,
    /// Not yet, or not since a moment: a start or a reconnection is no news.
    Connecting,
    /// It has not for a while, in its words.
    Away(String),
}

impl Observed<'_> {
    /// The generation of the spec.
    pub(crate) fn generation(&self) -> Option<i64> {
        self.crawl.metadata.generation
    }

    /// The namespace of the Crawl.
    pub(crate) fn namespace(&self) -> String {
        self.crawl.namespace().unwrap_or_default()
    }

    /// Why no crawl of the namespace may run, whatever is wanted of it.
    pub(crate) fn barred(&self) -> Option<&str> {
        self.policies.barred(self.crawl.metadata.namespace.as_deref().unwrap_or_default())
    }

    /// Whether the crawl has ended, by a status that speaks of this generation: it needs no runner, also after a restart of ours.
    pub(crate) fn finished(&self) -> bool {
        let conditions = &self.status.conditions;
        let ended = conditions::holds(conditions, COMPLETE) || conditions::holds(conditions, FAILED);
        ended && self.status.completion_time.is_some() && self.status.observed_generation == self.generation()
    }

    /// Whether pages may be fetched, as far as the Crawl itself goes.
    pub(crate) fn may_fetch(&self) -> bool {
        !self.finished() && self.mode() == Mode::Run
    }

    /// When the crawl's log was opened for the first time. What the status says stays, even if the log is lost.
    pub(crate) fn start_time(&self) -> Option<Timestamp> {
        let from_log = || self.progress.as_ref().and_then(|progress| progress.started_at);
        let opened = || Timestamp::from_second(from_log()?.div_euclid(1000)).ok();
        self.status.start_time.as_ref().map(|time| time.0).or_else(opened)
    }

    /// When the crawl has been active for too long.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let seconds = self.crawl.spec.active_deadline_seconds?;
        later(self.start_time()?, seconds)
    }

    /// Whether that time has come.
    pub(crate) fn overdue(&self) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= self.now)
    }

    /// What is wanted of the runner.
    pub(crate) fn mode(&self) -> Mode {
        let spec = &self.crawl.spec;
        match () {
            () if spec.cancel || self.overdue() => Mode::Cancel,
            () if spec.suspend => Mode::Suspend,
            () => Mode::Run,
        }
    }
}

/// A time and seconds after it; `None` past the end of time, which never comes.
pub(crate) fn later(time: Timestamp, seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(time.as_second().checked_add(seconds)?).ok()
}
