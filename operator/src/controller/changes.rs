//! What the runners report, handed to the controller that watches the crawl's namespace.
//!
//! The runners have one stream of changes; each controller needs one of its own. It holds nothing back and drops only
//! what no controller watches.

use crawl_crds::Crawl;
use futures::channel::mpsc::{self, UnboundedReceiver};
use futures::{Stream, StreamExt as _};
use kube::runtime::reflector::ObjectRef;

use super::Guarded;

/// One stream per target; a target is a namespace, or `None` for all of them.
pub(super) fn split(
    changes: impl Stream<Item = ObjectRef<Crawl>> + Send + 'static,
    targets: &[Option<String>],
) -> Vec<UnboundedReceiver<ObjectRef<Guarded>>> {
    let (senders, receivers): (Vec<_>, Vec<_>) = targets.iter().map(|_| mpsc::unbounded()).unzip();
    let targets: Vec<_> = targets.iter().cloned().zip(senders).collect();
    tokio::spawn(changes.for_each(move |crawl| {
        for (namespace, sender) in &targets {
            if namespace.is_none() || *namespace == crawl.namespace {
                // A controller that has ended needs no news.
                let _ = sender.unbounded_send(guarded(&crawl));
            }
        }
        futures::future::ready(())
    }));
    receivers
}

fn guarded(crawl: &ObjectRef<Crawl>) -> ObjectRef<Guarded> {
    let reference = ObjectRef::new(&crawl.name);
    match &crawl.namespace {
        Some(namespace) => reference.within(namespace),
        None => reference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_controller_hears_of_its_own_crawls() {
        let crawls =
            [("x", "a"), ("y", "b"), ("z", "c")].map(|(name, namespace)| ObjectRef::new(name).within(namespace));
        for (targets, heard) in [
            (vec![None], vec![vec!["x", "y", "z"]]),
            (vec![Some("a".to_owned()), Some("b".to_owned())], vec![vec!["x"], vec!["y"]]),
        ] {
            let streams = split(futures::stream::iter(crawls.clone()), &targets);
            let names = async |stream: UnboundedReceiver<ObjectRef<Guarded>>| {
                stream.map(|crawl| crawl.name).collect::<Vec<_>>().await
            };
            assert_eq!(futures::future::join_all(streams.into_iter().map(names)).await, heard);
        }
    }
}
