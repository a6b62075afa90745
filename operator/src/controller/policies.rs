//! The watch on CrawlPolicies: with a back-off of its own, as that on Crawls has.
//!
//! It tells what is known as one value, and only when that has changed.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crawl_crds::{CrawlPolicy, CrawlPolicySpec};
use crawl_rules::{Book, GuardedPolicy, Policies, Trouble};
use futures::{Stream, StreamExt as _, stream};
use kube::api::Api;
use kube::runtime::WatchStreamExt as _;
use kube::runtime::reflector::{self, Store};
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Resource as _, ResourceExt as _};
use tokio::sync::watch::{Receiver, Sender};
use tokio::time::Instant;

use super::events::{Diary, Notice, Reason};
use super::watch::observe;
use crate::health::WatchHealth;
use crate::metrics::ControllerMetrics;

/// How long crawls wait without a word for the first list.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of the policies, as of now.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    listed: Receiver<Option<Arc<Policies>>>,
    since: Instant,
}

/// Where the watch puts what it sees.
pub(crate) struct Watch(Sender<Option<Arc<Policies>>>);

/// A watch that has not begun, and what is known by it.
pub(crate) fn watch() -> (Watch, Known) {
    let (sender, listed) = tokio::sync::watch::channel(None);
    (Watch(sender), Known { listed, since: Instant::now() })
}

impl Known {
    /// Always these.
    pub(crate) fn fixed(policies: Policies) -> Self {
        let (_, listed) = tokio::sync::watch::channel(Some(Arc::new(policies)));
        Self { listed, since: Instant::now() }
    }

    /// The policies; `None` while the first list may still come in a moment.
    pub(crate) fn now(&self) -> Option<Arc<Policies>> {
        let listed = self.listed.borrow().clone();
        let unknown = || (self.since.elapsed() >= PATIENCE).then(|| Arc::new(Policies::unknown()));
        listed.or_else(unknown)
    }

    /// Whether there was a first list.
    pub(crate) fn are_listed(&self) -> bool {
        self.listed.borrow().is_some()
    }

    /// How long to wait for them at most.
    pub(crate) fn patience(&self) -> Duration {
        PATIENCE.saturating_sub(self.since.elapsed()).max(Duration::from_millis(100))
    }

    /// Waits for the first list.
    pub(crate) async fn listed(&mut self) {
        // An error means that the watch has ended, and with it this process.
        let _ = self.listed.wait_for(Option::is_some).await;
    }

    /// One item for each change.
    pub(crate) fn changes(&self) -> impl Stream<Item = ()> + Send + 'static {
        stream::unfold(self.listed.clone(), |mut listed| async { listed.changed().await.ok().map(|()| ((), listed)) })
    }
}

impl Watch {
    /// As if these had been listed.
    #[cfg(test)]
    pub(crate) fn show(&self, policies: Policies) {
        self.0.send_replace(Some(Arc::new(policies)));
    }

    /// Watches for ever.
    pub(crate) async fn run(
        self,
        api: Api<GuardedPolicy>,
        health: WatchHealth,
        metrics: ControllerMetrics,
        diary: Diary,
    ) {
        let (store, writer) = reflector::store();
        let events = watcher(api, watcher::Config::default())
            .default_backoff()
            .modify(|policy: &mut GuardedPolicy| policy.managed_fields_mut().clear())
            .inspect(move |event| observe(event, &health, &metrics))
            .reflect(writer);
        let mut events = pin!(events);
        let mut book = Book::default();
        while let Some(event) = events.next().await {
            // During a list the store is as it was before.
            if matches!(event, Ok(Event::InitDone | Event::Apply(_) | Event::Delete(_))) {
                self.tell(&mut book, &store, &diary).await;
            }
        }
    }

