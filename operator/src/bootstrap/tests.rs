//! The task key against a mock API server: made once, never written over.
#![allow(clippy::unwrap_used, clippy::panic)]

use http::{Request, Response};
use kube::client::Body;
use serde_json::{Value, json};

use super::*;

const ARGS: [&str; 5] = ["crawl-operator", "bootstrap", "--prefix=crawl", "--namespace=system", "--broker-users=false"];

fn args() -> BootstrapArgs {
    let parsed = <crate::args::Args as clap::Parser>::try_parse_from(ARGS).unwrap();
    match parsed.command {
        Some(crate::args::Command::Bootstrap(args)) => args,
        None => panic!("no bootstrap"),
    }
}

fn stored(key: &str) -> Value {
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "crawl-task-key"}, "data": {"task.key": key}})
}

/// Runs while the server gives these answers; what it was sent, as `METHOD PATH`, and its bodies.
async fn run_against(answers: Vec<(u16, Value)>) -> (Result<(), BootstrapError>, Vec<String>, Vec<Value>) {
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
    let args = args();
    let (outcome, (calls, bodies)) = futures::future::join(run(client, &args), serve).await;
    (outcome, calls, bodies)
}

#[tokio::test]
async fn the_key_is_made_where_there_is_none() {
    let answer = stored(&Key::random_text().unwrap());
    let (outcome, calls, bodies) = run_against(vec![(201, answer)]).await;
    outcome.unwrap();
    assert_eq!(calls, ["POST /api/v1/namespaces/system/secrets"]);
    assert_eq!(bodies[0]["metadata"]["name"], "crawl-task-key");
    Key::from_text(bodies[0]["stringData"]["task.key"].as_str().unwrap()).unwrap();
}

#[tokio::test]
async fn a_key_that_is_there_stays_and_a_wrong_one_is_said_to_be() {
    let conflict =
        json!({"kind": "Status", "status": "Failure", "code": 409, "reason": "AlreadyExists", "message": "there"});
    for (key, error) in [
        (Key::random_text().unwrap(), None),
        ("s3cret".to_owned(), Some("the Secret crawl-task-key cannot be used; delete it to have it made again")),
    ] {
        let (outcome, calls, _) = run_against(vec![(409, conflict.clone()), (200, stored(&key))]).await;
        assert_eq!(calls[1], "GET /api/v1/namespaces/system/secrets/crawl-task-key");
        assert_eq!(outcome.err().map(|error| error.to_string()).as_deref(), error);
    }
}
