//! Memory that tasks share: whatever comes in, all of them together never hold more than there is, and none waits for ever.
//!
//! Only large pages ask for it. What a small one needs is bounded by how many are fetched at a time.

mod bank;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use bank::{Bank, Holder};

/// Memory to be shared out. Clones share the same.
#[derive(Clone, Debug)]
pub(crate) struct Room(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bank: Mutex<Bank>,
    given_back: Notify,
}

/// Part of a [`Room`]. Dropping it gives all of it back.
#[derive(Debug)]
pub(crate) struct Share {
    room: Room,
    holder: Holder,
}

impl Room {
    /// A room of this many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Inner { bank: Mutex::new(Bank::new(bytes)), given_back: Notify::new() }))
    }

    /// A share that holds nothing yet, and will never hold more than `most` bytes.
    pub(crate) fn share(&self, most: usize) -> Share {
        Share { room: self.clone(), holder: self.bank().join(most) }
    }

    /// All bytes of it, held or not.
    pub(crate) fn size(&self) -> usize {
        self.bank().all
    }

    fn bank(&self) -> MutexGuard<'_, Bank> {
        self.0.bank.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Holds at least this many bytes from now on, or its most. Waits until there is room for them.
    pub(crate) async fn hold(&mut self, bytes: usize) {
        loop {
            let given_back = self.room.0.given_back.notified();
            if self.room.bank().hold(self.holder, bytes) {
                return;
            }
            given_back.await;
        }
    }

    /// Gives back what is more than this many bytes.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        self.room.bank().shrink(self.holder, bytes);
        self.room.0.given_back.notify_waiters();
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.room.bank().leave(self.holder);
        self.room.0.given_back.notify_waiters();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_has_to_wait_goes_on_when_others_give_back() {
        let room = Room::new(100);
        let (mut first, mut second) = (room.share(80), room.share(80));
        first.hold(80).await;
        let waiting = tokio::spawn(async move {
            second.hold(50).await;
            second
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!waiting.is_finished());
        first.shrink(10);
        let _second = timeout(Duration::from_secs(1), waiting).await.unwrap().unwrap();
        drop(first);
        let mut third = room.share(50);
        timeout(Duration::from_secs(1), third.hold(50)).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_gives_way() {
        let room = Room::new(100);
        let mut first = room.share(60);
        first.hold(60).await;
        let mut second = room.share(60);
        assert!(timeout(Duration::from_secs(1), second.hold(60)).await.is_err());
        drop(second);
        let mut third = room.share(10);
        timeout(Duration::from_secs(1), third.hold(10)).await.unwrap();
    }
}
