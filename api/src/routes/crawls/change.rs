//! What may be changed of a crawl that exists: whether it goes on, and how far. And its end.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::access::{Caller, Verb};
use crate::error::Problem;
use crate::http::{Body, Path};
use crate::model::CrawlDetail;
use crate::state::App;

/// What is to change; what is absent stays.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Changes {
    /// true holds the crawl, false goes on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    suspend: Option<bool>,
    /// true ends the crawl and keeps its results.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    cancel: Option<bool>,
    /// How many pages to process.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1, max = 1_000_000_000))]
    max_links: Option<i64>,
}

/// A value that is there is no null.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// What is said of a deletion.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Said {
    /// For people.
    message: String,
}

pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((namespace, name)): Path<(String, String)>,
    Body(changes): Body<Changes>,
) -> Result<Json<CrawlDetail>, Problem> {
    app.crawl(&caller, &namespace, &name, Verb::Patch).await?;
    let spec = serde_json::to_value(&changes).unwrap_or_default();
    let changed = app.calls.patch(app.access.acting(&caller), &namespace, &name, &spec).await?;
    let generation = changed.metadata.generation;
    app.shown(&namespace, &name, |shown| shown.is_none_or(|shown| shown.metadata.generation >= generation)).await;
    Ok(Json(app.detail(&caller, &changed).await))
}

pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((namespace, name)): Path<(String, String)>,
) -> Result<(StatusCode, Json<Said>), Problem> {
    app.crawl(&caller, &namespace, &name, Verb::Delete).await?;
    app.calls.delete(app.access.acting(&caller), &namespace, &name).await?;
    app.shown(&namespace, &name, |shown| shown.is_none_or(|shown| shown.metadata.deletion_timestamp.is_some())).await;
    Ok((StatusCode::ACCEPTED, Json(Said { message: format!("the Crawl {name} and its results are being deleted") })))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::http::read_json;

    #[test]
    fn only_what_may_change_can_be_said() {
        for (body, field) in [
            (r#"{"suspend": 1}"#, "suspend"),
            (r#"{"suspend": null}"#, "suspend"),
            (r#"{"maxLinks": "9"}"#, "maxLinks"),
            (r#"{"maxLinks": 1.5}"#, "maxLinks"),
            (r#"{"seeds": []}"#, "seeds"),
            ("[]", "body"),
            ("", "body"),
            ("{} {}", "body"),
        ] {
            let problem = read_json::<Changes>(body.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!((problem.status.as_u16(), problem.errors[0].field.as_str()), (400, field), "{body}");
        }
        let changes = read_json::<Changes>(br#"{"suspend": false}"#).unwrap_or_default();
        assert_eq!(serde_json::to_value(changes).unwrap_or_default(), serde_json::json!({"suspend": false}));
    }
}
