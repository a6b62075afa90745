//! Consuming a queue with acks: the tasks of a pool, or the dead letters.
//!
//! A consumer that the broker ends is an error, never a quiet end: an idle worker must not look like a working one.

use crawl_protocol::topology;
use futures::StreamExt;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Consumer};

use crate::names::{answer, short};
use crate::{Broker, BrokerError, Delivery};

/// A consumer of a queue. Dropping it gives every unsettled delivery back to the queue.
#[derive(Debug)]
pub struct TaskConsumer {
    channel: Channel,
    consumer: Consumer,
    cancelled: bool,
}

impl Broker {
    /// Consumes the tasks of `pool`, holding at most `prefetch` unsettled ones.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] while the operator has not declared the pool.
    pub async fn consume_tasks(&self, pool: &str, prefetch: u16) -> Result<TaskConsumer, BrokerError> {
        TaskConsumer::open(self, &topology::task_queue(pool), prefetch).await
    }

    /// Consumes the dead letters. Rejecting one keeps it for people, in the queue of unreadable messages.
    ///
    /// # Errors
    /// When the queue is not there or the connection fails.
    pub async fn consume_dead(&self, prefetch: u16) -> Result<TaskConsumer, BrokerError> {
        TaskConsumer::open(self, topology::DEAD_QUEUE, prefetch).await
    }
}

impl TaskConsumer {
    async fn open(broker: &Broker, queue: &str, prefetch: u16) -> Result<Self, BrokerError> {
        let channel = broker.channel().await?;
        answer("limiting the prefetch", channel.basic_qos(prefetch, BasicQosOptions::default())).await?;
        let options = BasicConsumeOptions::default();
        let consume = channel.basic_consume(short(queue)?, "".into(), options, FieldTable::default());
        let consumer = answer("consuming a queue", consume).await?;
        Ok(Self { channel, consumer, cancelled: false })
    }

    /// The next delivery. `None` only after [`TaskConsumer::cancel`], when all that had arrived was handed out.
    /// Safe to drop before it is ready: no delivery is lost.
    ///
    /// # Errors
    /// When the broker ended the consumer, or the connection failed.
    pub async fn next(&mut self) -> Result<Option<Delivery>, BrokerError> {
        match self.consumer.next().await {
            Some(Ok(delivery)) => Ok(Some(Delivery::new(delivery))),
            Some(Err(source)) => Err(BrokerError::from_amqp("consuming a queue", source)),
            None if self.cancelled => Ok(None),
            None => Err(BrokerError::Ended { queue: self.consumer.queue().to_string() }),
        }
    }

    /// Asks for no more deliveries. Those that have arrived still come from [`TaskConsumer::next`].
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn cancel(&mut self) -> Result<(), BrokerError> {
        self.cancelled = true;
        let cancel = self.channel.basic_cancel(self.consumer.tag(), BasicCancelOptions::default());
        answer("cancelling a consumer", cancel).await
    }
}
