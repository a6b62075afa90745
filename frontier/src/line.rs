//! The line of crawls that wait for one host: who was refused first is next, so that no crawl keeps a host to itself.

use std::collections::VecDeque;

use crate::{CrawlKey, Millis};

/// A crawl that does not take its turn has left the line: it is over, or has no room for more tasks.
const PATIENCE_MS: Millis = 1000;

/// Crawls that wait for a host.
#[derive(Debug, Default)]
pub(crate) struct Line {
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    crawl: CrawlKey,
    /// When it said it would ask again.
    asks_at: Millis,
}

impl Line {
    /// A crawl was refused and will ask again. It keeps its place.
    pub(crate) fn wait(&mut self, crawl: CrawlKey, asks_at: Millis) {
        match self.waiting.iter_mut().find(|waiting| waiting.crawl == crawl) {
            Some(waiting) => waiting.asks_at = asks_at,
            None => self.waiting.push_back(Waiting { crawl, asks_at }),
        }
    }

    /// Whether nobody else comes first. Whoever takes its turn leaves the line, and joins it at its end for more.
    pub(crate) fn is_turn_of(&mut self, crawl: CrawlKey, now: Millis) -> bool {
        while let Some(first) = self.waiting.front() {
            if first.crawl == crawl {
                self.waiting.pop_front();
                return true;
            }
            if now <= first.asks_at.saturating_add(PATIENCE_MS) {
                return false;
            }
            self.waiting.pop_front();
        }
        true
    }

    /// A crawl waits no more.
    pub(crate) fn leave(&mut self, crawl: CrawlKey) {
        self.waiting.retain(|waiting| waiting.crawl != crawl);
    }

    /// Whose turn it is.
    pub(crate) fn next(&self) -> Option<CrawlKey> {
        self.waiting.front().map(|first| first.crawl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_refused_first_is_next() {
        let (a, b, c) = (CrawlKey::of("a"), CrawlKey::of("b"), CrawlKey::of("c"));
        let mut line = Line::default();
        assert!(line.is_turn_of(a, 0), "nobody waits");
        line.wait(b, 100);
        line.wait(c, 100);
        line.wait(b, 200);
        assert!(!line.is_turn_of(a, 150));
        assert_eq!(line.next(), Some(b));
        assert!(!line.is_turn_of(c, 150));
        assert!(line.is_turn_of(b, 150));
        assert!(!line.is_turn_of(b, 150), "its turn is over");
        assert!(line.is_turn_of(c, 150));
    }

    #[test]
    fn who_does_not_come_is_passed_over() {
        let (a, b) = (CrawlKey::of("a"), CrawlKey::of("b"));
        let mut line = Line::default();
        line.wait(b, 5000);
        assert!(!line.is_turn_of(a, 6000));
        assert!(line.is_turn_of(a, 6001));
        assert_eq!(line.next(), None);
    }
}
