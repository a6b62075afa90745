//! How bodies travel: zstd above a size, and decompressed within a bound, since a body is not to be trusted.

use std::fmt;
use std::io::Read;

use crawl_protocol::topology::COMPRESS_ABOVE_BYTES;
use zstd::bulk::Compressor;
use zstd::zstd_safe::{DCtx, ResetDirective};

/// Bytes that a body may have when decompressed; also the broker's own limit for a message.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// The window that a zstd frame may ask for, as a power of two; bounds the memory of decompression.
const WINDOW_LOG_MAX: u32 = 24;
/// Fast, and URLs compress well at any level.
const LEVEL: i32 = 1;

/// The `content_encoding` of a compressed body.
pub(crate) const ZSTD: &str = "zstd";

/// A body that cannot be brought into its plain form.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableBody {
    /// A `content_encoding` that we do not know.
    #[error("unknown content encoding {encoding:.40}")]
    Encoding {
        /// What the message says.
        encoding: String,
    },
    /// It does not decompress.
    #[error("the body is not valid zstd")]
    Corrupt {
        /// What the decoder says.
        #[source]
        source: std::io::Error,
    },
    /// It is larger than any message of ours.
    #[error("the body is larger than {MAX_BODY_BYTES} bytes")]
    TooLarge,
}

/// Compresses bodies. What it works with is kept, since to set that up costs more than to compress a record.
#[derive(Default)]
pub(crate) struct Encoder(Option<Compressor<'static>>);

impl Encoder {
    /// Compresses a body where that is worth it. True when it did.
    pub(crate) fn encode(&mut self, body: Vec<u8>) -> (Vec<u8>, bool) {
        if body.len() <= COMPRESS_ABOVE_BYTES {
            return (body, false);
        }
        // Sending it as it is is always right.
        self.compress(&body).map_or((body, false), |small| (small, true))
    }

    fn compress(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        if self.0.is_none() {
            self.0 = Compressor::new(LEVEL).ok();
        }
        self.0.as_mut()?.compress(body).ok()
    }
}

/// Brings bodies into their plain form. What it works with is kept, as an [`Encoder`] does.
#[derive(Default)]
pub(crate) struct Decoder(Option<DCtx<'static>>);

impl Decoder {
    /// The plain body.
    pub(crate) fn decode(&mut self, encoding: Option<&str>, body: Vec<u8>) -> Result<Vec<u8>, UnreadableBody> {
        match encoding {
            None | Some("" | "identity") if body.len() > MAX_BODY_BYTES => Err(UnreadableBody::TooLarge),
            None | Some("" | "identity") => Ok(body),
            Some(ZSTD) => self.decompress(&body).map_err(|source| UnreadableBody::Corrupt { source }).and_then(bounded),
            Some(other) => Err(UnreadableBody::Encoding { encoding: other.to_owned() }),
        }
    }

    /// Reads one byte more than allowed, so that [`bounded`] can tell.
    fn decompress(&mut self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let context = self.0.get_or_insert_with(DCtx::create);
        // The last body may have ended in the middle.
        context.reset(ResetDirective::SessionOnly).map_err(|_| std::io::ErrorKind::InvalidData)?;
        let mut decoder = zstd::stream::read::Decoder::with_context(body, context);
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        let mut plain = Vec::new();
        decoder.take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut plain)?;
        Ok(plain)
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Encoder")
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Decoder")
    }
}

fn bounded(plain: Vec<u8>) -> Result<Vec<u8>, UnreadableBody> {
    if plain.len() > MAX_BODY_BYTES { Err(UnreadableBody::TooLarge) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_bodies_travel_plain_and_large_ones_compressed() {
        let (mut encoder, mut decoder) = (Encoder::default(), Decoder::default());
        for (length, compressed) in [(0, false), (COMPRESS_ABOVE_BYTES, false), (COMPRESS_ABOVE_BYTES + 1, true)] {
            let body = vec![b'x'; length];
            let (wire, was) = encoder.encode(body.clone());
            assert_eq!(was, compressed, "{length} bytes");
            let read = decoder.decode(was.then_some(ZSTD), wire).unwrap_or_else(|error| unreachable!("{error}"));
            assert_eq!(read, body, "{length} bytes");
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = zstd::bulk::compress(&vec![0; MAX_BODY_BYTES + 1], 19).unwrap_or_else(|_| unreachable!());
        assert!(bomb.len() < 4096);
        assert!(matches!(Decoder::default().decode(Some(ZSTD), bomb), Err(UnreadableBody::TooLarge)));
    }

    #[test]
    fn what_is_not_zstd_is_refused() {
        assert!(matches!(Decoder::default().decode(Some(ZSTD), b"{}".to_vec()), Err(UnreadableBody::Corrupt { .. })));
        assert!(matches!(Decoder::default().decode(Some("br"), b"{}".to_vec()), Err(UnreadableBody::Encoding { .. })));
    }

    #[test]
    fn a_frame_is_read_right_after_one_that_was_cut() {
        let (mut encoder, mut decoder) = (Encoder::default(), Decoder::default());
        let body: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let (whole, _) = encoder.encode(body.clone());
        for cut in [5, whole.len() / 2, whole.len() - 1] {
            assert!(decoder.decode(Some(ZSTD), whole[..cut].to_vec()).is_err(), "{cut}");
            assert!(decoder.decode(Some(ZSTD), whole.clone()).is_ok_and(|read| read == body), "{cut}");
        }
    }

    #[test]
    fn a_cut_frame_is_refused() {
        let (mut wire, _) = Encoder::default().encode(vec![b'x'; 10_000]);
        wire.truncate(wire.len() - 3);
        assert!(matches!(Decoder::default().decode(Some(ZSTD), wire), Err(UnreadableBody::Corrupt { .. })));
    }
}
