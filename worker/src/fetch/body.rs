//! Reading a body within bounds. What is counted and cut are decoded bytes: a kilobyte of gzip can hold a gigabyte.

use reqwest::Response;

use super::classify::{Failure, is_undecodable};

/// A body as it comes in.
#[derive(Debug)]
pub(super) struct Body {
    response: Response,
    bytes: Vec<u8>,
    limit: usize,
    /// There is more than the limit, or the rest cannot be decoded.
    truncated: bool,
    ended: bool,
}

impl Body {
    pub(super) fn new(response: Response, limit: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { response, bytes: Vec::new(), limit, truncated: false, ended: false }
    }

    /// Reads until there are `enough` bytes, the body ends or its limit is reached. Returns what there is.
    pub(super) async fn read(&mut self, enough: usize) -> Result<&[u8], Failure> {
        while !self.ended && self.bytes.len() < enough {
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.take(&chunk),
                Ok(None) => self.ended = true,
                Err(error) => self.broken(error)?,
            }
        }
        Ok(&self.bytes)
    }

    /// Reads all there is to read.
    pub(super) async fn read_all(mut self) -> Result<(Vec<u8>, bool), Failure> {
        self.read(usize::MAX).await?;
        Ok((self.bytes, self.truncated))
    }

    fn take(&mut self, chunk: &[u8]) {
        let room = self.limit - self.bytes.len();
        self.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            self.truncated = true;
            self.ended = true;
        }
    }

    /// A connection that broke may hold next time. An encoding that is broken will be so again: what came before counts.
    fn broken(&mut self, error: reqwest::Error) -> Result<(), Failure> {
        if !is_undecodable(&error) {
            return Err(error.into());
        }
        if self.bytes.is_empty() {
            return Err(Failure::undecodable());
        }
        self.truncated = true;
        self.ended = true;
        Ok(())
    }
}
