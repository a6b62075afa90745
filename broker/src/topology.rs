//! Declaring and deleting the broker objects, exactly as `crawl_protocol::topology` names them.
//!
//! Arguments are fixed for ever: declaring an object again with others is refused by the broker. What an administrator may
//! want to tune is left to policies.

use crawl_protocol::topology as names;
use lapin::options::{
    ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions, QueuePurgeOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};

use crate::names::{answer, short};
use crate::{Broker, BrokerError};

impl Broker {
    /// Declares what all crawls share: the exchanges and the queues for dead and unreadable messages.
    ///
    /// # Errors
    /// [`BrokerError::Mismatch`] when something else of that name exists; otherwise when the connection fails.
    pub async fn declare_shared(&self) -> Result<(), BrokerError> {
        let channel = self.channel().await?;
        exchange(&channel, names::TASKS_EXCHANGE, ExchangeKind::Direct).await?;
        exchange(&channel, names::LOG_EXCHANGE, ExchangeKind::Direct).await?;
        exchange(&channel, names::DEAD_EXCHANGE, ExchangeKind::Fanout).await?;
        // What is rejected from the dead letter queue goes on through an exchange named like the queue behind it.
        exchange(&channel, names::UNREADABLE_QUEUE, ExchangeKind::Fanout).await?;
        queue(&channel, names::UNREADABLE_QUEUE, unreadable_arguments()).await?;
        bind(&channel, names::UNREADABLE_QUEUE, names::UNREADABLE_QUEUE, "").await?;
        queue(&channel, names::DEAD_QUEUE, dead_arguments()).await?;
        bind(&channel, names::DEAD_QUEUE, names::DEAD_EXCHANGE, "").await
    }

    /// Declares the task queue of a pool. Needs [`Broker::declare_shared`] first.
    ///
    /// # Errors
    /// As [`Broker::declare_shared`].
    pub async fn declare_pool(&self, pool: &str) -> Result<(), BrokerError> {
        let (channel, name) = (self.channel().await?, names::task_queue(pool));
        queue(&channel, &name, task_arguments()).await?;
        bind(&channel, &name, names::TASKS_EXCHANGE, pool).await
    }

    /// Declares the log of a crawl; an existing one is left as it is.
    ///
    /// # Errors
    /// [`BrokerError::Unavailable`] when it exists and its node is down.
    pub async fn declare_log(&self, crawl: &str) -> Result<(), BrokerError> {
        let (channel, name) = (self.channel().await?, names::log_stream(crawl));
        queue(&channel, &name, log_arguments()).await?;
        bind(&channel, &name, names::LOG_EXCHANGE, crawl).await
    }

    /// Deletes the log of a crawl. One that is already gone is fine.
    ///
    /// # Errors
    /// When it is there and could not be deleted.
    pub async fn delete_log(&self, crawl: &str) -> Result<(), BrokerError> {
        let channel = self.channel().await?;
        let name = short(&names::log_stream(crawl))?;
        match answer("deleting a log", channel.queue_delete(name, QueueDeleteOptions::default())).await {
            Ok(_) | Err(BrokerError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether a crawl has a log.
    ///
    /// # Errors
    /// [`BrokerError::Unavailable`] when it has, but its node is down.
    pub async fn log_exists(&self, crawl: &str) -> Result<bool, BrokerError> {
        let channel = self.channel().await?;
        match look(&channel, &names::log_stream(crawl)).await {
            Ok(_) => Ok(true),
            Err(BrokerError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Forgets all tasks of a pool that no worker holds. Returns how many there were.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] when the pool is not declared.
    pub async fn purge_pool(&self, pool: &str) -> Result<u32, BrokerError> {
        let channel = self.channel().await?;
        let name = short(&names::task_queue(pool))?;
        answer("purging a task queue", channel.queue_purge(name, QueuePurgeOptions::default())).await
    }

    /// The number of tasks of a pool that wait for a worker. What workers hold is not in it.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] when the pool is not declared.
    pub async fn ready_count(&self, pool: &str) -> Result<u32, BrokerError> {
        self.pool_state(pool).await.map(|state| state.ready)
    }

    /// The number of messages in any of our queues that wait for a reader.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] when it is not declared.
    pub async fn queue_length(&self, name: &str) -> Result<u32, BrokerError> {
        let channel = self.channel().await?;
        look(&channel, name).await.map(|state| state.ready)
    }

    /// How many tasks of a pool wait, and how many workers take them.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] when the pool is not declared.
    pub async fn pool_state(&self, pool: &str) -> Result<PoolState, BrokerError> {
        let channel = self.channel().await?;
        look(&channel, &names::task_queue(pool)).await
    }
}

/// A task queue as the broker sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Tasks that wait for a worker.
    pub ready: u32,
    /// Workers that take tasks.
    pub workers: u32,
}

/// Asks for a queue without creating it.
async fn look(channel: &Channel, name: &str) -> Result<PoolState, BrokerError> {
    let options = QueueDeclareOptions::durable().passive();
    let looked =
        answer("looking for a queue", channel.queue_declare(short(name)?, options, FieldTable::default())).await;
    looked.map(|queue| PoolState { ready: queue.message_count(), workers: queue.consumer_count() })
}

async fn exchange(channel: &Channel, name: &str, kind: ExchangeKind) -> Result<(), BrokerError> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    answer("declaring an exchange", channel.exchange_declare(short(name)?, kind, options, FieldTable::default())).await
}

pub(crate) async fn queue(channel: &Channel, name: &str, arguments: FieldTable) -> Result<(), BrokerError> {
    let declare = channel.queue_declare(short(name)?, QueueDeclareOptions::durable(), arguments);
    answer("declaring a queue", declare).await.map(drop)
}

async fn bind(channel: &Channel, name: &str, exchange: &str, key: &str) -> Result<(), BrokerError> {
    let options = QueueBindOptions::default();
    let bind = channel.queue_bind(short(name)?, short(exchange)?, short(key)?, options, FieldTable::default());
    answer("binding a queue", bind).await
}

fn task_arguments() -> FieldTable {
    table([
        ("x-queue-type", text("quorum")),
        ("x-delivery-limit", AMQPValue::LongLongInt(names::DELIVERY_LIMIT)),
        ("x-dead-letter-exchange", text(names::DEAD_EXCHANGE)),
        ("x-dead-letter-strategy", text("at-least-once")),
        ("x-overflow", text("reject-publish")),
        ("x-max-length", AMQPValue::LongLongInt(names::TASK_QUEUE_MAX_LENGTH)),
    ])
}

fn dead_arguments() -> FieldTable {
    table([
        ("x-queue-type", text("quorum")),
        ("x-dead-letter-exchange", text(names::UNREADABLE_QUEUE)),
        ("x-max-length", AMQPValue::LongLongInt(names::DEAD_QUEUE_MAX_LENGTH)),
    ])
}

fn unreadable_arguments() -> FieldTable {
    table([("x-queue-type", text("quorum")), ("x-max-length", AMQPValue::LongLongInt(names::DEAD_QUEUE_MAX_LENGTH))])
}

pub(crate) fn log_arguments() -> FieldTable {
    table([
        ("x-queue-type", text("stream")),
        ("x-stream-max-segment-size-bytes", AMQPValue::LongLongInt(names::LOG_SEGMENT_BYTES)),
        ("x-queue-leader-locator", text("balanced")),
    ])
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

fn table<const N: usize>(arguments: [(&'static str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        table.insert(name.into(), value);
    }
    table
}
