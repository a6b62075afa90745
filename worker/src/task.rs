//! One task, from its delivery to its ack.
//!
//! Most tasks have one record. One with more appends each and awaits its confirm before it reads on: so it holds one at a time, what
//! the crawl's log has is never more than what the server sent, and the ack, which comes with the last one, is behind them all.

use std::time::Duration;

use crawl_broker::{BrokerError, Delivery};
use crawl_protocol::{Record, Task, topology};
use tokio::sync::{mpsc, oneshot};

use crate::Fetcher;
use crate::recorder::{Done, Log, Then};
use crate::status::Status;

/// Names on the wire are at most 255 bytes long; a uid is 36.
const CRAWL_BYTES_AT_MOST: usize = 200;
/// A message id is a short string.
const ID_BYTES_AT_MOST: usize = 255;

/// The task in a message, if it is one.
pub(crate) fn decode(delivery: &Delivery) -> Option<Task> {
    let task = Task::decode(delivery.body.as_ref().ok()?).ok()?;
    (!task.crawl.is_empty() && task.crawl.len() <= CRAWL_BYTES_AT_MOST).then_some(task)
}

/// A task that waits longer would look lost to the operator.
const REDELIVERY_DELAY_AT_MOST: Duration = Duration::from_secs(25);

/// What a task is done with.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) fetcher: Fetcher,
    pub(crate) recorder: mpsc::Sender<Done>,
    pub(crate) status: Status,
}

impl Worker {
    /// Does a task, and has it acked when its last record is in the log.
    ///
    /// # Errors
    /// When the broker cannot be told that a task is done. Where the recorder is gone, so is the session, which says why.
    pub(crate) async fn work(self, task: Task, delivery: Delivery) -> Result<(), BrokerError> {
        let id = message_id(&delivery, &task);
        if delivery.redelivered {
            tokio::time::sleep(Duration::from_millis(task.redelivery_delay_ms).min(REDELIVERY_DELAY_AT_MOST)).await;
        }
        let in_flight = self.status.task_begun();
        let mut fetched = self.fetcher.fetch(&task).await;
        while let Some(rest) = fetched.rest {
            match self.append(id.clone(), fetched.record).await {
                Some(Log::There) => fetched = rest.next().await,
                // There is no use in the rest.
                Some(Log::Gone) => return delivery.ack().await,
                None => return Ok(()),
            }
        }
        drop(in_flight);
        self.status.attempted(&fetched.record);
        let _ = self
            .recorder
            .send(Done { id, record: fetched.record, share: fetched.share, then: Then::Ack(delivery) })
            .await;
        Ok(())
    }

    /// Appends a record that does not conclude its task. `None` when the session is over.
    async fn append(&self, id: String, record: Record) -> Option<Log> {
        let (teller, told) = oneshot::channel();
        self.recorder.send(Done { id, record, share: None, then: Then::Tell(teller) }).await.ok()?;
        told.await.ok()
    }
}

/// All records of a task go by its own id.
fn message_id(delivery: &Delivery, task: &Task) -> String {
    let id = delivery.message_id.clone().filter(|id| id.len() <= ID_BYTES_AT_MOST);
    id.unwrap_or_else(|| topology::message_id(&task.crawl, "-", task.attempt))
}
