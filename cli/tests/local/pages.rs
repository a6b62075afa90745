//! Pages: what goes to stdout, what to stderr, and the exit status.

use axum::{Router, http::StatusCode, response::Html, routing::get};

use crate::{
    program::{crawl, folder, lines, stderr, stdout},
    site,
};

#[tokio::test]
async fn pages_go_to_stdout_and_counts_to_stderr() {
    let url = site::small().await;
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
    assert!(
        talk.starts_with("complete: 3 fetched, 1 failed, 1 redirected, 2 skipped (1 OutOfScope, 1 Robots), "),
        "{talk}"
    );
    assert_eq!(talk.lines().count(), 1, "{talk}");
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
    assert!(talk.contains("complete: 2101 fetched, 0 failed, 1 sitemaps read"), "{talk}");
}

#[tokio::test]
async fn limits_are_kept() {
    let url = site::small().await;
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
    assert!(talk.contains("the server refused the connection") && talk.contains("failed, not one page"), "{talk}");
}

#[tokio::test]
async fn wrong_usage_is_told_with_what_to_write() {
    for (args, words) in [
        (&["example.com"][..], "write for example https://example.com/"),
        (&["https://example.com/", "--exclude", "["], "scope.exclude"),
        (&["https://example.com/", "--delay", "soon"], "write a duration, for example 500ms"),
        (&["https://example.com/", "--max-links", "0"], "--max-links"),
        (&["https://example.com/", "--allow-address", "all"], "--allow-address"),
        (&["https://example.com/", "--output-file", "/nowhere/x"], "cannot write to --output-file"),
        (&["https://example.com/", "-q", "-v"], "--quiet"),
        (&[], "<URL>"),
    ] {
        let output = crawl(args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
    }
}

#[tokio::test]
async fn csv_has_a_header_and_no_formulas() {
    let url = site::small().await;
    let file = folder().join("pages.csv");
    let output = crawl(&[&url, "--delay", "0s", "--max-depth", "0", "--output-file", file.to_str().unwrap()]).await;
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), String::new()), "{}", stderr(&output));
    let text = std::fs::read_to_string(file).unwrap();
    let (header, row) = text.trim_end().split_once('\n').unwrap();
    assert_eq!(header, "url,links,status,depth,contentType,bytes,title,tookMs,fetchedAt,reason");
    assert!(row.starts_with(&format!("{url},6,200,0,text/html,")) && row.contains(",'=1+1,"), "{row}");
}

#[tokio::test]
async fn a_table_is_for_people_and_plain_when_piped() {
    let url = site::small().await;
    let output = crawl(&[&url, "--delay", "0s", "-o", "table", "-v"]).await;
    let (text, talk) = (stdout(&output), stderr(&output));
    assert!(
        text.contains(&format!("200       6  {url}\n")) && text.contains(&format!("404          {url}gone\n")),
        "{text}"
    );
    assert!(talk.contains(&format!("{url}old: 308, to {url}new")), "{talk}");
    assert!(!text.contains('\u{1b}') && !talk.contains('\u{1b}'), "{text}{talk}");
}

#[tokio::test]
async fn whoever_wants_silence_gets_it() {
    let url = site::small().await;
    let output = crawl(&[&url, "--delay", "0s", "-q", "-o", "none"]).await;
    assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(0), String::new(), String::new()));
}

#[tokio::test]
async fn failed_pages_fail_where_that_is_asked_for() {
    let url = site::small().await;
    assert_eq!(crawl(&[&url, "--delay", "0s", "--fail-on-broken"]).await.status.code(), Some(1));
    let fine = crawl(&[&url, "--delay", "0s", "--fail-on-broken", "--exclude", "gone"]).await;
    assert_eq!(fine.status.code(), Some(0), "{}", stderr(&fine));
}
