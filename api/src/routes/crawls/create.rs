//! A new crawl. What it may be is said by the CRD, so the API server judges it; here nothing is judged twice.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use crawl_crds::CrawlSpec;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::name::generated;
use super::show::{Format, yaml};
use crate::access::{Caller, Verb};
use crate::error::Problem;
use crate::http::{Body, Path, Query};
use crate::state::App;

/// How it is asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    /// true: nothing is created; the answer says what would be.
    #[serde(default)]
    dry_run: bool,
    /// json, or yaml for the manifest (with dryRun); the header Accept says the same.
    format: Option<Format>,
}

/// A crawl that is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCrawl {
    /// Its name; made from the first seed's host when absent.
    #[serde(default)]
    name: Option<String>,
    /// What it is to do.
    #[schemars(with = "CrawlSpec")]
    spec: Map<String, Value>,
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(namespace): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Body(wanted): Body<NewCrawl>,
) -> Result<Response, Problem> {
    app.allowed(&caller, Some(&namespace), None, Verb::Create).await?;
    let spec = Value::Object(wanted.spec);
    let name = wanted.name.unwrap_or_else(|| generated(&spec));
    let created = app.calls.create(app.access.acting(&caller), &namespace, &name, &spec, asked.dry_run).await;
    let crawl = created.map_err(in_our_words)?;
    if asked.dry_run {
        return match Format::of(asked.format, &headers) {
            Format::Yaml => yaml(&crawl),
            Format::Json => Ok(Json(app.detail(&caller, &crawl).await).into_response()),
        };
    }
    app.shown(&namespace, &name, |shown| shown.is_some()).await;
    let location = format!("/api/v1/namespaces/{namespace}/crawls/{name}");
    let mut response = (StatusCode::ACCEPTED, Json(app.detail(&caller, &crawl).await)).into_response();
    // A name that the API server took holds nothing that a header could not.
    response.headers_mut().extend(HeaderValue::try_from(location).ok().map(|place| (header::LOCATION, place)));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    Ok(response)
}

/// What the API server calls metadata.name is called name here.
fn in_our_words(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if error.field == "metadata.name" {
            "name".clone_into(&mut error.field);
        }
    }
    problem
}
