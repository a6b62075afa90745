//! Request headers from a Secret: they reach the seed's origin and nobody else, and nobody can read them on the way.

use std::time::Duration;

use crawl_crds::CrawlStatus;
use crawl_protocol::Task;
use e2e::{BrokerAccess, Cluster, Counts, Namespace, Running, SYSTEM, Site, WORKERS, crawl, has};
use serde_json::{Value, json};
use tokio::process::Command;

/// What must be seen by the site alone.
const VALUE: &str = "open-sesame";

fn secret(value: &str) -> String {
    let origin = Site::url("login", "");
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "crawl-operator.io/headers",
        "metadata": {"name": "login", "annotations": {"crawl-operator.io/origins": origin}},
        "stringData": {"Authorization": format!("Bearer {value}")},
    })
    .to_string()
}

fn spec(path: &str, delay: &str) -> Value {
    json!({
        "seeds": [Site::url("login", path)],
        "scope": {"type": "Any"},
        "politeness": {"delay": delay},
        "fetch": {"headersFrom": [{"secretRef": {"name": "login"}}]},
    })
}

/// Whether the crawl says that this is why it does nothing.
fn waits(reason: &'static str) -> impl Fn(&CrawlStatus) -> bool {
    move |status| message(status, reason).is_some()
}

fn message(status: &CrawlStatus, reason: &str) -> Option<String> {
    let progressing = status.conditions.iter().find(|it| it.type_ == "Progressing" && it.reason == reason)?;
    (progressing.status == "False").then(|| progressing.message.clone())
}

async fn start(namespace: &Namespace, name: &str, spec: Value) -> Running {
    Running::create(namespace, &crawl(name, spec).unwrap()).await.unwrap()
}

/// As a user who pastes what the Crawl says into a shell.
async fn paste(message: &str) {
    let (_, commands) = message.split_once(": ").unwrap();
    let done = Command::new("sh").args(["-c", commands]).output().await.unwrap();
    assert!(done.status.success(), "{commands}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The task in the queue, as somebody sees it who may read the broker's queues.
async fn queued(cluster: &Cluster, uid: &str) -> (Task, String) {
    let access = BrokerAccess::open(cluster).await.unwrap();
    let mut queue = access.broker.consume_tasks("default", 10).await.unwrap();
    let found = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let delivery = queue.next().await.unwrap().unwrap();
            let body = delivery.body.as_ref().unwrap().clone();
            let task = Task::decode(&body).unwrap();
            if task.crawl == uid {
                delivery.requeue().await.unwrap();
                return (task, String::from_utf8(body).unwrap());
            }
            delivery.ack().await.unwrap();
        }
    });
    found.await.expect("a task within a minute")
}

/// Everything that people and programs can look at, but for the Secret itself and the site.
async fn traces(namespace: &Namespace) -> Vec<(&'static str, String)> {
    let logs = |component: &'static str| {
        let selector = format!("app.kubernetes.io/component={component}");
        async move { namespace.kubectl(&["-n", SYSTEM, "logs", "-l", &selector, "--tail=-1"]).await.unwrap() }
    };
    // The broker keeps queues and logs there.
    let disk = format!("grep -rlF {VALUE} /var/lib/rabbitmq || true");
    vec![
        ("the Crawls", namespace.kubectl(&["get", "crawls", "-o", "yaml"]).await.unwrap()),
        ("the events", namespace.kubectl(&["get", "events", "-o", "yaml"]).await.unwrap()),
        ("the operator's log", logs("operator").await),
        ("the workers' logs", logs("worker").await),
        ("the broker's log", logs("rabbitmq").await),
        (
            "the broker's disk",
            namespace
                .kubectl(&["-n", SYSTEM, "exec", "crawl-operator-rabbitmq-0", "--", "sh", "-c", &disk])
                .await
                .unwrap(),
        ),
    ]
}

