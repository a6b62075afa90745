//! Reads the addresses of known pages: many of them, block after block, rather than one by one.

use zstd::bulk::Decompressor;

use crate::url_list::{BLOCK, UrlList};

/// Pages whose addresses are read together.
pub const ADDRESS_BLOCK: u32 = BLOCK as u32;

/// A reader of addresses. It keeps the block that it read last, so addresses near each other are read cheaply.
pub struct Addresses<'a> {
    list: &'a UrlList,
    /// `None` where zstd has no memory for it; then nothing can be read.
    decompressor: Option<Decompressor<'static>>,
    block: Option<u32>,
    bytes: Vec<u8>,
}

impl<'a> Addresses<'a> {
    pub(crate) fn of(list: &'a UrlList) -> Self {
        Self { list, decompressor: Decompressor::new().ok(), block: None, bytes: Vec::new() }
    }

    /// The addresses of the pages from `number` × [`ADDRESS_BLOCK`] on, each followed by a line break. That of a page that
    /// cannot be requested is empty.
    pub fn block(&mut self, number: u32) -> &str {
        if self.block != Some(number) {
            self.block = Some(number);
            self.bytes.clear();
            match (self.list.full_block(number as usize), &mut self.decompressor) {
                (Some((compressed, text)), Some(decompressor)) => {
                    self.bytes.reserve(text);
                    // What was compressed here can be read again; else the addresses are shown as empty.
                    let read = decompressor.decompress_to_buffer(compressed, &mut self.bytes);
                    debug_assert!(read.is_ok(), "{read:?}");
                }
                _ => self.bytes.extend_from_slice(self.list.open_block(number as usize).as_bytes()),
            }
        }
        // Only whole texts went in.
        std::str::from_utf8(&self.bytes).unwrap_or_default()
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
