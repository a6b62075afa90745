//! A message that was delivered and has to be acked, rejected or given back exactly once.

use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use lapin::types::AMQPValue;
use lapin::{Acker, BasicProperties};

use crate::names::answer;
use crate::{BrokerError, UnreadableBody, codec::Decoder};

/// A delivered message. Dropping it settles nothing: it stays unacked until its channel ends, then it is delivered again.
#[derive(Debug)]
pub struct Delivery {
    /// The plain body, or why there is none; such a message is to be rejected.
    pub body: Result<Vec<u8>, UnreadableBody>,
    /// The property `type`.
    pub kind: Option<String>,
    /// The property `message_id`.
    pub message_id: Option<String>,
    /// The header `crawl`.
    pub crawl: Option<String>,
    /// Whether it was delivered before.
    pub redelivered: bool,
    /// How often the broker counts it as delivered in vain.
    pub delivery_count: u64,
    /// In the dead letter queue: why it got there first (`rejected`, `delivery_limit`, `maxlen`).
    pub death_reason: Option<String>,
    acker: Acker,
}

impl Delivery {
    pub(crate) fn new(delivery: lapin::message::Delivery) -> Self {
        let properties = delivery.properties;
        let encoding = properties.content_encoding().as_ref().map(|name| name.as_str());
        Self {
            body: Decoder::default().decode(encoding, delivery.data),
            kind: properties.kind().as_ref().map(ToString::to_string),
            message_id: properties.message_id().as_ref().map(ToString::to_string),
            crawl: text_header(&properties, "crawl"),
            redelivered: delivery.redelivered,
            delivery_count: int_header(&properties, "x-delivery-count")
                .unwrap_or_default()
                .try_into()
                .unwrap_or_default(),
            death_reason: text_header(&properties, "x-first-death-reason"),
            acker: delivery.acker,
        }
    }

    /// It is done: the broker forgets it.
    ///
    /// # Errors
    /// When the connection is gone; it is delivered again.
    pub async fn ack(self) -> Result<(), BrokerError> {
        answer("acking a message", self.acker.ack(BasicAckOptions::default())).await.map(drop)
    }

    /// It cannot be done: the broker moves it to the dead letter exchange of its queue.
    ///
    /// # Errors
    /// When the connection is gone; it is delivered again.
    pub async fn reject(self) -> Result<(), BrokerError> {
        answer("rejecting a message", self.acker.reject(BasicRejectOptions { requeue: false })).await.map(drop)
    }

    /// It was not begun: the broker delivers it again, to anyone.
    ///
    /// # Errors
    /// When the connection is gone; it is delivered again anyway.
    pub async fn requeue(self) -> Result<(), BrokerError> {
        let options = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
        answer("giving a message back", self.acker.nack(options)).await.map(drop)
    }
}

/// A header that holds text.
pub(crate) fn text_header(properties: &BasicProperties, name: &str) -> Option<String> {
    match properties.headers().as_ref()?.inner().get(name)? {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A header that holds an integer, of whichever size the broker chose.
pub(crate) fn int_header(properties: &BasicProperties, name: &str) -> Option<i64> {
    match properties.headers().as_ref()?.inner().get(name)? {
        AMQPValue::ShortShortInt(n) => Some((*n).into()),
        AMQPValue::ShortShortUInt(n) => Some((*n).into()),
        AMQPValue::ShortInt(n) => Some((*n).into()),
        AMQPValue::ShortUInt(n) => Some((*n).into()),
        AMQPValue::LongInt(n) => Some((*n).into()),
        AMQPValue::LongUInt(n) => Some((*n).into()),
        AMQPValue::LongLongInt(n) => Some(*n),
        AMQPValue::Timestamp(n) => i64::try_from(*n).ok(),
        _ => None,
    }
}
