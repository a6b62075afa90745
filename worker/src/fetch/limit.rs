//! The time that a server has to answer.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::classify::Failure;
use crate::room::Share;

/// Time that a page may wait for the worker's memory. An operator takes a task for lost 60 s after its limit.
const ROOM_WITHIN: Duration = Duration::from_secs(30);

/// When the time of a server is over. What the worker itself takes of it is not the server's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    granted: Duration,
    over: Instant,
    /// What may still be waited for room.
    patience: Duration,
}

impl Limit {
    pub(super) fn new(begun: Instant, granted: Duration) -> Self {
        Self { granted, over: begun + granted, patience: ROOM_WITHIN }
    }

    /// What the server does, while it has time.
    pub(super) async fn within<T>(&self, doing: impl Future<Output = T>) -> Result<T, Failure> {
        timeout_at(self.over, doing).await.map_err(|_| Failure::timeout(self.granted))
    }

    /// Has a share hold this many bytes, while the server's time stands still.
    pub(super) async fn stopped_for(&mut self, share: &mut Share, bytes: usize) -> Result<(), Failure> {
        let begun = Instant::now();
        let held = timeout(self.patience, share.hold(bytes)).await;
        self.over += begun.elapsed();
        self.patience = self.patience.saturating_sub(begun.elapsed());
        held.map_err(|_| Failure::no_room(ROOM_WITHIN))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::room::Room;

    #[tokio::test(start_paused = true)]
    async fn the_clock_stands_still_while_the_worker_has_no_room() {
        let begun = Instant::now();
        let mut limit = Limit::new(begun, Duration::from_secs(10));
        let room = Room::new(100);
        let mut other = room.share(100);
        other.hold(100).await;
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(25)).await;
            drop(other);
        });
        let mut share = room.share(50);
        limit.stopped_for(&mut share, 50).await.unwrap();
        let never = limit.within(std::future::pending::<()>()).await;
        assert_eq!(never, Err(Failure::timeout(Duration::from_secs(10))));
        assert_eq!(begun.elapsed(), Duration::from_secs(35));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_and_does_not_begin_anew() {
        let begun = Instant::now();
        let mut limit = Limit::new(begun, Duration::from_secs(10));
        let room = Room::new(100);
        let mut other = room.share(100);
        other.hold(100).await;
        let mut share = room.share(50);
        for waited in [30, 30] {
            let failure = limit.stopped_for(&mut share, 50).await.unwrap_err();
            assert!(failure.retryable && failure.message.contains("30 s"), "{failure:?}");
            assert_eq!(begun.elapsed(), Duration::from_secs(waited));
        }
    }
}
