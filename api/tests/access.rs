//! Who may do what: the cluster decides, asked with the caller's own token.

#![allow(clippy::unwrap_used)]

mod fake;

use axum::http::{Method, StatusCode, header};
use serde_json::json;

use fake::{api, ask, request};

const NEWS: &str = "/api/v1/namespaces/web/crawls/news";

#[tokio::test]
async fn reads_are_for_those_whom_the_cluster_allows_them() {
    let (router, _) = api(&[]);
    for (token, uri, status) in [
        (None, NEWS, 401),
        (Some("wrong"), NEWS, 401),
        (Some("stranger"), NEWS, 403),
        (Some("viewer"), NEWS, 200),
        (Some("viewer"), "/api/v1/namespaces/web/crawls/none", 404),
        (Some("viewer"), "/api/v1/namespaces/secret/crawls/plans", 403),
        (Some("viewer"), "/api/v1/namespaces/secret/crawls/none", 403),
        (Some("viewer"), "/api/v1/namespaces/web/crawls", 200),
        (Some("viewer"), "/api/v1/crawls", 403),
        (Some("admin"), "/api/v1/crawls", 200),
        (Some("away"), NEWS, 503),
        (None, "/crawls", 401),
        (Some("viewer"), "/crawls", 200),
        // Allowed, but there is no broker here.
        (Some("viewer"), "/crawls/news", 503),
        (Some("viewer"), "/crawls/none", 404),
        (None, "/api/v1/openapi.json", 200),
        (None, "/", 200),
    ] {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let headers: &[_] = if token.is_some() { &[("authorization", bearer.as_str())] } else { &[] };
        let (got, headers, body) = ask(&router, request(Method::GET, uri, headers, None)).await;
        assert_eq!(got.as_u16(), status, "{token:?} {uri}: {body}");
        assert_eq!(headers.contains_key(header::WWW_AUTHENTICATE), status == 401);
        if let Some(token) = token.filter(|_| status != 200) {
            assert!(!body.to_string().contains(&format!("Bearer {token}")));
        }
    }
}

#[tokio::test]
async fn what_may_be_done_without_a_token_is_said_once() {
    for (anonymous, read, write) in [("none", 401, 401), ("view", 200, 401), ("edit", 200, 202)] {
        let (router, _) = api(&[&format!("--anonymous={anonymous}")]);
        let (status, _, _) = ask(&router, request(Method::GET, NEWS, &[], None)).await;
        assert_eq!(status.as_u16(), read, "{anonymous}");
        let (status, _, _) = ask(&router, request(Method::DELETE, NEWS, &[], None)).await;
        // The watch never shows it here; the answer comes nevertheless.
        assert_eq!(status.as_u16(), write, "{anonymous}");
        let (_, _, session) = ask(&router, request(Method::GET, "/api/v1/session", &[], None)).await;
        assert_eq!(session["anonymous"], anonymous);
        assert_eq!((&session["may"]["list"], &session["may"]["delete"]), (&json!(read == 200), &json!(write == 202)));
        // A token that is not valid is worse than none.
        let wrong = request(Method::GET, NEWS, &[("authorization", "Bearer wrong")], None);
        assert_eq!(ask(&router, wrong).await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_session_says_what_the_caller_may_see() {
    let (router, _) = api(&[]);
    let session = async |token: &str| {
        ask(&router, request(Method::GET, "/api/v1/session", &[("authorization", token)], None)).await.2
    };
    let viewer = session("Bearer viewer").await;
    assert_eq!(viewer["user"], "user-viewer");
    assert_eq!(viewer["namespaces"], json!(["web"]));
    assert_eq!(viewer["may"], json!({"list": true, "create": false, "update": false, "delete": false}));
    assert_eq!((&viewer["authenticated"], &viewer["allNamespaces"]), (&json!(true), &json!(false)));
    assert_eq!(session("admin").await["namespaces"], json!(["secret", "web"]));
}

#[tokio::test]
async fn a_detail_says_what_the_caller_may_do() {
    let (router, _) = api(&[]);
    for (token, may) in [("viewer", false), ("admin", true)] {
        let (_, _, crawl) = ask(&router, request(Method::GET, NEWS, &[("authorization", token)], None)).await;
        assert_eq!(crawl["may"], json!({"update": may, "delete": may}));
        assert_eq!(crawl["sentence"], "Suspended by its owner; no URL waits.");
    }
}

#[tokio::test]
async fn only_watched_namespaces_are_there() {
    let (router, _) = api(&["--anonymous=view", "--watch-namespaces=secret"]);
    let (status, _, body) = ask(&router, request(Method::GET, NEWS, &[], None)).await;
    assert_eq!(
        (status.as_u16(), body["detail"].as_str().unwrap()),
        (404, "the namespace web is not shown here, only secret")
    );
}
