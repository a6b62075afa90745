//! Dead letters: tasks that no worker could do become failures of their crawls, so that no crawl waits for ever.
//!
//! What nobody can read, and nobody knows, is rejected once more: the broker then keeps it in the queue of unreadable
//! messages, for people to look at.

use crawl_broker::{BrokerError, Delivery, Message, PublishError, Publisher, Refused};
use crawl_protocol::{Entry, FailureClass, Outcome, Record, Task, topology};
use tracing::warn;

use super::{Shared, lock, now, session::Session};

/// Dead letters in flight to us.
const PREFETCH: u16 = 50;

/// Serves the dead letter queue until the broker fails.
pub(super) async fn serve(shared: &Shared, session: &Session) -> BrokerError {
    match try_serve(shared, session).await {
        Ok(()) => BrokerError::Ended { queue: topology::DEAD_QUEUE.to_owned() },
        Err(error) => error,
    }
}

async fn try_serve(shared: &Shared, session: &Session) -> Result<(), BrokerError> {
    let mut publisher = session.broker.publisher().await?;
    let mut letters = session.broker.consume_dead(PREFETCH).await?;
    while let Some(letter) = letters.next().await? {
        shared.metrics.dead_letters.inc();
        let task = letter.body.as_ref().ok().and_then(|body| Task::decode(body).ok());
        match task {
            Some(task) => conclude(&mut publisher, task, letter).await?,
            None => hand_over(shared, letter).await?,
        }
    }
    Ok(())
}

async fn conclude(publisher: &mut Publisher, task: Task, letter: Delivery) -> Result<(), BrokerError> {
    warn!(crawl = task.crawl, reason = letter.death_reason, "a task could not be done");
    match publisher.publish(failure(&task, FailureClass::Poison, "no worker could do this page: it was given up")).await
    {
        // Returned: the crawl was deleted.
        Ok(()) | Err(PublishError::Refused(Refused::Returned)) => letter.ack().await,
        Err(PublishError::Refused(Refused::Nacked)) => letter.requeue().await,
        Err(PublishError::Session(error)) => Err(error),
    }
}

/// The body says nothing, but the message id names crawl and page: the crawl's runner knows the page's URL.
async fn hand_over(shared: &Shared, letter: Delivery) -> Result<(), BrokerError> {
    let mut parts = letter.message_id.as_deref().unwrap_or_default().split('/');
    let runner = parts.next().and_then(|uid| lock(&shared.crawls).get(uid).map(|handle| handle.poisoned.clone()));
    let known = runner.zip(parts.next()).is_some_and(|(runner, page)| runner.send(page.to_owned()).is_ok());
    shared.metrics.unreadable_messages.inc();
    warn!(message_id = letter.message_id, known, "an unreadable message");
    letter.reject().await
}

/// A record on a worker's behalf: this task failed, for good.
pub(super) fn failure(task: &Task, class: FailureClass, message: &str) -> Message {
    let outcome =
        Outcome::Failure { class, message: message.to_owned(), status: None, retryable: false, retry_after_ms: None };
    let record = Record::of(task, now(), 0, outcome);
    let id = format!("{}/operator/{}", task.crawl, record.fetched_at);
    Message::entry(&task.crawl, &id, &Entry::Attempt(record))
}
