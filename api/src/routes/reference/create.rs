//! A new crawl of one URL.

use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::answer::{Field, Refused};
use super::id::id;
use super::list::Asking;
use crate::access::Verb;
use crate::http::Body;
use crate::state::App;

/// A crawl that is wanted.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code, reason = "its description; it is read field by field, to say what is wrong with each")]
pub(super) struct Wanted {
    /// Where it starts: an absolute http:// or https:// URL.
    #[schemars(length(max = 2048), regex(pattern = r"^[hH][tT][tT][pP][sS]?://[^/?#]"))]
    url: String,
    /// How many pages it processes at most.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    max_links: i64,
}

/// A crawl that was accepted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Accepted {
    /// What GET /crawls/{id} takes: md5 of url followed by maxLinks.
    id: String,
    /// For people.
    message: String,
}

const MOST: i64 = 1_000_000_000;

pub(super) async fn create(
    State(app): State<App>,
    caller: Asking,
    request: Request,
) -> Result<(StatusCode, Json<Accepted>), Refused> {
    let namespace = app.args.namespace.as_str();
    app.allowed(&caller.0, Some(namespace), None, Verb::Create).await?;
    let Body(body) = Body::<Value>::from_request(request, &()).await?;
    let (url, max_links) = read(&body)?;
    let name = id(&url, max_links);
    let spec = json!({"seeds": [url], "maxLinks": max_links});
    let created = app.calls.create(app.access.acting(&caller.0), namespace, &name, &spec, false).await;
    match created {
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            // There already: the same crawl, unless it is about to go.
            let known = app.crawls.get(namespace, &name);
            if known.is_some_and(|crawl| crawl.metadata.deletion_timestamp.is_some()) {
                return Err(problem.into());
            }
        }
        created => {
            created?;
            app.shown(namespace, &name, |shown| shown.is_some()).await;
        }
    }
    let message = format!("crawl accepted: GET /crawls/{name} tells its pages");
    Ok((StatusCode::ACCEPTED, Json(Accepted { id: name, message })))
}

/// The two fields, and nothing else.
fn read(body: &Value) -> Result<(String, i64), Refused> {
    let wrong = |field, error: &str| Err(Refused::field(field, error));
    let Some(fields) = body.as_object() else {
        return wrong(
            Field::Body,
            r#"the body must be a JSON object such as {"url": "https://example.com/", "maxLinks": 100}"#,
        );
    };
    if let Some(unknown) = fields.keys().find(|key| !matches!(key.as_str(), "url" | "maxLinks")) {
        return wrong(Field::Body, &format!("there is no field {unknown:?}; write url and maxLinks"));
    }
    let url = match fields.get("url").and_then(Value::as_str) {
        Some(url) if is_web(url) => url,
        _ => {
            return wrong(
                Field::Url,
                "url must be an absolute http:// or https:// URL of at most 2048 characters, for example https://example.com/",
            );
        }
    };
    match fields.get("maxLinks").and_then(Value::as_i64) {
        Some(max_links) if (1..=MOST).contains(&max_links) => Ok((url.to_owned(), max_links)),
        _ => wrong(Field::MaxLinks, "maxLinks must be a whole number from 1 to 1000000000, for example 100"),
    }
}

/// What the CRD takes for a seed, and the crawl can request.
fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let web = lower.starts_with("http://") || lower.starts_with("https://");
    web && url.chars().count() <= 2048
        && Url::parse(url).is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::response::IntoResponse as _;
    use http_body_util::BodyExt as _;

    use super::*;

    async fn refusal(body: Value) -> Value {
        let response = read(&body).unwrap_err().into_response();
        assert_eq!(response.status(), 400);
        serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
    }

    #[tokio::test]
    async fn what_is_wrong_is_named_with_what_to_write() {
        let url = "https://example.com/";
        for (body, field) in [
            (json!([]), "body"),
            (json!({}), "url"),
            (json!({"url": url}), "maxLinks"),
            (json!({"url": url, "maxLinks": "10"}), "maxLinks"),
            (json!({"url": url, "maxLinks": 0}), "maxLinks"),
            (json!({"url": url, "maxLinks": 1.5}), "maxLinks"),
            (json!({"url": url, "maxLinks": 1_000_000_001}), "maxLinks"),
            (json!({"url": url, "maxLinks": 18_446_744_073_709_551_615_u64}), "maxLinks"),
            (json!({"url": 1, "maxLinks": 1}), "url"),
            (json!({"url": "example.com", "maxLinks": 1}), "url"),
            (json!({"url": "ftp://example.com/", "maxLinks": 1}), "url"),
            (json!({"url": "https://u:p@example.com/", "maxLinks": 1}), "url"),
            (json!({"url": format!("{url}{}", "a".repeat(2048)), "maxLinks": 1}), "url"),
            (json!({"url": url, "maxLinks": 1, "depth": 1}), "body"),
        ] {
            let told = refusal(body.clone()).await;
            assert_eq!(told["field"], field, "{body}");
            assert!(
                told["error"].as_str().unwrap().contains(if field == "body" { "maxLinks" } else { field }),
                "{told}"
            );
        }
        assert_eq!(read(&json!({"url": "HTTP://a", "maxLinks": 1})).unwrap(), ("HTTP://a".to_owned(), 1));
    }
}
