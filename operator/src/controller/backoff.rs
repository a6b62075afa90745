//! How long to wait after a reconcile of one object has failed: longer each time, up to a cap.
//!
//! kube's controller asks for it and has none itself (kube-rs/kube#1916).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
/// Below the time after which a deletion gives up on the broker.
const LONGEST: Duration = Duration::from_secs(60);

/// Failures in a row of each object, by uid.
#[derive(Debug, Default)]
pub(crate) struct Backoff(Mutex<HashMap<String, u32>>);

impl Backoff {
    /// The wait after one more failure.
    pub(crate) fn failed(&self, uid: &str) -> Duration {
        let mut failures = self.lock();
        let before = failures.entry(uid.to_owned()).or_default();
        let wait = FIRST.saturating_mul(1 << (*before).min(16)).min(LONGEST);
        *before = before.saturating_add(1);
        wait
    }

    /// A success, or the object is gone.
    pub(crate) fn succeeded(&self, uid: &str) {
        self.lock().remove(uid);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_start_again() {
        let backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.failed("a").as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.failed("b").as_secs(), 1, "objects wait for themselves only");
        backoff.succeeded("a");
        assert_eq!(backoff.failed("a").as_secs(), 1);
    }
}
