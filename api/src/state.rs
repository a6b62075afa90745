//! What all routes share, and the one way from a request to a Crawl.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::RequestPartsExt as _;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use crawl_crds::{Crawl, CrawlPolicy};
use kube::ResourceExt as _;
use kube::core::DeserializeGuard;
use tokio_util::sync::CancellationToken;

use crate::access::{Access, Caller, Verb};
use crate::args::Args;
use crate::cluster::{Calls, Listed};
use crate::error::Problem;
use crate::metrics::Metrics;
use crate::model::{CrawlDetail, May};
use crate::views::Views;

/// How long a change may take to be seen by the watch. Later than that it is told anyway.
const SEEN: Duration = Duration::from_secs(2);

/// What all routes share; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What there is once.
pub struct Shared {
    /// The arguments.
    pub args: Args,
    /// All Crawls that can be read.
    pub crawls: Listed<Crawl>,
    /// All CrawlPolicies; one that cannot be read is an `Err` inside. Empty with `--policies=false`.
    pub policies: Listed<DeserializeGuard<CrawlPolicy>>,
    /// The results of crawls.
    pub views: Views,
    /// The API server.
    pub calls: Calls,
    /// Who may do what.
    pub access: Access,
    /// What is counted.
    pub metrics: Metrics,
    /// Told when the process is to end: streams end then.
    pub shutdown: CancellationToken,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Of its parts.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Whether the caller may do this with Crawls of a namespace (`None`: of all), or with the one of this name.
    ///
    /// # Errors
    /// 401, 403, or 503 where nobody can say; 404 where the namespace is none that is watched.
    pub async fn allowed(
        &self,
        caller: &Caller,
        namespace: Option<&str>,
        name: Option<&str>,
        verb: Verb,
    ) -> Result<(), Problem> {
        self.access.check(caller, namespace, name, verb).await?;
        let watched = self.args.namespaces();
        match namespace {
            Some(namespace) if !watched.is_empty() && !watched.iter().any(|watched| watched == namespace) => {
                let detail = format!("the namespace {namespace} is not shown here, only {}", watched.join(", "));
                Err(Problem::not_found(detail))
            }
            _ if !self.crawls.is_listed() => Err(Problem::unavailable("the Crawls are not listed yet; try again", 1)),
            _ => Ok(()),
        }
    }

    /// The Crawl, for a caller who may do this with it. Who may not learns nothing of whether it is there.
    ///
    /// # Errors
    /// As [`App::allowed`]; 404 where there is none.
    pub async fn crawl(&self, caller: &Caller, namespace: &str, name: &str, verb: Verb) -> Result<Arc<Crawl>, Problem> {
        self.allowed(caller, Some(namespace), Some(name), verb).await?;
        self.find(namespace, name)
    }

    fn find(&self, namespace: &str, name: &str) -> Result<Arc<Crawl>, Problem> {
        let missing = || Problem::not_found(format!("there is no Crawl {name} in the namespace {namespace}"));
        self.crawls.get(namespace, name).ok_or_else(missing)
    }

    /// All that is told of a Crawl to this caller.
    pub async fn detail(&self, caller: &Caller, crawl: &Crawl) -> CrawlDetail {
        let (namespace, name) = (crawl.namespace().unwrap_or_default(), crawl.name_any());
        let may = async |verb| self.access.check(caller, Some(&namespace), Some(&name), verb).await.is_ok();
        let (update, delete) = tokio::join!(may(Verb::Patch), may(Verb::Delete));
        CrawlDetail::of(crawl, May { update, delete }, self.views.state(crawl), self.views.rate(crawl))
    }

    /// Waits until the watch shows what was just changed, so that who looks next finds it.
    pub async fn shown(&self, namespace: &str, name: &str, shows: impl Fn(Option<&Crawl>) -> bool) {
        let mut changes = self.crawls.changes();
        let seen = async {
            while !shows(self.crawls.get(namespace, name).as_deref()) {
                if changes.changed().await.is_err() {
                    break;
                }
            }
        };
        // Late is not wrong: the change is made.
        let _ = tokio::time::timeout(SEEN, seen).await;
    }
}

/// A Crawl that the caller may get. As an extractor it reads `{namespace}` and `{name}` of the path, who calls, and looks
/// into RBAC: a handler that has one need ask nothing more.
#[derive(Clone, Debug)]
pub struct Readable(pub Arc<Crawl>);

impl FromRequestParts<App> for Readable {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = parts.extract::<Caller>().await?;
        let (namespace, name) = target(parts).await?;
        app.crawl(&caller, &namespace, &name, Verb::Get).await.map(Self)
    }
}

/// `{namespace}` and `{name}` of the path; a name is empty where the path has none.
pub(crate) async fn target(parts: &mut Parts) -> Result<(String, String), Problem> {
    let Path(mut named) = parts
        .extract::<Path<HashMap<String, String>>>()
        .await
        .map_err(|_| Problem::not_found("the path holds bytes that no name has"))?;
    let mut take = |key| named.remove(key).unwrap_or_default();
    Ok((take("namespace"), take("name")))
}
