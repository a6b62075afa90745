//! When a view has read all that there was of its log.
//!
//! The end of a log cannot be asked for, and who may only read cannot write a mark. So a view goes by what others say: the
//! crawl's status, the times in the entries, and silence. Pure: it is told the time.

use std::time::{Duration, Instant};

/// Silence after which nothing more is expected.
const SILENCE: Duration = Duration::from_secs(1);

/// A view's way to the end of its log.
#[derive(Clone, Copy, Debug)]
pub(super) struct CatchingUp {
    /// Pages that the crawl's status called fetched, failed or redirected when the reading began.
    expected: u64,
    /// When it began, by the clock that entries are written by: milliseconds since the epoch.
    began_at: i64,
    heard: Instant,
}

impl CatchingUp {
    pub(super) fn begin(expected: u64, began_at: i64, now: Instant) -> Self {
        Self { expected, began_at, heard: now }
    }

    /// Some entries were read.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Whether it has arrived, with `processed` pages fetched, failed or redirected and an entry written at `newest`.
    pub(super) fn arrived(&self, processed: u64, newest: i64, now: Instant) -> bool {
        // What the status says may be more than the log holds, or than other rules make of it: then the times decide.
        processed >= self.expected || newest >= self.began_at || now >= self.silent_at()
    }

    /// When silence has lasted long enough, unless something comes before.
    pub(super) fn silent_at(&self) -> Instant {
        self.heard + SILENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_arrives_with_the_numbers_of_the_status_with_an_entry_of_today_or_with_silence() {
        let start = Instant::now();
        let way = CatchingUp::begin(10, 1_000, start);
        assert!(!way.arrived(9, 999, start));
        assert!(way.arrived(10, 0, start));
        assert!(way.arrived(9, 1_000, start));
        assert!(way.arrived(0, 0, start + SILENCE));
    }

    #[test]
    fn what_is_read_breaks_the_silence() {
        let start = Instant::now();
        let mut way = CatchingUp::begin(10, 1_000, start);
        let later = start + Duration::from_millis(900);
        way.heard(later);
        assert!(!way.arrived(9, 0, start + SILENCE));
        assert!(way.arrived(9, 0, later + SILENCE));
    }
}
