//! Bodies that are gzip files, whatever their type says: known by their first two bytes. A content encoding is not handled here; it is
//! gone before. A gzip file in a gzip file is no sitemap.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use futures::{StreamExt, TryStreamExt, stream};

use super::{Chunks, Cut};

const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes that are decompressed at once. One byte of gzip can hold a thousand.
const PIECE: usize = 16 * 1024;

/// The bytes, decompressed if they are compressed.
pub(super) fn plain(chunks: Chunks) -> Chunks {
    let plain = Plain { chunks, beginning: None, decoder: None };
    let next = |mut plain: Plain| async { Ok(plain.next().await?.map(|chunk| (chunk, plain))) };
    stream::try_unfold(plain, next).fuse().boxed()
}

struct Plain {
    chunks: Chunks,
    /// What was read to find out whether it is gzip; taken once it is passed on.
    beginning: Option<Vec<u8>>,
    decoder: Option<MultiGzDecoder<Fed>>,
}

impl Plain {
    async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.beginning.is_none() {
            return self.begin().await;
        }
        match &mut self.decoder {
            Some(decoder) => inflate(decoder, &mut self.chunks).await,
            None => self.chunks.try_next().await,
        }
    }

    /// Looks at the first two bytes.
    async fn begin(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut beginning = Vec::new();
        while beginning.len() < MAGIC.len()
            && let Some(chunk) = self.chunks.try_next().await?
        {
            beginning.extend(chunk);
        }
        self.beginning = Some(Vec::new());
        if !beginning.starts_with(&MAGIC) {
            return Ok((!beginning.is_empty()).then_some(beginning));
        }
        let fed = Fed { chunk: beginning, ..Fed::default() };
        inflate(self.decoder.insert(MultiGzDecoder::new(fed)), &mut self.chunks).await
    }
}

/// The next decompressed bytes; `None` after the last member.
async fn inflate(decoder: &mut MultiGzDecoder<Fed>, chunks: &mut Chunks) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; PIECE];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(length) => {
                piece.truncate(length);
                return Ok(Some(piece));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let chunk = chunks.try_next().await?;
                let fed = decoder.get_mut();
                (fed.ended, fed.at) = (chunk.is_none(), 0);
                fed.chunk = chunk.unwrap_or_default();
            }
            // Not gzip from here on, or cut off. What came before counts.
            Err(_) => return Err(io::Error::other(Cut)),
        }
    }
}

/// What the decoder reads from: a chunk, and `WouldBlock` until it is given the next one.
#[derive(Default)]
struct Fed {
    chunk: Vec<u8>,
    at: usize,
    ended: bool,
}

impl BufRead for Fed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = &self.chunk[self.at..];
        if available.is_empty() && !self.ended {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(available)
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl Read for Fed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}
