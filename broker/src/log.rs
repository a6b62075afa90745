//! Reading a crawl's log: a stream, from its first entry, for ever.
//!
//! The end of a log cannot be asked for: readers write an entry of their own and read until they meet it. Offsets have
//! gaps, so they give an order and nothing else.

use std::fmt;
use std::time::Duration;

use crawl_protocol::topology;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryFutureExt};
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Acker, Channel, Consumer};

use crate::delivery::int_header;
use crate::names::{answer, short};
use crate::{Backoff, Broker, BrokerError, UnreadableBody, codec::Decoder};

/// Entries in flight to us.
const PREFETCH: u16 = 500;
/// Entries after which we grant the broker credit for more.
const ACK_EVERY: u16 = 100;
/// Attempts to reach a stream whose node is coming back: about a minute.
const ATTEMPTS: u32 = 20;

/// One entry of a log.
#[derive(Debug)]
pub struct LogEntry {
    /// Its place. Later entries have higher ones, with gaps.
    pub offset: u64,
    /// The property `type`.
    pub kind: Option<String>,
    /// The plain body, or why there is none; readers count such an entry and go on.
    pub body: Result<Vec<u8>, UnreadableBody>,
}

/// A reader of one crawl's log.
pub struct LogReader {
    /// Ends the consumer when dropped.
    _channel: Channel,
    consumer: Consumer,
    unacked: u16,
    last: Option<Acker>,
    /// An ack that is on its way. Kept here, since whoever waits for the next entry may stop waiting at any time: an ack that was
    /// sent twice, or never, would end the reading.
    granting: Option<BoxFuture<'static, Result<(), BrokerError>>>,
    decoder: Decoder,
}

impl Broker {
    /// Reads a crawl's log from its first entry.
    ///
    /// # Errors
    /// [`BrokerError::NotFound`] when there is no such log; [`BrokerError::Unavailable`] when the node that holds it does not
    /// come back within about a minute. Never re-create a log on the latter.
    pub async fn read_log(&self, crawl: &str) -> Result<LogReader, BrokerError> {
        self.open_log(crawl, AMQPValue::LongString("first".into())).await
    }

    /// Reads a crawl's log from `offset` on; past the end it waits.
    ///
    /// # Errors
    /// As [`Broker::read_log`].
    pub async fn read_log_from(&self, crawl: &str, offset: u64) -> Result<LogReader, BrokerError> {
        self.open_log(crawl, AMQPValue::LongLongInt(i64::try_from(offset).unwrap_or(i64::MAX))).await
    }

    async fn open_log(&self, crawl: &str, from: AMQPValue) -> Result<LogReader, BrokerError> {
        let stream = topology::log_stream(crawl);
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(5));
        for _ in 1..ATTEMPTS {
            match LogReader::open(self, &stream, &from).await {
                Err(BrokerError::Unavailable { .. }) => tokio::time::sleep(backoff.next_wait()).await,
                opened => return opened,
            }
        }
        LogReader::open(self, &stream, &from).await
    }
}

impl fmt::Debug for LogReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogReader").field("queue", &self.queue()).finish_non_exhaustive()
    }
}

impl LogReader {
    async fn open(broker: &Broker, stream: &str, from: &AMQPValue) -> Result<Self, BrokerError> {
        let channel = broker.channel().await?;
        answer("limiting the prefetch", channel.basic_qos(PREFETCH, BasicQosOptions::default())).await?;
        let mut arguments = FieldTable::default();
        arguments.insert("x-stream-offset".into(), from.clone());
        let consume = channel.basic_consume(short(stream)?, "".into(), BasicConsumeOptions::default(), arguments);
        let consumer = answer("reading a log", consume).await?;
        Ok(Self { _channel: channel, consumer, unacked: 0, last: None, granting: None, decoder: Decoder::default() })
    }

    /// The next entry, whenever it comes. Safe to drop before it is ready: no entry is lost.
    ///
    /// # Errors
    /// When the log was deleted, its node went away or the connection failed: the reader is done for.
    pub async fn next(&mut self) -> Result<LogEntry, BrokerError> {
        self.grant_credit().await?;
        let delivery = match self.consumer.next().await {
            Some(Ok(delivery)) => delivery,
            Some(Err(source)) => return Err(BrokerError::from_amqp("reading a log", source)),
            None => {
                return Err(BrokerError::Ended { queue: self.queue() });
            }
        };
        self.unacked += 1;
        self.last = Some(delivery.acker);
        let properties = delivery.properties;
        let offset = int_header(&properties, "x-stream-offset").and_then(|offset| u64::try_from(offset).ok());
        let encoding = properties.content_encoding().as_ref().map(|name| name.as_str());
        Ok(LogEntry {
            offset: offset.ok_or_else(|| BrokerError::NotAStream { queue: self.queue() })?,
            kind: properties.kind().as_ref().map(ToString::to_string),
            body: self.decoder.decode(encoding, delivery.data),
        })
    }

    /// Acks what was handed out, in batches. Before the next delivery is taken, so that dropping the future loses none.
    async fn grant_credit(&mut self) -> Result<(), BrokerError> {
        if self.unacked >= ACK_EVERY
            && let Some(last) = self.last.take()
        {
            self.unacked = 0;
            let ack = async move { answer("granting credit", last.ack(BasicAckOptions { multiple: true })).await };
            self.granting = Some(ack.map_ok(drop).boxed());
        }
        if let Some(granting) = &mut self.granting {
            let granted = granting.await;
            self.granting = None;
            granted?;
        }
        Ok(())
    }

    fn queue(&self) -> String {
        self.consumer.queue().to_string()
    }
}
