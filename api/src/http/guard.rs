//! What every request passes before a route sees it, and where it is counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::rate::{Key, Rate};
use super::{Gate, Peer, origin};
use crate::access::{Caller, Token};
use crate::error::Problem;
use crate::metrics::Metrics;

/// The longest URL.
const URL: usize = 16 * 1024;
/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// As many requests are answered at the same time; those whose answer has begun do not count.
const AT_ONCE: usize = 256;

/// What the guard knows.
#[derive(Clone)]
pub struct Guard(Arc<Known>);

struct Known {
    /// Names by which the API is reached; `None`: any, since nobody gets anything without a token.
    hosts: Option<Vec<String>>,
    valid: Box<dyn Fn(&Token) -> bool + Send + Sync>,
    rate: Rate,
    gate: Gate,
    metrics: Metrics,
}

impl Guard {
    /// Who looks at `hosts`, where there are some, and asks `valid` whether a token is known to be valid.
    pub fn new(
        hosts: Option<Vec<String>>,
        valid: impl Fn(&Token) -> bool + Send + Sync + 'static,
        metrics: Metrics,
    ) -> Self {
        let (rate, gate) = (Rate::default(), Gate::new("requests", AT_ONCE));
        Self(Arc::new(Known { hosts, valid: Box::new(valid), rate, gate, metrics }))
    }

    fn admit(&self, request: &Request, page: bool) -> Result<(), Problem> {
        let uri = request.uri();
        if uri.path_and_query().is_some_and(|asked| asked.as_str().len() > URL) {
            return Err(Problem::new(StatusCode::URI_TOO_LONG, "the URL is longer than 16 KiB"));
        }
        let host = origin::host(request.headers(), uri)?;
        if let Some(hosts) = &self.0.hosts {
            origin::known(host, hosts)?;
        }
        origin::same_site(request.headers(), host, page)?;
        self.0.rate.take(self.key(request), Instant::now()).map_err(|seconds| {
            self.0.metrics.rate_limited.inc();
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; come back later").retry_after(seconds)
        })
    }

    /// By token only where it is a valid one: else whoever makes tokens up would have a bucket for each.
    fn key(&self, request: &Request) -> Key {
        match Caller::of(request.headers()) {
            Ok(Caller::Token(token)) if (self.0.valid)(&token) => token.digest(),
            _ => {
                let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_string()).unwrap_or_default();
                let mut key = Key::default();
                key.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, peer.as_bytes()).as_ref());
                key
            }
        }
    }
}

/// Admits a request or answers with the reason; counts it either way.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let reads = matches!(method, Method::GET | Method::HEAD);
    let page = reads && route.as_deref().is_some_and(crate::routes::is_page);
    let response = match guard.admit(&request, page).and_then(|()| guard.0.gate.enter()) {
        Err(problem) => problem.into_response(),
        Ok(pass) => {
            let answered = tokio::time::timeout(PATIENCE, next.run(request)).await;
            drop(pass);
            answered.unwrap_or_else(|_| Problem::unavailable("no answer within 30 seconds", 5).into_response())
        }
    };
    let status = response.status();
    guard.0.metrics.answered(route.as_deref(), &method, status, begun.elapsed());
    // The path alone: parameters hold what people look for.
    let (method, status) = (method.as_str(), status.as_u16());
    match status {
        500.. => tracing::warn!(method, path, status, "could not answer"),
        _ if !reads => tracing::info!(method, path, status, "answered"),
        _ => tracing::debug!(method, path, status, "answered"),
    }
    response
}
