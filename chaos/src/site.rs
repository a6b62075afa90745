//! The servers of a web, and how they were treated: who asked when, and whether anyone asked too soon.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::web::{Answer, Web};

/// Serves a web on loopback until it is dropped.
pub(crate) struct Site {
    /// The port of all its hosts.
    pub(crate) port: u16,
    shared: Arc<Shared>,
    _server: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    web: OnceLock<Web>,
    /// Milliseconds that an answer takes.
    slowness: OnceLock<u64>,
    visits: Mutex<Visits>,
}

#[derive(Default)]
struct Visits {
    asked: u64,
    /// Of pages, without robots.txt.
    urls: HashSet<String>,
    /// By host: requests under way, and when the last one ended.
    hosts: HashMap<String, (u32, Option<Instant>)>,
    shortest_rest: Option<Duration>,
    most_at_once: u32,
}

/// How a web was treated.
#[derive(Clone, Debug)]
pub(crate) struct Treatment {
    /// Requests in all.
    pub(crate) requests: u64,
    /// Different URLs among them but robots.txt.
    pub(crate) urls: usize,
    /// The shortest time from the end of a request to the start of the next at the same host.
    pub(crate) shortest_rest: Option<Duration>,
    /// The most requests that one host had under way.
    pub(crate) most_at_once: u32,
}

impl Site {
    /// Listens; answers nothing before it is given its web.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.context("no port for the site")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let mut server = JoinSet::new();
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { port, shared, _server: server })
    }

    /// Serves this web from now on, each answer after so many milliseconds.
    pub(crate) fn serve(&self, web: Web, slowness: u64) {
        // Once: a site is made for each round.
        let _ = self.shared.web.set(web);
        let _ = self.shared.slowness.set(slowness);
    }

    /// How it was treated until now.
    pub(crate) fn treatment(&self) -> Treatment {
        let visits = self.shared.visits();
        Treatment {
            requests: visits.asked,
            urls: visits.urls.len(),
            shortest_rest: visits.shortest_rest,
            most_at_once: visits.most_at_once,
        }
    }
}

impl Shared {
    fn visits(&self) -> MutexGuard<'_, Visits> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way; it ends when it is dropped, also by a client that went away.
struct Visit {
    shared: Arc<Shared>,
    host: String,
}

impl Visit {
    fn begin(shared: Arc<Shared>, host: String, path: &str) -> Self {
        let mut visits = shared.visits();
        visits.asked += 1;
        if path != "/robots.txt" {
            visits.urls.insert(format!("{host}{path}"));
        }
        let (under_way, ended) = visits.hosts.entry(host.clone()).or_default();
        *under_way += 1;
        let (now, rest) = (*under_way, ended.map(|ended| ended.elapsed()));
        visits.most_at_once = visits.most_at_once.max(now);
        visits.shortest_rest = visits.shortest_rest.into_iter().chain(rest).min();
        drop(visits);
        Self { shared, host }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some((under_way, ended)) = self.shared.visits().hosts.get_mut(&self.host) {
            *under_way -= 1;
            *ended = Some(Instant::now());
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_owned();
    let (Some(web), Some(slowness)) = (shared.web.get(), shared.slowness.get()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let _visit = Visit::begin(Arc::clone(&shared), host.clone(), uri.path());
    tokio::time::sleep(Duration::from_millis(*slowness)).await;
    match web.answer(&host, uri.path()) {
        Answer::Html(html) => Html(html).into_response(),
        Answer::Moved(url) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, url)]).into_response(),
        Answer::Missing => StatusCode::NOT_FOUND.into_response(),
        Answer::Failing => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
