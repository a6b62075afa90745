//! One record, read from its place in the log: what results do not keep in memory, such as titles and links.

use std::time::Duration;

use crawl_broker::{BrokerError, LogEntry};
use crawl_protocol::{Entry, Record};

use super::Views;
use super::session::SessionState;

/// A record that is there comes at once.
const WITHIN: Duration = Duration::from_secs(5);

/// A record could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecord {
    /// There is no broker to read it from, or it does not answer.
    #[error("RabbitMQ cannot be reached")]
    NoBroker,
    /// Too many want to.
    #[error("too many requests for records at the same time")]
    Busy,
    /// There is none in this place.
    #[error("the log does not hold it any more")]
    Gone,
}

impl Views {
    /// The record at this place of a crawl's log.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn record(&self, uid: &str, offset: u64) -> Result<Record, NoRecord> {
        let session = match &*self.0.session.borrow() {
            SessionState::Up(session) => std::sync::Arc::clone(session),
            SessionState::Begun | SessionState::Down(_) => return Err(NoRecord::NoBroker),
        };
        let turn = tokio::time::timeout(WITHIN, self.0.lookups.acquire()).await;
        let _turn = turn.map_err(|_| NoRecord::Busy)?.map_err(|_| NoRecord::NoBroker)?;
        let reading = async {
            let mut log = session.broker.read_log_from(uid, offset).await?;
            loop {
                let entry = log.next().await?;
                if entry.offset >= offset {
                    return Ok::<LogEntry, BrokerError>(entry);
                }
            }
        };
        let entry = match tokio::time::timeout(WITHIN, reading).await {
            Ok(Ok(entry)) if entry.offset == offset => entry,
            Ok(Ok(_) | Err(BrokerError::NotFound { .. } | BrokerError::Ended { .. })) => return Err(NoRecord::Gone),
            Ok(Err(_)) => return Err(NoRecord::NoBroker),
            // Past the end of a log there is silence.
            Err(_) => return Err(NoRecord::Gone),
        };
        match entry.body.ok().and_then(|body| Entry::decode(&body).ok()) {
            Some(Entry::Attempt(record)) => Ok(record),
            _ => Err(NoRecord::Gone),
        }
    }
}
