//! How bodies travel: zstd above a size, and decompressed within a bound, since a body is not to be trusted.

use std::io::Read;

use crawl_protocol::topology::COMPRESS_ABOVE_BYTES;

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

/// Compresses a body where that is worth it. True when it did.
pub(crate) fn encode(body: Vec<u8>) -> (Vec<u8>, bool) {
    if body.len() <= COMPRESS_ABOVE_BYTES {
        return (body, false);
    }
    match zstd::bulk::compress(&body, LEVEL) {
        Ok(small) => (small, true),
        // Sending it as it is is always right.
        Err(_) => (body, false),
    }
}

/// The plain body.
pub(crate) fn decode(encoding: Option<&str>, body: Vec<u8>) -> Result<Vec<u8>, UnreadableBody> {
    match encoding {
        None | Some("" | "identity") if body.len() > MAX_BODY_BYTES => Err(UnreadableBody::TooLarge),
        None | Some("" | "identity") => Ok(body),
        Some(ZSTD) => decompress(&body).map_err(|source| UnreadableBody::Corrupt { source }).and_then(bounded),
        Some(other) => Err(UnreadableBody::Encoding { encoding: other.to_owned() }),
    }
}

/// Reads one byte more than allowed, so that [`bounded`] can tell.
fn decompress(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body)?;
    decoder.window_log_max(WINDOW_LOG_MAX)?;
    let mut plain = Vec::new();
    decoder.take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut plain)?;
    Ok(plain)
}

fn bounded(plain: Vec<u8>) -> Result<Vec<u8>, UnreadableBody> {
    if plain.len() > MAX_BODY_BYTES { Err(UnreadableBody::TooLarge) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_bodies_travel_plain_and_large_ones_compressed() {
        for (length, compressed) in [(0, false), (COMPRESS_ABOVE_BYTES, false), (COMPRESS_ABOVE_BYTES + 1, true)] {
            let body = vec![b'x'; length];
            let (wire, was) = encode(body.clone());
            assert_eq!(was, compressed, "{length} bytes");
            let read = decode(was.then_some(ZSTD), wire).unwrap_or_else(|error| unreachable!("{error}"));
            assert_eq!(read, body, "{length} bytes");
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = zstd::bulk::compress(&vec![0; MAX_BODY_BYTES + 1], 19).unwrap_or_else(|_| unreachable!());
        assert!(bomb.len() < 4096);
        assert!(matches!(decode(Some(ZSTD), bomb), Err(UnreadableBody::TooLarge)));
    }

    #[test]
    fn what_is_not_zstd_is_refused() {
        assert!(matches!(decode(Some(ZSTD), b"{}".to_vec()), Err(UnreadableBody::Corrupt { .. })));
        assert!(matches!(decode(Some("br"), b"{}".to_vec()), Err(UnreadableBody::Encoding { .. })));
    }

    #[test]
    fn a_cut_frame_is_refused() {
        let (mut wire, _) = encode(vec![b'x'; 10_000]);
        wire.truncate(wire.len() - 3);
        assert!(matches!(decode(Some(ZSTD), wire), Err(UnreadableBody::Corrupt { .. })));
    }
}
