//! The pages of one crawl as the reference has them: `{"id","crawls":[{"url","links"}...]}`, in the order of the log.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use crawl_crds::Crawl;
use crawl_results::Processed;
use kube::ResourceExt as _;
use serde::Serialize;

use super::results::Viewed;
use super::streamed::{self, Gone, Sender};
use crate::error::Problem;
use crate::state::App;
use crate::views::Reader;

/// How long a caller waits for the log to be read: there is no word here for "not all yet".
const WAIT: Duration = Duration::from_secs(30);
/// Pages in a piece of the answer.
const PIECE: usize = 2000;
/// Longer URLs are cut, counted in characters.
const SHOWN: usize = 75;

#[derive(Serialize)]
struct Shown<'a> {
    url: &'a str,
    links: i64,
}

/// The answer, for a crawl that the caller may get.
pub(crate) async fn reference_pages(app: &App, crawl: Arc<Crawl>) -> Result<Response, Problem> {
    let id = serde_json::to_string(&crawl.name_any()).map_err(|_| Problem::not_found("id is invalid"))?;
    let viewed = Viewed::of(app, crawl, WAIT).await?;
    if !viewed.is_whole() {
        return Err(Problem::unavailable("the results of this crawl are still being read; try again", 10));
    }
    let body = streamed::body(|to| write(viewed.reader(), id, to));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

async fn write(from: Reader, id: String, to: Sender) {
    // That nobody takes the rest is no failure.
    let _: Result<(), Gone> = write_all(&from, &id, &to).await;
}

async fn write_all(from: &Reader, id: &str, to: &Sender) -> Result<(), Gone> {
    let mut text = format!("{{\"id\":{id},\"crawls\":[").into_bytes();
    let (mut place, mut first) = (Some(0), true);
    while let Some(from_place) = place {
        let piece = from.read(move |results| {
            let (pages, next) = results.processed(from_place, PIECE);
            (piece(&pages, first), next, pages.is_empty())
        });
        let Ok((piece, next, empty)) = piece.await else {
            to.fail().await;
            return Ok(());
        };
        text.extend(piece);
        to.send(std::mem::take(&mut text)).await?;
        (place, first) = (next, first && empty);
    }
    to.send(b"]}".to_vec()).await
}

fn piece(pages: &[Processed], mut first: bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(pages.len() * 96);
    for page in pages {
        if !std::mem::take(&mut first) {
            text.push(b',');
        }
        let shown = Shown { url: &shortened(&page.url), links: page.links.map_or(-1, i64::from) };
        // Plain data encodes, and memory takes it.
        let _ = serde_json::to_writer(&mut text, &shown);
    }
    text
}

fn shortened(url: &str) -> std::borrow::Cow<'_, str> {
    match url.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &url[..end]).into(),
        None => url.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_cut_by_characters() {
        let exact = "é".repeat(75);
        assert_eq!(shortened(&exact), exact);
        assert_eq!(shortened(&"é".repeat(76)), format!("{exact}..."));
    }

    #[test]
    fn pieces_make_one_list() {
        let page = |url: &str, links| Processed { url: url.to_owned(), links };
        let mut text = piece(&[page("http://a/", Some(3)), page("http://a/\"", None)], true);
        text.extend(piece(&[page("http://b/", Some(0))], false));
        let all: serde_json::Value = serde_json::from_str(&format!("[{}]", String::from_utf8(text).unwrap())).unwrap();
        let expected = serde_json::json!([
            {"url": "http://a/", "links": 3}, {"url": "http://a/\"", "links": -1}, {"url": "http://b/", "links": 0},
        ]);
        assert_eq!(all, expected);
    }
}
