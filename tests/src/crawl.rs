//! Crawls as tests make and watch them.

use std::time::Duration;

use anyhow::Context;
use crawl_crds::{Crawl, CrawlSpec, CrawlStatus};
use kube::{
    Api, Client, ResourceExt,
    api::{DeleteParams, Patch, PatchParams, PostParams},
};
use serde_json::json;

use crate::{Counts, Namespace, SITE, cluster::eventually};

/// The longest that a test waits for a crawl.
const PATIENCE: Duration = Duration::from_secs(240);

/// A crawl of the whole manual, without politeness; `change` makes it another one.
///
/// # Errors
/// When the defaults do not make a spec.
pub fn manual(name: &str, change: impl FnOnce(&mut CrawlSpec)) -> anyhow::Result<Crawl> {
    let spec = json!({
        "seeds": [SITE],
        "maxLinks": 5000,
        "politeness": {"delay": "0s", "perHostConcurrency": 8},
    });
    let mut spec: CrawlSpec = serde_json::from_value(spec)?;
    change(&mut spec);
    Ok(Crawl::new(name, spec))
}

/// A crawl with the spec that this JSON is.
///
/// # Errors
/// When it is none.
pub fn crawl(name: &str, spec: serde_json::Value) -> anyhow::Result<Crawl> {
    Ok(Crawl::new(name, serde_json::from_value(spec).context("no spec of a Crawl")?))
}

/// A crawl in the cluster.
pub struct Running {
    api: Api<Crawl>,
    name: String,
}

impl Running {
    /// Creates it.
    ///
    /// # Errors
    /// When the API server refuses.
    pub async fn create(namespace: &Namespace, crawl: &Crawl) -> anyhow::Result<Self> {
        let client: Client = namespace.cluster.client.clone();
        let api = Api::namespaced(client, &namespace.name);
        api.create(&PostParams::default(), crawl).await.context("the Crawl was refused")?;
        Ok(Self { api, name: crawl.name_any() })
    }

    /// Its `metadata.uid`.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn uid(&self) -> anyhow::Result<String> {
        self.api.get(&self.name).await?.uid().context("no uid")
    }

    /// Its status now.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn status(&self) -> anyhow::Result<CrawlStatus> {
        Ok(self.api.get(&self.name).await?.status.unwrap_or_default())
    }

    /// Changes its spec.
    ///
    /// # Errors
    /// When the API server refuses.
    pub async fn change(&self, spec: serde_json::Value) -> anyhow::Result<()> {
        let patch = Patch::Merge(json!({"spec": spec}));
        self.api.patch(&self.name, &PatchParams::default(), &patch).await?;
        Ok(())
    }

    /// Deletes it, and waits until it is gone.
    ///
    /// # Errors
    /// When its finalizer is stuck.
    pub async fn delete(&self) -> anyhow::Result<()> {
        self.api.delete(&self.name, &DeleteParams::default()).await?;
        self.gone().await
    }

    /// Waits until it is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self) -> anyhow::Result<()> {
        eventually(PATIENCE, "the Crawl is gone", async || Ok(self.api.get_opt(&self.name).await?.is_none())).await
    }

    /// Waits until its status is as it should be; answers it.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn until(&self, what: &str, right: impl Fn(&CrawlStatus) -> bool) -> anyhow::Result<CrawlStatus> {
        let waited = eventually(PATIENCE, what, async || Ok(right(&self.status().await?))).await;
        let status = self.status().await?;
        waited.with_context(|| format!("the status is {status:#?}"))?;
        Ok(status)
    }

    /// Waits until a condition is True; answers the status.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn condition(&self, kind: &str) -> anyhow::Result<CrawlStatus> {
        self.until(&format!("condition {kind}"), |status| has(status, kind, "True")).await
    }

    /// Waits until it is complete; answers what tests compare.
    ///
    /// # Errors
    /// When it does not complete.
    pub async fn complete(&self) -> anyhow::Result<Counts> {
        Ok(Counts::of(&self.condition("Complete").await?))
    }

    /// Waits until it has fetched at least this many pages, and not all.
    ///
    /// # Errors
    /// When it does not.
    pub async fn midway(&self, fetched: i64) -> anyhow::Result<()> {
        self.until(&format!("{fetched} pages are fetched"), |status| status.pages.fetched >= fetched).await.map(drop)
    }
}

/// Whether a status has a condition with this status.
#[must_use]
pub fn has(status: &CrawlStatus, kind: &str, value: &str) -> bool {
    status.conditions.iter().any(|condition| condition.type_ == kind && condition.status == value)
}
