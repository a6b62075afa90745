//! The view of one crawl: its results, how they stand, and what is wanted of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crawl_results::{Results, Rules};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::fold::Fold;
use super::now_ms;
use super::stand::Stand;

/// How long a reader waits for its turn.
const TURN_WITHIN: Duration = Duration::from_secs(10);

/// What is known of a crawl whose results are asked for.
#[derive(Clone)]
pub struct Wanted {
    /// `metadata.uid`.
    pub uid: String,
    /// How its log is folded.
    pub rules: Arc<Rules>,
    /// Hash of what the rules were made from: when it changes, the log is folded anew.
    pub spec_hash: String,
    /// Pages fetched, failed or redirected as the Crawl's status has it.
    pub processed: u64,
    /// Whether its log was opened.
    pub started: bool,
}

/// The view of one crawl.
pub struct View {
    pub(super) id: u64,
    pub(super) uid: String,
    pub(super) wanted: watch::Sender<Wanted>,
    pub(super) stand: watch::Sender<Stand>,
    /// What readers read: while a log is folded anew, the fold before.
    pub(super) shown: Mutex<Option<Arc<Fold>>>,
    /// How many may read at the same time, of all views.
    pub(super) readers: Arc<Semaphore>,
    pub(super) end: CancellationToken,
}

/// Whoever reads results. They stay in memory for so long, even when their view is dropped.
#[derive(Clone, Debug)]
pub struct Reader {
    fold: Arc<Fold>,
    turns: Arc<Semaphore>,
}

impl Reader {
    /// Asks the results something, away from the async threads.
    ///
    /// # Errors
    /// When too many do so, or the question cannot be answered.
    pub async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Results) -> T + Send + 'static,
    ) -> Result<T, NotRead> {
        let turn = tokio::time::timeout(TURN_WITHIN, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| NotRead::Busy)?.map_err(|_| NotRead::Busy)?;
        let fold = Arc::clone(&self.fold);
        let asked = tokio::task::spawn_blocking(move || {
            let answer = ask(&fold.read());
            drop(turn);
            answer
        });
        asked.await.map_err(|_| NotRead::Failed)
    }
}

/// No results can be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// There is nothing to read yet, or no longer.
    #[error("there are no results to read")]
    Nothing,
    /// Too many want to.
    #[error("too many requests for results at the same time")]
    Busy,
    /// The query failed.
    #[error("the results could not be read")]
    Failed,
}

impl View {
    pub(super) fn new(id: u64, wanted: Wanted, readers: Arc<Semaphore>, end: CancellationToken) -> Self {
        Self {
            id,
            uid: wanted.uid.clone(),
            wanted: watch::Sender::new(wanted),
            stand: watch::Sender::new(Stand::Loading),
            shown: Mutex::default(),
            readers,
            end,
        }
    }

    /// What is known of the crawl has changed, perhaps.
    pub(super) fn want(&self, wanted: Wanted) {
        self.wanted.send_if_modified(|old| {
            let refolds = old.spec_hash != wanted.spec_hash;
            let differs = refolds || old.started != wanted.started;
            if refolds {
                // Who asks now shall wait for what is now wanted.
                self.stand.send_if_modified(|stand| {
                    let was_live = *stand == Stand::Live;
                    if was_live {
                        *stand = Stand::Loading;
                    }
                    was_live
                });
            }
            *old = wanted;
            differs
        });
    }

    /// How it stands.
    pub fn stand(&self) -> Stand {
        self.stand.borrow().clone()
    }

    /// Waits until it has caught up or something is in the way, but no longer than `within`.
    pub async fn settled(&self, within: Duration) {
        let mut stand = self.stand.subscribe();
        // Too slow: then it is read as far as it has come. The sender lives as long as `self`.
        let _ = tokio::time::timeout(within, stand.wait_for(|stand| !stand.is_under_way())).await;
    }

    /// Entries of the log that were read.
    pub fn entries(&self) -> u64 {
        self.fold().map_or(0, |fold| fold.entries())
    }

    /// The results as they are now; they go on growing, but are not exchanged for others.
    ///
    /// # Errors
    /// When there are none.
    pub fn reader(&self) -> Result<Reader, NotRead> {
        let fold = self.fold().ok_or(NotRead::Nothing)?;
        Ok(Reader { fold, turns: Arc::clone(&self.readers) })
    }

    /// Pages that the crawl gets through in a second; `None` while that is not known.
    pub fn pages_per_second(&self) -> Option<f64> {
        self.fold().filter(|_| *self.stand.borrow() == Stand::Live)?.rate(now_ms())
    }

    pub(super) fn fold(&self) -> Option<Arc<Fold>> {
        lock(&self.shown).clone()
    }

    pub(super) fn show(&self, fold: Option<Arc<Fold>>) {
        *lock(&self.shown) = fold;
    }
}

/// A lock that a panicking task left is taken all the same: what it guards is valid at every step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
