//! How many of a kind may be under way at the same time.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Problem;

/// Lets so many in at a time.
#[derive(Clone, Debug)]
pub struct Gate {
    what: &'static str,
    places: Arc<Semaphore>,
}

/// A place; it is free again when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Pass(#[allow(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Gate {
    /// For `most` of these, as people call them.
    #[must_use]
    pub fn new(what: &'static str, most: usize) -> Self {
        Self { what, places: Arc::new(Semaphore::new(most)) }
    }

    /// Takes a place. It does not wait for one.
    ///
    /// # Errors
    /// 503 when all are taken.
    pub fn enter(&self) -> Result<Pass, Problem> {
        let full = |_| Problem::unavailable(format!("too many {} at the same time; try again", self.what), 2);
        self.places.clone().try_acquire_owned().map(Pass).map_err(full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_pass_is_gone() {
        let gate = Gate::new("requests", 1);
        let first = gate.enter();
        assert!(first.is_ok());
        assert!(gate.enter().is_err_and(|problem| problem.detail.contains("requests")));
        drop(first);
        assert!(gate.enter().is_ok());
    }
}
