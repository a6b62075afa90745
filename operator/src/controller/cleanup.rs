//! The end of a deleted Crawl: its runner, its queued tasks and its log go before the object does.
//!
//! It must never keep a namespace from ending: when the broker does not answer for five minutes, the log is left behind
//! and an Event says so.

use std::time::Duration;

use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::jiff::Timestamp;

use super::context::Context;
use super::engine::Engine;
use super::events::{Notice, Reason};

/// How long after its deletion a Crawl waits for the broker.
const GIVE_UP_AFTER_SECONDS: i64 = 300;
/// How long one try may take.
const ONE_TRY: Duration = Duration::from_secs(30);

/// Why a log is still there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CleanupError {
    /// The runner could not delete it.
    #[error("cannot delete the log of the crawl")]
    Delete(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nobody answered.
    #[error("deleting the log of the crawl takes longer than 30 s")]
    Slow,
}

/// Deletes what a Crawl has outside the cluster. `Ok` also when that is given up.
pub(super) async fn cleanup<E: Engine>(
    context: &Context<E>,
    about: &ObjectReference,
    meta: &ObjectMeta,
    pool: &str,
) -> Result<(), CleanupError> {
    let uid = meta.uid.as_deref().unwrap_or_default();
    let outcome = match tokio::time::timeout(ONE_TRY, context.engine.delete(uid, pool)).await {
        Ok(deleted) => deleted.map_err(|error| CleanupError::Delete(Box::new(error))),
        Err(_) => Err(CleanupError::Slow),
    };
    if let Err(error) = outcome {
        if !given_up(meta, Timestamp::now()) {
            return Err(error);
        }
        tracing::warn!(error = crate::logs::chain(&error), uid, "the log of a deleted crawl is left on the broker");
        let log = crawl_protocol::topology::log_stream(uid);
        let note =
            format!("RabbitMQ did not answer for five minutes: the stream {log} is left there; delete it by hand");
        context.diary.note(about, &Notice { reason: Reason::LogLeft, note }).await;
    }
    context.forget(uid);
    Ok(())
}

fn given_up(meta: &ObjectMeta, now: Timestamp) -> bool {
    let deleted = meta.deletion_timestamp.as_ref().map(|time| time.0.as_second());
    deleted.is_some_and(|deleted| now.as_second() - deleted >= GIVE_UP_AFTER_SECONDS)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

    use super::*;
    use crate::controller::fixtures::now;

    #[test]
    fn the_broker_gets_five_minutes() {
        let meta = ObjectMeta { deletion_timestamp: Some(Time(now(0))), ..ObjectMeta::default() };
        for (after, gives_up) in [(0, false), (299, false), (300, true), (3000, true)] {
            assert_eq!(given_up(&meta, now(after)), gives_up, "after {after} s");
        }
    }
}
