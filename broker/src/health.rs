//! Watching the connections: the first error of either ends the session, and so does being blocked for long.

use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt};
use lapin::{Connection, ConnectionStatus, Event};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long the broker may block a connection before the session is given up: an alarm is waited for, since a new session
/// would be blocked too, and tasks given back would be fetched again for nothing. Below the broker's own 30 minutes for acks.
const BLOCKED_AT_MOST: Duration = Duration::from_secs(20 * 60);
/// How often the state is looked at besides listening: no event must be missed for ever.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Why the session with the broker ended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Closed {
    /// A connection failed.
    #[error("the {connection} connection to the broker failed")]
    Failed {
        /// `publishing` or `consuming`.
        connection: &'static str,
        /// What lapin says.
        #[source]
        source: lapin::Error,
    },
    /// A connection is no longer open, for a reason unknown.
    #[error("the {connection} connection to the broker is closed")]
    Lost {
        /// `publishing` or `consuming`.
        connection: &'static str,
    },
    /// The broker takes no more messages.
    #[error("the broker has blocked publishing for 20 minutes: {reason}")]
    Blocked {
        /// The broker's words, such as `low on memory`.
        reason: String,
    },
}

/// The watchers of the two connections; they end when this is dropped.
#[derive(Debug)]
pub(crate) struct Health {
    closed: watch::Receiver<Option<Arc<Closed>>>,
    _watchers: JoinSet<()>,
}

impl Health {
    /// Watches connections from now on.
    pub(crate) fn watch(connections: [(&'static str, &Connection); 2]) -> Self {
        let (sender, closed) = watch::channel(None);
        let mut watchers = JoinSet::new();
        for (name, connection) in connections {
            let (events, status) = (connection.events_listener(), connection.status().clone());
            let sender = sender.clone();
            watchers.spawn(async move {
                let reason = watch_one(name, events, &status).await;
                sender.send_if_modified(|closed| {
                    let first = closed.is_none();
                    closed.get_or_insert_with(|| Arc::new(reason));
                    first
                });
            });
        }
        Self { closed, _watchers: watchers }
    }

    /// Resolves at the first failure of any connection.
    pub(crate) async fn closed(&self) -> Arc<Closed> {
        let mut closed = self.closed.clone();
        match closed.wait_for(Option::is_some).await.map(|reason| reason.clone()) {
            Ok(Some(reason)) => reason,
            _ => Arc::new(Closed::Lost { connection: "watched" }),
        }
    }
}

/// Resolves when this connection is of no more use.
async fn watch_one(name: &'static str, events: impl Stream<Item = Event>, status: &ConnectionStatus) -> Closed {
    let mut events = std::pin::pin!(events);
    let mut blocked: Option<(Instant, String)> = None;
    loop {
        tokio::select! {
            event = events.next() => match event {
                // Errors of single channels come here too; they are their owners' business.
                Some(Event::Error(source)) if !status.connected() => return Closed::Failed { connection: name, source },
                Some(Event::ConnectionBlocked(reason)) => {
                    tracing::warn!(connection = name, reason, "the broker blocks publishing");
                    blocked = Some((Instant::now(), reason));
                }
                Some(Event::ConnectionUnblocked) => {
                    tracing::info!(connection = name, "the broker takes messages again");
                    blocked = None;
                }
                Some(_) => {}
                None => return Closed::Lost { connection: name },
            },
            () = tokio::time::sleep(LOOK_EVERY) => {
                if !status.connected() {
                    return Closed::Lost { connection: name };
                }
            }
        }
        if let Some((since, reason)) = &blocked
            && since.elapsed() > BLOCKED_AT_MOST
        {
            return Closed::Blocked { reason: reason.clone() };
        }
    }
}
