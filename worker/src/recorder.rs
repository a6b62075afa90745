//! Appending records to the crawls' logs: the one task that owns the publishing channel.
//!
//! A task is acked once its last record is confirmed, or once the broker says that there is no log for it any more.

use crawl_broker::{Delivery, Message, Publisher, Refused};
use crawl_protocol::{Entry, Record};
use tokio::sync::{mpsc, oneshot};

use crate::room::Share;
use crate::session::SessionError;
use crate::status::Status;

/// Records confirmed together: at most this many, and no more once they have this many bytes.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 1024 * 1024;

/// A record to be appended.
#[derive(Debug)]
pub(crate) struct Done {
    /// The task's message id.
    pub(crate) id: String,
    pub(crate) record: Record,
    /// The room that the record takes, until it is in the log.
    pub(crate) share: Option<Share>,
    pub(crate) then: Then,
}

/// What is to be done once it is appended.
#[derive(Debug)]
pub(crate) enum Then {
    /// The task is concluded: ack it.
    Ack(Delivery),
    /// There is more of it: tell who reads it.
    Tell(oneshot::Sender<Log>),
}

/// What became of the log that a record was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    /// The record is in it.
    There,
    /// It was deleted with its crawl.
    Gone,
}

/// Records what is done until nothing more can come.
pub(crate) async fn run(
    mut publisher: Publisher,
    mut records: mpsc::Receiver<Done>,
    status: Status,
) -> Result<(), SessionError> {
    while let Some((messages, followed)) = batch(&mut records).await {
        let outcomes = publisher.publish_all(messages).await?;
        for (outcome, (then, share)) in outcomes.into_iter().zip(followed) {
            drop(share);
            let log = match outcome {
                Ok(()) => Log::There,
                Err(Refused::Returned) => Log::Gone,
                Err(Refused::Nacked) => return Err(SessionError::Nacked),
            };
            if log == Log::Gone {
                status.record_dropped();
            }
            match then {
                Then::Ack(delivery) => delivery.ack().await?,
                // Nobody may be there to hear it, when the session ends.
                Then::Tell(teller) => drop(teller.send(log)),
            }
        }
    }
    Ok(())
}

/// Waits for a record, and takes those that have come meanwhile. `None` when nothing more can come.
async fn batch(records: &mut mpsc::Receiver<Done>) -> Option<(Vec<Message>, Vec<(Then, Option<Share>)>)> {
    let (mut messages, mut followed, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut next = Some(records.recv().await?);
    while let Some(Done { id, record, share, then }) = next {
        let message = into_message(&id, record);
        bytes += message.body.len();
        messages.push(message);
        followed.push((then, share));
        let is_full = messages.len() >= BATCH || bytes >= BATCH_BYTES;
        next = if is_full { None } else { records.try_recv().ok() };
    }
    Some((messages, followed))
}

/// The record as a message, under the id of its task.
fn into_message(id: &str, record: Record) -> Message {
    let (crawl, attempt) = (record.crawl.clone(), record.attempt);
    let mut message = Message::entry(&crawl, id, &Entry::Attempt(record));
    message.headers.attempt = Some(attempt);
    message
}
