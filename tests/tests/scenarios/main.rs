//! What users do with crawls, on a real cluster: `make e2e`. One at a time, since some of them scale or kill what others use.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod counts;
mod faults;
mod headers;
mod lifecycle;
mod poison;
mod politeness;
mod refusals;
