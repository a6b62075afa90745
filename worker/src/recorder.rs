//! Appending records to the crawls' logs: the one task that owns the publishing channel.
//!
//! A task is acked once its record is confirmed, or once the broker says that there is no log for it any more.

use crawl_broker::{Delivery, Message, Publisher, Refused};
use crawl_protocol::{Entry, Record, topology};
use tokio::sync::mpsc;

use crate::session::SessionError;
use crate::status::Status;

/// Records confirmed together.
const BATCH: usize = 64;
/// A message id is a short string.
const ID_BYTES_AT_MOST: usize = 255;

/// A task that was done.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) record: Record,
    pub(crate) delivery: Delivery,
}

/// Records what is done until nothing more can come.
pub(crate) async fn run(
    mut publisher: Publisher,
    mut records: mpsc::Receiver<Done>,
    status: Status,
) -> Result<(), SessionError> {
    let mut batch = Vec::with_capacity(BATCH);
    while records.recv_many(&mut batch, BATCH).await > 0 {
        let (messages, deliveries): (Vec<_>, Vec<_>) = batch.drain(..).map(into_message).unzip();
        let outcomes = publisher.publish_all(messages).await?;
        for (outcome, delivery) in outcomes.into_iter().zip(deliveries) {
            match outcome {
                Ok(()) => {}
                Err(Refused::Returned) => status.record_dropped(),
                Err(Refused::Nacked) => return Err(SessionError::Nacked),
            }
            delivery.ack().await?;
        }
    }
    Ok(())
}

/// The record as a message, under the id of its task.
fn into_message(done: Done) -> (Message, Delivery) {
    let Done { record, delivery } = done;
    let (crawl, attempt) = (record.crawl.clone(), record.attempt);
    let id = delivery.message_id.clone().filter(|id| id.len() <= ID_BYTES_AT_MOST);
    let id = id.unwrap_or_else(|| topology::message_id(&crawl, "-", attempt));
    let mut message = Message::entry(&crawl, &id, &Entry::Attempt(record));
    message.headers.attempt = Some(attempt);
    (message, delivery)
}
