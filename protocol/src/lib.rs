//! The messages that the parts of crawl-operator send each other, and the names of the broker objects they travel through.
//!
//! This crate is responsible for shapes and names only. It does no I/O, knows no AMQP client and decides nothing:
//! what a record *means* is the frontier's business. PROTOCOL.md is its prose; `golden/` holds one file per message,
//! which the tests decode and encode again.

mod entry;
mod outcome;
mod page;
mod task;
pub mod topology;

pub use entry::{Entry, Opened, RULES_VERSION, Record};
pub use outcome::{FailureClass, Outcome};
pub use page::{About, Heading, Page, Unread, Validators};
pub use task::{FetchSettings, Kind, Task};

/// A message body that does not hold what its type promises.
#[derive(Debug, thiserror::Error)]
#[error("not a readable {message}")]
pub struct DecodeError {
    message: &'static str,
    #[source]
    source: serde_json::Error,
}

impl Task {
    /// Value of the AMQP property `type`.
    pub const MESSAGE_TYPE: &'static str = "crawl.task.v1";

    /// Reads a task from its JSON body.
    ///
    /// # Errors
    /// When the body is not the JSON of a task; the message goes to the dead letter queue.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(body).map_err(|source| DecodeError { message: "task", source })
    }

    /// The JSON body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

impl Entry {
    /// Value of the AMQP property `type`.
    pub const MESSAGE_TYPE: &'static str = "crawl.entry.v1";

    /// Reads a log entry from its JSON body.
    ///
    /// # Errors
    /// When the body is not the JSON of an entry; readers count it and go on.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(body).map_err(|source| DecodeError { message: "log entry", source })
    }

    /// The JSON body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

/// Our types have string keys and no fallible `Serialize`, so encoding them cannot fail.
#[allow(clippy::expect_used)]
fn encode(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data encodes")
}
