//! What is put into one part.

use std::collections::HashSet;

use url::Url;

use super::{End, PART_BYTES, PART_URLS};
use crate::extract::recorded;

/// Bytes of the text of one address; what is longer is passed over.
const ADDRESS_BYTES: usize = 8 * 1024;

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Page,
    Sitemap,
}

/// One part while it is filled.
#[derive(Debug)]
pub(super) struct List<'a> {
    /// What relative addresses are relative to; there should be none.
    sitemap: &'a Url,
    left: usize,
    known: HashSet<String>,
    bytes: usize,
    pages: Vec<String>,
    sitemaps: Vec<String>,
}

impl<'a> List<'a> {
    /// An empty one that takes no more than `left`.
    pub(super) fn new(sitemap: &'a Url, left: usize) -> Self {
        Self { sitemap, left, known: HashSet::new(), bytes: 0, pages: Vec::new(), sitemaps: Vec::new() }
    }

    /// Whether it is time for the next part.
    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= PART_URLS || self.bytes >= PART_BYTES
    }

    /// Adds an address, unless it is none or is there already.
    ///
    /// # Errors
    /// [`End::Cut`] when there have been as many as are taken.
    pub(super) fn add(&mut self, target: Target, address: &str) -> Result<(), End> {
        let address = address.trim_matches(['\t', '\n', '\r', ' ']);
        let url = (!address.is_empty()).then(|| self.sitemap.join(address).ok()).flatten().and_then(recorded);
        let Some(url) = url.filter(|url| !self.known.contains(url)) else { return Ok(()) };
        self.left = self.left.checked_sub(1).ok_or(End::Cut)?;
        self.bytes += url.len();
        self.known.insert(url.clone());
        match target {
            Target::Page => self.pages.push(url),
            Target::Sitemap => self.sitemaps.push(url),
        }
        Ok(())
    }

    /// Pages, sitemaps, and how many more may be taken.
    pub(super) fn into_parts(self) -> (Vec<String>, Vec<String>, usize) {
        (self.pages, self.sitemaps, self.left)
    }
}

/// The text of an address while it is collected.
#[derive(Debug, Default)]
pub(super) struct Address {
    text: String,
    too_long: bool,
}

impl Address {
    pub(super) fn push(&mut self, text: &str) {
        if self.text.len() + text.len() > ADDRESS_BYTES {
            self.too_long = true;
        } else {
            self.text.push_str(text);
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.too_long = false;
    }

    /// The text, unless it was too long.
    pub(super) fn get(&self) -> &str {
        if self.too_long { "" } else { &self.text }
    }
}
