//! One crawl: as JSON, or as the manifest that makes it.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use crawl_crds::Crawl;
use schemars::JsonSchema;
use serde::Deserialize;

use super::YAML;
use crate::access::Caller;
use crate::error::Problem;
use crate::http::Query;
use crate::model::manifest;
use crate::state::{App, Readable};

/// In which form.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct Asked {
    /// json, or yaml for the manifest; the header Accept says the same.
    format: Option<Format>,
}

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// The crawl as this API knows it.
    Json,
    /// The manifest for kubectl apply.
    Yaml,
}

impl Format {
    /// As the parameter says, else the header.
    pub(super) fn of(said: Option<Self>, headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        said.unwrap_or(if accepted.contains(YAML) { Self::Yaml } else { Self::Json })
    }
}

pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Readable(crawl): Readable,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match Format::of(asked.format, &headers) {
        Format::Yaml => yaml(&crawl),
        Format::Json => Ok(Json(app.detail(&caller, &crawl).await).into_response()),
    }
}

/// The manifest.
pub(super) fn yaml(crawl: &Crawl) -> Result<Response, Problem> {
    let text = manifest(crawl).map_err(|error| {
        tracing::error!(error = crate::logs::chain(&error), "a Crawl cannot be written as YAML");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the Crawl cannot be written as YAML")
    })?;
    Ok(([(header::CONTENT_TYPE, YAML)], text).into_response())
}
