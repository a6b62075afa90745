//! From bytes to text: a byte order mark decides, then the `Content-Type` header, then the XML declaration; else it is UTF-8. What
//! cannot be decoded becomes U+FFFD.

use std::io;

use encoding_rs::{Decoder, Encoding, UTF_8};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};

use super::Chunks;
use crate::extract::charset_of;

/// How far an XML declaration is looked for.
const BEGINNING: usize = 1024;

/// The bytes as text.
pub(super) fn text(chunks: Chunks, content_type: Option<&str>) -> BoxStream<'static, io::Result<String>> {
    let decoding = Decoding { chunks, header: content_type.and_then(charset_of), decoder: None, ended: false };
    let next = |mut decoding: Decoding| async { Ok(decoding.next().await?.map(|text| (text, decoding))) };
    stream::try_unfold(decoding, next).fuse().boxed()
}

struct Decoding {
    chunks: Chunks,
    header: Option<&'static Encoding>,
    decoder: Option<Decoder>,
    ended: bool,
}

impl Decoding {
    async fn next(&mut self) -> io::Result<Option<String>> {
        if self.ended {
            return Ok(None);
        }
        let chunk = match self.decoder {
            Some(_) => self.chunks.try_next().await?,
            None => Some(self.beginning().await?),
        };
        self.ended = chunk.is_none();
        let chunk = chunk.unwrap_or_default();
        let decoder = self.decoder.get_or_insert_with(|| decoder(&chunk, self.header));
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(chunk.len()).unwrap_or(chunk.len()));
        let _ = decoder.decode_to_string(&chunk, &mut text, self.ended);
        Ok(Some(text))
    }

    /// Enough to see a declaration, and no more: a server may hold the rest back.
    async fn beginning(&mut self) -> io::Result<Vec<u8>> {
        let mut beginning = Vec::new();
        while beginning.len() < BEGINNING
            && !beginning.contains(&b'>')
            && let Some(chunk) = self.chunks.try_next().await?
        {
            beginning.extend(chunk);
        }
        Ok(beginning)
    }
}

fn decoder(beginning: &[u8], header: Option<&'static Encoding>) -> Decoder {
    let marked = Encoding::for_bom(beginning).map(|(encoding, _)| encoding);
    let said = || {
        let encoding = header.or_else(|| declared(beginning)).unwrap_or(UTF_8);
        // One in UTF-16 has a mark.
        if encoding.output_encoding() == encoding { encoding } else { UTF_8 }
    };
    marked.unwrap_or_else(said).new_decoder_with_bom_removal()
}

/// The encoding in `<?xml version="1.0" encoding="..."?>`.
fn declared(beginning: &[u8]) -> Option<&'static Encoding> {
    let beginning = beginning.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = beginning.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&beginning[..end]).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = value.split(['"', '\'']).nth(1)?;
    Encoding::for_label(label.as_bytes())
}
