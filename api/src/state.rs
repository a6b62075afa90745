//! What all routes share, and the one way from a request to a Crawl.

use std::collections::HashMap;
use std::sync::Arc;

use axum::RequestPartsExt as _;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use crawl_crds::{Crawl, CrawlPolicy};
use kube::core::DeserializeGuard;

use crate::access::{Caller, Verb};
use crate::args::Args;
use crate::cluster::Listed;
use crate::error::Problem;
use crate::views::Views;

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
    /// 401, 403, or 503 where nobody can say.
    pub async fn allowed(
        &self,
        _caller: &Caller,
        _namespace: Option<&str>,
        _name: Option<&str>,
        _verb: Verb,
    ) -> Result<(), Problem> {
        Ok(())
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
