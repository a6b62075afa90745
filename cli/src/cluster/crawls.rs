//! Crawls of the cluster, as the commands get them.

use crawl_crds::{Crawl, CrawlStatus};
use kube::{Api, Error, api::ListParams};
use serde_json::Value;

use super::{
    connect::{Cluster, connect},
    near::near,
    refusal::{Asked, missing_kind},
};
use crate::{global::Global, output::quoted, problem::Problem};

/// The Crawls of one namespace.
pub(super) struct Crawls<'a> {
    pub(super) cluster: Cluster,
    pub(super) api: Api<Crawl>,
    pub(super) global: &'a Global,
}

impl<'a> Crawls<'a> {
    pub(super) async fn open(global: &'a Global) -> anyhow::Result<Self> {
        let cluster = connect(global).await?;
        let api = Api::namespaced(cluster.client.clone(), &cluster.namespace);
        Ok(Self { cluster, api, global })
    }

    /// The Crawl of this name.
    ///
    /// # Errors
    /// When there is none; names that are like it are suggested.
    pub(super) async fn get(&self, name: &str) -> anyhow::Result<Crawl> {
        match self.api.get(name).await {
            Ok(crawl) => Ok(crawl),
            Err(error) => Err(self.refused("get", name, error).await),
        }
    }

    /// A refusal of what was asked of one Crawl.
    pub(super) async fn refused(&self, verb: &'static str, name: &str, error: Error) -> anyhow::Error {
        match &error {
            Error::Api(status) if status.code == 404 && !missing_kind(status) => self.not_there(name).await.into(),
            _ => Asked::crawls(verb, &self.cluster.namespace).refused(error, &self.cluster),
        }
    }

    async fn not_there(&self, name: &str) -> Problem {
        let namespace = &self.cluster.namespace;
        let listed = self.api.list_metadata(&ListParams::default().limit(500)).await;
        let names: Vec<String> = listed
            .map(|list| list.items.into_iter().filter_map(|item| item.metadata.name).collect())
            .unwrap_or_default();
        let like = near(name, names.iter().map(String::as_str));
        let list = format!("kubectl crawl list{}", self.global.repeated());
        let hint = if like.is_empty() {
            format!("those that there are: {list}; of all namespaces: kubectl crawl list -A")
        } else {
            format!("did you mean {}? Those that there are: {list}", like.join(" or "))
        };
        Problem::new(format!("there is no Crawl {} in the namespace {namespace}", quoted(name)), hint)
    }
}

/// The status; empty while the operator has not seen the Crawl.
pub(super) fn status(crawl: &Crawl) -> CrawlStatus {
    crawl.status.clone().unwrap_or_default()
}

/// One word for where it stands.
pub(super) fn phase(crawl: &Crawl) -> String {
    let told = crawl.status.as_ref().and_then(|status| status.phase.clone());
    told.unwrap_or_else(|| "Pending".to_owned())
}

/// What a condition says, when it is True or, with `any`, whatever it is.
pub(super) fn message<'a>(status: &'a CrawlStatus, kind: &str, any: bool) -> Option<&'a str> {
    let condition = status.conditions.iter().find(|condition| condition.type_ == kind)?;
    (any || condition.status == "True").then_some(condition.message.as_str())
}

/// Why it stands where it stands, in one sentence.
pub(super) fn sentence(crawl: &Crawl) -> String {
    let status = status(crawl);
    if status.conditions.is_empty() {
        return "the operator has not looked at it yet; when that lasts, see: kubectl crawl version".to_owned();
    }
    let told = ["Complete", "Failed", "Suspended"].iter().find_map(|kind| message(&status, kind, false));
    let told = told.or_else(|| message(&status, "Progressing", true));
    told.unwrap_or("nothing is known").to_owned()
}

/// The object as a manifest: without what only the API server needs.
pub(super) fn manifest(crawl: &Crawl) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(crawl)?;
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    Ok(value)
}
