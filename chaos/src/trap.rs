//! A trap: something is to happen when a part does a certain thing for the n-th time, just before or just after.
//!
//! The proxies ask at every step whether it is sprung. Only one is set at a time, so that a plan can be read.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// On which side of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Moment {
    /// What is written does not reach the other side.
    Before,
    /// It does, and the answer does not come back.
    After,
}

/// What a trap waits for: the `left`-th `step`.
#[derive(Debug)]
struct Armed<S> {
    step: S,
    left: u32,
}

/// Where a plan and a proxy meet.
#[derive(Debug)]
pub(crate) struct Trap<S> {
    armed: Mutex<Option<Armed<S>>>,
    sprung: Notify,
}

impl<S> Default for Trap<S> {
    fn default() -> Self {
        Self { armed: Mutex::new(None), sprung: Notify::new() }
    }
}

impl<S: Copy + PartialEq> Trap<S> {
    /// Sets it.
    pub(crate) fn set(&self, step: S, nth: u32) {
        *self.lock() = Some(Armed { step, left: nth });
    }

    /// Takes it away; whether it was still there.
    pub(crate) fn take(&self) -> bool {
        self.lock().take().is_some()
    }

    /// A step is about to be done: whether this is the one. Says so only once.
    pub(crate) fn springs(&self, step: S) -> bool {
        let mut armed = self.lock();
        let Some(waiting) = armed.as_mut().filter(|armed| armed.step == step) else { return false };
        waiting.left = waiting.left.saturating_sub(1);
        let springs = waiting.left == 0;
        if springs {
            *armed = None;
        }
        springs
    }

    /// What was to happen has happened.
    pub(crate) fn done(&self) {
        self.sprung.notify_one();
    }

    /// Resolves when it has.
    pub(crate) async fn happened(&self) {
        self.sprung.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Armed<S>>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shared between a plan and a proxy.
pub(crate) type Shared<S> = Arc<Trap<S>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trap_is_sprung_once_by_the_right_step() {
        let trap = Trap::default();
        trap.set('a', 2);
        let sprung: Vec<bool> = "abaa".chars().map(|step| trap.springs(step)).collect();
        assert_eq!(sprung, [false, false, true, false]);
        assert!(!trap.take());
    }
}
