//! From a request to its answer, logged from the first byte read to the last byte handed over.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use hyper::body::{Bytes, Frame, SizeHint};

use crate::{
    answer::{Answer, Wait, answer},
    log::{Log, Open},
    private,
};

/// The whole site.
pub(crate) fn site() -> Router {
    Router::new().fallback(serve).with_state(Log::new())
}

async fn serve(State(log): State<Log>, request: Request) -> Response {
    let uri = request.uri();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = header_of(request.headers(), header::HOST);
    match uri.path() {
        "/_now" => response(200, &[], "text/plain", Body::from(log.now_us().to_string())),
        "/_log" => response(200, &[], "application/jsonl", Body::from(lines(&log, uri.query().unwrap_or_default()))),
        _ => visit(&log, &host, path, request.headers()).await,
    }
}

/// `host=NAME&since=MICROSECONDS`
fn lines(log: &Log, query: &str) -> String {
    let value = |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|pair| pair.0 == name);
    let since = value("since").and_then(|pair| pair.1.parse().ok()).unwrap_or(0);
    log.lines(value("host").map_or("", |pair| pair.1), since)
}

async fn visit(log: &Log, host: &str, path: &str, asked: &HeaderMap) -> Response {
    let (agent, authorization) = (header_of(asked, header::USER_AGENT), header_of(asked, header::AUTHORIZATION));
    let label = host.split(['.', ':']).next().unwrap_or_default();
    let (open, before) = log.open(label, path, &agent, &authorization);
    let private = private::answer(host, path, &authorization);
    let Answer { status, headers, kind, body, wait } = private.unwrap_or_else(|| answer(host, path, before));
    match wait {
        Wait::Not => {}
        Wait::For(duration) => tokio::time::sleep(duration).await,
        // Until the client goes away: this future is dropped then, and the visit with it.
        Wait::ForEver => std::future::pending().await,
    }
    open.answered(status);
    let body = Body::new(Logged { body: Some(body.into()), _open: open });
    response(status, &headers, kind, body)
}

fn header_of(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn response(status: u16, headers: &[(&str, String)], kind: &str, body: Body) -> Response {
    let mut response = Response::builder().status(status).header(header::CONTENT_TYPE, kind);
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    let failed = || {
        let mut failed = Response::default();
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        failed
    };
    response.body(body).unwrap_or_else(|_error| failed())
}

/// A body that ends its visit when it is dropped, which hyper does as soon as it has all of it and before the client does.
struct Logged {
    body: Option<Bytes>,
    _open: Open,
}

impl hyper::body::Body for Logged {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.body.take().map(|body| Ok(Frame::data(body))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.as_ref().map_or(0, |body| body.len() as u64))
    }
}
