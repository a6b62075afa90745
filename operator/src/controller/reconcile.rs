//! One reconcile: observe, plan, carry out.

use std::sync::Arc;

use crawl_crds::Crawl;
use kube::api::Api;
use kube::core::error_boundary::InvalidObject;
use kube::core::{DeserializeGuard, PartialObjectMeta, PartialObjectMetaExt as _};
use kube::runtime::controller::Action;
use kube::runtime::finalizer::{self, Event, finalizer};
use kube::{Resource as _, ResourceExt as _};

use super::apply;
use super::cleanup::{CleanupError, cleanup};
use super::context::Context;
use super::engine::Engine;
use super::events::{Notice, Reason, transitions};
use super::plan::{Order, Plan, plan};
use crate::metrics::Step;

/// Keeps a deleted Crawl until its log is gone.
pub(crate) const FINALIZER: &str = "crawl-operator.io/log";
/// The pool of a Crawl that cannot be read. Tasks left in another one yield records that no log takes.
const UNKNOWN_POOL: &str = "default";

/// Why a reconcile failed; one variant per step.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReconcileError {
    /// The status was not taken.
    #[error("cannot write the status")]
    Status(#[source] kube::Error),
    /// The Crawl has expired but is still there.
    #[error("cannot delete the expired Crawl")]
    Expire(#[source] kube::Error),
    /// The Crawl is deleted but its log is still there.
    #[error(transparent)]
    Cleanup(#[from] CleanupError),
    /// The finalizer could not be added or removed.
    #[error("cannot change the finalizer: {0}")]
    Finalizer(String),
}

impl ReconcileError {
    /// The label of the metric.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Status(_) => Step::Status,
            Self::Expire(_) => Step::Expire,
            Self::Cleanup(_) => Step::Cleanup,
            Self::Finalizer(_) => Step::Finalizer,
        }
    }
}

/// Brings one Crawl nearer to its spec.
pub(crate) async fn reconcile<E: Engine>(
    guarded: Arc<DeserializeGuard<Crawl>>,
    context: Arc<Context<E>>,
) -> Result<Action, ReconcileError> {
    context.metrics.reconciles.inc();
    let uid = guarded.uid().unwrap_or_default();
    let action = match &guarded.0 {
        Ok(crawl) => readable(crawl, &context).await?,
        Err(invalid) => unreadable(invalid, &context).await?,
    };
    context.backoff.succeeded(&uid);
    Ok(action)
}

async fn readable<E: Engine>(crawl: &Crawl, context: &Context<E>) -> Result<Action, ReconcileError> {
    let api: Api<Crawl> = Api::namespaced(context.client.clone(), &crawl.namespace().unwrap_or_default());
    let outcome = finalizer(&api, FINALIZER, Arc::new(crawl.clone()), async |event| match event {
        Event::Apply(crawl) => carry_out(&api, &crawl, context).await,
        Event::Cleanup(crawl) => {
            context.looked_at(&crawl.uid().unwrap_or_default());
            cleanup(context, &crawl.object_ref(&()), &crawl.metadata, &crawl.spec.worker_pool).await?;
            Ok(Action::await_change())
        }
    });
    outcome.await.map_err(flatten)
}

async fn carry_out<E: Engine>(api: &Api<Crawl>, crawl: &Crawl, context: &Context<E>) -> Result<Action, ReconcileError> {
    let Some(observed) = context.observe(crawl).await else {
        return Ok(Action::requeue(context.policies.patience()));
    };
    let Plan { runner, status, expired, look_again } = plan(&observed);
    let stop = match runner {
        Order::Ensure(wanted) => {
            context.engine.ensure(*wanted);
            false
        }
        Order::Stop => true,
    };
    // Before they are listed nobody knows whether it should run.
    if context.policies.are_listed() {
        context.looked_at(&crawl.uid().unwrap_or_default());
    }
    if status != observed.status {
        let answer = apply::status(api, crawl, &status).await.map_err(ReconcileError::Status)?;
        context.metrics.status_writes.inc();
        context.written.remember(&answer);
        context.diary.write(crawl, &transitions(&observed.status, &status)).await;
    }
    // Only now: a runner that ended before its end is written would be started again.
    if stop {
        context.engine.stop(&crawl.uid().unwrap_or_default());
    }
    if expired {
        tracing::info!("the Crawl's time to live has passed");
        apply::expire(api, crawl).await.map_err(ReconcileError::Expire)?;
    }
    Ok(look_again.map_or_else(Action::await_change, Action::requeue))
}

/// A stored object that this version cannot read is told of and left alone; it can still be deleted.
async fn unreadable<E: Engine>(invalid: &InvalidObject, context: &Context<E>) -> Result<Action, ReconcileError> {
    let meta = &invalid.metadata;
    context.looked_at(meta.uid.as_deref().unwrap_or_default());
    let object: PartialObjectMeta<Crawl> = meta.clone().into_response_partial();
    let about = object.object_ref(&());
    if meta.deletion_timestamp.is_none() {
        tracing::warn!(error = invalid.error, "the stored Crawl cannot be read");
        let note = format!("the stored object cannot be read: {}", invalid.error);
        context.diary.note(&about, &Notice { reason: Reason::Unreadable, note }).await;
        return Ok(Action::await_change());
    }
    let api = Api::namespaced(context.client.clone(), meta.namespace.as_deref().unwrap_or_default());
    let outcome = finalizer(&api, FINALIZER, Arc::new(object), async |_| {
        cleanup(context, &about, meta, UNKNOWN_POOL).await?;
        Ok(Action::await_change())
    });
    outcome.await.map_err(flatten)
}

fn flatten(error: finalizer::Error<ReconcileError>) -> ReconcileError {
    match error {
        finalizer::Error::ApplyFailed(error) | finalizer::Error::CleanupFailed(error) => error,
        other => ReconcileError::Finalizer(other.to_string()),
    }
}
