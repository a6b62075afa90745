//! What every reconcile shares.

use crawl_crds::Crawl;
use k8s_openapi::jiff::Timestamp;
use kube::{Client, ResourceExt as _};
use tokio::time::Instant;

use super::backoff::Backoff;
use super::census::Census;
use super::engine::Engine;
use super::events::Diary;
use super::headers::{HeadersFrom, Secrets};
use super::observe::Observed;
use super::patience::Patience;
use super::policies::Known;
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
    pub(crate) policies: Known,
    pub(crate) secrets: Secrets,
    pub(crate) census: Census,
}

impl<E: Engine> Context<E> {
    /// For the crawls of so many watches.
    pub(crate) fn new(
        client: Client,
        engine: E,
        diary: Diary,
        metrics: ControllerMetrics,
        policies: Known,
        secrets: Secrets,
        watches: usize,
    ) -> Self {
        let (backoff, written, patience) = (Backoff::default(), Written::default(), Patience::default());
        let census = Census::new(watches);
        Self { client, engine, diary, metrics, backoff, written, patience, policies, secrets, census }
    }

    /// Looks at everything that concerns a crawl; `None` while the policies are about to be known.
    pub(crate) async fn observe<'a>(&self, crawl: &'a Crawl) -> Option<Observed<'a>> {
        if !self.look(crawl)?.may_fetch() {
            return self.look(crawl);
        }
        let headers = self.secrets.of(crawl).await;
        // Looked at after the Secrets, which may take their time.
        Some(Observed { headers, ..self.look(crawl)? })
    }

    fn look<'a>(&self, crawl: &'a Crawl) -> Option<Observed<'a>> {
        let now = Timestamp::now();
        Some(Observed {
            crawl,
            status: self.written.freshest(crawl),
            progress: self.engine.progress(&crawl.uid().unwrap_or_default()),
            broker: self.patience.judge(self.engine.broker_state(), Instant::now()),
            policies: self.policies.now()?,
            headers: HeadersFrom::Nothing,
            now: Timestamp::from_second(now.as_second()).unwrap_or(now),
        })
    }

    /// This crawl is as it should be for now. When all that were there at the start are, those may run whose turn it is.
    pub(crate) fn looked_at(&self, uid: &str) {
        if self.census.seen(uid) {
            self.engine.open();
        }
    }

    /// The crawl is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.written.forget(uid);
        self.secrets.forget(uid);
        self.backoff.succeeded(uid);
    }
}
