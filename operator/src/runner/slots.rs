//! Slots: which crawls run, when not all of them may.
//!
//! [`line`] decides; this module only guards it by a lock and wakes who is concerned. It knows nothing of logs and sessions.

mod line;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crawl_rules::Quota;
use tokio::sync::watch;

pub use self::line::Rank;
pub(super) use self::line::Wait;
use self::line::{Line, Ticket};
use super::lock;

/// The slots of this process.
#[derive(Debug)]
pub(super) struct Slots(Mutex<State>);

#[derive(Debug)]
struct State {
    line: Line,
    turns: HashMap<Ticket, watch::Sender<Turn>>,
}

/// Whether a crawl may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nobody knows yet: the line is not open.
    Unknown,
    /// Not now.
    Waits(Wait),
    /// Yes, until its seat is dropped.
    Granted,
}

/// A crawl's slot or its place in the line, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    slots: Arc<Slots>,
    ticket: Ticket,
    turn: watch::Receiver<Turn>,
}

impl Slots {
    /// None is granted before [`Slots::open`]: those who enrol until then are let in by rank and not in order of arrival.
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { line: Line::new(limit), turns: HashMap::new() })))
    }

    /// Lets in those who have enrolled, and whoever enrols from now on.
    pub(super) fn open(&self) {
        self.change(|state| state.line.open());
    }

    /// Sets how many crawls of a namespace may run.
    pub(super) fn set_quota(&self, namespace: &str, quota: Option<Quota>) {
        let mut state = lock(&self.0);
        if state.line.set_quota(namespace, quota) {
            state.settle();
        }
    }

    /// Puts a crawl into the line, at once.
    pub(super) fn enrol(self: &Arc<Self>, rank: Rank) -> Seat {
        let (sender, turn) = watch::channel(Turn::Unknown);
        let ticket = self.change(|state| {
            let ticket = state.line.enrol(rank);
            state.turns.insert(ticket, sender);
            ticket
        });
        Seat { slots: Arc::clone(self), ticket, turn }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.0);
        let changed = change(&mut state);
        state.settle();
        changed
    }
}

impl State {
    /// Tells everybody in whose turn something has changed.
    fn settle(&mut self) {
        let granted = self.line.grant().into_iter().map(|ticket| (ticket, Turn::Granted)).collect::<Vec<_>>();
        let waits = self.line.waits().into_iter().map(|(ticket, wait)| (ticket, Turn::Waits(wait)));
        for (ticket, turn) in granted.into_iter().chain(waits) {
            if let Some(told) = self.turns.get(&ticket) {
                told.send_if_modified(|old| {
                    let news = *old != turn;
                    *old = turn;
                    news
                });
            }
        }
    }
}

impl Seat {
    /// Whether the crawl may run, as of now.
    pub(super) fn turn(&mut self) -> Turn {
        self.turn.borrow_and_update().clone()
    }

    /// Waits until that has changed since it was last looked at.
    pub(super) async fn changed(&mut self) {
        // The sender lives as long as this seat.
        let _ = self.turn.changed().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.slots.change(|state| {
            state.line.leave(self.ticket);
            state.turns.remove(&self.ticket);
        });
    }
}
