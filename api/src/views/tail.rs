//! The task of a view: folds its log from the first entry, and goes on for as long as the view lives.
//!
//! It owns nothing that cannot be read again. After a lost session it goes on behind the last entry it read, and begins anew
//! where that entry is no longer what it was.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crawl_broker::{Backoff, BrokerError, LogEntry};
use tracing::{debug, info, warn};

use super::catching_up::CatchingUp;
use super::fold::{Fold, Mark};
use super::reading::{Reading, Stopped};
use super::session::{Session, SessionState};
use super::stand::Stand;
use super::table::Verdict;
use super::view::{View, Wanted, lock};
use super::{Shared, now_ms};
use crate::logs::chain;

/// A reading that went on for so long failed for a reason of its own.
const LONG: Duration = Duration::from_secs(60);

/// The task of one view.
pub(super) struct Tail {
    shared: Arc<Shared>,
    view: Arc<View>,
    /// What entries are added to, and the hash of its rules. Not what readers see, while a log is folded anew.
    fold: Option<(Arc<Fold>, String)>,
    last: Option<Mark>,
}

/// What to do when a reading has ended.
enum Next {
    End,
    AtOnce,
    /// In a while; how the view stands is not clear yet.
    Again,
    Wait(Stand),
}

impl Tail {
    pub(super) fn new(shared: Arc<Shared>, view: Arc<View>) -> Self {
        Self { shared, view, fold: None, last: None }
    }

