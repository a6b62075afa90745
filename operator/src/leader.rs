//! Leadership by a Lease: one operator at a time reconciles and publishes.
//!
//! Correctness does not hang on it (the log's fold does not care who published), but duplicate fetches do. A lost Lease
//! ends the process: nothing has to be undone, and kubelet starts it again as a standby.
//!
//! kube-lease-manager renews but hides a renewal that fails or hangs, so the holder looks at the Lease itself and gives
//! up five seconds before another may take it.

use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use kube::Client;
use kube::api::Api;
use kube_lease_manager::{LeaseManager, LeaseManagerBuilder, LeaseManagerError};
use tokio::time::{Instant, sleep, timeout};

/// How long a Lease holds after a renewal, seconds.
const DURATION: u64 = 15;
/// It is renewed this long before it ends, seconds: every five.
const GRACE: u64 = 10;
/// Without a renewal for this long the holder stops leading.
const RENEW_DEADLINE: Duration = Duration::from_secs(10);
/// How often the holder looks, and how long a look may take.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The wait after an error.
const RETRY: Duration = Duration::from_secs(1);

/// The Lease cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the Lease {name}")]
pub struct LeaderError {
    name: String,
    #[source]
    source: LeaseManagerError,
}

/// How leadership was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Somebody else holds the Lease.
    #[error("another operator holds the Lease")]
    Taken,
    /// It could not be renewed in time.
    #[error("the Lease could not be renewed for 10 s")]
    NotRenewed,
}

/// Our part in the election.
pub(crate) struct Leadership {
    manager: LeaseManager,
    client: Client,
    namespace: String,
    leases: Api<Lease>,
    name: String,
    identity: String,
}

impl Leadership {
    /// Takes part; creates the Lease where it is missing.
    pub(crate) async fn new(client: Client, namespace: &str, name: &str, identity: &str) -> Result<Self, LeaderError> {
        let manager = manager(client.clone(), namespace, name, identity).await?;
        let leases = Api::namespaced(client.clone(), namespace);
        let (namespace, name, identity) = (namespace.to_owned(), name.to_owned(), identity.to_owned());
        Ok(Self { manager, client, leases, namespace, name, identity })
    }

    /// Resolves when we lead.
    pub(crate) async fn acquired(&mut self) {
        loop {
            tokio::select! {
                () = self.becomes(true) => return,
                () = self.released() => {}
            }
            // The manager would sleep until the end of a Lease that its holder has given back; a new one looks at once.
            match manager(self.client.clone(), &self.namespace, &self.name, &self.identity).await {
                Ok(manager) => self.manager = manager,
                Err(error) => {
                    tracing::warn!(error = crate::logs::chain(&error), "the free Lease is left alone for now")
                }
            }
        }
    }

    /// Resolves when we do not lead any more. To be polled all the time: it also renews.
    pub(crate) async fn lost(&self) -> Lost {
        tokio::select! {
            () = self.becomes(false) => Lost::Taken,
            lost = self.watch() => lost,
        }
    }

    /// Lets the next one lead at once.
    pub(crate) async fn release(&self) {
        if let Err(error) = self.manager.release().await {
            tracing::warn!(error = crate::logs::chain(&error), "the Lease was not released; it ends by itself");
        }
    }

    async fn becomes(&self, leading: bool) {
        loop {
            match self.manager.changed().await {
                Ok(now) if now == leading => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = crate::logs::chain(&error), "the Lease cannot be read or renewed");
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Resolves when another one has let go of the Lease.
    async fn released(&self) {
        let mut held = false;
        loop {
            sleep(LOOK_EVERY).await;
            let Some(spec) = self.look().await else { continue };
            if held && spec.holder_identity.is_none() {
                return;
            }
            held = spec.holder_identity.is_some();
        }
    }

    async fn look(&self) -> Option<LeaseSpec> {
        let lease = timeout(LOOK_EVERY, self.leases.get(&self.name)).await;
        lease.ok().and_then(Result::ok).and_then(|lease| lease.spec)
    }

    async fn watch(&self) -> Lost {
        let mut watchdog = Watchdog::new(Instant::now());
        loop {
            sleep(LOOK_EVERY).await;
            let spec = self.look().await;
            if let Some(lost) = watchdog.look(spec.as_ref(), &self.identity, Instant::now()) {
                return lost;
            }
        }
    }
}

async fn manager(client: Client, namespace: &str, name: &str, identity: &str) -> Result<LeaseManager, LeaderError> {
    LeaseManagerBuilder::new(client, name)
        .with_namespace(namespace)
        .with_identity(identity)
        .with_duration(DURATION)
        .with_grace(GRACE)
        .build()
        .await
        .map_err(|source| LeaderError { name: name.to_owned(), source })
}

/// Remembers the last renewal that was seen in the cluster.
struct Watchdog {
    renewal: Option<MicroTime>,
    seen: Instant,
}

impl Watchdog {
    fn new(now: Instant) -> Self {
        Self { renewal: None, seen: now }
    }

    /// What a look at the Lease means; `None` is a look that failed. Compares renewals with each other, never with a clock.
    fn look(&mut self, spec: Option<&LeaseSpec>, identity: &str, now: Instant) -> Option<Lost> {
        let holder = spec.and_then(|spec| spec.holder_identity.as_deref());
        if holder.is_some_and(|holder| holder != identity) {
            return Some(Lost::Taken);
        }
        let renewal = spec.filter(|_| holder.is_some()).and_then(|spec| spec.renew_time.clone());
        if renewal.is_some() && renewal != self.renewal {
            (self.renewal, self.seen) = (renewal, now);
        }
        (now.duration_since(self.seen) >= RENEW_DEADLINE).then_some(Lost::NotRenewed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use k8s_openapi::jiff::Timestamp;

    use super::*;

    fn lease(holder: Option<&str>, renewed: i64) -> Option<LeaseSpec> {
        Some(LeaseSpec {
            holder_identity: holder.map(str::to_owned),
            renew_time: Some(MicroTime(Timestamp::from_second(renewed).unwrap())),
            ..LeaseSpec::default()
        })
    }

    #[test]
    fn the_holder_gives_up_when_renewals_stop_or_another_holds() {
        let ours = |renewed| lease(Some("us"), renewed);
        for (name, looks, lost) in [
            ("renewed every five seconds", vec![(2, ours(0)), (7, ours(5)), (12, ours(10)), (17, ours(15))], None),
            ("never renewed again", vec![(2, ours(0)), (7, ours(0)), (12, ours(0))], Some(Lost::NotRenewed)),
            ("a short outage", vec![(2, ours(0)), (4, None), (8, None), (11, ours(9))], None),
            ("a long outage", vec![(2, ours(0)), (4, None), (8, None), (12, None)], Some(Lost::NotRenewed)),
            ("taken", vec![(2, ours(0)), (4, lease(Some("them"), 3))], Some(Lost::Taken)),
            (
                "released by somebody",
                vec![(2, ours(0)), (6, lease(None, 5)), (12, lease(None, 5))],
                Some(Lost::NotRenewed),
            ),
        ] {
            let start = Instant::now();
            let mut watchdog = Watchdog::new(start);
            let at = |after| start + Duration::from_secs(after);
            let said = looks.iter().find_map(|(after, spec)| watchdog.look(spec.as_ref(), "us", at(*after)));
            assert_eq!(said, lost, "{name}");
        }
    }
}
