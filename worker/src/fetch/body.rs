//! Reading a body within bounds. What is counted and cut are decoded bytes: a kilobyte of gzip can hold a gigabyte.

use reqwest::Response;

use super::cause::undecodable;
use super::classify::Failure;
use super::decoding::looks_back;
use super::limit::Limit;
use crate::room::{Room, Share};

/// What a body may hold without asking for room: most pages do not hold more.
pub(crate) const SMALL: usize = 64 * 1024;

/// Room for the connection of a larger one, whose buffers grow with what it sends.
const CONNECTION: usize = 768 * 1024;

/// A body as it comes in.
#[derive(Debug)]
pub(super) struct Body {
    response: Response,
    bytes: Vec<u8>,
    most: usize,
    room: Room,
    share: Option<Share>,
    /// What a byte takes of the room.
    weight: usize,
    /// Bytes that there is room for.
    roomy: usize,
    limit: Limit,
    /// There is more than the limit, or the rest cannot be decoded.
    truncated: bool,
    ended: bool,
}

/// A body, or its beginning.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// It is not the whole body.
    pub(super) truncated: bool,
    /// The room that it takes.
    pub(super) share: Option<Share>,
}

impl Body {
    /// A body of which `most` bytes are wanted.
    pub(super) fn new(response: Response, most: u64, room: &Room, limit: Limit) -> Self {
        // What is not encoded says how long it is, and is no longer than that.
        let most = most.min(response.content_length().unwrap_or(u64::MAX));
        let weight = if looks_back(&response) { 2 } else { 1 };
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(room.size().saturating_sub(CONNECTION) / weight);
        let (bytes, room) = (Vec::new(), room.clone());
        Self { response, bytes, most, room, share: None, weight, roomy: SMALL, limit, truncated: false, ended: false }
    }

    /// Reads until there are `enough` bytes, the body ends or its limit is reached. Returns what there is.
    pub(super) async fn read(&mut self, enough: usize) -> Result<&[u8], Failure> {
        while !self.ended && self.bytes.len() < enough {
            match self.limit.within(self.response.chunk()).await? {
                Ok(Some(chunk)) => self.take(&chunk).await?,
                Ok(None) => self.ended = true,
                Err(error) => self.broken(error)?,
            }
        }
        Ok(&self.bytes)
    }

    /// Reads all there is to read.
    pub(super) async fn read_all(mut self) -> Result<Content, Failure> {
        self.read(usize::MAX).await?;
        if let Some(share) = &mut self.share {
            share.shrink(self.bytes.len());
        }
        Ok(Content { bytes: self.bytes, truncated: self.truncated, share: self.share })
    }

    async fn take(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        let taken = chunk.len().min(self.most - self.bytes.len());
        self.make_room(self.bytes.len() + taken).await?;
        self.bytes.extend_from_slice(&chunk[..taken]);
        if chunk.len() > taken {
            self.truncated = true;
            self.ended = true;
        }
        Ok(())
    }

    async fn make_room(&mut self, bytes: usize) -> Result<(), Failure> {
        if bytes > self.roomy {
            let roomy = bytes.max(self.roomy + self.roomy / 2).min(self.most);
            let share = self.share.get_or_insert_with(|| self.room.share(self.most * self.weight + CONNECTION));
            self.limit.stopped_for(share, roomy * self.weight + CONNECTION).await?;
            // No more than was asked for, as it would be by itself.
            self.bytes.reserve_exact(roomy - self.bytes.len());
            self.roomy = roomy;
        }
        Ok(())
    }

    /// A connection that broke may hold next time. An encoding that is broken will be so again: what came before counts.
    fn broken(&mut self, error: reqwest::Error) -> Result<(), Failure> {
        let Some(undecodable) = undecodable(&error) else { return Err(error.into()) };
        if self.bytes.is_empty() {
            return Err(undecodable.into());
        }
        self.truncated = true;
        self.ended = true;
        Ok(())
    }
}
