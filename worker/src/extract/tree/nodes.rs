//! The nodes of a tree, in little room.

use html5ever::LocalName;

use super::Id;

/// No node.
pub(super) const NONE: Id = u32::MAX;

/// What is allocated at once: a list that grows as a whole needs twice its room while it does.
const PIECE: usize = 512;

/// A node: 40 bytes.
#[derive(Debug)]
pub(super) struct Node {
    /// Empty for what is no element.
    pub(super) name: LocalName,
    pub(super) parent: Id,
    pub(super) previous: Id,
    pub(super) next: Id,
    pub(super) first: Id,
    pub(super) last: Id,
    /// What it means: a place in a list of that.
    pub(super) means: u32,
    pub(super) depth: u16,
    /// A number of the sink's for its namespace.
    pub(super) namespace: u8,
    /// It is in a title or a heading, or was.
    pub(super) has_text: bool,
}

impl Node {
    /// A node that is nowhere.
    pub(super) fn new(name: LocalName) -> Self {
        Self {
            name,
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            means: 0,
            depth: 0,
            namespace: 0,
            has_text: false,
        }
    }
}

/// A list that grows in pieces.
#[derive(Debug)]
pub(super) struct Pieces<T>(Vec<Vec<T>>);

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Pieces<T> {
    /// Adds one; its place.
    pub(super) fn push(&mut self, value: T) -> Id {
        let place = Id::try_from(self.len()).unwrap_or(NONE - 1);
        match self.0.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push(value),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(value);
                self.0.push(piece);
            }
        }
        place
    }

    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PIECE + last.len())
    }

    pub(super) fn at(&self, place: Id) -> &T {
        &self.0[place as usize / PIECE][place as usize % PIECE]
    }

    pub(super) fn at_mut(&mut self, place: Id) -> &mut T {
        &mut self.0[place as usize / PIECE][place as usize % PIECE]
    }
}
