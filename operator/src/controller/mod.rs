//! The controller: watches Crawls and brings each nearer to its spec.
//!
//! `observe` looks, `plan` decides (with `standing`, `conditions` and the crate crawl-rules, all pure), `reconcile` carries out by
//! `apply`, `events` and `engine`. It never fetches, never reads a log and never talks to the broker: the runners do.

mod apply;
mod backoff;
mod census;
mod changes;
mod cleanup;
mod conditions;
mod context;
mod engine;
mod events;
#[cfg(test)]
pub(crate) mod fixtures;
mod headers;
mod observe;
mod patience;
mod plan;
mod policies;
mod reconcile;
#[cfg(test)]
mod scenarios;
mod standing;
mod watch;
mod written;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, Stream, StreamExt as _};
use kube::Client;
use kube::core::DeserializeGuard;
use kube::runtime::controller::{Action, Config, Controller, Error};
use kube::runtime::events::{Recorder, Reporter};
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::watcher;
use kube::{ResourceExt as _, api::Api};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::health::WatchHealth;
use crate::metrics::ControllerMetrics;
use crate::runner::Runners;
use context::Context;
use crawl_crds::Crawl;
use crawl_rules::Policies;
use engine::Engine;
use events::Diary;
pub(crate) use headers::Access;
use headers::Secrets;
use policies::Known;
use reconcile::{ReconcileError, reconcile};

/// The watched type: an object that cannot be decoded must not stop the others.
pub(crate) type Guarded = DeserializeGuard<Crawl>;

/// Reconciles that run at the same time.
const CONCURRENCY: u16 = 8;
/// How long crawls that were there at the start are waited for before slots are granted; one may have been deleted meanwhile.
const CENSUS: Duration = Duration::from_secs(30);

/// What the controllers of all watched namespaces share.
pub(crate) struct Shared {
    /// For calls; has a read timeout.
    pub(crate) client: Client,
    /// For watches; has none.
    pub(crate) watch_client: Client,
    /// What runs the crawls.
    pub(crate) runners: Runners,
    /// With what Secrets that Crawls name are read and sealed.
    pub(crate) access: Access,
    /// Who we are in Events.
    pub(crate) identity: String,
    /// What is counted.
    pub(crate) metrics: ControllerMetrics,
    /// When to stop.
    pub(crate) shutdown: CancellationToken,
}

/// What is watched.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Where Crawls are run; empty means everywhere.
    pub(crate) namespaces: Vec<String>,
    /// Whether CrawlPolicies hold.
    pub(crate) policies: bool,
}

/// One watch, what follows from it and what others may look at.
pub(crate) struct Watched {
    /// The Crawls, as last seen, where it is these that are watched.
    pub(crate) store: Option<Store<Guarded>>,
    /// How the watch does.
    pub(crate) health: WatchHealth,
    /// Runs until shutdown; its end is the controller's.
    pub(crate) controller: BoxFuture<'static, ()>,
}

/// One controller for all namespaces, or one for each of those that are named; and the watch on policies, if they hold.
pub(crate) fn controllers(shared: Shared, scope: Scope) -> Vec<Watched> {
    let Shared { client, watch_client, runners, access, identity, metrics, shutdown } = shared;
    let reporter = Reporter { controller: "crawl-operator".to_owned(), instance: Some(identity) };
    let diary = Diary::new(Recorder::new(client.clone(), reporter), metrics.clone());
    let targets: Vec<Option<String>> = match scope.namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    let (policies, known) = match scope.policies {
        true => policies(&watch_client, &metrics, &diary, &shutdown),
        false => (None, Known::fixed(Policies::default())),
    };
    let changes = changes::split(runners.changes(), &targets);
    let secrets = Secrets::new(client.clone(), access);
    let context = Arc::new(Context::new(client, runners, diary, metrics.clone(), known, secrets, targets.len()));
    let start = |(namespace, changes): (Option<String>, _)| {
        let api: Api<Guarded> = match &namespace {
            Some(namespace) => Api::namespaced(watch_client.clone(), namespace),
            None => Api::all(watch_client.clone()),
        };
        let health = WatchHealth::of("Crawls");
        let begun = begun(context.clone(), shutdown.clone());
        let (store, crawls) = watch::crawls(api, health.clone(), metrics.clone(), begun);
        let controller = run(crawls, store.clone(), changes, context.clone(), shutdown.clone()).boxed();
        Watched { store: Some(store), health, controller }
    };
    targets.into_iter().zip(changes).map(start).chain(policies).collect()
}

