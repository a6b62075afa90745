//! The worker pools' queues: declared when first used, and looked at now and then.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use crawl_broker::{Broker, BrokerError};
use crawl_frontier::{CrawlKey, HostTable, Millis};
use tracing::info;

use super::{lock, now, session::Session, window::Window};

/// How often the queues are looked at.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// The pools that crawls of this process have used.
#[derive(Default)]
pub(crate) struct Pools {
    seen: Mutex<HashMap<String, Used>>,
}

/// What is known of a pool's queue.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pool {
    /// When tasks last waited in it for a worker: what was published before is not lost, it may have waited.
    pub(crate) backlog_at: Millis,
    /// Workers that take tasks.
    pub(crate) workers: Option<u32>,
}

/// A pool that is in use.
#[derive(Debug, Default)]
struct Used {
    /// Its queue is there, and holds nothing that another leader left.
    taken_over: bool,
    pool: Pool,
    /// Crawls that publish into it.
    crawls: HashSet<CrawlKey>,
    window: Window,
}

impl Used {
    fn under_way(&self, hosts: &HostTable) -> usize {
        self.crawls.iter().map(|crawl| hosts.held_by(*crawl)).sum()
    }
}

impl Pools {
    /// Declares a pool's queue. The first time in this process it is purged too: what another leader left in it is not
    /// state, and would only be fetched twice.
    pub(super) async fn prepare(&self, broker: &Broker, pool: &str) -> Result<(), BrokerError> {
        broker.declare_pool(pool).await?;
        if lock(&self.seen).get(pool).is_some_and(|used| used.taken_over) {
            return Ok(());
        }
        let purged = broker.purge_pool(pool).await?;
        info!(pool, purged, "took over the task queue");
        let mut seen = lock(&self.seen);
        let used = seen.entry(pool.to_owned()).or_default();
        used.taken_over = true;
        used.pool.backlog_at = now();
        Ok(())
    }

    /// What is known of a pool.
    pub(super) fn get(&self, pool: &str) -> Pool {
        lock(&self.seen).get(pool).map(|used| used.pool).unwrap_or_default()
    }

    /// A crawl begins to publish into a pool.
    pub(super) fn join(&self, pool: &str, crawl: CrawlKey) {
        lock(&self.seen).entry(pool.to_owned()).or_default().crawls.insert(crawl);
    }

    /// A crawl publishes nothing more.
    pub(super) fn leave(&self, pool: &str, crawl: CrawlKey) {
        if let Some(used) = lock(&self.seen).get_mut(pool) {
            used.crawls.remove(&crawl);
        }
    }

    /// How many tasks a crawl may publish into its pool now.
    pub(super) fn room(&self, pool: &str, crawl: CrawlKey, hosts: &HostTable) -> usize {
        let pools = lock(&self.seen);
        let used = pools.get(pool);
        used.map_or(0, |used| used.window.room(used.under_way(hosts), hosts.held_by(crawl), used.crawls.len()))
    }

    /// Looks at all queues again and again, until that fails.
    pub(super) async fn poll(&self, session: &Session, hosts: &Mutex<HostTable>) -> BrokerError {
        loop {
            tokio::time::sleep(POLL_EVERY).await;
            let names: Vec<String> = lock(&self.seen).keys().cloned().collect();
            for name in names {
                match session.broker.pool_state(&name).await {
                    Ok(state) => self.learn(&name, state.ready, state.workers, hosts),
                    // Whoever uses it next declares it again; nobody else should suffer.
                    Err(BrokerError::NotFound { .. }) => {
                        if let Some(used) = lock(&self.seen).get_mut(&name) {
                            used.taken_over = false;
                        }
                    }
                    Err(error) => return error,
                }
            }
        }
    }

    fn learn(&self, name: &str, ready: u32, workers: u32, hosts: &Mutex<HostTable>) {
        let hosts = lock(hosts);
        if let Some(used) = lock(&self.seen).get_mut(name) {
            used.pool.workers = Some(workers);
            if ready > 0 {
                used.pool.backlog_at = now();
            }
            used.window.learn(used.under_way(&hosts), usize::try_from(ready).unwrap_or(usize::MAX), workers);
        }
    }
}
