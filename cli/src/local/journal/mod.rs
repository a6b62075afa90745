//! The log of a local crawl in a file: the entries of a crawl's stream, one a line, or each compressed in a frame of its own.
//!
//! An entry is in the file before it counts, so the crawl goes on where it was killed. What was being written then is cut off
//! when the file is opened again. Never changes a file that does not begin as a journal does.

mod error;
mod frames;
mod lines;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crawl_protocol::{Entry, Opened, RULES_VERSION};
use zstd::bulk::Compressor;

pub(crate) use error::JournalError;

/// Favours speed: entries come one by one, and each is compressed alone.
const LEVEL: i32 = 3;

/// A journal that is open for writing.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    packer: Option<Compressor<'static>>,
}

/// What was found in a journal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Entries that were read.
    pub(crate) entries: u64,
    /// Those that could not be; the crawl fetches their pages again.
    pub(crate) unreadable: u64,
    /// Bytes of an entry that was being written, cut off.
    pub(crate) cut: u64,
}

/// Entries of a file, in its form.
trait Source {
    /// The next entry as text; `None` at the end of the last whole one.
    fn next(&mut self) -> Result<Option<Vec<u8>>, JournalError>;
    /// Where the last whole entry ended.
    fn end(&self) -> u64;
}

impl Journal {
    /// Opens or begins the journal of a crawl, and hands over what it holds. `opening` is written at its end.
    pub(crate) fn open(
        path: &Path,
        opening: Opened,
        mut each: impl FnMut(u64, &Entry),
    ) -> Result<(Self, Found), JournalError> {
        let failed = |what| move |source| JournalError::File { what, path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(path).map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(failed("lock")(source)),
        }
        let length = file.metadata().map_err(failed("read"))?.len();
        let packed = path.extension().is_some_and(|extension| extension == "zst");
        let (found, end) = match packed {
            true => read(path, &mut frames::Frames::new(path, &file)?, &opening, &mut each)?,
            false => read(path, &mut lines::Lines::new(path, BufReader::new(&file))?, &opening, &mut each)?,
        };
        file.set_len(end).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed("cut"))?;
        let packer = if packed { Some(Compressor::new(LEVEL).map_err(failed("compress"))?) } else { None };
        let mut journal = Self { path: path.to_owned(), file, packer };
        journal.append(&Entry::Opened(opening))?;
        Ok((journal, Found { cut: length - end, ..found }))
    }

    /// Writes an entry. Once this returns, it outlives this process.
    pub(crate) fn append(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let mut line = entry.encode();
        line.push(b'\n');
        let written = match &mut self.packer {
            Some(packer) => packer.compress(&line).and_then(|frame| self.file.write_all(&frame)),
            None => self.file.write_all(&line),
        };
        written.map_err(|source| JournalError::File { what: "write", path: self.path.clone(), source })
    }

    /// Hands what was written to the disk, where it outlives the machine too.
    pub(crate) fn sync(&self) -> Result<(), JournalError> {
        self.file.sync_data().map_err(|source| JournalError::File { what: "write", path: self.path.clone(), source })
    }
}

/// Reads all whole entries; says where the last one ends.
fn read(
    path: &Path,
    source: &mut dyn Source,
    opening: &Opened,
    each: &mut impl FnMut(u64, &Entry),
) -> Result<(Found, u64), JournalError> {
    let (mut found, mut genesis, mut other) = (Found::default(), None, false);
    while let Some(text) = source.next()? {
        let entry = match Entry::decode(&text) {
            Ok(entry) => entry,
            Err(_) if genesis.is_some() => {
                found.unreadable += 1;
                continue;
            }
            Err(_) => return Err(JournalError::NotOne { path: path.to_owned() }),
        };
        match (&entry, &genesis) {
            (Entry::Opened(first), None) if first.rules_version != RULES_VERSION => {
                return Err(JournalError::Version { path: path.to_owned(), version: first.rules_version });
            }
            (Entry::Opened(first), None) => {
                other = first.crawl != opening.crawl;
                genesis = Some(first.crawl.clone());
            }
            (Entry::Attempt(_), None) => return Err(JournalError::NotOne { path: path.to_owned() }),
            // Its first page says which crawl it is, to a person.
            (Entry::Attempt(record), _) if other && record.depth == 0 => {
                return Err(JournalError::OtherSeeds { path: path.to_owned(), first: record.url.clone() });
            }
            _ => {}
        }
        if !other {
            each(found.entries, &entry);
        }
        found.entries += 1;
    }
    if other {
        return Err(JournalError::OtherSeeds { path: path.to_owned(), first: "other URLs".to_owned() });
    }
    Ok((found, source.end()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
