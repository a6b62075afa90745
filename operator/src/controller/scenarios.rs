//! Whole reconciles against a mock API server: an unexpected call or a missing one fails the test.
//!
//! They check which calls are made, not what conditions say; that is what the tables of `plan` are for.
#![allow(clippy::unwrap_used, clippy::panic)]

mod headers;
mod policies;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crawl_crds::Crawl;
use crawl_frontier::Counts;
use crawl_rules::{Policies, spec_hash};
use http::{Request, Response};
use kube::client::Body;
use kube::core::DeserializeGuard;
use kube::runtime::events::{Recorder, Reporter};
use serde_json::{Value, json};

use super::context::Context;
use super::engine::Engine;
use super::events::Diary;
use super::fixtures::{crawl, now, unrestricted};
use super::headers::{Access, Secrets};
use super::policies::Known;
use super::reconcile::{ReconcileError, reconcile};
use crate::metrics::ControllerMetrics;
use crate::runner::{Finish, Progress, Stage, Wanted};

type Handle = tower_test::mock::Handle<Request<Body>, Response<Body>>;

/// Runners that do nothing but remember what they were told.
#[derive(Default)]
struct Fake {
    told: Mutex<Vec<&'static str>>,
    progress: Mutex<Option<Progress>>,
    /// What was wanted last.
    wanted: Mutex<Option<Wanted>>,
    away: bool,
}

impl Engine for Fake {
    type Error = std::fmt::Error;

    fn ensure(&self, wanted: Wanted) {
        self.told.lock().unwrap().push("ensure");
        *self.wanted.lock().unwrap() = Some(wanted);
    }

    fn open(&self) {
        self.told.lock().unwrap().push("open");
    }

    fn progress(&self, _: &str) -> Option<Progress> {
        self.progress.lock().unwrap().clone()
    }

    fn stop(&self, _: &str) {
        self.told.lock().unwrap().push("stop");
    }

    async fn delete(&self, _: &str, _: &str) -> Result<(), std::fmt::Error> {
        self.told.lock().unwrap().push("delete");
        if self.away { Err(std::fmt::Error) } else { Ok(()) }
    }

    fn broker_state(&self) -> Result<(), String> {
        if self.away { Err("connection refused".to_owned()) } else { Ok(()) }
    }
}

struct Scene {
    context: Arc<Context<Fake>>,
    server: Handle,
}

impl Scene {
    /// Where no policy is.
    fn new(engine: Fake) -> Self {
        Self::under(engine, Known::fixed(Policies::default()))
    }

    fn under(engine: Fake, policies: Known) -> Self {
        let key = crawl_sealed::Key::from_text(&crawl_sealed::Key::random_text().unwrap()).unwrap();
        let (service, server) = tower_test::mock::pair::<Request<Body>, Response<Body>>();
        let client = kube::Client::new(service, "default");
        let metrics = ControllerMetrics::default();
        let reporter = Reporter { controller: "crawl-operator".to_owned(), instance: Some("pod".to_owned()) };
        let diary = Diary::new(Recorder::new(client.clone(), reporter), metrics.clone());
        let access = Access { key: Some(Arc::new(key)), account: "crawl-system:crawl-operator".to_owned() };
        let secrets = Secrets::new(client.clone(), access);
        Self { context: Arc::new(Context::new(client, engine, diary, metrics, policies, secrets, 1)), server }
    }

    /// Reconciles while the server expects these calls and no others: method, end of the path, answer.
    async fn reconcile(&mut self, crawl: &Crawl, calls: Vec<Call>) -> (Result<(), ReconcileError>, Vec<Value>) {
        let guarded = Arc::new(DeserializeGuard(Ok(crawl.clone())));
        let both = futures::future::join(reconcile(guarded, self.context.clone()), serve(&mut self.server, calls));
        // A missing call would leave the server waiting.
        let (outcome, bodies) = tokio::time::timeout(Duration::from_secs(5), both).await.unwrap();
        (outcome.map(|_| ()), bodies)
    }

    fn told(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.context.engine.told.lock().unwrap())
    }

    fn progress(&self, crawl: &Crawl, stage: Stage) {
        let progress = Progress {
            stage,
            counts: Counts { discovered: 1, fetched: 1, ..Counts::default() },
            spec_hash: spec_hash(&unrestricted(crawl)),
            started_at: Some(now(0).as_millisecond()),
            log_lost: false,
            holding: None,
        };
        *self.context.engine.progress.lock().unwrap() = Some(progress);
    }
}

struct Call {
    method: &'static str,
    path: &'static str,
    status: u16,
    answer: Box<dyn Fn(&Value) -> Value + Send>,
}

const CRAWL: &str = "/namespaces/team/crawls/docs";

fn call(method: &'static str, path: &'static str, answer: impl Fn(&Value) -> Value + Send + 'static) -> Call {
    Call { method, path, status: 200, answer: Box::new(answer) }
}

/// A status write; the server answers with the Crawl as it would then be stored.
fn writes_status(crawl: &Crawl) -> Call {
    let crawl = crawl.clone();
    call("PATCH", "/namespaces/team/crawls/docs/status", move |patch| {
        let mut stored = serde_json::to_value(&crawl).unwrap();
        stored["status"] = patch["status"].clone();
        stored["metadata"]["resourceVersion"] = json!("11");
        stored
    })
}

fn notes_event() -> Call {
    call("POST", "/namespaces/team/events", Clone::clone)
}

