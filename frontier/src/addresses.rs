//! Reads the addresses of known pages: many of them, block after block, rather than one by one.

use zstd::bulk::Decompressor;

use crate::url_list::{BLOCK, UrlList};

/// Pages whose addresses are read together.
pub const ADDRESS_BLOCK: u32 = BLOCK as u32;

/// A reader of addresses. It keeps the block that it read last, so addresses near each other are read cheaply.
pub struct Addresses<'a> {
    list: &'a UrlList,
    /// Made when it is needed: for a small crawl it never is.
    decompressor: Option<Decompressor<'static>>,
    block: Option<u32>,
    bytes: Vec<u8>,
}

impl<'a> Addresses<'a> {
    pub(crate) fn of(list: &'a UrlList) -> Self {
        Self { list, decompressor: None, block: None, bytes: Vec::new() }
    }

    /// The addresses of the pages from `number` × [`ADDRESS_BLOCK`] on, each followed by a line break. That of a page that
    /// cannot be requested is empty.
    pub fn block(&mut self, number: u32) -> &str {
        if self.block != Some(number) {
            self.block = Some(number);
            self.bytes.clear();
            match self.list.full_block(number as usize) {
                Some((compressed, text)) => self.decompress(compressed, text),
                None => self.bytes.extend_from_slice(self.list.open_block(number as usize).as_bytes()),
            }
        }
        // Only whole texts went in.
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// What was compressed here can be read again, unless memory is short: then the addresses are shown as empty.
    fn decompress(&mut self, compressed: &[u8], text: usize) {
        self.decompressor = self.decompressor.take().or_else(|| Decompressor::new().ok());
        self.bytes.reserve(text);
        let read = self.decompressor.as_mut().map(|zstd| zstd.decompress_to_buffer(compressed, &mut self.bytes));
        debug_assert!(matches!(read, Some(Ok(_))), "{read:?}");
    }

    /// The address of one page, as it was first seen; empty when it cannot be requested, or there is no such page.
    pub fn get(&mut self, page: u32) -> &str {
        self.block(page / ADDRESS_BLOCK).lines().nth((page % ADDRESS_BLOCK) as usize).unwrap_or_default()
    }
}

impl std::fmt::Debug for Addresses<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Addresses").field("block", &self.block).finish_non_exhaustive()
    }
}
