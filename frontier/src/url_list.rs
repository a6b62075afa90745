//! The URLs of a crawl as they were first seen, compressed: they take more room than all else that is known of a page.
//!
//! Pages that are found together have addresses that are much alike, and an address is read again only when its page is
//! fetched or judged again. Measured: 64 together take a tenth to a fifth of their text; reading one takes some 5 µs.

use crate::segmented::Segmented;

/// URLs in one block: reading one decodes them all.
pub(crate) const BLOCK: usize = 64;
/// The fastest that zstd has; higher ones save a tenth and cost several times as much.
const LEVEL: i32 = 1;

/// A list of URLs, each addressed by its place. None holds a line break.
#[derive(Debug, Default)]
pub(crate) struct UrlList {
    full: Segmented<Block>,
    /// Bytes of all that is compressed.
    compressed: usize,
    /// The block that is being filled: lines.
    open: String,
    in_open: usize,
    /// The block that was read last: most URLs are read in the order in which they were found.
    recent: Option<(usize, String)>,
}

fn line(text: &str, place: usize) -> String {
    text.lines().nth(place % BLOCK).unwrap_or_default().to_owned()
}

#[derive(Debug)]
struct Block {
    compressed: Box<[u8]>,
    /// Bytes of the text.
    text: u32,
}

impl UrlList {
    pub(crate) fn push(&mut self, url: &str) {
        if self.in_open == BLOCK {
            let block = Block::new(&self.open);
            self.compressed += block.compressed.len();
            self.full.push(block);
            self.open.clear();
            self.in_open = 0;
        }
        self.open.push_str(url);
        self.open.push('\n');
        self.in_open += 1;
    }

    /// The URL at a place; empty when there is none.
    pub(crate) fn get(&self, place: usize) -> String {
        let block = place / BLOCK;
        if block < self.full.len() { line(&self.full.get(block).text(), place) } else { line(&self.open, place) }
    }

    /// Bytes of memory that it holds.
    pub(crate) fn weight(&self) -> usize {
        let recent = self.recent.as_ref().map_or(0, |(_, text)| text.capacity());
        self.full.weight() + self.compressed + self.open.capacity() + recent
    }

    /// A block that is full, compressed, and how long its text is.
    pub(crate) fn full_block(&self, number: usize) -> Option<(&[u8], usize)> {
        let block = (number < self.full.len()).then(|| self.full.get(number))?;
        Some((&block.compressed, block.text as usize))
    }

    /// The block that is being filled, if it is this one.
    pub(crate) fn open_block(&self, number: usize) -> &str {
        if number == self.full.len() { &self.open } else { "" }
    }

    /// As `get`, faster for URLs that were found near the one before.
    pub(crate) fn read(&mut self, place: usize) -> String {
        let block = place / BLOCK;
        if block >= self.full.len() {
            return line(&self.open, place);
        }
        match &self.recent {
            Some((recent, text)) if *recent == block => line(text, place),
            _ => {
                let text = self.full.get(block).text();
                let url = line(&text, place);
                self.recent = Some((block, text));
                url
            }
        }
    }
}

impl Block {
    fn new(text: &str) -> Self {
        // Into a buffer of the size that zstd asks for, compression cannot fail.
        let compressed = zstd::bulk::compress(text.as_bytes(), LEVEL).unwrap_or_default();
        Self { compressed: compressed.into(), text: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }

    fn text(&self) -> String {
        let text = zstd::bulk::decompress(&self.compressed, self.text as usize).unwrap_or_default();
        // Only whole texts went in.
        String::from_utf8(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_in_comes_out() {
        let long = format!("http://h/{}", "x".repeat(1000));
        let mut urls: Vec<String> = (0..300).map(|n| format!("http://h/section-{}/page-{n}?%C3%A9", n % 7)).collect();
        urls.extend([String::new(), long.clone(), long, "http://h/".to_owned()]);
        let mut list = UrlList::default();
        urls.iter().for_each(|url| list.push(url));
        for (place, url) in urls.iter().enumerate() {
            assert_eq!((&list.get(place), &list.read(place)), (url, url), "{place}");
        }
        assert_eq!(list.get(urls.len()), "");
    }
}
