//! One session with the broker: from the connection to the first error of any kind, or to the end of the worker.
//!
//! The order is the whole guarantee: fetch, append the record, await its confirm, ack the task. A task is acked before its last
//! record is confirmed only when its crawl is gone. After an error nothing is tried again in here: what is unacked comes back.

use std::sync::Arc;
use std::time::Duration;

use crawl_broker::{Broker, BrokerError, Closed, ConnectError, Delivery, TaskConsumer};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Fetcher;
use crate::recorder::{self, Done};
use crate::status::Status;
use crate::task::{self, Worker};

/// Why a session ended before the worker did.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The file with the password cannot be read.
    #[error("cannot read the broker's password")]
    Password(#[source] std::io::Error),
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The operator has not declared the pool's queue yet.
    #[error("the queue of pool {pool} is not there yet; the operator declares it")]
    NoPool {
        /// The pool.
        pool: String,
    },
    /// An operation failed.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// A connection failed.
    #[error(transparent)]
    Closed(Arc<Closed>),
    /// The broker could not store a record; its task is delivered again.
    #[error("the broker could not store a record")]
    Nacked,
    /// A part of the worker ended that should not have.
    #[error("a task of the worker ended unexpectedly")]
    Part,
}

/// What a session works with.
#[derive(Clone, Debug)]
pub struct Work {
    /// Does the tasks.
    pub fetcher: Fetcher,
    /// The pool whose tasks are taken.
    pub pool: String,
    /// Tasks done at the same time.
    pub concurrency: u16,
    /// How long running tasks may go on once `stop` is cancelled.
    pub grace: Duration,
    /// Where the state is shown.
    pub status: Status,
    /// The worker is to end.
    pub stop: CancellationToken,
}

/// Tasks that are being done.
type Running = JoinSet<Result<(), BrokerError>>;

impl Work {
    /// No more than can be begun at once: a task that waits here behind slow ones would look lost to the operator.
    fn prefetch(&self) -> u16 {
        self.concurrency
    }

    /// Works until `stop`. What was not begun is given back then, what runs may end within the grace period.
    ///
    /// # Errors
    /// At the first error of any kind; the session is to be begun anew.
    pub async fn session(&self, broker: Broker) -> Result<(), SessionError> {
        let mut consumer = self.consume(&broker).await?;
        let (done, records) = mpsc::channel(usize::from(self.concurrency));
        let mut recorder = JoinSet::new();
        recorder.spawn(recorder::run(broker.publisher().await?, records, self.status.clone()));
        let mut running = JoinSet::new();
        self.status.ready();
        let worked = tokio::select! {
            worked = self.take_tasks(&mut consumer, &mut running, &done) => worked,
            closed = broker.closed() => Err(SessionError::Closed(closed)),
            ended = recorder.join_next() => Err(recorder_error(ended)),
        };
        self.status.not_ready("stopping");
        worked?;
        drop(done);
        self.drain(consumer, running, recorder).await?;
        broker.close().await;
        Ok(())
    }

    async fn consume(&self, broker: &Broker) -> Result<TaskConsumer, SessionError> {
        broker.consume_tasks(&self.pool, self.prefetch()).await.map_err(|error| match error {
            BrokerError::NotFound { .. } => SessionError::NoPool { pool: self.pool.clone() },
            error => error.into(),
        })
    }

    /// Takes tasks until `stop`, never more at once than the concurrency.
    async fn take_tasks(
        &self,
        consumer: &mut TaskConsumer,
        running: &mut Running,
        recorder: &mpsc::Sender<Done>,
    ) -> Result<(), SessionError> {
        loop {
            let has_room = running.len() < usize::from(self.concurrency);
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                Some(ended) = running.join_next() => ended.map_err(|_panic| SessionError::Part)??,
                delivery = consumer.next(), if has_room => match delivery? {
                    Some(delivery) => self.begin(delivery, running, recorder).await?,
                    None => return Err(SessionError::Part),
                },
            }
        }
    }

    /// Begins one task. What is no task goes to the dead letters.
    async fn begin(
        &self,
        delivery: Delivery,
        running: &mut Running,
        recorder: &mpsc::Sender<Done>,
    ) -> Result<(), SessionError> {
        let Some(task) = task::decode(&delivery) else {
            self.status.task_unreadable();
            tracing::warn!(message_id = delivery.message_id, "a message that is no task goes to the dead letters");
            return Ok(delivery.reject().await?);
        };
        let (fetcher, recorder, status) = (self.fetcher.clone(), recorder.clone(), self.status.clone());
        running.spawn(Worker { fetcher, recorder, status }.work(task, delivery));
        Ok(())
    }

    /// Gives back what was not begun, and awaits what runs and its records within the grace period.
    async fn drain(
        &self,
        mut consumer: TaskConsumer,
        mut running: Running,
        mut recorder: JoinSet<Result<(), SessionError>>,
    ) -> Result<(), SessionError> {
        tracing::info!(running = running.len(), "stopping: no new tasks");
        let give_back = async {
            consumer.cancel().await?;
            while let Some(delivery) = consumer.next().await? {
                delivery.requeue().await?;
            }
            while let Some(ended) = running.join_next().await {
                ended.map_err(|_panic| SessionError::Part)??;
            }
            match recorder.join_next().await {
                Some(Ok(recorded)) => recorded,
                _ => Err(SessionError::Part),
            }
        };
        match tokio::time::timeout(self.grace, give_back).await {
            Ok(drained) => drained,
            Err(_) => {
                tracing::warn!("the grace period is over: running tasks go back to the queue");
                Ok(())
            }
        }
    }
}

fn recorder_error(ended: Option<Result<Result<(), SessionError>, tokio::task::JoinError>>) -> SessionError {
    match ended {
        Some(Ok(Err(error))) => error,
        _ => SessionError::Part,
    }
}
