//! `spec.fetch.headersFrom`: the Secrets of a crawl, read when it starts and again now and then.
//!
//! `check` decides what of a Secret may be sent where and is pure; `problem` has the words; `read` alone talks to the API server.
//! Nothing here watches Secrets: the operator has the right to get those that it was given, and no right to list any.

mod check;
mod problem;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use problem::{Problem, Trouble};
pub(crate) use read::{Access, Secrets};

use std::time::Duration;

use crate::runner::SeedHeaders;

/// What is known of the headers of a crawl.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum HeadersFrom {
    /// It asks for none, or nothing is to be fetched.
    #[default]
    Nothing,
    /// All of them can be used.
    Ready {
        /// What goes where.
        headers: SeedHeaders,
        /// When the Secrets are to be read again.
        again: Duration,
    },
    /// They cannot be used, so nothing may be fetched.
    Withheld {
        /// Why.
        problem: Problem,
        /// When to look again.
        again: Duration,
    },
}

impl HeadersFrom {
    /// What requests to the seeds' origins carry.
    pub(crate) fn headers(&self) -> Option<&SeedHeaders> {
        match self {
            Self::Ready { headers, .. } => Some(headers),
            Self::Nothing | Self::Withheld { .. } => None,
        }
    }

    /// Why nothing may be fetched.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Withheld { problem, .. } => Some(problem),
            Self::Nothing | Self::Ready { .. } => None,
        }
    }

    /// When the Secrets are to be looked at again.
    pub(crate) fn again(&self) -> Option<Duration> {
        match self {
            Self::Nothing => None,
            Self::Ready { again, .. } | Self::Withheld { again, .. } => Some(*again),
        }
    }
}
