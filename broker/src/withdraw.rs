//! Taking the waiting tasks of one crawl out of a pool's queue, when the crawl is suspended, cancelled or deleted.
//!
//! A queue cannot be searched, so every ready message is fetched; those of other crawls are published again and only then
//! acked. Giving them back instead would count as a failed delivery each time, and twenty of those make a task poison. A crash
//! in between delivers some tasks twice, which changes no count.

use crawl_protocol::topology;
use lapin::message::BasicGetMessage;
use lapin::options::{BasicAckOptions, BasicGetOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel};

use crate::delivery::text_header;
use crate::message::Wire;
use crate::names::{answer, short};
use crate::{Broker, BrokerError};

/// Messages held at once.
const ROUND: u32 = 500;

impl Broker {
    /// Takes the ready tasks of `crawl` out of the queue of `pool` and returns their message ids. Tasks that a worker already
    /// holds stay with it.
    ///
    /// # Errors
    /// When the connection fails or another crawl's task cannot be put back; nothing is lost then.
    pub async fn withdraw(&self, pool: &str, crawl: &str) -> Result<Vec<String>, BrokerError> {
        let channel = self.channel().await?;
        let mut left = self.ready_count(pool).await?;
        let mut withdrawn = Vec::new();
        while left > 0 {
            let held = hold(&channel, pool, left.min(ROUND)).await?;
            let count = u32::try_from(held.len()).unwrap_or(u32::MAX);
            if count == 0 {
                break;
            }
            left = left.saturating_sub(count);
            let (ours, others): (Vec<_>, Vec<_>) = held.into_iter().partition(|message| {
                text_header(&message.properties, "crawl").as_deref() == Some(crawl)
            });
            self.put_back(others).await?;
            for message in ours {
                answer(
                    "acking a task",
                    message.acker.ack(BasicAckOptions::default()),
                )
                .await?;
                withdrawn.extend(
                    message
                        .properties
                        .message_id()
                        .as_ref()
                        .map(ToString::to_string),
                );
            }
        }
        Ok(withdrawn)
    }

    /// Publishes messages again, unchanged but for what the broker added, and acks them once they are confirmed.
    async fn put_back(&self, messages: Vec<BasicGetMessage>) -> Result<(), BrokerError> {
        if messages.is_empty() {
            return Ok(());
        }
        let wires: Vec<Wire> = messages.iter().map(copy).collect();
        for outcome in self.publisher().await?.publish_wires(&wires).await? {
            outcome.map_err(|source| BrokerError::Refused {
                operation: "putting a task back",
                source,
            })?;
        }
        for message in messages {
            answer(
                "acking a task",
                message.acker.ack(BasicAckOptions::default()),
            )
            .await?;
        }
        Ok(())
    }
}

/// Fetches up to `most` messages, unacked.
async fn hold(
    channel: &Channel,
    pool: &str,
    most: u32,
) -> Result<Vec<BasicGetMessage>, BrokerError> {
    let queue = short(&topology::task_queue(pool))?;
    let mut held = Vec::new();
    for _ in 0..most {
        match answer(
            "fetching a task",
            channel.basic_get(queue.clone(), BasicGetOptions::default()),
        )
        .await?
        {
            Some(message) => held.push(message),
            None => break,
        }
    }
    Ok(held)
}

fn copy(message: &BasicGetMessage) -> Wire {
    Wire {
        exchange: message.exchange.clone(),
        routing_key: message.routing_key.clone(),
        properties: without_broker_headers(&message.properties),
        message_id: message
            .properties
            .message_id()
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        body: message.data.clone(),
    }
}

/// The properties as they were published: the broker's own headers begin with `x-`.
fn without_broker_headers(properties: &BasicProperties) -> BasicProperties {
    let mut kept = FieldTable::default();
    for (name, value) in properties.headers().iter().flatten() {
        if !name.as_str().starts_with("x-") {
            kept.insert(name.clone(), value.clone());
        }
    }
    properties.clone().with_headers(kept)
}
