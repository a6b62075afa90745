//! Reconciles of Crawls that name Secrets.

use super::*;
use crate::controller::fixtures::crawl as made;

const SECRET: &str = "/api/v1/namespaces/team/secrets/login";

fn crawl() -> Crawl {
    made("fetch: {headersFrom: [{secretRef: {name: login}}]}")
}

fn reads(secret: Value) -> Call {
    call("GET", SECRET, move |_| secret.clone())
}

fn login(value: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": "team"},
        "type": "crawl-operator.io/headers", "data": {"Authorization": base64(value)},
    })
}

fn base64(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}

fn refusal(code: u16, reason: &str) -> Call {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": "no"});
    Call { status: code, ..reads(status) }
}

/// Reconciles, and answers the reason and the note of the event that this made.
async fn told(scene: &mut Scene, crawl: &Crawl, answer: Call) -> (String, String) {
    let (outcome, bodies) = scene.reconcile(crawl, vec![answer, writes_status(crawl), notes_event()]).await;
    outcome.unwrap();
    let text = |key: &str| bodies[2][key].as_str().unwrap().to_owned();
    (text("reason"), text("note"))
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_until_the_secret_can_be_used_and_then_by_itself() {
    let (mut scene, crawl) = (Scene::new(Fake::default()), crawl());
    let (reason, note) = told(&mut scene, &crawl, refusal(403, "Forbidden")).await;
    assert_eq!(reason, "SecretForbidden");
    assert!(note.contains("kubectl --namespace team create role read-login --verb=get"), "{note}");
    assert!(note.contains("--serviceaccount=crawl-system:crawl-operator"), "{note}");

    scene.reconcile(&crawl, vec![]).await.0.unwrap();
    tokio::time::advance(Duration::from_millis(1100)).await;
    assert_eq!(told(&mut scene, &crawl, refusal(404, "NotFound")).await.0, "SecretMissing");
    tokio::time::advance(Duration::from_millis(2100)).await;
    let mut wrong = login("Bearer s3cret");
    wrong["type"] = json!("Opaque");
    assert_eq!(told(&mut scene, &crawl, reads(wrong)).await.0, "SecretInvalid");
    assert_eq!(scene.told(), ["stop", "stop", "stop", "stop"]);

    tokio::time::advance(Duration::from_millis(4100)).await;
    let (outcome, bodies) = scene.reconcile(&crawl, vec![reads(login("Bearer s3cret\n")), writes_status(&crawl)]).await;
    outcome.unwrap();
    assert_eq!(scene.told(), ["ensure"]);
    assert!(!bodies[1].to_string().contains("s3cret") && !bodies[1].to_string().contains(&base64("Bearer s3cret")));
    let wanted = scene.context.engine.wanted.lock().unwrap().take().unwrap();
    assert_eq!(format!("{:?}", wanted.headers), r#"Some({"https://example.com": ["authorization"]})"#);
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_read_now_and_then_and_its_change_is_used() {
    let (mut scene, crawl) = (Scene::new(Fake::default()), crawl());
    let headers = |scene: &Scene| scene.context.engine.wanted.lock().unwrap().take().unwrap().headers;
    scene.reconcile(&crawl, vec![reads(login("one")), writes_status(&crawl)]).await.0.unwrap();
    let one = headers(&scene);
    tokio::time::advance(Duration::from_secs(29)).await;
    scene.reconcile(&crawl, vec![]).await.0.unwrap();
    assert_eq!(headers(&scene), one);

    tokio::time::advance(Duration::from_secs(2)).await;
    scene.reconcile(&crawl, vec![reads(login("two"))]).await.0.unwrap();
    let two = headers(&scene);
    assert!(two.is_some() && two != one);

    // Nobody answers: what is known holds. A clear no is another matter.
    tokio::time::advance(Duration::from_secs(31)).await;
    scene.reconcile(&crawl, vec![refusal(500, "InternalError")]).await.0.unwrap();
    assert_eq!(headers(&scene), two);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(told(&mut scene, &crawl, refusal(403, "Forbidden")).await.0, "SecretForbidden");
    assert_eq!(scene.told(), ["ensure", "ensure", "ensure", "ensure", "stop"]);

    // After an edit it is looked at again at once.
    let mut edited = crawl.clone();
    edited.metadata.generation = Some(2);
    scene.reconcile(&edited, vec![reads(login("two")), writes_status(&edited)]).await.0.unwrap();
    assert_eq!(scene.told(), ["ensure"]);
}

#[tokio::test]
async fn an_answer_that_is_no_secret_is_not_repeated() {
    let (mut scene, crawl) = (Scene::new(Fake::default()), crawl());
    let odd = json!({"kind": "Secret", "data": {"Authorization": {"s3cret": 1}}});
    let (reason, note) = told(&mut scene, &crawl, reads(odd)).await;
    assert_eq!(
        (reason.as_str(), note.as_str()),
        ("SecretUnreadable", "the Secret login cannot be read: the answer is no Secret")
    );
}

#[tokio::test]
async fn a_crawl_that_is_held_or_over_reads_no_secret() {
    let mut scene = Scene::new(Fake::default());
    for edit in ["suspend: true", "cancel: true"] {
        let crawl = made(&format!("fetch: {{headersFrom: [{{secretRef: {{name: login}}}}]}}\n{edit}"));
        scene.reconcile(&crawl, vec![writes_status(&crawl)]).await.0.unwrap();
        scene = Scene::new(Fake::default());
    }
    let mut crawl = crawl();
    scene.progress(&crawl, Stage::Finished(Finish::FrontierEmpty));
    let calls = vec![reads(login("x")), writes_status(&crawl), notes_event(), notes_event()];
    let (_, bodies) = scene.reconcile(&crawl, calls).await;
    crawl.status = serde_json::from_value(bodies[1]["status"].clone()).unwrap();
    crawl.metadata.resource_version = Some("12".to_owned());
    scene.reconcile(&crawl, vec![]).await.0.unwrap();
}