    /// Reads until the view ends.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(15));
        loop {
            let began = Instant::now();
            let mut wanted = self.view.wanted.subscribe();
            let Err(stopped) = self.read_once().await;
            debug!(crawl = self.view.uid, %stopped, "a view's reading ended");
            match self.after(stopped) {
                Next::End => return,
                Next::AtOnce => continue,
                Next::Again => {}
                Next::Wait(stand) => {
                    self.view.stand.send_replace(stand);
                }
            }
            if began.elapsed() > LONG {
                backoff.reset();
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.next_wait()) => {}
                _ = wanted.changed() => {}
                () = self.view.end.cancelled() => return,
            }
        }
    }

    fn after(&mut self, stopped: Stopped) -> Next {
        match &stopped {
            Stopped::Ended => return Next::End,
            Stopped::Changed => return Next::AtOnce,
            Stopped::OtherLog => {
                info!(crawl = self.view.uid, "the log is another one than before; it is read from its beginning");
                self.fold = None;
                return Next::AtOnce;
            }
            Stopped::TooLarge => {
                warn!(crawl = self.view.uid, "the results of this crawl alone take more than --view-memory");
                self.fold = None;
                self.view.show(None);
                return Next::Wait(Stand::TooLarge);
            }
            Stopped::Unfoldable(_) => {
                warn!(crawl = self.view.uid, error = chain(&stopped), "the results are made anew");
                self.fold = None;
            }
            Stopped::Broker(BrokerError::NotFound { .. }) => {
                let was_there = self.view.wanted.borrow().started || self.last.is_some();
                return Next::Wait(if was_there { Stand::Lost } else { Stand::NoLog });
            }
            // Deleted or only moved: who reads again will see.
            Stopped::Broker(BrokerError::Ended { .. }) => return Next::Again,
            Stopped::SessionEnded | Stopped::Broker(_) => {}
        }
        Next::Wait(Stand::Stale(chain(&stopped)))
    }

    /// Reads for as long as it goes well.
    async fn read_once(&mut self) -> Result<Infallible, Stopped> {
        let session = self.session().await?;
        let wanted = self.view.wanted.borrow().clone();
        let fold = self.fold_for(&wanted)?;
        // Only so many logs are read from their beginning at the same time.
        let loading = Arc::clone(&self.shared.loading);
        let turn = tokio::select! {
            turn = loading.acquire() => turn.map_err(|_| Stopped::Ended)?,
            () = self.view.end.cancelled() => return Err(Stopped::Ended),
            () = session.failed.cancelled() => return Err(Stopped::SessionEnded),
        };
        let mut reading = Reading::open(&session, &self.view, self.last).await?;
        if self.last.is_none() {
            self.view.stand.send_replace(Stand::Loading);
        }
        let mut way = CatchingUp::begin(wanted.processed, now_ms(), Instant::now());
        while !way.arrived(fold.processed(), fold.newest(), Instant::now()) {
            if let Some(batch) = reading.next_until(&wanted, way.silent_at()).await? {
                self.add(&fold, batch).await?;
                way.heard(Instant::now());
            }
        }
        drop(turn);
        self.arrived(&fold);
        loop {
            let batch = reading.next(&wanted).await?;
            self.add(&fold, batch).await?;
        }
    }

    /// The session with the broker, as soon as there is one.
    async fn session(&self) -> Result<Arc<Session>, Stopped> {
        let mut states = self.shared.session.subscribe();
        loop {
            let state = states.borrow_and_update().clone();
            match state {
                SessionState::Up(session) => return Ok(session),
                SessionState::Begun => {}
                SessionState::Down(reason) => {
                    self.view.stand.send_replace(Stand::Stale(format!("RabbitMQ cannot be reached: {reason}")));
                }
            }
            tokio::select! {
                changed = states.changed() => changed.map_err(|_| Stopped::Ended)?,
                () = self.view.end.cancelled() => return Err(Stopped::Ended),
            }
        }
    }

    /// The fold that goes on, or a new one. Readers keep the old one until the new one has caught up, where there is room for both.
    fn fold_for(&mut self, wanted: &Wanted) -> Result<Arc<Fold>, Stopped> {
        if let Some((fold, hash)) = &self.fold
            && *hash == wanted.spec_hash
        {
            return Ok(Arc::clone(fold));
        }
        let fold = Fold::new(wanted).map_err(Stopped::Unfoldable)?;
        let fold = Arc::new(fold);
        self.fold = Some((Arc::clone(&fold), wanted.spec_hash.clone()));
        self.last = None;
        let old = self.view.fold().filter(|old| old.entries() > 0);
        if old.is_none_or(|old| !lock(&self.shared.table).fits_twice(old.weight())) {
            self.view.show(Some(Arc::clone(&fold)));
        }
        Ok(fold)
    }

    /// All that there was has been read.
    fn arrived(&self, fold: &Arc<Fold>) {
        self.view.show(Some(Arc::clone(fold)));
        self.view.stand.send_replace(Stand::Live);
        self.shared.counted.loaded.inc();
        debug!(crawl = self.view.uid, entries = fold.entries(), bytes = fold.weight(), "a view has caught up");
    }

    /// Folds entries, away from the async threads, and sees to it that there is room.
    async fn add(&mut self, fold: &Arc<Fold>, batch: Vec<LogEntry>) -> Result<(), Stopped> {
        let Some(last) = batch.last().map(Mark::of) else { return Ok(()) };
        self.shared.counted.entries.inc_by(batch.len() as u64);
        let adding = Arc::clone(fold);
        let unreadable = tokio::task::spawn_blocking(move || adding.add(batch)).await;
        let unreadable = unreadable.map_err(|_| Stopped::Unfoldable("an entry could not be folded".to_owned()))?;
        self.shared.counted.unreadable.inc_by(unreadable);
        self.last = Some(last);
        if self.has_room(fold) {
            return Ok(());
        }
        // Not both, then: what is new counts.
        self.view.show(Some(Arc::clone(fold)));
        if self.has_room(fold) { Ok(()) } else { Err(Stopped::TooLarge) }
    }

    fn has_room(&self, fold: &Arc<Fold>) -> bool {
        let shown = self.view.fold().filter(|shown| !Arc::ptr_eq(shown, fold)).map_or(0, |shown| shown.weight());
        let verdict = lock(&self.shared.table).weigh(&self.view.uid, self.view.id, fold.weight() + shown);
        match verdict {
            Verdict::Stays(dropped) => {
                self.shared.end(dropped);
                true
            }
            // It is ending.
            Verdict::Gone => true,
            Verdict::TooLarge => false,
        }
    }
}
