//! The session with the broker: connects, and connects again after any failure.
//!
//! A session is never repaired. At its first error it is given up as a whole, and each view goes on in the next one. What only
//! concerns one log, such as its deletion, ends no session.

use std::sync::Arc;
use std::time::Duration;

use crawl_broker::{Backoff, Broker, BrokerConfig};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::logs::chain;

/// How to reach the broker; asked at each connect, since passwords are rotated.
pub type HowToConnect = Box<dyn Fn() -> std::io::Result<BrokerConfig> + Send + Sync>;

/// Whether there is a session.
#[derive(Clone)]
pub(super) enum SessionState {
    /// The first one is being opened.
    Begun,
    /// There is none, for this reason.
    Down(Arc<str>),
    /// There is one.
    Up(Arc<Session>),
}

/// A session with the broker that has not failed yet.
pub(super) struct Session {
    pub(super) broker: Broker,
    /// Cancelled by whoever sees the first failure.
    pub(super) failed: CancellationToken,
}

/// Keeps a session until the process ends.
pub(super) async fn keep(config: HowToConnect, state: watch::Sender<SessionState>, shutdown: CancellationToken) {
    let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));
    while !shutdown.is_cancelled() {
        let reason = match open(&config, &shutdown).await {
            Ok(session) => {
                backoff.reset();
                run(&state, session).await
            }
            Err(reason) => reason,
        };
        if shutdown.is_cancelled() {
            return;
        }
        warn!(reason, "no session with RabbitMQ");
        state.send_replace(SessionState::Down(reason.into()));
        tokio::select! {
            () = tokio::time::sleep(backoff.next_wait()) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

async fn open(config: &HowToConnect, shutdown: &CancellationToken) -> Result<Arc<Session>, String> {
    let config = config().map_err(|error| format!("cannot read the broker's password: {error}"))?;
    let broker = Broker::connect(&config, "crawl-api").await.map_err(|error| chain(&error))?;
    info!("connected to RabbitMQ");
    Ok(Arc::new(Session { broker, failed: shutdown.child_token() }))
}

/// Serves a session until it fails; answers why.
async fn run(state: &watch::Sender<SessionState>, session: Arc<Session>) -> String {
    state.send_replace(SessionState::Up(Arc::clone(&session)));
    let reason = tokio::select! {
        closed = session.broker.closed() => chain(&*closed),
        () = session.failed.cancelled() => "reading a log failed".to_owned(),
    };
    session.failed.cancel();
    reason
}
