//! What every reconcile shares.

use kube::Client;

use super::backoff::Backoff;
use super::engine::Engine;
use super::events::Diary;
use super::observe::Observed;
use super::written::Written;
use crate::metrics::ControllerMetrics;
use crawl_crds::Crawl;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;

/// What every reconcile shares.
pub(crate) struct Context<E> {
    pub(crate) client: Client,
    pub(crate) engine: E,
    pub(crate) diary: Diary,
    pub(crate) metrics: ControllerMetrics,
    pub(crate) backoff: Backoff,
    pub(crate) written: Written,
}

impl<E: Engine> Context<E> {
    pub(crate) fn new(client: Client, engine: E, diary: Diary, metrics: ControllerMetrics) -> Self {
        Self { client, engine, diary, metrics, backoff: Backoff::default(), written: Written::default() }
    }

    /// Looks at everything that concerns a crawl.
    pub(crate) fn observe<'a>(&self, crawl: &'a Crawl) -> Observed<'a> {
        let now = Timestamp::now();
        Observed {
            crawl,
            status: self.written.freshest(crawl),
            progress: self.engine.progress(&crawl.uid().unwrap_or_default()),
            broker: self.engine.broker_state(),
            now: Timestamp::from_second(now.as_second()).unwrap_or(now),
        }
    }

    /// The crawl is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.written.forget(uid);
        self.backoff.succeeded(uid);
    }
}
