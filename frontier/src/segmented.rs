//! A list that grows without being copied: a `Vec` that doubles holds up to twice what it needs, and three times while it grows.

/// Items of one segment.
const SEGMENT: usize = 4096;

/// A list in segments of fixed size. Nothing is ever removed.
#[derive(Debug)]
pub(crate) struct Segmented<T> {
    segments: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Segmented<T> {
    fn default() -> Self {
        Self { segments: Vec::new(), len: 0 }
    }
}

impl<T> Segmented<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, item: T) {
        match self.segments.last_mut() {
            Some(last) if last.len() < SEGMENT => last.push(item),
            // A small list stays small; a long one allocates whole segments.
            None => self.segments.push(vec![item]),
            Some(_) => {
                let mut next = Vec::with_capacity(SEGMENT);
                next.push(item);
                self.segments.push(next);
            }
        }
        self.len += 1;
    }

    /// # Panics
    /// When there is no such item, as with a slice.
    pub(crate) fn get(&self, ix: usize) -> &T {
        &self.segments[ix / SEGMENT][ix % SEGMENT]
    }

    /// # Panics
    /// When there is no such item, as with a slice.
    pub(crate) fn get_mut(&mut self, ix: usize) -> &mut T {
        &mut self.segments[ix / SEGMENT][ix % SEGMENT]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().flatten()
    }
}