async fn serve(server: &mut Handle, calls: Vec<Call>) -> Vec<Value> {
    let mut bodies = Vec::new();
    for Call { method, path, status, answer } in calls {
        let (request, send) = server.next_request().await.unwrap();
        assert_eq!(
            (request.method().as_str(), request.uri().path().ends_with(path)),
            (method, true),
            "{}",
            request.uri()
        );
        let body = request.into_body().collect_bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let answer = serde_json::to_vec(&answer(&body)).unwrap();
        send.send_response(Response::builder().status(status).body(Body::from(answer)).unwrap());
        bodies.push(body);
    }
    bodies
}

#[tokio::test]
async fn the_finalizer_comes_before_the_runner() {
    let mut scene = Scene::new(Fake::default());
    let mut crawl = crawl("");
    crawl.metadata.finalizers = None;
    let stored = serde_json::to_value(&crawl).unwrap();
    let (outcome, bodies) = scene.reconcile(&crawl, vec![call("PATCH", CRAWL, move |_| stored.clone())]).await;
    outcome.unwrap();
    assert_eq!(bodies[0][1]["value"], json!(["crawl-operator.io/log"]));
    assert!(scene.told().is_empty());
}

#[tokio::test]
async fn a_second_reconcile_writes_nothing() {
    let mut scene = Scene::new(Fake::default());
    let crawl = crawl("");
    scene.progress(&crawl, Stage::Running);
    let (outcome, bodies) = scene.reconcile(&crawl, vec![writes_status(&crawl), notes_event()]).await;
    outcome.unwrap();
    assert_eq!(bodies[0]["metadata"]["uid"], "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
    assert_eq!(bodies[0]["status"]["phase"], "Running");
    assert_eq!(bodies[1]["reason"], "Started");

    // The watch has not shown our write yet; neither the status nor the event may be written again.
    let (outcome, _) = scene.reconcile(&crawl, vec![]).await;
    outcome.unwrap();
    assert_eq!(scene.told(), ["ensure", "ensure"]);
}

#[tokio::test]
async fn the_end_is_written_before_the_runner_stops() {
    let mut scene = Scene::new(Fake::default());
    let crawl = crawl("");
    scene.progress(&crawl, Stage::Finished(Finish::FrontierEmpty));
    let refused = call("PATCH", "/status", |_| json!({"not": "a crawl"}));
    assert!(scene.reconcile(&crawl, vec![refused]).await.0.is_err());
    assert!(scene.told().is_empty(), "the end is not written, so the runner stays");

    let (outcome, bodies) = scene.reconcile(&crawl, vec![writes_status(&crawl), notes_event(), notes_event()]).await;
    outcome.unwrap();
    assert_eq!((&bodies[1]["reason"], &bodies[2]["reason"]), (&json!("Started"), &json!("Completed")));
    assert_eq!(scene.told(), ["stop"]);
}

#[tokio::test]
async fn an_expired_crawl_is_deleted_and_no_other_of_its_name() {
    let mut scene = Scene::new(Fake::default());
    let mut crawl = crawl("ttlSecondsAfterFinished: 1");
    scene.progress(&crawl, Stage::Finished(Finish::FrontierEmpty));
    let calls = vec![writes_status(&crawl), notes_event(), notes_event()];
    let (_, bodies) = scene.reconcile(&crawl, calls).await;
    crawl.status = serde_json::from_value(bodies[0]["status"].clone()).unwrap();
    crawl.metadata.resource_version = Some("12".to_owned());
    crawl.status.as_mut().unwrap().completion_time.as_mut().unwrap().0 = "2020-01-01T00:00:00Z".parse().unwrap();

    let gone = call("DELETE", CRAWL, |_| json!({"kind": "Status", "apiVersion": "v1", "status": "Success"}));
    let (outcome, bodies) = scene.reconcile(&crawl, vec![gone]).await;
    outcome.unwrap();
    let preconditions = json!({"uid": "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "resourceVersion": "12"});
    assert_eq!(bodies[0]["preconditions"], preconditions);
}

fn deleted(at: &str) -> Crawl {
    let mut crawl = crawl("");
    let time = at.parse().unwrap();
    crawl.metadata.deletion_timestamp = Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(time));
    crawl
}

#[tokio::test]
async fn a_deleted_crawl_goes_after_its_log() {
    let mut scene = Scene::new(Fake::default());
    let crawl = deleted("2026-11-23T12:00:00Z");
    let stored = serde_json::to_value(&crawl).unwrap();
    let (outcome, bodies) = scene.reconcile(&crawl, vec![call("PATCH", CRAWL, move |_| stored.clone())]).await;
    outcome.unwrap();
    assert_eq!(bodies[0][1]["op"], "remove");
    assert_eq!(scene.told(), ["delete"]);
}

#[tokio::test]
async fn a_deleted_crawl_waits_for_the_broker() {
    let mut scene = Scene::new(Fake { away: true, ..Fake::default() });
    let (outcome, _) = scene.reconcile(&deleted("2999-01-01T00:00:00Z"), vec![]).await;
    assert!(matches!(outcome, Err(ReconcileError::Cleanup(_))));
}

#[tokio::test]
async fn a_deleted_crawl_does_not_wait_for_ever() {
    let mut scene = Scene::new(Fake { away: true, ..Fake::default() });
    let crawl = deleted("2020-01-01T00:00:00Z");
    let stored = serde_json::to_value(&crawl).unwrap();
    let calls = vec![notes_event(), call("PATCH", CRAWL, move |_| stored.clone())];
    let (outcome, bodies) = scene.reconcile(&crawl, calls).await;
    outcome.unwrap();
    assert_eq!(bodies[0]["reason"], "LogLeft");
}
