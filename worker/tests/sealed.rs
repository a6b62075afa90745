//! Headers that tasks bring sealed, against a server that shows what came.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;

use crawl_protocol::{FailureClass, Kind, Outcome, Task};
use crawl_sealed::{Headers, Key};
use crawl_worker::{Fetcher, FetcherConfig};
use support::{Server, open_response, response, task};

const HTML: &str = "Content-Type: text/html\r\n";

fn key() -> Key {
    Key::from_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

fn fetcher(task_key: Option<Key>) -> Fetcher {
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    Fetcher::new(FetcherConfig { allow, task_key: task_key.map(Arc::new), ..FetcherConfig::default() }).unwrap()
}

fn sealed_with(key: &Key, mut task: Task, headers: &[(&str, &str)]) -> Task {
    let headers: Headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    task.fetch.sealed_headers = Some(key.seal(&task.crawl, &task.url, &headers).unwrap());
    task
}

fn sealed(url: &str, headers: &[(&str, &str)]) -> Task {
    sealed_with(&key(), task(url), headers)
}

/// The lines of a request's head that begin with a name.
fn lines<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    head.lines().filter(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:"))).collect()
}

#[tokio::test]
async fn headers_arrive_instead_of_our_own_and_with_their_task_only() {
    let server = Server::start(|_| open_response(HTML, b"")).await;
    let fetcher = fetcher(Some(key()));
    let headers = [("authorization", "Bearer s3cret"), ("cookie", "näme=a; b=c"), ("accept", "text/x-own")];
    for kind in [Kind::Page, Kind::Robots] {
        let task = Task { kind, ..sealed(&server.url("/with"), &headers) };
        fetcher.fetch(&task).await;
    }
    fetcher.fetch(&task(&server.url("/without"))).await;
    let heads = server.requests();
    assert_eq!((heads.len(), server.connections()), (3, 1), "one connection serves them all, and carries nothing over");
    for head in &heads[..2] {
        assert_eq!(lines(head, "authorization"), ["authorization: Bearer s3cret"]);
        assert_eq!(lines(head, "cookie"), ["cookie: näme=a; b=c"]);
        assert_eq!(lines(head, "accept"), ["accept: text/x-own"]);
        assert_eq!(lines(head, "user-agent"), ["user-agent: test-agent/1.0"]);
    }
    assert_eq!((lines(&heads[2], "authorization").len(), lines(&heads[2], "cookie").len()), (0, 0), "{}", heads[2]);
}

#[tokio::test]
async fn a_redirect_is_a_record_and_no_request_to_elsewhere() {
    let elsewhere = Server::start(|_| open_response(HTML, b"")).await;
    let location = format!("Location: {}\r\n", elsewhere.url("/taken"));
    let server = Server::start(move |_| response("302 Found", &location, b"")).await;
    let record = fetcher(Some(key())).fetch(&sealed(&server.url("/"), &[("authorization", "x")])).await.record;
    assert!(matches!(record.outcome, Outcome::Redirect { status: 302, .. }), "{record:?}");
    assert_eq!((server.requests().len(), elsewhere.requests().len()), (1, 0));
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_and_not_requested() {
    let server = Server::start(|_| open_response(HTML, b"")).await;
    let url = server.url("/");
    let good = sealed(&url, &[("authorization", "Bearer s3cret")]);
    let text = good.fetch.sealed_headers.clone().unwrap();
    let with = |text: &str, url: &str| {
        let mut task = task(url);
        task.fetch.sealed_headers = Some(text.to_owned());
        task
    };
    let another = Key::from_text(&Key::random_text().unwrap()).unwrap();
    let foreign = "the task's headers are sealed with another key than this worker's";
    for (key, task, retryable, words) in [
        (None, good, true, "the task's headers are sealed, and this worker has no task key to open them"),
        (Some(another), with(&text, &url), true, foreign),
        (Some(key()), with(&text, &server.url("/other")), true, foreign),
        (Some(key()), with(&text[..text.len() - 8], &url), true, foreign),
        (Some(key()), with("garbage", &url), false, "the task's sealed headers are not readable"),
        (Some(key()), sealed(&url, &[("a b", "c")]), false, "the task's sealed headers hold one that cannot be sent"),
        (
            Some(key()),
            sealed(&url, &[("a", "b\nc: d")]),
            false,
            "the task's sealed headers hold one that cannot be sent",
        ),
    ] {
        let Outcome::Failure { class, message, retryable: again, .. } = fetcher(key).fetch(&task).await.record.outcome
        else {
            panic!("no failure")
        };
        assert_eq!((class, message.as_str(), again), (FailureClass::Internal, words, retryable));
    }
    assert_eq!(server.requests(), Vec::<String>::new());
}
