//! The routes over an API server that is made up: four tokens with their rights, and one rule.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use clap::Parser as _;
use crawl_api::access::Access;
use crawl_api::args::Args;
use crawl_api::cluster::{Calls, Listed};
use crawl_api::metrics::Metrics;
use crawl_api::state::{App, Shared};
use crawl_api::views::Views;
use crawl_crds::Crawl;
use http_body_util::BodyExt as _;
use kube::Client;
use kube::runtime::watcher::Event;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::{ServiceExt as _, service_fn};

/// The API with these arguments, over two Crawls: web/news and secret/plans.
pub(crate) fn api(more: &[&str]) -> (Router, App) {
    let nowhere = (!more.iter().any(|it| it.starts_with("--amqp-password-file"))).then_some(&"--amqp-password-file=/x");
    let args = Args::try_parse_from(["crawl-api", "--namespace=web"].iter().chain(nowhere).chain(more)).unwrap();
    let client = |token| Client::new(service_fn(move |request| answer(request, token)), "default");
    let calls = Calls::over(client(Some("own")), client(None));
    let crawls = Listed::new([String::new()]);
    crawls.apply("", Event::Init);
    for (namespace, name) in [("web", "news"), ("secret", "plans")] {
        let crawl: Crawl = serde_json::from_value(crawl(namespace, name)).unwrap();
        crawls.apply("", Event::InitApply(((namespace.to_owned(), name.to_owned()), Some(crawl))));
    }
    crawls.apply("", Event::InitDone);
    let app = App::new(Shared {
        access: Access::new(args.anonymous, calls.clone()),
        views: Views::new(&args),
        metrics: Metrics::default(),
        shutdown: CancellationToken::new(),
        policies: Listed::new([]),
        args,
        calls,
        crawls,
    });
    (crawl_api::routes::router(app.clone()), app)
}

pub(crate) fn crawl(namespace: &str, name: &str) -> Value {
    json!({
        "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl",
        "metadata": {"namespace": namespace, "name": name, "uid": "1", "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": {"seeds": ["https://example.com/"]},
        "status": {"phase": "Suspended", "observedGeneration": 1},
    })
}

/// Asks, and reads the answer as JSON where it is some.
pub(crate) async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, header::HeaderMap, Value) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (parts.status, parts.headers, serde_json::from_slice(&bytes).unwrap_or(Value::String(text)))
}

/// A request with headers and, where there is one, a JSON body.
pub(crate) fn request(method: Method, uri: &str, headers: &[(&str, &str)], body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "localhost");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match body {
        None => request.body(Body::empty()).unwrap(),
        Some(body) => {
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
        }
    }
}

/// The API server. `own`: who asks without a token of a caller.
async fn answer(
    request: Request<kube::client::Body>,
    own: Option<&str>,
) -> Result<Response<kube::client::Body>, Infallible> {
    let (parts, body) = request.into_parts();
    let token = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let who = token.and_then(|token| token.strip_prefix("Bearer ")).or(own).unwrap_or("nobody").to_owned();
    let body: Value = serde_json::from_slice(&body.collect_bytes().await.unwrap()).unwrap_or_default();
    let (code, answer) = decide(&who, &parts.method, parts.uri.path(), &body);
    let answer = kube::client::Body::from(answer.to_string().into_bytes());
    Ok(Response::builder().status(code).body(answer).unwrap())
}

fn decide(who: &str, method: &Method, path: &str, body: &Value) -> (u16, Value) {
    let failure = |code: u16, message: &str, causes: Value| {
        (
            code,
            json!({"kind": "Status", "status": "Failure", "code": code, "message": message, "reason": "", "details": {"causes": causes}}),
        )
    };
    let may = |verb: &str, namespace: &str| match who {
        "admin" | "own" => true,
        "viewer" => namespace == "web" && matches!(verb, "get" | "list"),
        _ => false,
    };
    if who == "away" {
        return failure(500, "etcd is gone", json!([]));
    }
    if !matches!(who, "admin" | "own" | "viewer" | "stranger") {
        return failure(401, "Unauthorized", json!([]));
    }
    if path.ends_with("/selfsubjectreviews") {
        return (201, json!({"metadata": {}, "status": {"userInfo": {"username": format!("user-{who}")}}}));
    }
    if path.ends_with("/selfsubjectaccessreviews") {
        let asked = &body["spec"]["resourceAttributes"];
        let allowed = may(asked["verb"].as_str().unwrap(), asked["namespace"].as_str().unwrap_or_default());
        return (201, json!({"metadata": {}, "spec": body["spec"], "status": {"allowed": allowed}}));
    }
    let verb = match *method {
        Method::POST => "create",
        Method::PATCH => "patch",
        _ => "delete",
    };
    let mut parts = path.split('/').skip(5);
    let (namespace, name) = (parts.next().unwrap(), parts.nth(1).unwrap_or_default());
    if !may(verb, namespace) {
        return failure(403, &format!("{who} cannot {verb} crawls"), json!([]));
    }
    if body["spec"]["seeds"] == json!([]) {
        let cause = json!([{"reason": "FieldValueInvalid", "field": "spec.seeds", "message": "Invalid value: \"array\": give at least one seed"}]);
        return failure(422, "Crawl is invalid", cause);
    }
    match verb {
        "create" if body["metadata"]["name"] == "news" => failure(409, "crawls \"news\" already exists", json!([])),
        "create" => {
            let mut made = crawl(namespace, body["metadata"]["name"].as_str().unwrap());
            made["spec"] = body["spec"].clone();
            (201, made)
        }
        "patch" => {
            let mut made = crawl(namespace, name);
            made["spec"]["suspend"] = body["spec"]["suspend"].clone();
            (200, made)
        }
        _ => (200, json!({"kind": "Status", "status": "Success"})),
    }
}
