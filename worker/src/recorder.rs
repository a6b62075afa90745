//! Appending records to the crawls' logs: the one task that owns the publishing channel.
//!
//! A task is acked once its last record is confirmed, or once the broker says that there is no log for it any more.

use crawl_broker::{Delivery, Message, Publisher, Refused};
use crawl_protocol::{Entry, Record};
use tokio::sync::{mpsc, oneshot};

use crate::session::SessionError;
use crate::status::Status;

/// Records confirmed together.
const BATCH: usize = 64;

/// A record to be appended.
#[derive(Debug)]
pub(crate) struct Done {
    /// The task's message id.
    pub(crate) id: String,
    pub(crate) record: Record,
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
    let mut batch = Vec::with_capacity(BATCH);
    while records.recv_many(&mut batch, BATCH).await > 0 {
        let (messages, followed): (Vec<_>, Vec<_>) = batch.drain(..).map(into_message).unzip();
        let outcomes = publisher.publish_all(messages).await?;
        for (outcome, then) in outcomes.into_iter().zip(followed) {
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

/// The record as a message, under the id of its task.
fn into_message(done: Done) -> (Message, Then) {
    let Done { id, record, then } = done;
    let (crawl, attempt) = (record.crawl.clone(), record.attempt);
    let mut message = Message::entry(&crawl, &id, &Entry::Attempt(record));
    message.headers.attempt = Some(attempt);
    (message, then)
}
