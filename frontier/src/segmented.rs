//! A list that grows without being copied: a `Vec` that doubles holds up to twice what it needs, and three times while it grows.

/// Items of one segment.
const SEGMENT: usize = 4096;

/// A list in segments of fixed size. Nothing is ever removed.
#[derive(Debug)]
pub struct Segmented<T> {
    segments: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Segmented<T> {
    fn default() -> Self {
        Self { segments: Vec::new(), len: 0 }
    }
}

impl<T> Segmented<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds one at the end.
    pub fn push(&mut self, item: T) {
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

    /// An item by its place.
    ///
    /// # Panics
    /// When there is no such item, as with a slice.
    #[must_use]
    pub fn get(&self, ix: usize) -> &T {
        &self.segments[ix / SEGMENT][ix % SEGMENT]
    }

    /// An item by its place, to be changed.
    ///
    /// # Panics
    /// When there is no such item, as with a slice.
    pub fn get_mut(&mut self, ix: usize) -> &mut T {
        &mut self.segments[ix / SEGMENT][ix % SEGMENT]
    }

    /// All items in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().flatten()
    }

    /// The items from one on.
    pub fn iter_from(&self, ix: usize) -> impl Iterator<Item = &T> {
        let segments = self.segments.get(ix / SEGMENT..).unwrap_or_default();
        segments.iter().flatten().skip(ix % SEGMENT)
    }

    /// Bytes that are allocated for the items themselves.
    #[must_use]
    pub fn weight(&self) -> usize {
        let items: usize = self.segments.iter().map(Vec::capacity).sum();
        items * size_of::<T>() + self.segments.capacity() * size_of::<Vec<T>>()
    }
}
