//! Where a page of results ended. It holds no more than the last row's place in the order, so it is good for as long as the
//! view is folded under the same rules, also by another process.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{Order, Query, Sort};

/// Where a page of results ended. Written as text that means nothing to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    order: u8,
    /// The last row's place in the order, the smallest first.
    pub(crate) key: u64,
    /// The last row.
    pub(crate) page: u32,
}

/// A text that is no cursor.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cursor: not one that was given with a page of results; leave it out to begin anew")]
pub struct CursorError;

const VERSION: u8 = 1;
const LENGTH: usize = 1 + 1 + 8 + 4;
/// The order of those who lead to a page.
const REFERRERS: u8 = 255;

fn code(sort: Sort, order: Order) -> u8 {
    sort as u8 * 2 + order as u8
}

impl Cursor {
    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// When it was not written by that.
    pub fn parse(text: &str) -> Result<Self, CursorError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let bytes: [u8; LENGTH] = bytes.try_into().map_err(|_| CursorError)?;
        let [VERSION, order, k0, k1, k2, k3, k4, k5, k6, k7, p0, p1, p2, p3] = bytes else { return Err(CursorError) };
        let key = u64::from_be_bytes([k0, k1, k2, k3, k4, k5, k6, k7]);
        Ok(Self { order, key, page: u32::from_be_bytes([p0, p1, p2, p3]) })
    }

    pub(crate) fn new(query: &Query, key: u64, page: u32) -> Self {
        Self { order: code(query.sort, query.order), key, page }
    }

    pub(crate) fn of_referrers(page: u32, next: u64) -> Self {
        Self { order: REFERRERS, key: next, page }
    }

    /// Whether it was given with results in this order. Otherwise it would lead anywhere.
    #[must_use]
    pub fn is_for(&self, query: &Query) -> bool {
        self.order == code(query.sort, query.order)
    }

    pub(crate) fn is_for_referrers_of(&self, page: u32) -> bool {
        (self.order, self.page) == (REFERRERS, page)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        Self::parse(text)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; LENGTH];
        (bytes[0], bytes[1]) = (VERSION, self.order);
        bytes[2..10].copy_from_slice(&self.key.to_be_bytes());
        bytes[10..].copy_from_slice(&self.page.to_be_bytes());
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let query = Query { sort: Sort::Took, order: Order::Descending, ..Query::default() };
        for (key, page) in [(0, 0), (u64::MAX, u32::MAX), (77, 1_000_000)] {
            let cursor = Cursor::new(&query, key, page);
            let text = cursor.to_string();
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
            assert_eq!(Cursor::parse(&text), Ok(cursor));
            assert!(cursor.is_for(&query) && !cursor.is_for(&Query::default()));
        }
        assert!(Cursor::of_referrers(7, 3).is_for_referrers_of(7));
        assert!(!Cursor::new(&query, 0, 7).is_for_referrers_of(7));
    }

    #[test]
    fn any_other_text_is_refused_or_means_something() {
        let mut random: u64 = 1;
        for length in 0..2000 {
            let text: String = (0..length % 40)
                .map(|_| {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    char::from_u32(u32::try_from(random >> 40).unwrap() % 300).unwrap_or('A')
                })
                .collect();
            if let Ok(cursor) = Cursor::parse(&text) {
                assert_eq!(cursor.to_string(), text);
            }
        }
    }
}
