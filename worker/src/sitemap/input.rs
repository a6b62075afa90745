//! Text to read from, with a bound on what one element may take.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::Cut;

/// Bytes from one mark to the next, at most a chunk more: a parser holds a whole tag, comment or text before it shows it. Feeds have
/// articles in one piece.
const BETWEEN_MARKS: usize = 256 * 1024;

/// Text as it comes.
pub(super) struct Input {
    chunks: BoxStream<'static, io::Result<String>>,
    chunk: String,
    at: usize,
    since_mark: usize,
}

impl Input {
    pub(super) fn new(chunks: BoxStream<'static, io::Result<String>>) -> Self {
        Self { chunks, chunk: String::new(), at: 0, since_mark: 0 }
    }

    /// What was read so far is dealt with.
    pub(super) fn mark(&mut self) {
        self.since_mark = 0;
    }
}

impl AsyncBufRead for Input {
    fn poll_fill_buf(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        if this.since_mark > BETWEEN_MARKS {
            return Poll::Ready(Err(io::Error::other(Cut)));
        }
        while this.at == this.chunk.len() {
            let Some(chunk) = ready!(this.chunks.poll_next_unpin(context)) else { return Poll::Ready(Ok(&[])) };
            (this.chunk, this.at) = (chunk?, 0);
        }
        Poll::Ready(Ok(&this.chunk.as_bytes()[this.at..]))
    }

    fn consume(self: Pin<&mut Self>, length: usize) {
        let this = self.get_mut();
        this.at += length;
        this.since_mark += length;
    }
}

impl AsyncRead for Input {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(context))?;
        let length = available.len().min(into.remaining());
        into.put_slice(&available[..length]);
        self.consume(length);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Input").finish_non_exhaustive()
    }
}
