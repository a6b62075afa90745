//! The broker as the operator and the worker see it: a thin module over lapin.
//!
//! This crate is responsible for connections, confirmed publishing, reading a crawl's log, consuming tasks and declaring
//! the objects of `crawl_protocol::topology`. It must never know Kubernetes, never decide what a message means, and never
//! recover by itself: at the first error of any kind the owner drops everything and starts again from the log.
//!
//! # Rules that callers rely on
//! - One task owns each [`Publisher`]; lapin mixes up confirms when several tasks publish on one channel.
//! - Publishing and consuming have connections of their own, since a blocked connection stops every write on it.
//! - A consumer that ends is an error, a returned message is not a confirmed one, and nothing waits for ever.

mod backoff;
mod codec;
mod config;
mod connection;
mod delivery;
mod error;
mod health;
mod log;
mod message;
mod names;
mod preflight;
mod publisher;
mod tasks;
mod topology;
mod withdraw;

pub use backoff::Backoff;
pub use codec::{MAX_BODY_BYTES, UnreadableBody};
pub use config::{BrokerConfig, Password};
pub use connection::{Broker, ConnectError};
pub use delivery::Delivery;
pub use error::BrokerError;
pub use health::Closed;
pub use log::{LogEntry, LogReader};
pub use message::{Headers, Message};
pub use preflight::{PreflightError, ServerVersion};
pub use publisher::{PublishError, Publisher, Refused};
pub use tasks::TaskConsumer;
pub use topology::PoolState;
