//! Taking the waiting tasks of one crawl out of a pool's queue, when the crawl is suspended, cancelled or deleted.
//!
//! A queue cannot be searched, so every ready message is fetched; those of other crawls are published again and only then
//! acked. Giving them back instead would count as a failed delivery each time, and twenty of those make a task poison. A crash
//! in between delivers some tasks twice, which changes no count. The order of what stays is not kept: it has no meaning.

use std::collections::HashSet;

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
const ROUND: usize = 500;

impl Broker {
    /// Takes the ready tasks of `crawl` out of the queue of `pool` and returns their message ids. Tasks that a worker already
    /// holds stay with it.
    ///
    /// # Errors
    /// When the connection fails or another crawl's task cannot be put back; nothing is lost then.
    pub async fn withdraw(&self, pool: &str, crawl: &str) -> Result<Vec<String>, BrokerError> {
        // A quorum queue works off acks of fetched messages one by one, and forgets those it has not got to when the
        // channel closes. So the channel lives as long as the session; after an error it goes, and gives back what it holds.
        let mut kept = self.withdrawing.lock().await;
        let channel = match kept.take() {
            Some(channel) => channel,
            None => self.channel().await?,
        };
        let withdrawn = self.sweep(&channel, pool, crawl).await?;
        *kept = Some(channel);
        Ok(withdrawn)
    }

    async fn sweep(&self, channel: &Channel, pool: &str, crawl: &str) -> Result<Vec<String>, BrokerError> {
        let (mut withdrawn, mut put_back) = (Vec::new(), HashSet::new());
        loop {
            let held = hold(channel, pool).await?;
            // The count of ready messages lags, so the end is where the queue is empty or what we put back comes round.
            let last = held.len() < ROUND || held.iter().map(id).any(|id| put_back.contains(&id));
            let is_ours =
                |message: &&BasicGetMessage| text_header(&message.properties, "crawl").as_deref() == Some(crawl);
            let (ours, others): (Vec<_>, Vec<_>) = held.iter().partition(is_ours);
            self.put_back(&others).await?;
            if let Some(message) = held.last() {
                answer("acking tasks", message.acker.ack(BasicAckOptions { multiple: true })).await?;
            }
            withdrawn.extend(ours.into_iter().map(id));
            put_back.extend(others.into_iter().map(id));
            if last {
                return Ok(withdrawn);
            }
        }
    }

    /// Publishes messages again, unchanged but for what the broker added.
    async fn put_back(&self, messages: &[&BasicGetMessage]) -> Result<(), BrokerError> {
        if messages.is_empty() {
            return Ok(());
        }
        let wires: Vec<Wire> = messages.iter().copied().map(copy).collect();
        for outcome in self.publisher().await?.publish_wires(&wires).await? {
            outcome.map_err(|source| BrokerError::Refused { operation: "putting a task back", source })?;
        }
        Ok(())
    }
}

/// Fetches a round of messages, unacked.
async fn hold(channel: &Channel, pool: &str) -> Result<Vec<BasicGetMessage>, BrokerError> {
    let queue = short(&topology::task_queue(pool))?;
    let mut held = Vec::new();
    while held.len() < ROUND {
        match answer("fetching a task", channel.basic_get(queue.clone(), BasicGetOptions::default())).await? {
            Some(message) => held.push(message),
            None => break,
        }
    }
    Ok(held)
}

fn id(message: &BasicGetMessage) -> String {
    message.properties.message_id().as_ref().map(ToString::to_string).unwrap_or_default()
}

fn copy(message: &BasicGetMessage) -> Wire {
    Wire {
        exchange: message.exchange.clone(),
        routing_key: message.routing_key.clone(),
        properties: without_broker_headers(&message.properties),
        message_id: id(message),
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
