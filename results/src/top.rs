//! Keeps the smallest of many.

use std::collections::BinaryHeap;

/// The smallest items of those that were offered.
pub(crate) struct Top<T> {
    /// The largest of them is on top.
    heap: BinaryHeap<T>,
    limit: usize,
    /// Some were left out.
    pub(crate) more: bool,
}

impl<T: Ord> Top<T> {
    pub(crate) fn of(limit: usize) -> Self {
        Self { heap: BinaryHeap::new(), limit, more: false }
    }

    /// Which item has to be left out for a smaller one.
    pub(crate) fn last(&self) -> Option<&T> {
        self.heap.peek().filter(|_| self.heap.len() == self.limit)
    }

    pub(crate) fn push(&mut self, item: T) {
        match self.last() {
            Some(last) if *last <= item => self.more = true,
            Some(_) => {
                self.more = true;
                self.heap.pop();
                self.heap.push(item);
            }
            None => self.heap.push(item),
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<T> {
        self.heap.into_sorted_vec()
    }
}
