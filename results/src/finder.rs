//! Which URLs have a text in them: block by block, as they are stored, and not one by one.

use crawl_frontier::{ADDRESS_BLOCK, Addresses};
use memchr::memmem;

/// Finds a text in addresses.
pub(crate) struct Finder<'a> {
    addresses: Addresses<'a>,
    text: memmem::Finder<'static>,
    /// The block that was searched last, and which of its lines have the text.
    block: Option<(u32, u64)>,
    lowered: Vec<u8>,
    /// Addresses that were read.
    pub(crate) read: usize,
}

impl<'a> Finder<'a> {
    pub(crate) fn of(addresses: Addresses<'a>, text: &str) -> Self {
        let text = memmem::Finder::new(as_in_url(text).as_bytes()).into_owned();
        Self { addresses, text, block: None, lowered: Vec::new(), read: 0 }
    }

    pub(crate) fn finds(&mut self, page: u32) -> bool {
        let number = page / ADDRESS_BLOCK;
        let lines = match self.block {
            Some((block, lines)) if block == number => lines,
            _ => {
                let lines = self.search(number);
                self.block = Some((number, lines));
                lines
            }
        };
        lines & 1 << (page % ADDRESS_BLOCK) != 0
    }

    fn search(&mut self, number: u32) -> u64 {
        self.lowered.clear();
        self.lowered.extend_from_slice(self.addresses.block(number).as_bytes());
        self.lowered.make_ascii_lowercase();
        self.read += ADDRESS_BLOCK as usize;
        let (mut lines, mut line, mut at) = (0, 0_u32, 0);
        // Searched as one text: most blocks have it nowhere.
        while let Some(found) = self.lowered.get(at..).and_then(|rest| self.text.find(rest)) {
            line += u32::try_from(memchr::memchr_iter(b'\n', &self.lowered[at..at + found]).count()).unwrap_or(0);
            lines |= 1_u64.checked_shl(line).unwrap_or(0);
            let rest = &self.lowered[at + found..];
            at += found + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            line += 1;
        }
        lines
    }
}

/// In lower case, and with what URLs write in percent signs written so.
fn as_in_url(text: &str) -> String {
    let mut written = String::new();
    for character in text.trim().chars() {
        if character.is_ascii_graphic() {
            written.push(character.to_ascii_lowercase());
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                written.push_str(&format!("%{byte:02x}"));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_as_in_urls() {
        for (text, expected) in [("Über uns", "%c3%9cber%20uns"), (" A/b?C=%C3 ", "a/b?c=%c3"), ("a\nb", "a%0ab")] {
            assert_eq!(as_in_url(text), expected);
        }
    }
}
