//! The watch on Crawls: with a back-off of its own, errors counted and kept from the controller.
//!
//! kube's controller merges all its inputs behind one back-off during which none is polled, so an error that reached it
//! would stall everything. And a status write of ours must not come back as a reconcile.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Instant;

use futures::{Stream, StreamExt as _, future};
use kube::api::Api;
use kube::runtime::reflector::{self, Store};
use kube::runtime::watcher::{self, Event, watcher};
use kube::runtime::{Predicate as _, PredicateConfig, WatchStreamExt as _, predicates};
use kube::{Resource, ResourceExt as _};

use super::Guarded;
use crate::health::WatchHealth;
use crate::metrics::ControllerMetrics;

/// The Crawls, and a stream of those whose spec, finalizers, annotations or deletion changed. `listed` is called once, when all
/// are in the store. Not by waiting for the store: it wakes but one who does, and the controller does.
pub(super) fn crawls(
    api: Api<Guarded>,
    health: WatchHealth,
    metrics: ControllerMetrics,
    listed: impl FnOnce(&Store<Guarded>) + Send + 'static,
) -> (Store<Guarded>, impl Stream<Item = Result<Guarded, watcher::Error>> + Send + 'static) {
    let (store, writer) = reflector::store();
    let (whole, mut listed) = (store.clone(), Some(listed));
    let relevant =
        predicates::generation.combine(predicates::finalizers).combine(predicates::annotations).combine(deletion);
    let crawls = watcher(api, watcher::Config::default())
        .default_backoff()
        .modify(|crawl: &mut Guarded| crawl.managed_fields_mut().clear())
        .inspect(move |event| observe(event, &health, &metrics))
        .filter(|event| future::ready(event.is_ok()))
        .reflect(writer)
        .inspect(move |event| {
            if matches!(event, Ok(Event::InitDone))
                && let Some(listed) = listed.take()
            {
                listed(&whole);
            }
        })
        .touched_objects()
        .predicate_filter(relevant, PredicateConfig::default());
    (store, crawls)
}

/// Counts what a watch says, of whatever kind.
pub(super) fn observe<K>(event: &Result<Event<K>, watcher::Error>, health: &WatchHealth, metrics: &ControllerMetrics) {
    match event {
        Ok(Event::InitDone) => health.listed(),
        Ok(_) => health.succeeded(),
        Err(error) => {
            metrics.watch_errors.inc();
            health.failed(Instant::now());
            let error = crate::logs::chain(error);
            tracing::warn!(error, watch = health.what(), "a watch failed and is tried again");
        }
    }
}

/// Hashes the time of deletion, since its mark need not come with a new generation.
fn deletion<K: Resource>(object: &K) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    object.meta().deletion_timestamp.as_ref().map(|time| time.0.as_second()).hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::{Request, Response};
    use kube::client::Body;
    use serde_json::json;

    use super::*;
    use crate::controller::fixtures::crawl;

    #[tokio::test]
    async fn all_crawls_are_in_the_store_when_they_are_said_to_be_listed() {
        let (service, mut server) = tower_test::mock::pair::<Request<Body>, Response<Body>>();
        let counted = Arc::new(Mutex::new(Vec::new()));
        let count = counted.clone();
        let listed = move |store: &Store<Guarded>| count.lock().unwrap().push(store.len());
        let api = Api::all(kube::Client::new(service, "default"));
        let (store, crawls) = crawls(api, WatchHealth::of("Crawls"), ControllerMetrics::default(), listed);
        // As the controller waits for it, in another task: neither must take the other's wake-up.
        let ready = tokio::spawn(async move { store.wait_until_ready().await.map_err(|error| error.to_string()) });
        let seen = tokio::spawn(crawls.for_each(|_| future::ready(())));
        let list = json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "CrawlList", "metadata": {"resourceVersion": "5"},
            "items": [crawl("")],
        });
        // Once, and again after the watch has become too old.
        let too_old = json!({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "", "status": "Failure"}});
        for answer in [list.clone(), too_old, list, json!({})] {
            let (_, send) = server.next_request().await.unwrap();
            send.send_response(Response::new(Body::from(answer.to_string().into_bytes())));
        }
        ready.await.unwrap().unwrap();
        assert_eq!(*counted.lock().unwrap(), [1]);
        seen.abort();
    }
}