#[tokio::test]
async fn headers_go_to_the_seeds_origin_and_are_seen_nowhere_else() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("login").await.unwrap();
    let site = Site::watch().await.unwrap();
    cluster.scale(WORKERS, 0).await.unwrap();

    let running = start(&namespace, "login", spec("/private/", "0s")).await;
    let status = running.until("no right to read the Secret", waits("SecretForbidden")).await.unwrap();
    assert!(has(&status, "Accepted", "True") && status.pages.discovered == 0, "{status:?}");
    paste(&message(&status, "SecretForbidden").unwrap()).await;
    running.until("no Secret", waits("SecretMissing")).await.unwrap();
    let events = namespace.kubectl(&["get", "events", "-o", "jsonpath={.items[*].reason}"]).await.unwrap();
    assert!(events.contains("SecretForbidden") && events.contains("SecretMissing"), "{events}");
    namespace.apply(&secret(VALUE)).await.unwrap();

    let (task, body) = queued(&cluster, &running.uid().await.unwrap()).await;
    assert!(task.fetch.sealed_headers.is_some(), "{task:?}");
    assert!(!body.contains(VALUE) && !body.to_lowercase().contains("authorization"), "{body}");
    assert_eq!((site.visits("login").await.unwrap(), site.visits("login-far").await.unwrap()), (vec![], vec![]));
    cluster.scale(WORKERS, 2).await.unwrap();

    // Four private pages, two of the far host, one of the other port.
    assert_eq!(running.complete().await.unwrap(), Counts { fetched: 7, failed: 0, links: 6 });
    assert_eq!(running.status().await.unwrap().pages.redirected, 1);
    for visit in site.visits("login").await.unwrap() {
        let right = match visit.path.as_str() {
            "/only/3" => visit.authorization.is_empty(),
            // That of the other port is asked without.
            "/robots.txt" => true,
            _ => visit.authorization == format!("Bearer {VALUE}"),
        };
        assert!(right, "{visit:?}");
    }
    let far = site.visits("login-far").await.unwrap();
    assert!(far.len() == 3 && far.iter().all(|visit| visit.authorization.is_empty()), "{far:?}");
    for (what, text) in traces(&namespace).await {
        assert!(!text.contains(VALUE), "{what} hold the value: {text}");
    }
}

#[tokio::test]
async fn a_crawl_whose_secret_goes_holds_and_goes_on_with_the_next() {
    let Some(cluster) = Cluster::connect().await.unwrap() else { return };
    let namespace = cluster.namespace("relogin").await.unwrap();
    let site = Site::watch().await.unwrap();
    let running = start(&namespace, "relogin", spec("/private/tree/120/0", "400ms")).await;
    paste(&message(&running.until("no right", waits("SecretForbidden")).await.unwrap(), "SecretForbidden").unwrap())
        .await;
    namespace.apply(&secret(&format!("{VALUE}-1"))).await.unwrap();
    running.midway(5).await.unwrap();
    namespace.kubectl(&["delete", "secret", "login"]).await.unwrap();
    let held = running.until("no Secret any more", waits("SecretMissing")).await.unwrap();
    assert!(held.pages.fetched < 120, "{held:?}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let quiet = Site::watch().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(quiet.pages("login").await.unwrap(), Vec::<String>::new(), "asked for while held");

    namespace.apply(&secret(&format!("{VALUE}-2"))).await.unwrap();
    assert_eq!(running.complete().await.unwrap(), Counts { fetched: 120, failed: 0, links: 119 });
    let visits = site.visits("login").await.unwrap();
    let with =
        |value: &str| visits.iter().filter(|visit| visit.authorization == format!("Bearer {VALUE}-{value}")).count();
    assert_eq!(with("1") + with("2"), visits.len(), "{visits:?}");
    assert!(with("1") > 0 && with("2") > 0);
    assert_eq!(site.pages("login").await.unwrap().len(), 120, "each page was asked for once");
}
