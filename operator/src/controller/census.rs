//! Who was there when this operator began to lead, and whether each of them has been looked at.
//!
//! Only then are slots granted: by rank, and not to those that happened to be looked at first. It knows uids and nothing else.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts the crawls of all watches, once.
#[derive(Debug)]
pub(crate) struct Census(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Watches that have not listed yet.
    lists: usize,
    /// Listed and not looked at.
    missing: HashSet<String>,
    /// Looked at; forgotten once everybody has been.
    seen: HashSet<String>,
    over: bool,
}

impl Census {
    /// For so many watches.
    pub(crate) fn new(lists: usize) -> Self {
        Self(Mutex::new(State { lists, missing: HashSet::new(), seen: HashSet::new(), over: false }))
    }

    /// All that one of the watches has; whether everybody has been looked at.
    pub(super) fn listed(&self, uids: impl Iterator<Item = String>) -> bool {
        let mut state = self.lock();
        state.lists = state.lists.saturating_sub(1);
        let missing: Vec<_> = uids.filter(|uid| !state.seen.contains(uid)).collect();
        state.missing.extend(missing);
        state.judge()
    }

    /// One has been looked at; whether everybody has, for the first time.
    pub(super) fn seen(&self, uid: &str) -> bool {
        let mut state = self.lock();
        if state.over {
            return false;
        }
        state.missing.remove(uid);
        state.seen.insert(uid.to_owned());
        state.judge()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn judge(&mut self) -> bool {
        let complete = !self.over && self.lists == 0 && self.missing.is_empty();
        if complete {
            self.over = true;
            self.seen = HashSet::new();
        }
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(census: &Census, uids: &[&str]) -> bool {
        census.listed(uids.iter().map(|uid| (*uid).to_owned()))
    }

    #[test]
    fn it_is_over_when_everybody_has_been_seen() {
        let census = Census::new(2);
        assert!(!census.seen("early"), "no watch has listed");
        assert!(!listed(&census, &["early", "a"]));
        assert!(!census.seen("a"), "the other watch has not");
        assert!(!listed(&census, &["b"]));
        assert!(!census.seen("created meanwhile"));
        assert!(census.seen("b"));
        assert!(!census.seen("later"), "only once");
    }

    #[test]
    fn an_empty_cluster_is_counted_at_once() {
        assert!(listed(&Census::new(1), &[]));
    }
}
