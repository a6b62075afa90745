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

/// The Crawls, and a stream of those whose spec, finalizers, annotations or deletion changed.
pub(super) fn crawls(
    api: Api<Guarded>,
    health: WatchHealth,
    metrics: ControllerMetrics,
) -> (Store<Guarded>, impl Stream<Item = Result<Guarded, watcher::Error>> + Send + 'static) {
    let (store, writer) = reflector::store();
    let relevant =
        predicates::generation.combine(predicates::finalizers).combine(predicates::annotations).combine(deletion);
    let crawls = watcher(api, watcher::Config::default())
        .default_backoff()
        .modify(|crawl: &mut Guarded| crawl.managed_fields_mut().clear())
        .inspect(move |event| observe(event, &health, &metrics))
        .filter(|event| future::ready(event.is_ok()))
        .reflect(writer)
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
