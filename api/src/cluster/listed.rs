//! All objects of one kind, as the cluster last told them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use kube::runtime::watcher::Event;
use tokio::sync::watch;

/// Namespace (empty where there is none) and name.
pub type Key = (String, String);

/// All objects of a kind. Clones share them.
pub struct Listed<V> {
    parts: Arc<RwLock<BTreeMap<String, Part<V>>>>,
    changed: Arc<watch::Sender<u64>>,
}

/// What one watch has told: all namespaces, or one of them.
struct Part<V> {
    objects: BTreeMap<Key, Arc<V>>,
    /// A new listing that is not yet whole.
    coming: BTreeMap<Key, Arc<V>>,
    listed: bool,
}

impl<V> Clone for Listed<V> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), changed: self.changed.clone() }
    }
}

impl<V> Default for Part<V> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), coming: BTreeMap::new(), listed: false }
    }
}

impl<V> Listed<V> {
    /// Nothing yet, from a watch on each of these namespaces; an empty name stands for all.
    #[must_use]
    pub fn new(namespaces: impl IntoIterator<Item = String>) -> Self {
        let parts = namespaces.into_iter().map(|namespace| (namespace, Part::default())).collect();
        Self { parts: Arc::new(RwLock::new(parts)), changed: Arc::new(watch::Sender::new(0)) }
    }

    /// The object of this name.
    #[must_use]
    pub fn get(&self, namespace: &str, name: &str) -> Option<Arc<V>> {
        let key = (namespace.to_owned(), name.to_owned());
        self.read(|parts| parts.values().find_map(|part| part.objects.get(&key).cloned()))
    }

    /// All objects, by namespace and name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<V>> {
        self.read(|parts| parts.values().flat_map(|part| part.objects.values().cloned()).collect())
    }

    /// Whether everything was listed once.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.read(|parts| parts.values().all(|part| part.listed))
    }

    /// Tells when anything has changed: `changed().await`, then look again. Nothing is missed, much is told at once.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Remembers what the watch on this namespace told. An object without a value is as good as none.
    pub fn apply(&self, namespace: &str, event: Event<(Key, Option<V>)>) {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        let part = parts.entry(namespace.to_owned()).or_default();
        match event {
            Event::Init => part.coming.clear(),
            Event::InitApply((key, object)) => {
                part.coming.extend(object.map(|object| (key, Arc::new(object))));
            }
            Event::InitDone => {
                part.objects = std::mem::take(&mut part.coming);
                part.listed = true;
            }
            Event::Apply((key, Some(object))) => {
                part.objects.insert(key, Arc::new(object));
            }
            Event::Apply((key, None)) | Event::Delete((key, _)) => {
                part.objects.remove(&key);
            }
        }
        drop(parts);
        self.changed.send_modify(|version| *version += 1);
    }

    fn read<T>(&self, look: impl FnOnce(&BTreeMap<String, Part<V>>) -> T) -> T {
        look(&self.parts.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        ("web".to_owned(), name.to_owned())
    }

    #[test]
    fn a_new_listing_takes_the_place_of_the_old_one_when_it_is_whole() {
        let (listed, all) = (Listed::new([String::new()]), "");
        let names = || listed.all().iter().map(|name| **name).collect::<Vec<_>>();
        let mut changes = listed.changes();
        listed.apply(all, Event::Init);
        listed.apply(all, Event::InitApply((key("a"), Some("a"))));
        assert!(!listed.is_listed() && names().is_empty());
        listed.apply(all, Event::InitDone);
        assert!(listed.is_listed() && changes.has_changed().is_ok_and(|changed| changed));
        changes.mark_unchanged();
        listed.apply(all, Event::Apply((key("b"), Some("b"))));
        assert_eq!((names(), listed.get("web", "b").as_deref()), (vec!["a", "b"], Some(&"b")));
        // The watch was lost: what is known holds until all is known again.
        listed.apply(all, Event::Init);
        listed.apply(all, Event::InitApply((key("c"), Some("c"))));
        assert_eq!(names(), ["a", "b"]);
        listed.apply(all, Event::InitDone);
        assert_eq!(names(), ["c"]);
        // What cannot be read any more is as good as gone.
        listed.apply(all, Event::Apply((key("c"), None)));
        assert!(names().is_empty() && listed.get("web", "c").is_none());
    }
}
