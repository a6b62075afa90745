//! Creating, changing and deleting, and how requests are refused that make no sense.

#![allow(clippy::unwrap_used)]

mod fake;

use axum::http::{Method, header};
use serde_json::{Value, json};

use fake::{api, ask, request};

const CRAWLS: &str = "/api/v1/namespaces/web/crawls";
const ADMIN: (&str, &str) = ("authorization", "Bearer admin");

#[tokio::test(start_paused = true)]
async fn a_crawl_is_created_or_refused_in_the_clusters_words() {
    let (router, _) = api(&[]);
    let seeds = json!({"seeds": ["https://example.com/"]});
    for (body, status, field) in [
        (json!({"spec": seeds, "name": "blog"}), 202, ""),
        (json!({"spec": seeds}), 202, ""),
        (json!({"spec": seeds, "name": "news"}), 409, ""),
        (json!({"spec": {"seeds": []}}), 422, "spec.seeds"),
        (json!({"spec": []}), 400, "spec"),
        (json!({"name": "a"}), 400, "body"),
        (json!({"spec": seeds, "more": 1}), 400, "more"),
        (json!([]), 400, "body"),
    ] {
        let (got, headers, answer) = ask(&router, request(Method::POST, CRAWLS, &[ADMIN], Some(body.clone()))).await;
        assert_eq!(got.as_u16(), status, "{body}: {answer}");
        if status == 202 {
            let name = answer["name"].as_str().unwrap();
            assert!(name == "blog" || name.starts_with("example-com-"), "{name}");
            assert_eq!(headers[header::LOCATION], format!("{CRAWLS}/{name}"));
        } else {
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
            assert_eq!(answer["errors"][0]["field"].as_str().unwrap_or_default(), field, "{body}: {answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_caller_s_rights_decide_on_changes() {
    let (router, _) = api(&[]);
    let viewer = ("authorization", "Bearer viewer");
    let spec = json!({"spec": {"seeds": ["https://example.com/"]}});
    for (method, uri, body) in [
        (Method::POST, CRAWLS.to_owned(), Some(spec)),
        (Method::PATCH, format!("{CRAWLS}/news"), Some(json!({"suspend": false}))),
        (Method::DELETE, format!("{CRAWLS}/news"), None),
        (Method::POST, "/crawls".to_owned(), Some(json!({"url": "https://example.com/", "maxLinks": 1}))),
    ] {
        let refused = ask(&router, request(method.clone(), &uri, &[viewer], body.clone())).await;
        assert_eq!(refused.0, 403, "{method} {uri}");
        let done = ask(&router, request(method.clone(), &uri, &[ADMIN], body)).await;
        assert!(done.0.is_success(), "{method} {uri}: {}", done.2);
    }
}

#[tokio::test]
async fn a_dry_run_answers_with_what_would_be() {
    let (router, _) = api(&[]);
    let body = || Some(json!({"name": "blog", "spec": {"seeds": ["https://example.com/"]}}));
    let dry = format!("{CRAWLS}?dryRun=true");
    let (status, _, answer) = ask(&router, request(Method::POST, &dry, &[ADMIN], body())).await;
    assert_eq!((status.as_u16(), &answer["name"]), (200, &json!("blog")));
    let yaml = ("accept", "application/yaml");
    let (status, headers, answer) = ask(&router, request(Method::POST, &dry, &[ADMIN, yaml], body())).await;
    assert_eq!((status.as_u16(), &headers[header::CONTENT_TYPE]), (200, &"application/yaml".parse().unwrap()));
    let text = answer.as_str().unwrap();
    assert!(text.starts_with("apiVersion: crawl-operator.io/v1alpha1\nkind: Crawl\n"), "{text}");
    assert!(!text.contains("status") && !text.contains("uid"), "{text}");
}

#[tokio::test]
async fn the_reference_s_calls_answer_in_its_shapes() {
    let (router, _) = api(&["--anonymous=edit"]);
    let post = async |body: Value| ask(&router, request(Method::POST, "/crawls", &[], Some(body))).await;
    let (status, _, answer) = post(json!({"url": "https://example.com/", "maxLinks": 10})).await;
    assert_eq!((status.as_u16(), answer["id"].as_str().unwrap().len()), (202, 32));
    let (status, _, answer) = post(json!({"url": "https://example.com/", "maxLinks": "10"})).await;
    assert_eq!((status.as_u16(), &answer["field"]), (400, &json!("maxLinks")));
    let broken = axum::http::Request::post("/crawls").header("host", "a").header("content-type", "application/json");
    let (status, _, answer) = ask(&router, broken.body("{".into()).unwrap()).await;
    assert_eq!((status.as_u16(), &answer["field"]), (400, &json!("body")));
    for id in ["x", "..", ".", "a/b", "a/../news", "%00", "%ff%fe", "news/", "", "%6eews%2f", "NEWS", "%F0%9F%98%80"] {
        let (status, _, answer) = ask(&router, request(Method::GET, &format!("/crawls/{id}"), &[], None)).await;
        assert_eq!((status.as_u16(), answer), (404, json!({"error": "id is invalid"})), "{id}");
    }
    let (_, _, list) = ask(&router, request(Method::GET, "/crawls", &[], None)).await;
    assert_eq!(
        list[0],
        json!({
            "id": "news", "url": "https://example.com/", "maxLinks": 1000, "phase": "Suspended", "fetched": 0, "failed": 0, "links": 0
        })
    );
}

#[tokio::test]
async fn parameters_are_read_strictly() {
    let (router, _) = api(&["--anonymous=view"]);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=a", "limit"),
        ("phase=running", "phase"),
        ("phase=", "phase"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("q=a&q=b", "query"),
    ] {
        let (status, _, body) = ask(&router, request(Method::GET, &format!("{CRAWLS}?{query}"), &[], None)).await;
        assert_eq!((status.as_u16(), &body["errors"][0]["field"]), (400, &json!(field)), "{query}: {body}");
    }
    for (query, found) in
        [("", 1), ("phase=Suspended", 1), ("phase=Running", 0), ("q=EXAMPLE", 1), ("cursor=0~~", 0), ("other=1", 1)]
    {
        let (status, _, body) = ask(&router, request(Method::GET, &format!("{CRAWLS}?{query}"), &[], None)).await;
        assert_eq!((status.as_u16(), body["items"].as_array().map(Vec::len)), (200, Some(found)), "{query}: {body}");
    }
}
