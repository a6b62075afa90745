//! How many requests a caller may make: a bucket of tokens for each, in a table that has an end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many requests may come at once,
const BURST: f64 = 200.0;
/// and so many a second for ever.
const A_SECOND: f64 = 50.0;
/// As many callers are told apart; the rest share a bucket.
const CALLERS: usize = 10_000;
/// A full table is looked through no more often than this.
const SWEEP: Duration = Duration::from_secs(1);

/// Who is counted: the digest of a token that is known to be valid, or of an address.
pub(super) type Key = [u8; 32];

/// The buckets.
#[derive(Default)]
pub(super) struct Rate(Mutex<Table>);

#[derive(Default)]
struct Table {
    buckets: HashMap<Key, Bucket>,
    swept: Option<Instant>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn full(at: Instant) -> Self {
        Self { left: BURST, at }
    }

    /// What it holds by now.
    fn refill(&mut self, now: Instant) {
        self.left = (self.left + A_SECOND * now.duration_since(self.at).as_secs_f64()).min(BURST);
        self.at = now;
    }
}

impl Rate {
    /// Takes one request. `Err`: how many seconds to wait.
    pub(super) fn take(&self, key: Key, now: Instant) -> Result<(), u32> {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Table { buckets, swept } = &mut *table;
        let full = buckets.len() >= CALLERS && !buckets.contains_key(&key);
        if full && swept.is_none_or(|swept| now.duration_since(swept) >= SWEEP) {
            *swept = Some(now);
            // Whose bucket is full again need not be remembered.
            buckets.retain(|_, bucket| {
                bucket.refill(now);
                bucket.left < BURST
            });
        }
        let key = if buckets.len() < CALLERS || buckets.contains_key(&key) { key } else { Key::default() };
        let bucket = buckets.entry(key).or_insert_with(|| Bucket::full(now));
        bucket.refill(now);
        if bucket.left < 1.0 {
            return Err(1);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
mod tests {
    use super::*;

    fn key(n: usize) -> Key {
        let mut key = [1; 32];
        key[..8].copy_from_slice(&n.to_be_bytes());
        key
    }

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let (rate, start) = (Rate::default(), Instant::now());
        let taken = |n, at, times: usize| (0..times).filter(|_| rate.take(key(n), at).is_ok()).count();
        assert_eq!(taken(1, start, 1000), BURST as usize);
        assert_eq!(taken(2, start, 10), 10);
        assert_eq!(taken(1, start + Duration::from_secs(1), 1000), A_SECOND as usize);
        assert_eq!(taken(1, start + Duration::from_secs(100), 1000), BURST as usize);
    }

    #[test]
    fn the_table_has_an_end() {
        let (rate, now) = (Rate::default(), Instant::now());
        let served = (0..3 * CALLERS).filter(|n| rate.take(key(*n), now).is_ok()).count();
        assert_eq!(served, CALLERS + BURST as usize);
        assert!(rate.0.lock().is_ok_and(|table| table.buckets.len() <= CALLERS + 1));
        let later = now + Duration::from_secs(10);
        assert!(rate.take(key(3 * CALLERS), later).is_ok());
        assert!(rate.0.lock().is_ok_and(|table| table.buckets.len() == 1));
    }
}
