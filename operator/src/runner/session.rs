//! The session with the broker: connects, and connects again after any failure.
//!
//! A session is never repaired. At the first error of any kind it is given up as a whole; every runner then starts again
//! from its log on the next one.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crawl_broker::{Backoff, Broker};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Shared, dead};
use crate::logs::chain;

/// The pool of crawls that name none.
const DEFAULT_POOL: &str = "default";

/// Whether there is a session.
#[derive(Clone)]
pub(crate) enum SessionState {
    /// There is none, for this reason.
    Down(String),
    /// There is one.
    Up(Arc<Session>),
}

/// A session with the broker that has not failed yet.
pub(crate) struct Session {
    pub(super) broker: Broker,
    /// Cancelled by whoever sees the first failure.
    pub(super) failed: CancellationToken,
}

/// Keeps a session until the process ends.
pub(super) async fn keep(shared: Arc<Shared>) {
    let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));
    while !shared.shutdown.is_cancelled() {
        let reason = match open(&shared).await {
            Ok(session) => {
                backoff.reset();
                run(&shared, session).await
            }
            Err(reason) => reason,
        };
        if shared.shutdown.is_cancelled() {
            return;
        }
        warn!(reason, "no session with RabbitMQ");
        shared.session.send_replace(SessionState::Down(reason));
        tokio::select! {
            () = tokio::time::sleep(backoff.next_wait()) => {}
            () = shared.shutdown.cancelled() => {}
        }
    }
}

async fn open(shared: &Shared) -> Result<Arc<Session>, String> {
    let broker = Broker::connect(&shared.config, "crawl-operator").await.map_err(|error| chain(&error))?;
    // Once is enough: a broker that is replaced by one that cannot do it will refuse what we declare.
    if !shared.preflighted.load(Ordering::Relaxed) {
        let version = broker.preflight().await.map_err(|error| chain(&error))?;
        info!(%version, "RabbitMQ has what crawls need");
        shared.preflighted.store(true, Ordering::Relaxed);
    }
    broker.declare_shared().await.map_err(|error| chain(&error))?;
    // Workers of this pool wait for its queue, and are not ready before: they should not have to wait for the first crawl.
    shared.pools.prepare(&broker, DEFAULT_POOL).await.map_err(|error| chain(&error))?;
    shared.metrics.broker_sessions.inc();
    info!("connected to RabbitMQ");
    Ok(Arc::new(Session { broker, failed: shared.shutdown.child_token() }))
}

/// Serves a session until it fails; answers why.
async fn run(shared: &Arc<Shared>, session: Arc<Session>) -> String {
    shared.session.send_replace(SessionState::Up(Arc::clone(&session)));
    let reason = tokio::select! {
        closed = session.broker.closed() => chain(&*closed),
        () = session.failed.cancelled() => "an operation on the broker failed".to_owned(),
        error = dead::serve(shared, &session) => chain(&error),
        error = shared.pools.poll(&session, &shared.hosts) => chain(&error),
    };
    session.failed.cancel();
    reason
}
