//! The watches. Each goes on for ever, with a back-off of its own.

use futures::StreamExt as _;
use kube::api::Api;
use kube::core::DeserializeGuard;
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Resource, ResourceExt as _};
use serde::de::DeserializeOwned;

use super::{Key, Listed};
use crate::logs::chain;

/// Fills `listed` with what the watch on this namespace tells (empty: on all). `keep` says what is kept of an object; one
/// of another version of the CRD may not be readable.
pub(crate) async fn watch<K, V>(
    api: Api<DeserializeGuard<K>>,
    namespace: String,
    listed: Listed<V>,
    keep: fn(DeserializeGuard<K>) -> Option<V>,
) where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + std::fmt::Debug + Send + 'static,
{
    let mut events = watcher(api, watcher::Config::default()).default_backoff().boxed();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => listed.apply(&namespace, map(event, keep)),
            Err(error) => tracing::warn!(error = chain(&error), namespace, "a watch failed and is tried again"),
        }
    }
}

fn map<K, V>(event: Event<DeserializeGuard<K>>, keep: fn(DeserializeGuard<K>) -> Option<V>) -> Event<(Key, Option<V>)>
where
    K: Resource<DynamicType = ()>,
{
    let kept = |mut object: DeserializeGuard<K>| {
        object.managed_fields_mut().clear();
        let key = (object.namespace().unwrap_or_default(), object.name_any());
        let said = keep(object);
        if said.is_none() {
            tracing::warn!(kind = %K::kind(&()), namespace = key.0, name = key.1, "an object cannot be read and is left out");
        }
        (key, said)
    };
    match event {
        Event::Init => Event::Init,
        Event::InitDone => Event::InitDone,
        Event::InitApply(object) => Event::InitApply(kept(object)),
        Event::Apply(object) => Event::Apply(kept(object)),
        Event::Delete(object) => Event::Delete(kept(object)),
    }
}
