//! Which views there are, and which of them have to go. Pure: it is told the time and what the views weigh.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// What all views together may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes.
    pub memory: usize,
    /// Each has a channel of the broker's connection, and those are counted.
    pub views: usize,
    /// A view that nobody asks for goes after this long.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 256 * 1024 * 1024, views: 256, idle: Duration::from_secs(600) }
    }
}

/// The views by the uid of their crawl.
#[derive(Debug)]
pub(super) struct Table<V> {
    limits: Limits,
    slots: HashMap<String, Slot<V>>,
    /// Tells a view from an earlier one of the same crawl.
    last_id: u64,
}

#[derive(Debug)]
struct Slot<V> {
    id: u64,
    view: V,
    weight: usize,
    used: Instant,
}

/// What a view's weight means for it and for others.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<V> {
    /// It stays; these were dropped for it.
    Stays(Vec<V>),
    /// It alone is larger than what all may take.
    TooLarge,
    /// It was dropped before.
    Gone,
}

impl<V: Clone> Table<V> {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, slots: HashMap::new(), last_id: 0 }
    }

    /// The view of a crawl, made with an id of its own when there is none. Answers what had to go for it, too.
    pub(super) fn get_or_make(&mut self, uid: &str, now: Instant, make: impl FnOnce(u64) -> V) -> (V, Vec<V>) {
        if let Some(slot) = self.slots.get_mut(uid) {
            slot.used = now;
            return (slot.view.clone(), Vec::new());
        }
        self.last_id += 1;
        let (id, view) = (self.last_id, make(self.last_id));
        self.slots.insert(uid.to_owned(), Slot { id, view: view.clone(), weight: 0, used: now });
        (view, self.make_room(uid))
    }

    /// The view of a crawl, if there is one. Does not count as use.
    pub(super) fn peek(&self, uid: &str) -> Option<V> {
        self.slots.get(uid).map(|slot| slot.view.clone())
    }

    /// A view says what it weighs now.
    pub(super) fn weigh(&mut self, uid: &str, id: u64, weight: usize) -> Verdict<V> {
        let Some(slot) = self.slots.get_mut(uid).filter(|slot| slot.id == id) else { return Verdict::Gone };
        if weight > self.limits.memory {
            slot.weight = 0;
            return Verdict::TooLarge;
        }
        slot.weight = weight;
        Verdict::Stays(self.make_room(uid))
    }

    /// Whether a view may be had twice, as while its log is read again.
    pub(super) fn fits_twice(&self, weight: usize) -> bool {
        weight.saturating_mul(2) <= self.limits.memory
    }

    /// Takes out those that nobody has asked for in a while, and those whose crawl is gone.
    pub(super) fn sweep(&mut self, now: Instant, is_there: impl Fn(&str) -> bool) -> Vec<V> {
        let idle = self.limits.idle;
        let goes = |uid: &String, slot: &mut Slot<V>| now.duration_since(slot.used) >= idle || !is_there(uid);
        self.slots.extract_if(goes).map(|(_, slot)| slot.view).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn weight(&self) -> usize {
        self.slots.values().map(|slot| slot.weight).sum()
    }

    /// Drops what was used longest ago until the rest fits, but never `keep`, which was asked for.
    fn make_room(&mut self, keep: &str) -> Vec<V> {
        let mut dropped = Vec::new();
        while self.weight() > self.limits.memory || self.len() > self.limits.views {
            let others = self.slots.iter().filter(|(uid, _)| *uid != keep);
            let Some(oldest) = others.min_by_key(|(_, slot)| slot.used).map(|(uid, _)| uid.clone()) else { break };
            dropped.extend(self.slots.remove(&oldest).map(|slot| slot.view));
        }
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { memory: 100, views: 3, idle: Duration::from_secs(600) };

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    /// Views a, b and c, used at 1, 2 and 3 s.
    fn three() -> (Table<u64>, Instant) {
        let (mut table, start) = (Table::new(LIMITS), Instant::now());
        for (n, uid) in ["a", "b", "c"].iter().enumerate() {
            table.get_or_make(uid, at(start, n as u64 + 1), |id| id);
        }
        (table, start)
    }

    #[test]
    fn a_view_is_made_once() {
        let (mut table, start) = three();
        assert_eq!(table.get_or_make("b", at(start, 9), |_| unreachable!()), (2, vec![]));
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_being_asked_for_is_use() {
        let (mut table, start) = three();
        for (uid, id) in [("a", 1), ("b", 2), ("c", 3)] {
            assert_eq!(table.weigh(uid, id, 30), Verdict::Stays(vec![]));
        }
        table.get_or_make("a", at(start, 9), |_| unreachable!());
        assert_eq!(table.weigh("a", 1, 60), Verdict::Stays(vec![2]));
        assert_eq!((table.len(), table.weight()), (2, 90));
    }

    #[test]
    fn a_view_never_goes_for_itself_but_may_be_too_large() {
        let (mut table, _) = three();
        assert_eq!(table.weigh("a", 1, 100), Verdict::Stays(vec![]));
        assert_eq!(table.weigh("a", 1, 101), Verdict::TooLarge);
        assert_eq!((table.len(), table.weight()), (3, 0), "it stays to say so, and others lose nothing");
    }

    #[test]
    fn there_are_only_so_many() {
        let (mut table, start) = three();
        assert_eq!(table.get_or_make("d", at(start, 4), |id| id), (4, vec![1]));
        assert_eq!(table.peek("a"), None);
    }

    #[test]
    fn the_word_of_a_view_that_is_gone_does_not_count() {
        let (mut table, start) = three();
        table.get_or_make("d", at(start, 4), |id| id);
        table.get_or_make("a", at(start, 5), |id| id);
        assert_eq!(table.weigh("a", 1, 1000), Verdict::Gone);
        assert_eq!(table.peek("a"), Some(5));
    }

    #[test]
    fn what_is_idle_and_what_has_no_crawl_goes() {
        let (mut table, start) = three();
        table.get_or_make("a", at(start, 100), |_| unreachable!());
        assert_eq!(table.sweep(at(start, 602), |uid| uid != "c").len(), 2);
        assert_eq!((table.peek("a"), table.peek("b"), table.peek("c")), (Some(1), None, None));
    }
}
