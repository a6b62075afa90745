//! The worker pools' queues: declared when first used, and looked at now and then.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use crawl_broker::{Broker, BrokerError};
use crawl_frontier::Millis;
use tracing::info;

use super::{lock, now, session::Session};

/// How often the queues are looked at.
const POLL_EVERY: Duration = Duration::from_secs(5);

/// The pools that crawls of this process have used.
#[derive(Default)]
pub(crate) struct Pools {
    seen: Mutex<HashMap<String, Pool>>,
}

/// What is known of a pool's queue.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pool {
    /// When tasks last waited in it for a worker: what was published before is not lost, it may have waited.
    pub(crate) backlog_at: Millis,
    /// Workers that take tasks.
    pub(crate) workers: Option<u32>,
}

impl Pools {
    /// Declares a pool's queue. The first time in this process it is purged too: what another leader left in it is not
    /// state, and would only be fetched twice.
    pub(super) async fn prepare(&self, broker: &Broker, pool: &str) -> Result<(), BrokerError> {
        broker.declare_pool(pool).await?;
        if lock(&self.seen).contains_key(pool) {
            return Ok(());
        }
        let purged = broker.purge_pool(pool).await?;
        info!(pool, purged, "took over the task queue");
        lock(&self.seen).entry(pool.to_owned()).or_insert(Pool { backlog_at: now(), workers: None });
        Ok(())
    }

    /// What is known of a pool.
    pub(super) fn get(&self, pool: &str) -> Pool {
        lock(&self.seen).get(pool).copied().unwrap_or_default()
    }

    /// Looks at all queues again and again, until that fails.
    pub(super) async fn poll(&self, session: &Session) -> BrokerError {
        loop {
            tokio::time::sleep(POLL_EVERY).await;
            let names: Vec<String> = lock(&self.seen).keys().cloned().collect();
            for name in names {
                match session.broker.pool_state(&name).await {
                    Ok(state) => {
                        if let Some(pool) = lock(&self.seen).get_mut(&name) {
                            pool.workers = Some(state.workers);
                            if state.ready > 0 {
                                pool.backlog_at = now();
                            }
                        }
                    }
                    // Whoever uses it next declares it again; nobody else should suffer.
                    Err(BrokerError::NotFound { .. }) => drop(lock(&self.seen).remove(&name)),
                    Err(error) => return error,
                }
            }
        }
    }
}
