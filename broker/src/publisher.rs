//! Publishing with confirms. A message counts as stored only when the broker confirmed it and did not return it.
//!
//! A publisher owns its channel and is used by one task at a time (`&mut self`): lapin attributes confirms to the wrong
//! message when several tasks publish on one channel. It never publishes anything twice by itself.

use std::collections::HashSet;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{Channel, Confirmation, Connection, ConnectionStatus};

use crate::codec::Encoder;
use crate::message::{Outcomes, Wire};
use crate::names::{ANSWER_WITHIN, answer};
use crate::{BrokerError, Message};

/// Confirms awaited at once: lapin looks through all pending ones at each multiple confirm.
const WINDOW: usize = 1000;

/// Why the broker did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No queue is bound for its routing key: the crawl's log was deleted, or the pool is not declared.
    #[error("no queue is bound for its routing key")]
    Returned,
    /// The broker could not store it now: a full queue, or no quorum.
    #[error("the broker could not store it")]
    Nacked,
}

/// Why one message was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// This message was refused; the publisher may go on.
    #[error("the message was refused")]
    Refused(#[source] Refused),
    /// Nobody knows what became of it; the session must end.
    #[error("publishing failed")]
    Session(#[from] BrokerError),
}

/// Publishes with confirms, on a channel of its own.
#[derive(Debug)]
pub struct Publisher {
    channel: Channel,
    connection: ConnectionStatus,
    encoder: Encoder,
}

impl Publisher {
    pub(crate) async fn open(connection: &Connection) -> Result<Self, BrokerError> {
        let channel = answer("opening a channel", connection.create_channel()).await?;
        answer("asking for confirms", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(Self { channel, connection: connection.status().clone(), encoder: Encoder::default() })
    }

    /// Publishes one message and awaits its confirm.
    ///
    /// # Errors
    /// [`PublishError::Refused`] when this message was not stored; [`PublishError::Session`] when that is not known.
    pub async fn publish(&mut self, message: Message) -> Result<(), PublishError> {
        let outcomes = self.publish_all(vec![message]).await?;
        outcomes.into_iter().try_for_each(|outcome| outcome.map_err(PublishError::Refused))
    }

    /// Publishes all messages, then awaits all confirms. The results have the messages' order.
    ///
    /// # Errors
    /// When the fate of any message is not known: the session must end, and with it this publisher.
    pub async fn publish_all(&mut self, messages: Vec<Message>) -> Result<Outcomes, BrokerError> {
        let encoded = messages.into_iter().map(|message| message.into_wire(&mut self.encoder));
        let wires = encoded.collect::<Result<Vec<_>, _>>()?;
        self.publish_wires(&wires).await
    }

    /// As [`Publisher::publish_all`], for messages that are in their wire form already.
    pub(crate) async fn publish_wires(&mut self, wires: &[Wire]) -> Result<Outcomes, BrokerError> {
        let mut outcomes = Vec::with_capacity(wires.len());
        for window in wires.chunks(WINDOW) {
            let silence = silence(self.connection.clone());
            let confirmed = tokio::select! {
                confirmed = self.publish_window(window) => confirmed,
                () = silence => return Err(BrokerError::Timeout { operation: "publishing" }),
            };
            outcomes.extend(confirmed.map_err(|source| BrokerError::from_amqp("publishing", source))?);
        }
        Ok(outcomes)
    }

    async fn publish_window(&mut self, window: &[Wire]) -> lapin::Result<Outcomes> {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let mut pending = Vec::with_capacity(window.len());
        for wire in window {
            let (exchange, key) = (wire.exchange.clone(), wire.routing_key.clone());
            pending
                .push(self.channel.basic_publish(exchange, key, options, &wire.body, wire.properties.clone()).await?);
        }
        let mut confirmations = Vec::with_capacity(pending.len());
        for confirm in pending {
            confirmations.push(confirm.await?);
        }
        Ok(attribute(window, confirmations))
    }
}

/// Resolves when the broker has had long enough to answer. The time that it blocks us, short of memory or disk, does not count:
/// it answers afterwards.
async fn silence(connection: ConnectionStatus) {
    loop {
        tokio::time::sleep(ANSWER_WITHIN).await;
        if !connection.blocked() {
            return;
        }
    }
}

/// Which message was stored. lapin hands out returned messages first in, first out, over confirms in any order, so a
/// return is known by its message id and not by the confirm it came with. All returns of a window come before its last confirm.
fn attribute(window: &[Wire], confirmations: Vec<Confirmation>) -> Outcomes {
    let stored: Vec<bool> = confirmations.iter().map(Confirmation::is_ack).collect();
    let returned: HashSet<String> = confirmations
        .into_iter()
        .filter_map(Confirmation::take_message)
        .filter_map(|message| message.delivery.properties.message_id().as_ref().map(ToString::to_string))
        .collect();
    let outcome = |(wire, stored): (&Wire, bool)| match stored {
        _ if returned.contains(&wire.message_id) => Err(Refused::Returned),
        true => Ok(()),
        false => Err(Refused::Nacked),
    };
    window.iter().zip(stored).map(outcome).collect()
}
