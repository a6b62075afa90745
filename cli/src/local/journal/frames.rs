//! A journal of zstd frames, each with one entry: what is whole can be read by `zstdcat`, and what was torn is the last one only.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use zstd::{
    bulk::Decompressor,
    zstd_safe::{find_frame_compressed_size, get_frame_content_size},
};

use super::{JournalError, Source};

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Read at once.
const CHUNK: u64 = 1 << 20;
/// No entry is longer; a message of the broker is not either.
const LONGEST: u64 = 64 << 20;

pub(super) struct Frames<'a> {
    path: PathBuf,
    file: &'a File,
    /// What was read and is not yet taken, from `taken` on.
    buffer: Vec<u8>,
    taken: usize,
    ended: bool,
    end: u64,
    unpacker: Decompressor<'static>,
}

impl<'a> Frames<'a> {
    /// Refuses what is not compressed, before any of it is taken for a journal.
    pub(super) fn new(path: &Path, file: &'a File) -> Result<Self, JournalError> {
        let unpacker = Decompressor::new().map_err(|source| unreadable(path, source))?;
        let (path, buffer) = (path.to_owned(), Vec::new());
        let mut frames = Self { path, file, buffer, taken: 0, ended: false, end: 0, unpacker };
        frames.fill()?;
        let length = frames.buffer.len().min(MAGIC.len());
        if frames.buffer[..length] != MAGIC[..length] {
            return Err(JournalError::NotOne { path: frames.path });
        }
        Ok(frames)
    }

    fn fill(&mut self) -> Result<(), JournalError> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let read = self.file.take(CHUNK).read_to_end(&mut self.buffer);
        self.ended = read.map_err(|source| unreadable(&self.path, source))? == 0;
        Ok(())
    }

    /// Bytes of the next frame, if it is whole.
    fn frame(&mut self) -> Result<Option<usize>, JournalError> {
        loop {
            let rest = &self.buffer[self.taken..];
            let length = rest.len().min(MAGIC.len());
            let damaged = rest[..length] != MAGIC[..length] || rest.len() as u64 > LONGEST;
            match find_frame_compressed_size(rest) {
                Ok(size) if !rest.is_empty() => return Ok(Some(size)),
                _ if damaged => return Err(JournalError::Damaged { path: self.path.clone(), at: self.end }),
                _ if self.ended => return Ok(None),
                _ => self.fill()?,
            }
        }
    }
}

impl Source for Frames<'_> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, JournalError> {
        let Some(size) = self.frame()? else { return Ok(None) };
        let frame = &self.buffer[self.taken..self.taken + size];
        let length = get_frame_content_size(frame).ok().flatten().filter(|length| *length <= LONGEST);
        let length = length.and_then(|length| usize::try_from(length).ok());
        let text = length.and_then(|length| self.unpacker.decompress(frame, length).ok());
        self.taken += size;
        self.end += size as u64;
        // What cannot be unpacked is no entry; whoever asked counts it.
        Ok(Some(text.unwrap_or_default()))
    }

    fn end(&self) -> u64 {
        self.end
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> JournalError {
    JournalError::File { what: "read", path: path.to_owned(), source }
}
