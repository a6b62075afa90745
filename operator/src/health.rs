//! How the process does, as the probes ask: whether it leads, how its watches do, whether the broker answers.
//!
//! It only remembers; what a probe answers is admin's business.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use kube::runtime::reflector::Store;

use crate::controller::Guarded;

/// A watch that fails for this long without a success does not recover by itself.
const FAILING_TOO_LONG: Duration = Duration::from_secs(600);
/// Failures further apart than this are not one streak: an idle watch shows nothing when it works again.
const ONE_STREAK: Duration = Duration::from_secs(180);

/// How one watch does.
#[derive(Clone, Debug)]
pub(crate) struct WatchHealth {
    what: &'static str,
    state: Arc<Mutex<WatchState>>,
}

#[derive(Debug, Default)]
struct WatchState {
    listed: bool,
    /// The first and the last failure of a streak.
    failing: Option<(Instant, Instant)>,
}

impl WatchHealth {
    /// Of a watch on these objects, as people call them.
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, state: Arc::default() }
    }

    /// What is watched.
    pub(crate) fn what(&self) -> &'static str {
        self.what
    }

    /// All objects were listed.
    pub(crate) fn listed(&self) {
        *self.lock() = WatchState { listed: true, failing: None };
    }

    /// An event came.
    pub(crate) fn succeeded(&self) {
        self.lock().failing = None;
    }

    /// An error came.
    pub(crate) fn failed(&self, now: Instant) {
        let mut state = self.lock();
        let streak = state.failing.filter(|(_, last)| now.duration_since(*last) < ONE_STREAK);
        state.failing = Some((streak.map_or(now, |(first, _)| first), now));
    }

    /// Whether all objects are known.
    pub(crate) fn is_listed(&self) -> bool {
        self.lock().listed
    }

    /// Whether it has failed for so long that a restart is the last hope.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.lock().failing.is_some_and(|(first, last)| {
            last.duration_since(first) >= FAILING_TOO_LONG && now.duration_since(last) < ONE_STREAK
        })
    }

    fn lock(&self) -> MutexGuard<'_, WatchState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a leader has.
pub(crate) struct Leading {
    /// The watches.
    pub(crate) watches: Vec<WatchHealth>,
    /// What they have shown.
    pub(crate) stores: Vec<Store<Guarded>>,
    /// Why the broker cannot be reached, if so.
    pub(crate) broker: Box<dyn Fn() -> Result<(), String> + Send + Sync>,
}

/// How the process does.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<OnceLock<Leading>>);

impl Health {
    /// From now on this process leads; it never goes back to standing by.
    pub(crate) fn lead(&self, leading: Leading) {
        // Called once; a second leader in one process would be a defect, and the first one's health is as good.
        let _ = self.0.set(leading);
    }

    /// What the leader has; `None` while standing by.
    pub(crate) fn leading(&self) -> Option<&Leading> {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(every: u64, times: u64) -> (WatchHealth, Instant) {
        let (health, start) = (WatchHealth::of("Crawls"), Instant::now());
        let at = |n| start + Duration::from_secs(every * n);
        for n in 0..=times {
            health.failed(at(n));
        }
        (health, at(times))
    }

    #[test]
    fn a_watch_is_stuck_when_it_fails_for_ten_minutes() {
        for (every, times, stuck) in
            [(30, 19, false), (30, 20, true), (30, 100, true), (3600, 100, false), (1, 5, false)]
        {
            let (health, now) = failing(every, times);
            assert_eq!(health.is_stuck(now), stuck, "{times} failures, one every {every} s");
        }
    }

    #[test]
    fn a_success_and_a_long_silence_end_a_streak() {
        let (health, now) = failing(30, 100);
        assert!(!health.is_stuck(now + ONE_STREAK));
        health.succeeded();
        assert!(!health.is_stuck(now));
    }

    #[test]
    fn a_watch_that_has_listed_stays_so() {
        let health = WatchHealth::of("Crawls");
        assert!(!health.is_listed());
        health.listed();
        health.failed(Instant::now());
        assert!(health.is_listed());
    }
}
