//! `kubectl-crawl local` as a user runs it: the program, against a web server on loopback.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

use axum::{
    Router,
    http::StatusCode,
    response::{Html, Redirect},
    routing::get,
};
use serde_json::Value;

/// A small site: three pages, a broken link, a redirect, a link that robots.txt forbids and one to elsewhere.
async fn site() -> String {
    let home = r#"<a href="/a">a</a> <a href="/old">old</a> <a href="/gone">gone</a>
        <a href="/private/x">x</a> <a href="http://elsewhere.example/">out</a> <area href="/a">"#;
    let router = Router::new()
        .route("/", get(move || async move { Html(home) }))
        .route("/a", get(|| async { Html("<a href='/'>home</a>") }))
        .route("/old", get(|| async { Redirect::permanent("/new") }))
        .route("/new", get(|| async { Html("no links") }))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /private/\n" }))
        .fallback(|| async { StatusCode::NOT_FOUND });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

async fn crawl(args: &[&str]) -> Output {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let run = move || Command::new(env!("CARGO_BIN_EXE_kubectl-crawl")).arg("local").args(args).output().unwrap();
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn pages_go_to_stdout_and_counts_to_stderr() {
    let url = site().await;
    let output = crawl(&[&url, "--delay", "0s", "-o", "jsonl"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut pages: Vec<(String, i64)> = lines(&output)
        .iter()
        .map(|page| (page["url"].as_str().unwrap().replace(&url, "/"), page["links"].as_i64().unwrap()))
        .collect();
    pages.sort();
    let expected = [("/", 6), ("/a", 1), ("/gone", -1), ("/new", 0)].map(|(path, links)| (path.to_owned(), links));
    assert_eq!(pages, expected);
    let talk = stderr(&output);
    for words in [
        "complete",
        "found 7 = fetched 3 + failed 1 + redirected 1 + skipped 2 + queued 0",
        "links 7",
        "1: Robots",
        "1: OutOfScope",
    ] {
        assert!(talk.contains(words), "{words}: {talk}");
    }
    let gone = lines(&output).into_iter().find(|page| page["links"] == -1).unwrap();
    assert_eq!(gone["reason"], "the server answered 404 Not Found");
}

#[tokio::test]
async fn a_sitemap_of_several_parts_is_taken_whole() {
    let lines = |host: &str| (0..2100).map(|n| format!("http://{host}/listed/{n}\n")).collect::<String>();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let sitemap = lines(&host);
    let router = Router::new()
        .route("/sitemap.xml", get(move || async move { sitemap }))
        .route("/robots.txt", get(|| async { StatusCode::NOT_FOUND }))
        .fallback(|| async { Html("no links") });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let seed = format!("http://{host}/");
    let args =
        [&seed, "--sitemaps", "--delay", "0s", "--per-host-concurrency", "16", "--max-links", "5000", "-o", "jsonl"];
    let output = crawl(&args).await;
    let talk = stderr(&output);
    assert!(talk.contains("found 2101 = fetched 2101"), "{talk}");
}

#[tokio::test]
async fn limits_are_kept() {
    let url = site().await;
    assert_eq!(lines(&crawl(&[&url, "--delay", "0s", "--max-links", "2"]).await).len(), 2);
    assert_eq!(lines(&crawl(&[&url, "--delay", "0s", "--max-depth", "0"]).await).len(), 1);
}

#[tokio::test]
async fn what_cannot_be_reached_fails_and_says_why() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let output = crawl(&[&url, "--max-attempts", "1"]).await;
    assert_eq!(output.status.code(), Some(1));
    let talk = stderr(&output);
    assert!(talk.contains("the server refused the connection") && talk.contains("failed: not one page"), "{talk}");
}

#[tokio::test]
async fn wrong_usage_is_told_with_what_to_write() {
    for (args, words) in [
        (&["example.com"][..], "write for example https://example.com/"),
        (&["https://example.com/", "--exclude", "["], "scope.exclude"),
        (&["https://example.com/", "--delay", "soon"], "write a duration, for example 500ms"),
        (&["https://example.com/", "--max-links", "0"], "--max-links"),
        (&[], "<URL>"),
    ] {
        let output = crawl(args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
    }
}
