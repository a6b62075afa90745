//! A proxy between the operator and the real API server. It passes everything on, until it is told to lie, to be away, or to kill
//! the operator at a write. What it may do to reads and watches is in [`reads`].

mod reads;
mod writes;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kube::Client;
use tokio::net::TcpListener;
use tokio::sync::{OnceCell, watch};
use tokio::task::JoinSet;

use crate::part::Part;
use crate::trap::Shared;
pub(crate) use reads::Watching;
pub(crate) use writes::{Deed, Lie, Write};

/// The largest body that is passed on whole.
const LARGEST: usize = 16 * 1024 * 1024;

/// The way of the operator to the API server.
pub(crate) struct Gate {
    /// Where the operator connects, without TLS: it is loopback.
    pub(crate) port: u16,
    inner: Arc<Inner>,
    _serving: JoinSet<()>,
}

pub(crate) struct Inner {
    client: Client,
    trap: Shared<(Write, Deed)>,
    victim: OnceCell<Arc<Part>>,
    away: watch::Sender<bool>,
    reads: reads::Reads,
}

impl Gate {
    /// Opens a way that goes by this client and its rights.
    pub(crate) async fn open(client: Client) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for a proxy")?;
        let port = listener.local_addr()?.port();
        let inner = Arc::new(Inner {
            client,
            trap: Shared::default(),
            victim: OnceCell::new(),
            away: watch::Sender::new(false),
            reads: reads::Reads::default(),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        let mut serving = JoinSet::new();
        serving.spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { port, inner, _serving: serving })
    }

    /// Says who comes this way.
    pub(crate) fn belongs_to(&self, part: &Arc<Part>) {
        // Once, at the start.
        let _ = self.inner.victim.set(Arc::clone(part));
    }

    /// Where a plan aims.
    pub(crate) fn trap(&self) -> &Shared<(Write, Deed)> {
        &self.inner.trap
    }

    /// What watches and lists show.
    pub(crate) fn watching(&self) -> &watch::Sender<Watching> {
        &self.inner.reads.watching
    }

    /// Ends all watches; they may begin again at once.
    pub(crate) fn cut_watches(&self) {
        self.inner.reads.cut();
    }

    /// Answers 503 to everything for this long, and ends all watches.
    pub(crate) async fn be_away(&self, time: Duration) {
        self.inner.away.send_replace(true);
        self.cut_watches();
        tokio::time::sleep(time).await;
        self.inner.away.send_replace(false);
    }
}

async fn pass(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    if *inner.away.borrow() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match writes::Write::of(&request) {
        Some(write) => writes::pass(&inner, write, request).await,
        None => reads::pass(&inner, request).await,
    }
    .unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response())
}

impl Inner {
    /// Asks the real API server. Its answer's body still comes.
    async fn ask(&self, request: Request) -> anyhow::Result<Response> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LARGEST).await.context("the request broke off")?;
        let mut asked = axum::http::Request::builder().method(parts.method).uri(
            // Its own host is the client's to say.
            parts.uri.path_and_query().map_or("/", |path| path.as_str()),
        );
        for (name, value) in &parts.headers {
            if !matches!(name.as_str(), "host" | "authorization" | "content-length" | "connection" | "accept-encoding")
            {
                asked = asked.header(name, value);
            }
        }
        let asked = asked.body(kube::client::Body::from(body.to_vec())).context("no request")?;
        let answer = self.client.send(asked).await.context("the API server does not answer")?;
        let (mut parts, body) = answer.into_parts();
        for hop in ["transfer-encoding", "connection", "content-length"] {
            parts.headers.remove(hop);
        }
        Ok(Response::from_parts(parts, Body::new(body)))
    }

    /// The operator dies at this very step. In a task of its own, since the request ends with the operator.
    async fn spring(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        let killed = tokio::spawn(async move {
            if let Some(victim) = inner.victim.get() {
                victim.kill().await;
            }
            inner.trap.done();
        });
        // Only a panic would be an error, and there is none.
        let _ = killed.await;
    }
}
