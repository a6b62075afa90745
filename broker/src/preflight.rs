//! Whether this broker is one that can hold our logs: asked once, before anything else, and answered in words.
//!
//! lapin does not show the server's properties, so the version comes from a short conversation of our own: the broker names
//! it in its very first frame.

use std::fmt;
use std::io;

use amq_protocol::frame::{AMQPFrame, parse_frame};
use amq_protocol::protocol::{AMQPClass, connection};
use futures::{AsyncReadExt, AsyncWriteExt};
use lapin::options::QueueDeleteOptions;
use lapin::tcp::AMQPUriTcpExt;
use lapin::types::AMQPValue;

use crate::connection::{CONNECT_WITHIN, ConnectError, tls_config};
use crate::names::{answer, short};
use crate::topology::{log_arguments, queue};
use crate::{Broker, BrokerConfig, BrokerError};

/// The oldest broker that is tested with.
const OLDEST: ServerVersion = ServerVersion { major: 3, minor: 13 };
/// What an AMQP 0.9.1 client says first.
const PROTOCOL_HEADER: &[u8] = b"AMQP\x00\x00\x09\x01";
/// The first frame is about 500 bytes long.
const FIRST_FRAME_AT_MOST: usize = 64 * 1024;
/// A stream that is declared and deleted again.
const TRIAL_STREAM: &str = "crawl.log.preflight";

/// A version of RabbitMQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    /// 4 in 4.0.5.
    pub major: u32,
    /// 0 in 4.0.5.
    pub minor: u32,
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Why this broker cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// It cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The conversation failed.
    #[error("the broker does not speak AMQP 0.9.1 as expected")]
    Conversation(#[source] io::Error),
    /// It does not answer in time.
    #[error("the broker did not name its version within 10 s")]
    Timeout,
    /// It is not RabbitMQ, or hides its version.
    #[error("the broker does not name its version; RabbitMQ 3.13 or newer is needed")]
    Nameless,
    /// It is too old.
    #[error("the broker is RabbitMQ {found}; {OLDEST} or newer is needed")]
    TooOld {
        /// What it is.
        found: ServerVersion,
    },
    /// It has no streams, or we may not declare one.
    #[error("the broker cannot hold a crawl's log: declaring a stream failed (Amazon MQ has none)")]
    Streams(#[source] BrokerError),
}

impl Broker {
    /// Finds out the broker's version and whether a stream can be declared. Needs the operator's permissions.
    ///
    /// # Errors
    /// When this broker cannot be used, in words for an administrator.
    pub async fn preflight(&self) -> Result<ServerVersion, PreflightError> {
        let asked = tokio::time::timeout(CONNECT_WITHIN, ask_version(&self.config)).await;
        let found = asked.map_err(|_| PreflightError::Timeout)??;
        if found < OLDEST {
            return Err(PreflightError::TooOld { found });
        }
        self.try_stream().await.map_err(PreflightError::Streams)?;
        Ok(found)
    }

    async fn try_stream(&self) -> Result<(), BrokerError> {
        let channel = self.channel().await?;
        queue(&channel, TRIAL_STREAM, log_arguments()).await?;
        let delete = channel.queue_delete(short(TRIAL_STREAM)?, QueueDeleteOptions::default());
        answer("deleting the trial stream", delete).await.map(drop)
    }
}

async fn ask_version(config: &BrokerConfig) -> Result<ServerVersion, PreflightError> {
    let (uri, tls) = (config.uri(), tls_config(config).await?);
    let runtime = lapin::runtime::default_runtime()
        .map_err(|source| ConnectError::Connect { address: config.address(), source })?;
    let connected = uri.connect_with_config_async(tls.as_ref(), &runtime).await;
    let mut stream = connected.map_err(PreflightError::Conversation)?;
    stream.write_all(PROTOCOL_HEADER).await.map_err(PreflightError::Conversation)?;
    stream.flush().await.map_err(PreflightError::Conversation)?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while received.len() < FIRST_FRAME_AT_MOST {
        let read = stream.read(&mut buffer).await.map_err(PreflightError::Conversation)?;
        if read == 0 {
            return Err(PreflightError::Conversation(io::ErrorKind::UnexpectedEof.into()));
        }
        received.extend_from_slice(&buffer[..read]);
        if let Some(start) = first_frame(&received) {
            return version_of(&start).ok_or(PreflightError::Nameless);
        }
    }
    Err(PreflightError::Nameless)
}

/// The broker's first frame, once all of it is there.
fn first_frame(received: &[u8]) -> Option<connection::Start> {
    match parse_frame(received) {
        Ok((_, AMQPFrame::Method(_, AMQPClass::Connection(connection::AMQPMethod::Start(start))))) => Some(start),
        _ => None,
    }
}

fn version_of(start: &connection::Start) -> Option<ServerVersion> {
    match start.server_properties.inner().get("version")? {
        AMQPValue::LongString(text) => parse_version(&String::from_utf8_lossy(text.as_bytes())),
        _ => None,
    }
}

fn parse_version(text: &str) -> Option<ServerVersion> {
    let mut numbers = text.split(['.', '-', '+']).map(str::parse);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(ServerVersion { major, minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        for (text, expected) in [
            ("3.10.8", Some((3, 10, false))),
            ("3.13.7", Some((3, 13, true))),
            ("4.0.5", Some((4, 0, true))),
            ("4.3.0-beta.1", Some((4, 3, true))),
            ("none", None),
            ("4", None),
        ] {
            let found = parse_version(text).map(|version| (version.major, version.minor, version >= OLDEST));
            assert_eq!(found, expected, "{text}");
        }
    }
}
