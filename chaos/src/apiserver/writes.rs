//! Writes: the operator may die before or after each, or be lied to about it.

use std::sync::Arc;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Inner, LARGEST};
use crate::trap::Moment;

/// What the operator writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Write {
    Status,
    /// The Crawl beside its status: the finalizer.
    Crawl,
    Event,
    Lease,
}

/// What happens at a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    /// The operator is killed.
    Die(Moment),
    /// The operator lives and hears something else.
    Tell(Lie),
}

/// Answers that real API servers give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lie {
    /// Nothing was written: somebody else wrote first.
    Conflict,
    /// Nothing was written: too many ask.
    TooMany,
    /// Nothing was written: the server fails.
    Broken,
    /// It was written, and the server fails when it answers.
    WrittenThenBroken,
    /// It was written, and the connection breaks before the answer.
    WrittenThenCut,
}

impl Write {
    pub(crate) const ALL: [Self; 4] = [Self::Status, Self::Crawl, Self::Event, Self::Lease];

    pub(super) fn of(request: &Request) -> Option<Self> {
        let path = request.uri().path();
        if !matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
            return None;
        }
        if path.contains("/crawls/") {
            return Some(if path.ends_with("/status") { Self::Status } else { Self::Crawl });
        }
        if path.contains("/events") {
            return Some(Self::Event);
        }
        path.contains("/leases").then_some(Self::Lease)
    }
}

impl Deed {
    pub(crate) const ALL: [Self; 7] = [
        Self::Die(Moment::Before),
        Self::Die(Moment::After),
        Self::Tell(Lie::Conflict),
        Self::Tell(Lie::TooMany),
        Self::Tell(Lie::Broken),
        Self::Tell(Lie::WrittenThenBroken),
        Self::Tell(Lie::WrittenThenCut),
    ];
}

pub(super) async fn pass(inner: &Arc<Inner>, write: Write, request: Request) -> anyhow::Result<Response> {
    let Some(deed) = Deed::ALL.into_iter().find(|&deed| inner.trap.springs((write, deed))) else {
        return inner.ask(request).await;
    };
    match deed {
        Deed::Die(Moment::Before) => {
            inner.spring().await;
            Ok(StatusCode::BAD_GATEWAY.into_response())
        }
        Deed::Die(Moment::After) => {
            let answer = whole(inner, request).await?;
            inner.spring().await;
            Ok(answer)
        }
        Deed::Tell(lie) => {
            if matches!(lie, Lie::WrittenThenBroken | Lie::WrittenThenCut) {
                whole(inner, request).await?;
            }
            inner.trap.done();
            Ok(told(lie))
        }
    }
}

/// Asks, and waits until the answer is complete: what was asked is done.
async fn whole(inner: &Inner, request: Request) -> anyhow::Result<Response> {
    let (parts, body) = inner.ask(request).await?.into_parts();
    let body = axum::body::to_bytes(body, LARGEST).await.context("the answer broke off")?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn told(lie: Lie) -> Response {
    let (code, reason) = match lie {
        Lie::Conflict => (StatusCode::CONFLICT, "Conflict"),
        Lie::TooMany => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests"),
        Lie::Broken | Lie::WrittenThenBroken => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        Lie::WrittenThenCut => return cut(),
    };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "a fault that was asked for", "reason": reason, "code": code.as_u16(),
    });
    (code, [(header::CONTENT_TYPE, "application/json")], status.to_string()).into_response()
}

/// An answer whose body breaks off, so that the connection is closed.
fn cut() -> Response {
    let broken = futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut"))]);
    Response::new(Body::from_stream(broken))
}
