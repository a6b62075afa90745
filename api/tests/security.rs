//! What is refused before a route sees it, and what is on every answer.

#![allow(clippy::unwrap_used)]

mod fake;

use axum::http::{Method, header};
use serde_json::json;

use fake::{api, ask, request};

const NEWS: &str = "/api/v1/namespaces/web/crawls/news";

#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    let (router, _) = api(&["--anonymous=edit", "--allowed-hosts=crawl.example"]);
    for (uri, headers, status) in [
        (NEWS, &[("host", "crawl.example"), ("origin", "https://crawl.example")][..], 200),
        (NEWS, &[("host", "crawl.example"), ("origin", "https://evil.example")], 403),
        (NEWS, &[("sec-fetch-site", "cross-site")], 403),
        (NEWS, &[("host", "evil.example")], 421),
        ("/", &[("host", "evil.example")], 421),
        ("/", &[("sec-fetch-site", "cross-site")], 200),
        ("/", &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], 403),
        ("/crawls", &[("origin", "null")], 403),
    ] {
        let (got, _, body) = ask(&router, request(Method::GET, uri, headers, None)).await;
        assert_eq!(got.as_u16(), status, "{uri} {headers:?}: {body}");
    }
}

#[tokio::test]
async fn where_a_token_is_needed_any_name_may_lead_here() {
    let (router, _) = api(&[]);
    let headers = [("host", "any.example"), ("authorization", "viewer")];
    assert_eq!(ask(&router, request(Method::GET, NEWS, &headers, None)).await.0, 200);
}

#[tokio::test]
async fn every_answer_says_what_a_browser_must_not_do() {
    let (router, _) = api(&["--anonymous=view"]);
    let evil = [("origin", "https://evil.example")];
    for (method, uri, headers) in [
        (Method::GET, "/", &[][..]),
        (Method::GET, NEWS, &[]),
        (Method::GET, "/nothing", &[]),
        (Method::PUT, NEWS, &[]),
        (Method::GET, NEWS, &evil),
        (Method::OPTIONS, NEWS, &[]),
    ] {
        let (_, headers, _) = ask(&router, request(method, uri, headers, None)).await;
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert!(headers.contains_key(header::CACHE_CONTROL));
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
}

#[tokio::test]
async fn what_is_too_large_or_of_another_kind_is_refused() {
    let (router, _) = api(&["--anonymous=edit"]);
    let patch = |kind: &str, body: String| {
        let request = axum::http::Request::patch(NEWS).header(header::HOST, "localhost");
        request.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
    };
    let large = format!("{{\"suspend\": true{}}}", " ".repeat(256 * 1024));
    for (kind, body, status) in [
        ("application/json", large, 413),
        ("text/plain", "{\"suspend\": true}".to_owned(), 415),
        ("application/json; charset=utf-8", "{\"suspend\": true}".to_owned(), 200),
        ("application/json", "{".to_owned(), 400),
    ] {
        let (got, headers, answer) = ask(&router, patch(kind, body)).await;
        assert_eq!(got.as_u16(), status, "{kind}: {answer}");
        assert!(status == 200 || headers[header::CONTENT_TYPE] == "application/problem+json");
    }
    let long = format!("{NEWS}?q={}", "a".repeat(16 * 1024));
    assert_eq!(ask(&router, request(Method::GET, &long, &[], None)).await.0, 414);
}

#[tokio::test]
async fn methods_that_are_not_there_are_told_with_those_that_are() {
    let (router, _) = api(&["--anonymous=edit"]);
    for (method, uri, allowed) in [
        (Method::PUT, NEWS, vec!["DELETE", "GET", "HEAD", "PATCH"]),
        (Method::OPTIONS, "/crawls", vec!["GET", "HEAD", "POST"]),
        (Method::POST, "/", vec!["GET", "HEAD"]),
        (Method::TRACE, "/", vec!["GET", "HEAD"]),
        (Method::from_bytes(b"QUERY").unwrap(), "/api/v1/session", vec!["GET", "HEAD"]),
    ] {
        let (status, headers, body) = ask(&router, request(method, uri, &[], None)).await;
        let mut told: Vec<_> = headers[header::ALLOW].to_str().unwrap().split(',').map(str::trim).collect();
        told.sort_unstable();
        assert_eq!((status.as_u16(), told), (405, allowed), "{uri}");
        assert_eq!(body["status"], json!(405));
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let (router, app) = api(&["--anonymous=view"]);
    let mut refused = 0;
    for _ in 0..400 {
        let (status, headers, _) = ask(&router, request(Method::GET, "/crawls", &[], None)).await;
        if status == 429 {
            refused += 1;
            assert_eq!(headers[header::RETRY_AFTER], "1");
        }
    }
    assert!(refused > 50, "{refused}");
    // Somebody with a token that is known to be valid has a bucket of their own.
    app.access
        .user(
            &crawl_api::access::Caller::of(&[(header::AUTHORIZATION, "viewer".parse().unwrap())].into_iter().collect())
                .unwrap(),
        )
        .await
        .unwrap();
    assert_eq!(ask(&router, request(Method::GET, NEWS, &[("authorization", "viewer")], None)).await.0, 200);
    let text = app.metrics.encode().unwrap();
    assert!(text.contains("crawl_api_rate_limited_total"), "{text}");
    assert!(text.contains("route=\"/crawls\",method=\"GET\",status=\"4xx\""), "{text}");
    assert!(!text.contains("news\""), "{text}");
}

#[tokio::test]
async fn the_user_interface_is_kept_as_long_as_it_may_be() {
    let (router, _) = api(&[]);
    let (status, headers, body) = ask(&router, request(Method::GET, "/", &[], None)).await;
    assert_eq!((status.as_u16(), &headers[header::CACHE_CONTROL]), (200, &"no-cache".parse().unwrap()));
    assert!(body.as_str().unwrap().contains("crawl-operator"));
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let again = ask(&router, request(Method::GET, "/", &[("if-none-match", &tag)], None)).await;
    assert_eq!((again.0.as_u16(), again.2), (304, json!("")));
    for unknown in ["/assets/none.js", "/none", "/assets/../Cargo.toml", "/a/b/c", "/index.html/x"] {
        let (status, headers, _) = ask(&router, request(Method::GET, unknown, &[], None)).await;
        assert_eq!(status.as_u16(), 404, "{unknown}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    }
}
