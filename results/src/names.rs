//! Texts that many records share, each kept once. What a site can make up has no end, so neither list grows without one.

use std::{collections::HashMap, sync::Arc};

use crate::concluded::NONE;

/// Different texts of a list, at most; those beyond are not kept. The log still has them.
const MOST: usize = 4096;
/// Bytes of one text, at most.
const LONGEST: usize = 512;

/// The shared texts of a crawl.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// `Content-Type` headers without parameters.
    pub(crate) types: Texts,
    /// What is said of failures.
    pub(crate) messages: Texts,
}

impl Names {
    pub(crate) fn weight(&self) -> usize {
        self.types.weight() + self.messages.weight()
    }
}

/// Different texts, each addressed by its place.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
    bytes: usize,
}

impl Texts {
    /// The place of a text; [`NONE`] for an empty one, and when the list is full.
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        if text.is_empty() || self.list.len() == MOST {
            return NONE;
        }
        let (place, text) = (u32::try_from(self.list.len()).unwrap_or(NONE), Arc::<str>::from(text));
        self.bytes += text.len() + 16;
        self.list.push(Arc::clone(&text));
        self.places.insert(text, place);
        place
    }

    pub(crate) fn get(&self, place: u32) -> Option<&Arc<str>> {
        self.list.get(place as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    fn weight(&self) -> usize {
        let entry = size_of::<(Arc<str>, u32)>() + 1;
        self.bytes + self.list.capacity() * size_of::<Arc<str>>() + self.places.capacity() * entry * 8 / 7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_not_without_end() {
        let mut texts = Texts::default();
        assert_eq!((texts.add("a"), texts.add("b"), texts.add("a"), texts.add("")), (0, 1, 0, NONE));
        assert_eq!(texts.get(1).map(|text| &**text), Some("b"));
        let long = "é".repeat(LONGEST);
        let place = texts.add(&long);
        assert_eq!(texts.get(place).map(|text| text.len()), Some(LONGEST));
        for n in 0..2 * MOST {
            texts.add(&n.to_string());
        }
        assert_eq!((texts.len(), texts.add("more"), texts.add("a")), (MOST, NONE, 0));
        assert_eq!(texts.get(NONE), None);
    }
}
