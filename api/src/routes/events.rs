//! A crawl as it changes: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use crate::access::{Caller, Verb};
use crate::error::Problem;
use crate::openapi::{Operation, Routes};
use crate::state::{App, Readable};

/// Streams at the same time.
const AT_ONCE: usize = 256;
/// Between two events.
const PAUSE: Duration = Duration::from_secs(1);
/// A rate changes although the Crawl does not, and so does what is allowed.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const ALLOWED_FOR: Duration = Duration::from_secs(60);
/// Comments come this often when there is nothing to say.
const BREATH: Duration = Duration::from_secs(10);

/// The routes of this group.
pub(crate) fn routes() -> Routes {
    let streams = Arc::new(Semaphore::new(AT_ONCE));
    Routes::new().add(
        Operation::get("/api/v1/namespaces/{namespace}/crawls/{name}/events")
            .named("followCrawl", "A crawl, and then the crawl again whenever it changes")
            .content(
                200,
                "text/event-stream",
                "`event: crawl` with the crawl as getCrawl has it, at most one a second; `event: gone` when it is deleted.",
            )
            .problems(&[404]),
        move |app, caller, path, crawl| events(streams, app, caller, path, crawl),
    )
}

async fn events(
    streams: Arc<Semaphore>,
    State(app): State<App>,
    caller: Caller,
    Path((namespace, name)): Path<(String, String)>,
    Readable(_): Readable,
) -> Result<Response, Problem> {
    let busy = || Problem::unavailable(format!("{AT_ONCE} callers follow crawls; try again in a while"), 10);
    let turn = streams.try_acquire_owned().map_err(|_| busy())?;
    let changes = app.crawls.changes();
    let now = Instant::now();
    let following = Following {
        app,
        caller,
        namespace,
        name,
        changes,
        last: None,
        not_before: now,
        allowed_until: now + ALLOWED_FOR,
        over: false,
        _turn: turn,
    };
    let events = Sse::new(following.stream()).keep_alive(KeepAlive::new().interval(BREATH));
    let headers = [
        (header::CACHE_CONTROL, "no-cache"),
        // Proxies that collect an answer before they pass it on would never pass on this one.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, events).into_response())
}

/// One caller's stream.
struct Following {
    app: App,
    caller: Caller,
    namespace: String,
    name: String,
    changes: watch::Receiver<u64>,
    /// What was told last.
    last: Option<String>,
    not_before: Instant,
    allowed_until: Instant,
    over: bool,
    _turn: OwnedSemaphorePermit,
}

impl Following {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, |mut following| async {
            let event = following.next().await?;
            Some((Ok(event), following))
        })
    }

    /// The next event; `None` when there will be none: the crawl is gone, or may no longer be read, or the process ends.
    async fn next(&mut self) -> Option<Event> {
        while !self.over {
            tokio::select! {
                () = tokio::time::sleep_until(self.not_before) => {}
                () = self.app.shutdown.cancelled() => return None,
            }
            self.changes.mark_unchanged();
            if Instant::now() >= self.allowed_until {
                self.app.allowed(&self.caller, Some(&self.namespace), Some(&self.name), Verb::Get).await.ok()?;
                self.allowed_until = Instant::now() + ALLOWED_FOR;
            }
            let Some(crawl) = self.app.crawls.get(&self.namespace, &self.name) else {
                self.over = true;
                return Some(Event::default().event("gone").data("{}"));
            };
            let text = serde_json::to_string(&self.app.detail(&self.caller, &crawl).await).ok()?;
            if self.last.as_deref() != Some(&text) {
                self.not_before = Instant::now() + PAUSE;
                self.last = Some(text.clone());
                return Some(Event::default().event("crawl").data(text));
            }
            tokio::select! {
                // Late: then it is looked at all the same.
                _ = timeout_at(Instant::now() + LOOK_EVERY, self.changes.changed()) => {}
                () = self.app.shutdown.cancelled() => return None,
            }
        }
        None
    }
}
