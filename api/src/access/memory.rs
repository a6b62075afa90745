//! What the API server has said of tokens lately. Tokens are known by their SHA-256; the number of entries is bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long an answer is as good as a new one.
const FRESH: Duration = Duration::from_secs(10);
/// So long it is better than none.
const USABLE: Duration = Duration::from_secs(60);

/// Answers, each with the time it was given.
pub(super) struct Memory<K, V> {
    most: usize,
    answers: Mutex<HashMap<K, (V, Instant)>>,
}

/// An answer that was remembered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remembered<V> {
    /// No need to ask again.
    Fresh(V),
    /// For when nobody can be asked.
    Usable(V),
    /// Nothing.
    Nothing,
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// For so many answers.
    pub(super) fn of(most: usize) -> Self {
        Self { most, answers: Mutex::default() }
    }

    /// What is remembered.
    pub(super) fn recall(&self, key: &K, now: Instant) -> Remembered<V> {
        match self.lock().get(key) {
            Some((answer, at)) if now.duration_since(*at) < FRESH => Remembered::Fresh(answer.clone()),
            Some((answer, at)) if now.duration_since(*at) < USABLE => Remembered::Usable(answer.clone()),
            _ => Remembered::Nothing,
        }
    }

    /// Remembers an answer. Where there is no room, old ones go, and if all are new, all of them.
    pub(super) fn keep(&self, key: K, answer: V, now: Instant) {
        let mut answers = self.lock();
        if answers.len() >= self.most {
            answers.retain(|_, (_, at)| now.duration_since(*at) < FRESH);
        }
        if answers.len() >= self.most {
            answers.clear();
        }
        answers.insert(key, (answer, now));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, (V, Instant)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_grows_old_and_is_forgotten() {
        let (memory, start) = (Memory::of(10), Instant::now());
        memory.keep("a", 1, start);
        for (seconds, expected) in [
            (0, Remembered::Fresh(1)),
            (9, Remembered::Fresh(1)),
            (10, Remembered::Usable(1)),
            (59, Remembered::Usable(1)),
            (60, Remembered::Nothing),
        ] {
            assert_eq!(memory.recall(&"a", start + Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let (memory, now) = (Memory::of(100), Instant::now());
        for n in 0..1000 {
            memory.keep(n, n, now);
            assert!(memory.lock().len() <= 100);
        }
        assert_eq!(memory.recall(&999, now), Remembered::Fresh(999));
    }
}
