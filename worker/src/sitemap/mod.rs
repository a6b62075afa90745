//! From the bytes of a sitemap to the URLs it lists, part by part.
//!
//! This module is responsible for formats, encodings and bounds. It makes no requests: bytes come from a stream, chunk by chunk. It
//! holds one part and one chunk at a time, however large the sitemap is, and must never fail, hang or grow without bound,
//! whatever the bytes are: of a sitemap that is broken from some point on, what stands before that point counts.
//!
//! # What is listed
//! `url/loc` of a sitemap and `sitemap/loc` of an index (<https://www.sitemaps.org/protocol.html>), `item/link` of RSS 2.0,
//! `entry/link` of Atom, and each line of a text file; all of them plain or in gzip. Nothing else is: not the images and videos of a
//! page, nor its alternates in other languages (`xhtml:link`), which have to have entries of their own.

mod charset;
mod gunzip;
mod input;
mod limit;
mod list;
mod shape;
mod text;
mod xml;

use std::io;
use std::sync::Arc;

use futures::stream::BoxStream;
use tokio::io::AsyncBufReadExt;
use url::Url;

use input::Input;
use list::List;

/// Bytes of a sitemap that are read, after decompression: the protocol's limit.
pub(crate) const MAX_BYTES: usize = 52_428_800;
/// URLs that are taken from one sitemap. The protocol allows a tenth of it.
pub(crate) const MAX_URLS: usize = 500_000;
/// URLs of one part.
pub(crate) const PART_URLS: usize = 2000;
/// Bytes of the URLs of one part; the last one may go beyond.
pub(crate) const PART_BYTES: usize = 256 * 1024;

/// The bytes of a body as they come.
pub(crate) type Chunks = BoxStream<'static, io::Result<Vec<u8>>>;

/// What the source of the bytes, or a stage of reading, says when the rest is left out. Any other error breaks the reading off.
#[derive(Debug, thiserror::Error)]
#[error("the rest is left out")]
pub(crate) struct Cut;

/// Why nothing follows.
#[derive(Debug)]
pub(crate) enum End {
    /// It was read to its end.
    Whole,
    /// It is longer than a limit, not well formed from some point on, or no sitemap at all.
    Cut,
    /// The source of the bytes failed.
    Broken(Arc<io::Error>),
}

/// What a sitemap lists, from where the part before it ended.
#[derive(Debug)]
pub(crate) struct Part {
    /// Pages: absolute http and https URLs without fragment and user info, in document order, each once in a part.
    pub(crate) urls: Vec<String>,
    /// Sitemaps that an index lists.
    pub(crate) sitemaps: Vec<String>,
    /// `None` when more may follow.
    pub(crate) end: Option<End>,
}

/// A sitemap that is being read.
#[derive(Debug)]
pub(crate) struct Sitemap {
    url: Url,
    reading: Reading,
    /// URLs that may still be taken.
    left: usize,
}

#[derive(Debug)]
enum Reading {
    /// Nothing has come yet.
    Unknown(Input),
    Xml(Box<xml::Xml>),
    Text(text::Text),
    Nothing,
}

impl Sitemap {
    /// Begins to read what is at `url`; `content_type` is the header.
    pub(crate) fn new(chunks: Chunks, content_type: Option<&str>, url: Url) -> Self {
        Self::within(chunks, content_type, url, MAX_BYTES, MAX_URLS)
    }

    /// At most so many bytes and URLs of it.
    fn within(chunks: Chunks, content_type: Option<&str>, url: Url, bytes: usize, urls: usize) -> Self {
        // Both ways: a server can send gzip without end that holds nothing.
        let plain = gunzip::plain(limit::limited(chunks, bytes));
        let text = charset::text(limit::limited(plain, bytes), content_type);
        Self { url, reading: Reading::Unknown(Input::new(text)), left: urls }
    }

    /// The next part. Not to be called after one that has an end.
    pub(crate) async fn next(&mut self) -> Part {
        let mut list = List::new(&self.url, self.left);
        let read = Self::read(&mut self.reading, &mut list).await;
        let (urls, sitemaps, left) = list.into_parts();
        self.left = left;
        Part { urls, sitemaps, end: read.err() }
    }

    /// Reads until the list is full or the sitemap has an end.
    async fn read(reading: &mut Reading, list: &mut List<'_>) -> Result<(), End> {
        if let Reading::Unknown(_) = reading
            && let Reading::Unknown(input) = std::mem::replace(reading, Reading::Nothing)
        {
            *reading = recognized(input).await?;
        }
        match reading {
            Reading::Xml(xml) => xml.read(list).await,
            Reading::Text(text) => text.read(list).await,
            Reading::Unknown(_) | Reading::Nothing => Err(End::Whole),
        }
    }
}

/// Markup or text, by what follows the white space that should not be there.
async fn recognized(mut input: Input) -> Result<Reading, End> {
    loop {
        input.mark();
        let available = input.fill_buf().await?;
        let blank = available.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (first, empty) = (available.get(blank).copied(), available.is_empty());
        input.consume(blank);
        match first {
            Some(b'<') => return Ok(Reading::Xml(Box::new(xml::Xml::new(input)))),
            Some(_) => return Ok(Reading::Text(text::Text::new(input))),
            None if empty => return Err(End::Whole),
            None => {}
        }
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<io::Error>> for End {
    fn from(error: Arc<io::Error>) -> Self {
        let cut = error.get_ref().is_some_and(|inner| inner.is::<Cut>());
        if cut { Self::Cut } else { Self::Broken(error) }
    }
}

impl From<quick_xml::Error> for End {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => error.into(),
            _ => Self::Cut,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
