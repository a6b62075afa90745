//! Writes to the API server: the status, by server-side apply and only where it changed, and the deletion of an expired Crawl.
//!
//! It decides nothing about a crawl.

use crawl_crds::{Crawl, CrawlStatus};
use kube::api::{Api, DeleteParams, Patch, PatchParams, Preconditions};
use kube::{Resource as _, ResourceExt as _};
use serde_json::json;

/// Who owns the status fields.
const FIELD_MANAGER: &str = "crawl-operator";

/// Writes the status; the answer is the Crawl as stored. Only of this very Crawl: one with the same name, made later,
/// has another uid and is refused.
pub(super) async fn status(api: &Api<Crawl>, crawl: &Crawl, status: &CrawlStatus) -> Result<Crawl, kube::Error> {
    let patch = json!({
        "apiVersion": Crawl::api_version(&()),
        "kind": Crawl::kind(&()),
        "metadata": {"name": crawl.name_any(), "uid": crawl.uid()},
        "status": status,
    });
    let params = PatchParams::apply(FIELD_MANAGER).force();
    api.patch_status(&crawl.name_any(), &params, &Patch::Apply(&patch)).await
}

/// Deletes an expired Crawl, unless it is gone or has changed since it was looked at.
pub(super) async fn expire(api: &Api<Crawl>, crawl: &Crawl) -> Result<(), kube::Error> {
    let preconditions = Preconditions { uid: crawl.uid(), resource_version: crawl.resource_version() };
    let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
    match api.delete(&crawl.name_any(), &params).await {
        Err(kube::Error::Api(refusal)) if refusal.is_not_found() => Ok(()),
        other => other.map(|_| ()),
    }
}
