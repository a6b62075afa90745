//! How long the broker may be silent before that is said of every crawl.
//!
//! After a start of ours, and whenever a session ends, the runners connect anew; that takes a second and is no news.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::observe::Broker;

/// Silence that is worth a word.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Remembers since when the broker has been silent.
#[derive(Debug, Default)]
pub(crate) struct Patience(Mutex<Option<Instant>>);

impl Patience {
    /// What the broker's state means now.
    pub(crate) fn judge(&self, state: Result<(), String>, now: Instant) -> Broker {
        let mut silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state {
            Ok(()) => {
                *silent = None;
                Broker::Up
            }
            Err(why) if now.duration_since(*silent.get_or_insert(now)) >= PATIENCE => Broker::Away(why),
            Err(_) => Broker::Connecting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_silence_is_said() {
        let (patience, start) = (Patience::default(), Instant::now());
        let judge = |after, up: bool| {
            let state = if up { Ok(()) } else { Err("refused".to_owned()) };
            patience.judge(state, start + Duration::from_secs(after))
        };
        let away = Broker::Away("refused".to_owned());
        for (after, up, judged) in [
            (0, false, Broker::Connecting),
            (9, false, Broker::Connecting),
            (10, false, away.clone()),
            (60, false, away),
            (61, true, Broker::Up),
            (62, false, Broker::Connecting),
            (71, false, Broker::Connecting),
        ] {
            assert_eq!(judge(after, up), judged, "after {after} s");
        }
    }
}
