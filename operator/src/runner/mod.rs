//! The runners: one task per active crawl, which folds the crawl's log and publishes what may start now.
//!
//! This module is responsible for the broker's side of a crawl: its log, its tasks, its leases on hosts. It must never write
//! to Kubernetes; the controller says what is wanted ([`Runners::ensure`]) and asks how it stands ([`Runners::progress`]).
//! Runners own nothing durable: any of them can be ended at any time and started again from the log.

mod crawl;
mod dead;
mod drive;
mod pools;
mod progress;
mod publishing;
mod reading;
mod seed_headers;
mod session;
mod slots;
#[cfg(test)]
mod tests;
mod turns;
mod watchdog;
mod window;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use crawl_broker::{BrokerConfig, BrokerError};
use crawl_crds::Crawl;
use crawl_frontier::{HostTable, Rules};
use crawl_rules::Quota;
use futures::{Stream, StreamExt};
use kube::runtime::reflector::ObjectRef;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use self::{pools::Pools, session::SessionState, slots::Slots, turns::Turns};
use crate::metrics::RunnerMetrics;

pub use progress::{Awaited, Finish, Progress, Stage};
pub use seed_headers::{SeedHeaders, origin};
pub use slots::Rank;

/// What the controller wants of one crawl.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Namespace and name.
    pub crawl: ObjectRef<Crawl>,
    /// `metadata.uid`.
    pub uid: String,
    /// `spec.workerPool`.
    pub pool: String,
    /// How its log is folded.
    pub rules: Rules,
    /// Hash of what the rules were made from: when it changes, the log is folded again.
    pub spec_hash: String,
    /// Whether it runs.
    pub mode: Mode,
    /// Where it stands in the line, when not all may run.
    pub rank: Rank,
    /// How many crawls of its namespace may run.
    pub quota: Option<Quota>,
    /// What requests to the seeds' origins carry. A change holds from the next tasks on.
    pub headers: Option<SeedHeaders>,
}

/// Whether a crawl runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Publish what may start.
    Run,
    /// Publish nothing; take back what no worker has taken.
    Suspend,
    /// As Suspend, then end the crawl when what workers hold has come in.
    Cancel,
}

/// A crawl's log could not be deleted.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// There is no broker to delete it from.
    #[error("RabbitMQ is not reachable: {0}")]
    NoBroker(String),
    /// The broker refused.
    #[error("cannot delete the log")]
    Broker(#[from] BrokerError),
}

/// All runners of this process.
#[derive(Clone)]
pub struct Runners {
    shared: Arc<Shared>,
}

/// What all runners have in common.
pub(crate) struct Shared {
    config: BrokerConfig,
    metrics: RunnerMetrics,
    shutdown: CancellationToken,
    /// One politeness table for all crawls of the cluster.
    hosts: Mutex<HostTable>,
    pools: Pools,
    turns: Turns,
    slots: Arc<Slots>,
    /// Whether the broker was found to have what crawls need.
    preflighted: AtomicBool,
    session: watch::Sender<SessionState>,
    crawls: Mutex<HashMap<String, Handle>>,
    changed: mpsc::UnboundedSender<ObjectRef<Crawl>>,
    changes: Mutex<Option<mpsc::UnboundedReceiver<ObjectRef<Crawl>>>>,
}

/// One crawl's runner, as seen from outside.
struct Handle {
    wanted: watch::Sender<Wanted>,
    progress: Arc<Mutex<Option<Progress>>>,
    /// Tasks that workers gave up without a readable word of which; see `dead.rs`.
    poisoned: mpsc::UnboundedSender<String>,
    end: CancellationToken,
    task: JoinHandle<()>,
}

