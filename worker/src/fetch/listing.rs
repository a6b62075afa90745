//! A sitemap as it comes from its server: from a response to the outcomes of its parts.
//!
//! A failure before the first part was handed out is the task's failure. Later it only ends the sitemap: what was listed so far is
//! in the log already, and counts.

use std::io;
use std::time::Duration;

use crawl_protocol::Outcome;
use futures::{StreamExt, stream};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::Came;
use super::cause::{find, undecodable};
use super::classify::Failure;
use super::response::text;
use crate::sitemap::{Chunks, Cut, End, Part, Sitemap};

/// Time for the body beyond the task's limit, which is made for pages. An operator takes a task for lost 60 s after its limit.
const MORE: Duration = Duration::from_secs(30);

/// A sitemap whose next part is still to be read.
#[derive(Debug)]
pub(super) struct Listing {
    status: u16,
    sitemap: Sitemap,
    /// A part of it was handed out.
    begun: bool,
}

impl Listing {
    /// What `response` holds, to a task with this limit, as far as it comes in time.
    pub(super) fn new(response: Response, url: &Url, begun: Instant, limit: Duration) -> Self {
        let content_type = text(response.headers(), CONTENT_TYPE.as_str());
        let status = response.status().as_u16();
        let sitemap = Sitemap::new(chunks(response, begun, limit + MORE), content_type.as_deref(), url.clone());
        Self { status, sitemap, begun: false }
    }

    /// Reads the next part.
    pub(super) async fn next(mut self: Box<Self>) -> Result<Came, Failure> {
        let Part { urls, sitemaps, end } = self.sitemap.next().await;
        let (last, truncated) = match end {
            None => (false, false),
            Some(End::Whole) => (true, false),
            Some(End::Broken(error)) if !self.begun => return Err(cause(&error)),
            Some(End::Cut | End::Broken(_)) => (true, true),
        };
        let outcome = Outcome::Sitemap { status: self.status, urls, sitemaps, last, truncated };
        self.begun = true;
        Ok(Came { outcome, share: None, listing: (!last).then_some(self) })
    }
}

/// The body, until the time is over.
fn chunks(response: Response, begun: Instant, limit: Duration) -> Chunks {
    stream::try_unfold((response, false), move |(mut response, came)| async move {
        let failure = match timeout_at(begun + limit, response.chunk()).await {
            Ok(Ok(Some(chunk))) => return Ok(Some((chunk.into(), (response, true)))),
            Ok(Ok(None)) => return Ok(None),
            Ok(Err(error)) => match undecodable(&error) {
                Some(_) if came => return Err(io::Error::other(Cut)),
                Some(undecodable) => undecodable.into(),
                None => error.into(),
            },
            Err(_) => Failure::timeout(limit),
        };
        Err(io::Error::other(failure))
    })
    .boxed()
}

fn cause(error: &io::Error) -> Failure {
    find::<Failure>(error).cloned().unwrap_or_else(|| Failure::internal("the sitemap could not be read"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use hyper::http;
    use reqwest::Body;
    use tokio::time::sleep;

    use super::*;

    /// What a sitemap to a task with 30 s comes to, whose server sends `first` at once and then a line a second.
    async fn dripping(first: usize) -> (Vec<Result<Outcome, Failure>>, Duration) {
        let lines: String = (0..first).map(|n| format!("http://h/{n}\n")).collect();
        let drip = stream::iter(0..).then(|n| async move {
            sleep(Duration::from_secs(1)).await;
            format!("http://h/later/{n}\n")
        });
        let body = stream::iter([lines]).chain(drip).map(Ok::<_, io::Error>);
        let response = Response::from(http::Response::new(Body::wrap_stream(body)));
        let url = Url::parse("http://h/sitemap.txt").unwrap();
        let begun = Instant::now();
        let mut listing = Some(Box::new(Listing::new(response, &url, begun, Duration::from_secs(30))));
        let mut came = Vec::new();
        while let Some(reading) = listing {
            let read = reading.next().await;
            listing = None;
            came.push(read.map(|came| {
                listing = came.listing;
                came.outcome
            }));
        }
        (came, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_drip_fails_while_nothing_is_handed_out() {
        let (came, took) = dripping(10).await;
        assert_eq!(came, [Err(Failure::timeout(Duration::from_secs(60)))]);
        assert_eq!(took, Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_drip_ends_what_was_handed_out() {
        let (came, took) = dripping(2000).await;
        let [Ok(Outcome::Sitemap { last: false, .. }), Ok(last)] = came.as_slice() else { panic!("{came:?}") };
        let Outcome::Sitemap { urls, last: true, truncated: true, .. } = last else { panic!("{last:?}") };
        // The sixtieth line comes as the time ends.
        assert!(urls.len() >= 59 && took == Duration::from_secs(60), "{} {took:?}", urls.len());
    }
}
