//! Reads: watches that break off, repeat themselves, come late or must begin again, and lists that are older than what was
//! already seen. These are the stale and unobserved states in which controllers of others were found wrong.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use futures::{Stream, StreamExt, stream};
use tokio::sync::{broadcast, watch};

use super::{Inner, LARGEST};

/// Lists that are remembered for each path.
const REMEMBERED: usize = 20;
/// What a watch says when its place in history is gone.
const GONE: &[u8] = br#"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version","reason":"Expired","code":410}}
"#;

/// How reads are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Watching {
    /// As they are.
    #[default]
    Truly,
    /// Every piece of a watch comes twice.
    Twice,
    /// Pieces of watches are kept, and come when this ends.
    Late,
    /// Pieces of watches get lost, and the watch ends when this does: what happened between is not seen.
    Lossy,
    /// Each watch ends at once, since its place in history is gone: everything must be listed again.
    Gone,
    /// Lists are answered with an older answer, as by an API server that lags behind.
    Stale,
}

pub(super) struct Reads {
    pub(super) watching: watch::Sender<Watching>,
    cut: broadcast::Sender<()>,
    lists: Mutex<HashMap<String, Vec<Bytes>>>,
}

impl Default for Reads {
    fn default() -> Self {
        Self { watching: watch::Sender::new(Watching::Truly), cut: broadcast::Sender::new(4), lists: Mutex::default() }
    }
}

impl Reads {
    pub(super) fn cut(&self) {
        // Nobody listens while there is no watch.
        let _ = self.cut.send(());
    }

    /// Remembers a list, and answers the oldest one that is remembered.
    fn oldest(&self, path: &str, newest: Bytes) -> Bytes {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = lists.entry(path.to_owned()).or_default();
        if remembered.len() == REMEMBERED {
            remembered.remove(0);
        }
        remembered.push(newest.clone());
        remembered.first().cloned().unwrap_or(newest)
    }
}

pub(super) async fn pass(inner: &Inner, request: Request) -> anyhow::Result<Response> {
    let query = request.uri().query().unwrap_or_default();
    let is_watch = query.split('&').any(|pair| pair == "watch=true" || pair == "watch=1");
    let is_list = request.uri().path().ends_with("/crawls") || request.uri().path().ends_with("/crawlpolicies");
    let path = request.uri().path().to_owned();
    let answer = inner.ask(request).await?;
    if is_watch {
        return Ok(answer.map(|body| distorted(body, &inner.reads)));
    }
    if is_list {
        let (parts, body) = answer.into_parts();
        let newest = axum::body::to_bytes(body, LARGEST).await.context("the list broke off")?;
        let stale = *inner.reads.watching.borrow() == Watching::Stale;
        let oldest = inner.reads.oldest(&path, newest.clone());
        return Ok(Response::from_parts(parts, Body::from(if stale { oldest } else { newest })));
    }
    Ok(answer)
}

/// A watch as it is to be seen. Cut or gone, it ends.
fn distorted(body: Body, reads: &Reads) -> Body {
    let (watching, cut) = (reads.watching.subscribe(), reads.cut.subscribe());
    let events = stream::unfold(Some((Box::pin(lines(body)), watching, cut)), |state| async {
        let (mut events, mut watching, mut cut) = state?;
        loop {
            let now = *watching.borrow_and_update();
            if now == Watching::Gone {
                return Some((Ok(Bytes::from_static(GONE)), None));
            }
            let event = tokio::select! {
                // Kept in the connection until times are better.
                event = events.next(), if now != Watching::Late => event?,
                _ = watching.changed() => if now == Watching::Lossy { return None } else { continue },
                _ = cut.recv() => return None,
            };
            let seen = match (event, now) {
                (Ok(_), Watching::Lossy) => continue,
                (Ok(line), Watching::Twice) => Ok(Bytes::from([&line[..], &line[..]].concat())),
                (event, _) => event,
            };
            return Some((seen, Some((events, watching, cut))));
        }
    });
    Body::from_stream(events)
}

/// The events of a watch, each whole.
fn lines(body: Body) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    stream::unfold((body.into_data_stream(), Vec::new()), |(mut pieces, mut read)| async {
        loop {
            if let Some(end) = read.iter().position(|byte| *byte == b'\n') {
                let rest = read.split_off(end + 1);
                return Some((Ok(Bytes::from(read)), (pieces, rest)));
            }
            match pieces.next().await? {
                Ok(piece) => read.extend_from_slice(&piece),
                Err(error) => return Some((Err(error), (pieces, Vec::new()))),
            }
        }
    })
}
