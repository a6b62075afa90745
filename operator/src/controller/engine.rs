//! The runners as the controller sees them, so that its tests need no broker.
//!
//! Nothing here decides; it names the six calls that the controller makes.

use crate::runner::{Progress, RunnerError, Runners, Wanted};

/// What runs the crawls.
pub(crate) trait Engine: Send + Sync + 'static {
    /// Why a log could not be deleted.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Makes a crawl be as wanted; idempotent, returns at once.
    fn ensure(&self, wanted: Wanted);
    /// All crawls that were there at the start are wanted, or not: those may run whose turn it is.
    fn open(&self);
    /// What a runner last said of its crawl.
    fn progress(&self, uid: &str) -> Option<Progress>;
    /// Ends a runner; its log stays.
    fn stop(&self, uid: &str);
    /// Ends a runner and deletes its log; fine when both are already gone.
    fn delete(&self, uid: &str, pool: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Why the broker cannot be reached, if so.
    fn broker_state(&self) -> Result<(), String>;
}

impl Engine for Runners {
    type Error = RunnerError;

    fn ensure(&self, wanted: Wanted) {
        Self::ensure(self, wanted);
    }

    fn open(&self) {
        Self::open(self);
    }

    fn progress(&self, uid: &str) -> Option<Progress> {
        Self::progress(self, uid)
    }

    fn stop(&self, uid: &str) {
        Self::stop(self, uid);
    }

    async fn delete(&self, uid: &str, pool: &str) -> Result<(), RunnerError> {
        Self::delete(self, uid, pool).await
    }

    fn broker_state(&self) -> Result<(), String> {
        Self::broker_state(self)
    }
}
