//! What a runner says of its crawl, and how often.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crawl_crds::Crawl;
use crawl_frontier::{Counts, Millis};
use kube::runtime::reflector::ObjectRef;
use tokio::{sync::mpsc, time::Instant};

use super::lock;

/// Progress without a transition is announced at most this often.
pub(super) const EVERY: Duration = Duration::from_secs(2);

/// What a runner last said of its crawl.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Where every URL stands.
    pub counts: Counts,
    /// The rules under which these counts hold.
    pub spec_hash: String,
    /// When the log was opened for the first time.
    pub started_at: Option<Millis>,
    /// The log holds less than it held before.
    pub log_lost: bool,
    /// Why nothing is fetched right now, in one sentence.
    pub holding: Option<String>,
}

/// What a runner is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It cannot begin.
    Waiting {
        /// What it waits for.
        what: Awaited,
        /// Why, in one sentence.
        message: String,
    },
    /// It reads its log.
    Opening,
    /// It publishes tasks.
    Running,
    /// It publishes nothing.
    Suspended,
    /// The crawl is over.
    Finished(Finish),
}

/// What a runner that cannot begin waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// One of the operator's slots.
    Slot,
    /// A place in its namespace's quota.
    Quota,
    /// The broker, or a better answer from it.
    Broker,
}

/// Why a crawl is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing is left to fetch.
    FrontierEmpty,
    /// `maxLinks` pages have been processed.
    MaxLinksReached,
    /// Nothing is left, and not one page could be fetched.
    AllSeedsFailed,
    /// It was cancelled.
    Cancelled,
}

impl From<crawl_frontier::Finish> for Finish {
    fn from(finish: crawl_frontier::Finish) -> Self {
        match finish {
            crawl_frontier::Finish::FrontierEmpty => Self::FrontierEmpty,
            crawl_frontier::Finish::MaxLinksReached => Self::MaxLinksReached,
            crawl_frontier::Finish::AllSeedsFailed => Self::AllSeedsFailed,
        }
    }
}

/// Where one runner puts its progress.
pub(super) struct Reporter {
    crawl: ObjectRef<Crawl>,
    progress: Arc<Mutex<Option<Progress>>>,
    changed: mpsc::UnboundedSender<ObjectRef<Crawl>>,
    announced: Option<(Progress, Instant)>,
}

impl Reporter {
    pub(super) fn new(
        crawl: ObjectRef<Crawl>,
        progress: Arc<Mutex<Option<Progress>>>,
        changed: mpsc::UnboundedSender<ObjectRef<Crawl>>,
    ) -> Self {
        Self { crawl, progress, changed, announced: None }
    }

    /// Stores the progress; announces it when it is a transition, or when there is news and the last was 2 s ago.
    pub(super) fn report(&mut self, progress: Progress) {
        *lock(&self.progress) = Some(progress.clone());
        let due = self.announced.as_ref().is_none_or(|(last, at)| {
            let transition = last.stage != progress.stage || last.spec_hash != progress.spec_hash;
            transition || (*last != progress && at.elapsed() >= EVERY)
        });
        if due {
            self.announced = Some((progress, Instant::now()));
            // Nobody listens only when the process is about to end.
            let _ = self.changed.send(self.crawl.clone());
        }
    }

    /// Changes the stage and keeps the numbers.
    pub(super) fn stage(&mut self, spec_hash: &str, stage: Stage) {
        let last = lock(&self.progress).clone();
        self.report(match last {
            Some(last) => Progress { stage, holding: None, ..last },
            None => Progress {
                stage,
                counts: Counts::default(),
                spec_hash: spec_hash.to_owned(),
                started_at: None,
                log_lost: false,
                holding: None,
            },
        });
    }

    /// When news that were held back may be announced.
    pub(super) fn next_announcement(&self) -> Option<Instant> {
        let current = lock(&self.progress);
        let (last, at) = self.announced.as_ref()?;
        current.as_ref().filter(|current| *current != last).map(|_| *at + EVERY)
    }
}
