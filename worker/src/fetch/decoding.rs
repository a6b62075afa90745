//! Content encodings: what a body is behind them.
//!
//! reqwest would decode too, but takes `GZIP` for nothing it knows, hands encodings that it does not know on as if they were text, and
//! lets zstd look back on 128 MB, where RFC 9659 allows 8. A server that says `Content-Encoding: utf-8` means no encoding, and there are
//! many of these.

use std::io;
use std::pin::Pin;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use bytes::Bytes;
use futures::{Stream, TryFutureExt, TryStreamExt, future, stream};
use hyper::http;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use reqwest::{Body, Response};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};
use tokio_util::io::{ReaderStream, StreamReader};

/// What servers are asked for.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";

/// Encodings upon encodings.
const LAYERS_AT_MOST: usize = 3;
/// 8 MiB, the most that RFC 9659 allows. A server that asks for more is not understood.
const ZSTD_WINDOW_LOG: u32 = 23;
/// Bytes decoded at once.
const CHUNK: usize = 16 * 1024;
/// As much of an encoding's name as is repeated.
const NAME_BYTES_AT_MOST: usize = 20;

/// Why a body that came whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undecodable {
    /// It is not what its encoding says.
    #[error("the response's content encoding is broken")]
    Broken,
    /// Nobody knows its encoding.
    #[error("the content encoding {name} is not understood")]
    Unknown {
        /// Its name.
        name: String,
    },
}

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Zlib,
    Brotli,
    Zstd,
}

/// In the extensions of a response: its decoder may keep all that it has handed out, to look back on.
#[derive(Clone, Copy, Debug)]
struct LooksBack;

type Reader = Pin<Box<dyn AsyncBufRead + Send>>;

/// The response with its body decoded. What cannot be decoded is an error to whoever reads it: not every body is read.
pub(super) fn decoded(mut response: Response) -> Response {
    let codings = codings(response.headers());
    if codings.as_ref().is_ok_and(Vec::is_empty) {
        return response;
    }
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    head.headers_mut().remove(CONTENT_LENGTH);
    if codings
        .as_ref()
        .is_ok_and(|codings| codings.iter().any(|coding| matches!(coding, Coding::Brotli | Coding::Zstd)))
    {
        head.extensions_mut().insert(LooksBack);
    }
    let body = match codings {
        Ok(codings) => Body::wrap_stream(decode(response, codings)),
        Err(unknown) => Body::wrap_stream(stream::iter([Err::<Bytes, _>(io::Error::other(unknown))])),
    };
    head.map(|()| body).into()
}

/// Whether the decoder of a response that was [`decoded`] may hold as much as it has handed out.
pub(super) fn looks_back(response: &Response) -> bool {
    response.extensions().get::<LooksBack>().is_some()
}

/// The encodings of a body, the last one on the outside.
pub(super) fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Undecodable> {
    let mut codings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for name in value.as_bytes().split(|byte| *byte == b',') {
            codings.extend(coding(&name.trim_ascii().to_ascii_lowercase())?);
        }
    }
    match codings.len() > LAYERS_AT_MOST {
        true => Err(unknown(b"in many layers")),
        false => Ok(codings),
    }
}

/// The encoding of a name; none where it says, in whatever way, that there is none.
fn coding(name: &[u8]) -> Result<Option<Coding>, Undecodable> {
    Ok(match name {
        b"gzip" | b"x-gzip" => Some(Coding::Gzip),
        b"deflate" => Some(Coding::Zlib),
        b"br" => Some(Coding::Brotli),
        b"zstd" => Some(Coding::Zstd),
        b"" | b"identity" | b"none" | b"7bit" | b"8bit" | b"binary" => None,
        _ if encoding_rs::Encoding::for_label(name).is_some() => None,
        _ => return Err(unknown(name)),
    })
}

fn unknown(name: &[u8]) -> Undecodable {
    let printed = name.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ').take(NAME_BYTES_AT_MOST);
    Undecodable::Unknown { name: printed.copied().map(char::from).collect() }
}

fn decode(response: Response, codings: Vec<Coding>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let reading = async move {
        let mut reader: Reader = Box::pin(StreamReader::new(response.bytes_stream().map_err(io::Error::other)));
        // A body that is not there at all is an empty one, whatever its encoding.
        if reader.fill_buf().await?.is_empty() {
            return Ok(future::Either::Left(stream::empty()));
        }
        let reader = codings.into_iter().rev().fold(reader, through);
        Ok(future::Either::Right(ReaderStream::with_capacity(reader, CHUNK).map_err(cause)))
    };
    reading.try_flatten_stream()
}

fn through(reader: Reader, coding: Coding) -> Reader {
    match coding {
        Coding::Gzip => Box::pin(BufReader::new(GzipDecoder::new(reader))),
        Coding::Zlib => Box::pin(BufReader::new(ZlibDecoder::new(reader))),
        Coding::Brotli => Box::pin(BufReader::new(BrotliDecoder::new(reader))),
        Coding::Zstd => {
            let mut decoder = ZstdDecoder::with_params(reader, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
            decoder.multiple_members(true);
            Box::pin(BufReader::new(decoder))
        }
    }
}

/// An error that comes from below is the connection's, any other the encoding's.
fn cause(error: io::Error) -> io::Error {
    match error.get_ref().is_some_and(|inner| inner.is::<reqwest::Error>()) {
        true => error,
        false => io::Error::other(Undecodable::Broken),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_named_in_many_ways() {
        use Coding::{Brotli, Gzip, Zlib, Zstd};
        for (values, expected) in [
            (&[][..], Ok(vec![])),
            (&["gzip"], Ok(vec![Gzip])),
            (&["GZip "], Ok(vec![Gzip])),
            (&["x-gzip"], Ok(vec![Gzip])),
            (&["deflate, br"], Ok(vec![Zlib, Brotli])),
            (&["gzip", "zstd"], Ok(vec![Gzip, Zstd])),
            (&["identity, gzip, "], Ok(vec![Gzip])),
            (&["utf-8"], Ok(vec![])),
            (&["UTF8"], Ok(vec![])),
            (&["ISO-8859-1"], Ok(vec![])),
            (&["none"], Ok(vec![])),
            (&["compress"], Err("compress")),
            (&["gzip, LZMA"], Err("lzma")),
            (&["dcb"], Err("dcb")),
            (&["gzip,gzip,gzip,gzip"], Err("in many layers")),
            (&["a-name-that-is-too-long-to-be-repeated"], Err("a-name-that-is-too-l")),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, value.parse().unwrap());
            }
            let expected = expected.map_err(|name: &str| Undecodable::Unknown { name: name.to_owned() });
            assert_eq!(codings(&headers), expected, "{values:?}");
        }
    }
}
