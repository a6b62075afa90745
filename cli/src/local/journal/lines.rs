//! A journal of lines.

use std::{
    io::BufRead,
    path::{Path, PathBuf},
};

use super::{JournalError, Source};

/// With what every journal begins.
const BEGINNING: &[u8] = b"{\"entry\":\"opened\"";

pub(super) struct Lines<R> {
    path: PathBuf,
    reader: R,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    /// Refuses what is not a journal, before any of it is taken for one.
    pub(super) fn new(path: &Path, mut reader: R) -> Result<Self, JournalError> {
        let path = path.to_owned();
        let beginning = reader.fill_buf().map_err(|source| unreadable(&path, source))?;
        let length = beginning.len().min(BEGINNING.len());
        if beginning[..length] != BEGINNING[..length] {
            return Err(JournalError::NotOne { path });
        }
        Ok(Self { path, reader, end: 0 })
    }
}

impl<R: BufRead> Source for Lines<R> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, JournalError> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().read_until(b'\n', &mut line);
        read.map_err(|source| unreadable(&self.path, source))?;
        if line.last() != Some(&b'\n') {
            return Ok(None);
        }
        self.end += line.len() as u64;
        Ok(Some(line))
    }

    fn end(&self) -> u64 {
        self.end
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> JournalError {
    JournalError::File { what: "read", path: path.to_owned(), source }
}
