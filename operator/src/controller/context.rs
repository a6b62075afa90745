//! What every reconcile shares.

use crawl_crds::Crawl;
use k8s_openapi::jiff::Timestamp;
use kube::{Client, ResourceExt as _};
use tokio::time::Instant;

use super::backoff::Backoff;
use super::engine::Engine;
use super::events::Diary;
use super::observe::Observed;
use super::patience::Patience;
use super::written::Written;
use crate::metrics::ControllerMetrics;

/// What every reconcile shares.
pub(crate) struct Context<E> {
    pub(crate) client: Client,
    pub(crate) engine: E,
    pub(crate) diary: Diary,
    pub(crate) metrics: ControllerMetrics,
    pub(crate) backoff: Backoff,
    pub(crate) written: Written,
    pub(crate) patience: Patience,
}

impl<E: Engine> Context<E> {
    pub(crate) fn new(client: Client, engine: E, diary: Diary, metrics: ControllerMetrics) -> Self {
        let (backoff, written, patience) = (Backoff::default(), Written::default(), Patience::default());
        Self { client, engine, diary, metrics, backoff, written, patience }
    }

    /// Looks at everything that concerns a crawl.
    pub(crate) fn observe<'a>(&self, crawl: &'a Crawl) -> Observed<'a> {
        let now = Timestamp::now();
        Observed {
            crawl,
            status: self.written.freshest(crawl),
            progress: self.engine.progress(&crawl.uid().unwrap_or_default()),
            broker: self.patience.judge(self.engine.broker_state(), Instant::now()),
            now: Timestamp::from_second(now.as_second()).unwrap_or(now),
        }
    }

    /// The crawl is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.written.forget(uid);
        self.backoff.succeeded(uid);
    }
}