    async fn tell(&self, book: &mut Book, store: &Store<GuardedPolicy>, diary: &Diary) {
        let policies = book.update(&store.state());
        let before = self.0.borrow().clone();
        if before.as_deref() == Some(&policies) {
            return;
        }
        let known = |trouble: &Trouble| before.iter().any(|before| before.troubles.contains(trouble));
        let news: Vec<_> = policies.troubles.iter().filter(|trouble| !known(trouble)).cloned().collect();
        tracing::info!(
            policies = policies.holding.len(),
            unreadable = policies.troubles.len(),
            "the policies are known"
        );
        self.0.send_replace(Some(Arc::new(policies)));
        for Trouble { name, uid, note } in news {
            tracing::warn!(policy = name, note, "a CrawlPolicy cannot be read");
            let mut about = CrawlPolicy::new(&name, CrawlPolicySpec::default());
            about.metadata.uid = Some(uid);
            diary.note(&about.object_ref(&()), &Notice { reason: Reason::Unreadable, note }).await;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::{Request, Response};
    use kube::client::Body;
    use kube::runtime::events::{Recorder, Reporter};
    use serde_json::{Value, json};

    use super::*;

    type Handle = tower_test::mock::Handle<Request<Body>, Response<Body>>;

    fn stored(name: &str, spec: &Value) -> Value {
        json!({
            "apiVersion": "crawl-operator.io/v1alpha1",
            "kind": "CrawlPolicy",
            "metadata": {"name": name, "uid": name, "resourceVersion": "5"},
            "spec": spec,
        })
    }

    /// Answers the next request, which must be for this path and hold these words in its query.
    async fn serve(server: &mut Handle, method: &str, path: &str, query: &str, answer: String) -> Value {
        let (request, send) = server.next_request().await.unwrap();
        let uri = request.uri().to_string();
        assert!(request.method() == method && uri.contains(path) && uri.contains(query), "{} {uri}", request.method());
        let body = request.into_body().collect_bytes().await.unwrap();
        send.send_response(Response::new(Body::from(answer.into_bytes())));
        serde_json::from_slice(&body).unwrap_or_default()
    }

    #[tokio::test]
    async fn policies_are_listed_watched_and_told_of() {
        let (service, mut server) = tower_test::mock::pair::<Request<Body>, Response<Body>>();
        let client = kube::Client::new(service, "default");
        let metrics = ControllerMetrics::default();
        let reporter = Reporter { controller: "crawl-operator".to_owned(), instance: None };
        let diary = Diary::new(Recorder::new(client.clone(), reporter), metrics.clone());
        let ((watch, mut known), health) = (super::watch(), WatchHealth::of("CrawlPolicies"));
        let mut changes = pin!(known.changes());
        let seen = tokio::spawn(watch.run(Api::all(client), health.clone(), metrics, diary));
        assert_eq!((known.now(), health.is_listed()), (None, false));

        let items = [stored("good", &json!({"maxLinks": 7})), stored("bad", &json!({"robots": "NotInThisVersion"}))];
        let list = json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "CrawlPolicyList", "metadata": {"resourceVersion": "5"}, "items": items,
        });
        serve(&mut server, "GET", "/apis/crawl-operator.io/v1alpha1/crawlpolicies?", "limit=", list.to_string()).await;
        known.listed().await;
        changes.next().await.unwrap();
        let policies = known.now().unwrap();
        assert_eq!(policies.holding.len(), 1);
        assert!(policies.barred("anywhere").is_some() && health.is_listed());
        let event = serve(&mut server, "POST", "/namespaces/default/events", "", "{}".to_owned()).await;
        assert_eq!((&event["reason"], &event["regarding"]["name"]), (&json!("Unreadable"), &json!("bad")));

        let mended = json!({"type": "MODIFIED", "object": stored("bad", &json!({"robots": "MustObey"}))});
        serve(&mut server, "GET", "/crawlpolicies?", "watch=true", mended.to_string()).await;
        changes.next().await.unwrap();
        let policies = known.now().unwrap();
        assert_eq!((policies.holding.len(), policies.barred("anywhere")), (2, None));
        seen.abort();
    }
}
