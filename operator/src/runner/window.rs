//! How many tasks of a pool may be published and not concluded, and what each crawl's share of them is.
//!
//! The queue is first in, first out. What stands in it delays every crawl that comes later, so it should hold no more than
//! keeps all workers busy until the next look. How many tasks workers can hold at once nobody tells us: whenever some wait,
//! it is what is under way less those.

/// Before anything is known.
const FIRST: usize = 500;
/// The smallest: a queue that runs dry between two looks costs more than one task too many.
const LEAST: usize = 64;
/// The largest: a broker holds more, but taking them back at a suspend would take long.
const MOST: usize = 5000;
/// Where no worker takes tasks: all of them would only wait.
const IDLE: usize = 100;

/// A pool's window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    size: usize,
    idle: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { size: FIRST, idle: false }
    }
}

impl Window {
    /// Learns from a look at the queue: tasks under way, those of them that wait in the queue, and workers.
    pub(super) fn learn(&mut self, under_way: usize, waiting: usize, workers: u32) {
        self.idle = workers == 0;
        let taken = under_way.saturating_sub(waiting);
        if self.idle {
        } else if waiting > 0 {
            // Half as many again are there when the first are done.
            self.size = (taken + (taken / 2).max(LEAST / 2)).clamp(LEAST, MOST);
        } else if under_way * 10 >= self.size * 9 {
            // The workers took all they were given: perhaps they can take more.
            self.size = (self.size * 2).min(MOST);
        }
    }

    /// How many tasks a crawl may publish that has `mine` of `all` under way, one of `crawls` that are active. Room that others
    /// leave is anyone's, but nobody's share waits for others to finish.
    pub(super) fn room(self, all: usize, mine: usize, crawls: usize) -> usize {
        let size = if self.idle { IDLE.min(self.size) } else { self.size };
        let share = (size / crawls.max(1)).max(1);
        size.saturating_sub(all).max(share.saturating_sub(mine))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_what_workers_can_take() {
        let mut window = Window::default();
        window.learn(500, 436, 2);
        assert_eq!(window.size, 96, "64 taken and half as many again");
        window.learn(96, 0, 4);
        assert_eq!(window.size, 192, "all taken");
        window.learn(50, 0, 4);
        assert_eq!(window.size, 192, "too little to do to learn from");
        window.learn(192, 150, 4);
        assert_eq!(window.size, 74);
        for _ in 0..20 {
            window.learn(window.size, 0, 100);
        }
        assert_eq!(window.size, MOST);
    }

    #[test]
    fn a_newcomer_has_its_share_at_once() {
        let window = Window { size: 300, idle: false };
        assert_eq!(window.room(0, 0, 1), 300);
        assert_eq!(window.room(300, 300, 2), 0, "the big one waits");
        assert_eq!(window.room(300, 0, 2), 150, "the new one does not");
        assert_eq!(window.room(310, 10, 2), 140);
        assert_eq!(window.room(20, 10, 2), 280, "what others leave is anyone's");
        assert_eq!(window.room(1000, 0, 1000), 1);
    }

    #[test]
    fn nobody_fills_a_queue_that_nobody_empties() {
        let mut window = Window::default();
        window.learn(0, 0, 0);
        assert_eq!((window.room(0, 0, 1), window.room(100, 100, 1)), (100, 0));
        window.learn(100, 100, 1);
        assert_eq!(window.room(0, 0, 1), LEAST);
    }
}
