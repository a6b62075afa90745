//! What is wrong with a journal, and what to do about it.

use std::{io, path::PathBuf};

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("cannot {what} the journal {path:?}")]
    File { what: &'static str, path: PathBuf, source: io::Error },
    #[error("{path:?} is not a journal of a crawl; name another file with --journal")]
    NotOne { path: PathBuf },
    #[error("{path:?} is the journal of a crawl that is running; stop it first, or name another file with --journal")]
    InUse { path: PathBuf },
    #[error(
        "{path:?} is the journal of a crawl with other seeds (it began at {first}); give the same URLs, or name another file \
         with --journal"
    )]
    OtherSeeds { path: PathBuf, first: String },
    #[error("{path:?} was written under version {version} of the rules; read it with the release that wrote it")]
    Version { path: PathBuf, version: u32 },
    #[error("{path:?} is damaged after {at} bytes; keep these (head -c {at}), and the crawl goes on from there")]
    Damaged { path: PathBuf, at: u64 },
}
