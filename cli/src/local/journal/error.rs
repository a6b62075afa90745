//! What is wrong with a journal, and what to do about it.

use std::{io, path::PathBuf};

use crate::problem::Problem;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("cannot {what} the journal {path:?}: {source}")]
    File { what: &'static str, path: PathBuf, source: io::Error },
    #[error("{path:?} is not a journal of a crawl")]
    NotOne { path: PathBuf },
    #[error("{path:?} is the journal of a crawl that is running")]
    InUse { path: PathBuf },
    #[error("{path:?} is the journal of a crawl with other seeds: it began at {first}")]
    OtherSeeds { path: PathBuf, first: String },
    #[error("{path:?} was written under version {version} of the rules")]
    Version { path: PathBuf, version: u32 },
    #[error("{path:?} is damaged after {at} bytes")]
    Damaged { path: PathBuf, at: u64 },
}

impl JournalError {
    fn hint(&self) -> String {
        match self {
            Self::File { .. } => "see whether there is room on the disk and you may write there".to_owned(),
            Self::NotOne { .. } => "name another file with --journal; this one was left alone".to_owned(),
            Self::InUse { .. } => "wait for it, stop it, or name another file with --journal".to_owned(),
            Self::OtherSeeds { .. } => "give the same URLs, or name another file with --journal".to_owned(),
            Self::Version { .. } => "read it with the release that wrote it".to_owned(),
            Self::Damaged { at, .. } => {
                format!("keep what comes before (head -c {at}), and the crawl goes on from there")
            }
        }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        let hint = error.hint();
        Self::new(error.to_string(), hint)
    }
}