fn policies(
    client: &Client,
    metrics: &ControllerMetrics,
    diary: &Diary,
    shutdown: &CancellationToken,
) -> (Option<Watched>, Known) {
    let (watch, known) = policies::watch();
    let health = WatchHealth::of("CrawlPolicies");
    let seen = watch.run(Api::all(client.clone()), health.clone(), metrics.clone(), diary.clone());
    let controller = shutdown.clone().run_until_cancelled_owned(seen).map(|_| ()).boxed();
    (Some(Watched { store: None, health, controller }), known)
}

/// Counts the crawls that are there when they are listed, so that slots are granted once all have been looked at.
fn begun<E: Engine>(context: Arc<Context<E>>, shutdown: CancellationToken) -> impl FnOnce(&Store<Guarded>) + Send {
    move |store| {
        if context.census.listed(store.state().iter().filter_map(|crawl| crawl.uid())) {
            context.engine.open();
        }
        let at_the_latest = async move {
            context.policies.clone().listed().await;
            tokio::time::sleep(CENSUS).await;
            context.engine.open();
        };
        tokio::spawn(shutdown.run_until_cancelled_owned(at_the_latest));
    }
}

async fn run<E: Engine>(
    crawls: impl Stream<Item = Result<Guarded, watcher::Error>> + Send + 'static,
    store: Store<Guarded>,
    changes: impl Stream<Item = ObjectRef<Guarded>> + Send + 'static,
    context: Arc<Context<E>>,
    shutdown: CancellationToken,
) {
    Controller::for_stream(crawls, store)
        .with_config(Config::default().concurrency(CONCURRENCY))
        .reconcile_on(changes)
        .reconcile_all_on(context.policies.changes())
        .graceful_shutdown_on(shutdown.cancelled_owned())
        .run(reconcile_in_span, retry, context)
        .for_each(|outcome| {
            report(outcome);
            futures::future::ready(())
        })
        .await;
}

async fn reconcile_in_span<E: Engine>(crawl: Arc<Guarded>, context: Arc<Context<E>>) -> Result<Action, ReconcileError> {
    let (name, namespace) = (crawl.name_any(), crawl.namespace().unwrap_or_default());
    let span = tracing::info_span!("reconcile", crawl = name, namespace);
    reconcile(crawl, context).instrument(span).await
}

fn retry<E: Engine>(crawl: Arc<Guarded>, error: &ReconcileError, context: Arc<Context<E>>) -> Action {
    context.metrics.failed(error.step());
    Action::requeue(context.backoff.failed(&crawl.uid().unwrap_or_default()))
}

fn report(outcome: Result<(ObjectRef<Guarded>, Action), Error<ReconcileError, watcher::Error>>) {
    match outcome {
        Ok(_) => {}
        Err(Error::ReconcilerFailed(error, crawl)) => {
            let error = crate::logs::chain(&error);
            tracing::warn!(
                error,
                crawl = crawl.name,
                namespace = crawl.namespace,
                "a reconcile failed and is tried again"
            );
        }
        // A change of a crawl that is deleted meanwhile, or watched by another controller.
        Err(Error::ObjectNotFound(crawl)) => tracing::debug!(crawl = %crawl, "a crawl is gone"),
        Err(error) => tracing::warn!(error = crate::logs::chain(&error), "the controller stumbled"),
    }
}
