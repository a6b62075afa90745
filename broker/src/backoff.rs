//! Waiting between attempts: exponential, with jitter, so that a hundred workers do not return at once.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// The waits between attempts to do one thing.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    most: Duration,
    attempts: u32,
}

impl Backoff {
    /// Waits from `first` on, doubling, never longer than `most`.
    #[must_use]
    pub fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, attempts: 0 }
    }

    /// The next wait: between half of the exponential step and all of it.
    pub fn next_wait(&mut self) -> Duration {
        let step = self.first.saturating_mul(2u32.saturating_pow(self.attempts)).min(self.most);
        self.attempts = self.attempts.saturating_add(1);
        let share = RandomState::new().hash_one(self.attempts) % 1001;
        step / 2 + (step / 2).saturating_mul(u32::try_from(share).unwrap_or(0)) / 1000
    }

    /// Begins anew, after a success.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_their_jitter_up_to_the_most() {
        let (first, most) = (Duration::from_millis(100), Duration::from_secs(1));
        let mut backoff = Backoff::new(first, most);
        for step in [100, 200, 400, 800, 1000, 1000, 1000] {
            let wait = backoff.next_wait().as_millis();
            assert!(wait >= step / 2 && wait <= step, "{wait} ms where {step} was the step");
        }
        backoff.reset();
        assert!(backoff.next_wait() <= first);
    }

    #[test]
    fn a_hundred_failures_do_not_overflow() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        for _ in 0..100 {
            assert!(backoff.next_wait() <= Duration::from_secs(30));
        }
    }
}
