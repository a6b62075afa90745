//! Broken links.

use serde_json::{Value, json};

use crate::{
    program::{crawl, lines, stderr, stdout},
    site,
};

const FAST: [&str; 6] = ["--check", "--delay", "0s", "--max-attempts", "1", "-v"];

#[tokio::test]
async fn broken_links_of_all_kinds_are_found_with_their_pages() {
    let (url, refusing) = site::broken().await;
    let output = crawl(&[&[url.as_str(), "-o", "jsonl"], &FAST[..]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut found: Vec<(String, Value, Value, Value)> = lines(&output)
        .into_iter()
        .map(|link| {
            let short = link["url"].as_str().unwrap().replace(&url, "/").replace(&refusing, "refusing");
            let short = if short.ends_with("/bad") { "outside".to_owned() } else { short };
            (short, link["status"].clone(), link["leadsTo"].clone(), link["pages"].clone())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let (home, docs) = (json!([url]), json!([format!("{url}docs/")]));
    let both = json!([url, format!("{url}docs/")]);
    let expected = [
        ("/circle", Value::Null, Value::Null, home.clone()),
        ("/docs/typo", json!(404), Value::Null, docs),
        ("/error", json!(500), Value::Null, home.clone()),
        ("/gone", json!(404), Value::Null, both),
        ("/moved", json!(404), json!(format!("{url}nowhere")), home.clone()),
        ("outside", json!(410), Value::Null, home.clone()),
        ("refusing", Value::Null, Value::Null, home),
    ];
    assert_eq!(found, expected.map(|(name, status, to, pages)| (name.to_owned(), status, to, pages)));
}

#[tokio::test]
async fn people_read_few_words() {
    let (url, refusing) = site::broken().await;
    let output = crawl(&[&[url.as_str(), "--fail-on-broken"], &FAST[..5]].concat()).await;
    assert_eq!(output.status.code(), Some(1));
    let (text, talk) = (stdout(&output), stderr(&output));
    for lines in [
        format!("404 {url}gone\n    {url}\n    {url}docs/\n"),
        format!("404 {url}moved -> {url}nowhere\n    {url}\n"),
        format!("--- {url}circle: redirects in a circle\n    {url}\n"),
        format!("--- {refusing}: the server refused the connection\n    {url}\n"),
    ] {
        assert!(text.contains(&lines), "{lines}{text}");
    }
    assert!(talk.starts_with("complete: 7 broken of 14 links, "), "{talk}");
}

#[tokio::test]
async fn csv_has_a_line_for_each_page() {
    let (url, _) = site::broken().await;
    let text = stdout(&crawl(&[&[url.as_str(), "-o", "csv"], &FAST[..]].concat()).await);
    assert!(text.starts_with("url,leadsTo,status,reason,page\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with(&format!("{url}gone,,404,"))).count(), 2, "{text}");
}

#[tokio::test]
async fn the_links_of_one_page_alone() {
    let (url, _) = site::broken().await;
    let output = crawl(&[&[url.as_str(), "--max-depth", "0", "-o", "jsonl"], &FAST[..]].concat()).await;
    assert_eq!(lines(&output).len(), 6, "what only /docs/ leads to is not looked for");
}

#[tokio::test]
async fn private_addresses_are_reached_where_they_are_allowed() {
    let url = site::small().await;
    let port = url.trim_end_matches('/').rsplit_once(':').unwrap().1.to_owned();
    let home = format!("<a href='http://127.0.0.2:{port}/x'>another address</a>");
    let router = axum::Router::new().route("/", axum::routing::get(move || async { axum::response::Html(home) }));
    let url = site::serve(router).await;
    let output = crawl(&[&[url.as_str()], &FAST[..5]].concat()).await;
    assert!(stdout(&output).contains("/x: a private address\n"), "{}", stdout(&output));
    let output = crawl(&[&[url.as_str(), "--allow-address", "127.0.0.0/8"], &FAST[..5]].concat()).await;
    assert!(stdout(&output).contains("/x: the server refused the connection\n"), "{}", stdout(&output));
}

#[tokio::test]
async fn a_journal_serves_both_pages_and_links() {
    let (url, _) = site::broken().await;
    let journal = crate::program::folder().join("crawl.jsonl");
    let journal = ["--journal", journal.to_str().unwrap()];
    let wide =
        crawl(&[&[url.as_str(), "--scope", "any", "--delay", "0s", "--max-attempts", "1"], &journal[..]].concat())
            .await;
    assert_eq!(wide.status.code(), Some(0), "{}", stderr(&wide));
    let checked = crawl(&[&[url.as_str(), "-o", "jsonl"], &FAST[..], &journal[..]].concat()).await;
    assert_eq!(lines(&checked).len(), 7, "what another site leads to is not looked for, although it is in the journal");
}
