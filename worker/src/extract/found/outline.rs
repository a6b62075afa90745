//! The headings of a document, in its order.

use crawl_protocol::Heading;

use super::text::Text;

/// Headings recorded of one page at most.
pub const MAX_HEADINGS: usize = 50;
/// Bytes of a heading at most.
pub const MAX_HEADING_BYTES: usize = 256;
/// Bytes of all headings of a page together at most.
pub const MAX_HEADINGS_BYTES: usize = 4 * 1024;

/// Headings while a document is read. A heading in a heading is one too, and its text belongs to both.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    headings: Vec<(u8, Text)>,
    /// The places of those that are open, the outermost first.
    open: Vec<usize>,
    /// How many more are open, in those, that there is no room for. If one of those turned out to be empty, so would these.
    beyond: usize,
}

impl Outline {
    pub(crate) fn open(&mut self, level: u8) {
        if self.headings.len() >= MAX_HEADINGS {
            self.beyond += 1;
            return;
        }
        self.open.push(self.headings.len());
        self.headings.push((level, Text::new(MAX_HEADING_BYTES)));
    }

    /// Ends the innermost open heading. One without text is none.
    pub(crate) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(place) = self.open.pop()
            && self.headings[place].1.is_empty()
        {
            self.headings.truncate(place);
        }
    }

    /// Whether there is a heading open that takes more text.
    pub(crate) fn takes_text(&self) -> bool {
        self.open.iter().any(|place| !self.headings[*place].1.is_full())
    }

    pub(crate) fn text(&mut self, text: &str) {
        for place in &self.open {
            self.headings[*place].1.push(text);
        }
    }

    /// Those of the beginning that fit.
    pub(crate) fn into_headings(mut self) -> Vec<Heading> {
        while !self.open.is_empty() || self.beyond > 0 {
            self.close();
        }
        let mut bytes = 0;
        let fits = |(_, text): &(u8, Text)| {
            bytes += text.len();
            bytes <= MAX_HEADINGS_BYTES
        };
        let fitting = self.headings.into_iter().take_while(fits);
        fitting.map(|(level, text)| Heading { level, text: text.into_string() }).collect()
    }
}
