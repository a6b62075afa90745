//! The task key and the nodes' cookie against a mock API server: made once, never written over.
#![allow(clippy::unwrap_used, clippy::panic)]

use http::{Request, Response};
use kube::client::Body;
use serde_json::{Value, json};

use super::*;

const KEY_ONLY: &str = "--broker-users=false";
const COOKIE_ONLY: &str = "--broker-users=false --task-key=false --erlang-cookie=true";

fn args(flags: &str) -> BootstrapArgs {
    let always = ["crawl-operator", "bootstrap", "--prefix=crawl", "--namespace=system"];
    let parsed =
        <crate::args::Args as clap::Parser>::try_parse_from(always.into_iter().chain(flags.split(' '))).unwrap();
    match parsed.command {
        Some(crate::args::Command::Bootstrap(args)) => args,
        None => panic!("no bootstrap"),
    }
}

fn stored(key: &str, value: &str) -> Value {
    let value = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, value);
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "any"}, "data": {key: value}})
}

fn conflict() -> Value {
    json!({"kind": "Status", "status": "Failure", "code": 409, "reason": "AlreadyExists", "message": "there"})
}

/// Runs while the server gives these answers; what it was sent, as `METHOD PATH`, and its bodies.
async fn run_against(flags: &str, answers: Vec<(u16, Value)>) -> (Result<(), BootstrapError>, Vec<String>, Vec<Value>) {
    let (service, mut server) = tower_test::mock::pair::<Request<Body>, Response<Body>>();
    let client = Client::new(service, "default");
    let serve = async move {
        let (mut calls, mut bodies) = (Vec::new(), Vec::new());
        for (status, answer) in answers {
            let (request, send) = server.next_request().await.unwrap();
            calls.push(format!("{} {}", request.method(), request.uri().path()));
            let body = request.into_body().collect_bytes().await.unwrap();
            bodies.push(serde_json::from_slice(&body).unwrap_or_default());
            send.send_response(
                Response::builder().status(status).body(Body::from(answer.to_string().into_bytes())).unwrap(),
            );
        }
        (calls, bodies)
    };
    let args = args(flags);
    let (outcome, (calls, bodies)) = futures::future::join(run(client, &args), serve).await;
    (outcome, calls, bodies)
}

#[tokio::test]
async fn the_key_is_made_where_there_is_none() {
    let answer = stored(TASK_KEY, &Key::random_text().unwrap());
    let (outcome, calls, bodies) = run_against(KEY_ONLY, vec![(201, answer)]).await;
    outcome.unwrap();
    assert_eq!(calls, ["POST /api/v1/namespaces/system/secrets"]);
    assert_eq!(bodies[0]["metadata"]["name"], "crawl-task-key");
    Key::from_text(bodies[0]["stringData"]["task.key"].as_str().unwrap()).unwrap();
}

#[tokio::test]
async fn a_key_that_is_there_stays_and_a_wrong_one_is_said_to_be() {
    for (key, error) in [
        (Key::random_text().unwrap(), None),
        ("s3cret".to_owned(), Some("the Secret crawl-task-key cannot be used; delete it to have it made again")),
    ] {
        let answers = vec![(409, conflict()), (200, stored(TASK_KEY, &key))];
        let (outcome, calls, _) = run_against(KEY_ONLY, answers).await;
        assert_eq!(calls[1], "GET /api/v1/namespaces/system/secrets/crawl-task-key");
        assert_eq!(outcome.err().map(|error| error.to_string()).as_deref(), error);
    }
}

#[tokio::test]
async fn the_cookie_is_made_once_and_differs_each_time() {
    let mut made = Vec::new();
    for _ in 0..2 {
        let (outcome, calls, bodies) = run_against(COOKIE_ONLY, vec![(201, stored(ERLANG_COOKIE, "made"))]).await;
        outcome.unwrap();
        assert_eq!(calls, ["POST /api/v1/namespaces/system/secrets"]);
        assert_eq!(bodies[0]["metadata"]["name"], "crawl-rabbitmq-cookie");
        made.push(bodies[0]["stringData"]["erlang.cookie"].as_str().unwrap().to_owned());
    }
    assert!(made[0].len() == 32 && made[0] != made[1], "{made:?}");
    for (cookie, error) in [
        ("theirs", None),
        (
            "",
            Some(
                "the Secret crawl-rabbitmq-cookie has no key erlang.cookie; add it, or delete the Secret to have it made again",
            ),
        ),
    ] {
        let (outcome, _, _) =
            run_against(COOKIE_ONLY, vec![(409, conflict()), (200, stored(ERLANG_COOKIE, cookie))]).await;
        assert_eq!(outcome.err().map(|error| error.to_string()).as_deref(), error);
    }
}
