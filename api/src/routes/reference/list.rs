//! All crawls.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::State;
use crawl_crds::Crawl;
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::Refused;
use crate::access::{Caller, Verb};
use crate::model::Phase;
use crate::state::App;

/// A crawl.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    /// What GET /crawls/{id} takes: the name of the Crawl.
    id: String,
    /// Its first seed.
    url: String,
    /// How many pages it processes at most.
    max_links: i64,
    /// Where it stands.
    phase: Phase,
    /// Pages fetched.
    fetched: i64,
    /// Pages given up.
    failed: i64,
    /// Links on all fetched pages.
    links: i64,
}

impl Item {
    fn of(crawl: &Crawl) -> Self {
        let status = crawl.status.clone().unwrap_or_default();
        Self {
            id: crawl.name_any(),
            url: crawl.spec.seeds.first().cloned().unwrap_or_default(),
            max_links: crawl.spec.max_links,
            phase: Phase::of(crawl),
            fetched: status.pages.fetched,
            failed: status.pages.failed,
            links: status.links,
        }
    }
}

pub(super) async fn list(State(app): State<App>, caller: Asking) -> Result<Json<Vec<Item>>, Refused> {
    let namespace = app.args.namespace.as_str();
    app.allowed(&caller.0, Some(namespace), None, Verb::List).await?;
    let mut crawls = app.crawls.all();
    crawls.retain(|crawl| crawl.namespace().as_deref() == Some(namespace));
    crawls.sort_by_key(|crawl| Reverse(crawl.creation_timestamp().map(|time| time.0)));
    Ok(Json(crawls.iter().map(|crawl| Item::of(crawl)).collect()))
}

/// Who asks; what is wrong with it is told as the reference tells it.
pub(super) struct Asking(pub(super) Caller);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Asking {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self(Caller::of(&parts.headers)?))
    }
}