impl Runners {
    /// Starts the session with the broker. At most `max_open_crawls` run at once; further crawls wait in order. None runs
    /// before [`Runners::open`].
    #[must_use]
    pub fn start(
        config: BrokerConfig,
        max_open_crawls: usize,
        metrics: RunnerMetrics,
        shutdown: CancellationToken,
    ) -> (Self, JoinHandle<()>) {
        let (changed, changes) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            config,
            metrics,
            shutdown,
            hosts: Mutex::default(),
            pools: Pools::default(),
            turns: Turns::default(),
            slots: Slots::new(max_open_crawls),
            preflighted: AtomicBool::new(false),
            session: watch::Sender::new(SessionState::Down("not connected yet".to_owned())),
            crawls: Mutex::default(),
            changed,
            changes: Mutex::new(Some(changes)),
        });
        let task = tokio::spawn(session::keep(Arc::clone(&shared)));
        (Self { shared }, task)
    }

    /// Makes what runs equal to what is wanted. Returns at once; the same call again changes nothing.
    pub fn ensure(&self, wanted: Wanted) {
        self.shared.slots.set_quota(&wanted.rank.namespace, wanted.quota.clone());
        let mut crawls = lock(&self.shared.crawls);
        // A runner that panicked is replaced: its log knows everything it knew.
        if let Some(handle) = crawls.get(&wanted.uid).filter(|handle| !handle.task.is_finished()) {
            handle.wanted.send_if_modified(|old| {
                let differs =
                    old.spec_hash != wanted.spec_hash || old.mode != wanted.mode || old.headers != wanted.headers;
                if differs {
                    *old = wanted;
                }
                differs
            });
            return;
        }
        crawls.insert(wanted.uid.clone(), crawl::spawn(&self.shared, wanted));
    }

    /// All crawls that were there when this process began to lead are wanted by now: those may run whose turn it is, and not
    /// those that happened to be looked at first.
    pub fn open(&self) {
        self.shared.slots.open();
    }

    /// What the crawl's runner last said; `None` when there is no runner or it has not begun.
    #[must_use]
    pub fn progress(&self, uid: &str) -> Option<Progress> {
        let crawls = lock(&self.shared.crawls);
        crawls.get(uid).and_then(|handle| lock(&handle.progress).clone())
    }

    /// Ends a crawl's runner and leaves its log.
    pub fn stop(&self, uid: &str) {
        if let Some(handle) = lock(&self.shared.crawls).remove(uid) {
            handle.end.cancel();
        }
    }

    /// Ends a crawl's runner, takes its tasks back and deletes its log. Fine when all of that is already gone.
    ///
    /// # Errors
    /// When the broker cannot be reached or refuses; call it again later.
    pub async fn delete(&self, uid: &str, pool: &str) -> Result<(), RunnerError> {
        let handle = lock(&self.shared.crawls).remove(uid);
        if let Some(handle) = handle {
            handle.end.cancel();
            // Its task ends at its next step; a panic in it changes nothing here.
            let _ = handle.task.await;
        }
        let session = match &*self.shared.session.borrow() {
            SessionState::Up(session) => Arc::clone(session),
            SessionState::Down(reason) => return Err(RunnerError::NoBroker(reason.clone())),
        };
        session.broker.delete_log(uid).await?;
        match session.broker.withdraw(pool, uid).await {
            Ok(_) | Err(BrokerError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The crawls whose progress has changed: at most every 2 s each, transitions at once. To be called once.
    pub fn changes(&self) -> impl Stream<Item = ObjectRef<Crawl>> + 'static {
        let receiver = lock(&self.shared.changes).take();
        futures::stream::unfold(receiver, |receiver| async {
            let mut receiver = receiver?;
            receiver.recv().await.map(|crawl| (crawl, Some(receiver)))
        })
        .fuse()
    }

    /// Whether the broker is reachable.
    ///
    /// # Errors
    /// The reason, for people, when it is not.
    pub fn broker_state(&self) -> Result<(), String> {
        match &*self.shared.session.borrow() {
            SessionState::Up(_) => Ok(()),
            SessionState::Down(reason) => Err(reason.clone()),
        }
    }
}

/// A lock that a panicking task left is taken all the same: its data are counters and handles, valid at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Milliseconds since the epoch.
fn now() -> crawl_frontier::Millis {
    jiff::Timestamp::now().as_millisecond()
}
