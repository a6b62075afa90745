//! /livez, /readyz and /metrics.
//!
//! It answers from what health and metrics remember; a probe never waits for the cluster or the broker.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::health::{Health, Leading, WatchHealth};
use crate::metrics::{ControllerMetrics, Metrics};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Phases that are always shown, also at zero.
const PHASES: [&str; 6] = ["Pending", "Running", "Suspended", "Complete", "Cancelled", "Failed"];

/// The admin server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// As it was given.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It stopped.
    #[error("the admin server failed")]
    Serve(#[source] std::io::Error),
}

#[derive(Clone)]
struct Admin {
    health: Health,
    metrics: Metrics,
}

/// Serves until shutdown.
pub(crate) async fn serve(
    address: SocketAddr,
    health: Health,
    metrics: Metrics,
    shutdown: CancellationToken,
) -> Result<(), AdminError> {
    let listener = TcpListener::bind(address).await.map_err(|source| AdminError::Listen { address, source })?;
    let router = Router::new()
        .route("/livez", get(async |State(admin): State<Admin>| alive(&admin.health, Instant::now())))
        .route("/readyz", get(async |State(admin): State<Admin>| ready(&admin.health)))
        .route("/metrics", get(async |State(admin): State<Admin>| scrape(&admin)))
        .with_state(Admin { health, metrics });
    axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).await.map_err(AdminError::Serve)
}

/// Fails only where a restart helps. The end of a controller ends the process, so it needs no probe.
fn alive(health: &Health, now: Instant) -> (StatusCode, &'static str) {
    let stuck = |leading: &Leading| leading.watches.iter().any(|watch| watch.is_stuck(now));
    if health.leading().is_some_and(stuck) {
        (StatusCode::INTERNAL_SERVER_ERROR, "a watch has failed for ten minutes; the log says which and why\n")
    } else {
        (StatusCode::OK, "ok\n")
    }
}

/// A standby is ready: it is there to take over.
fn ready(health: &Health) -> (StatusCode, String) {
    let Some(leading) = health.leading() else {
        return (StatusCode::OK, "standby: another operator leads\n".to_owned());
    };
    let mut unlisted: Vec<_> =
        leading.watches.iter().filter(|watch| !watch.is_listed()).map(WatchHealth::what).collect();
    unlisted.dedup();
    let watches = unlisted.into_iter().map(|what| format!("the {what} are not listed yet"));
    let broker = (leading.broker)().err().map(|why| format!("RabbitMQ cannot be reached: {why}"));
    let reasons: Vec<_> = watches.chain(broker).collect();
    if reasons.is_empty() {
        (StatusCode::OK, "leading\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n")
    }
}

fn scrape(admin: &Admin) -> Response {
    if let Some(leading) = admin.health.leading() {
        count_crawls(leading, &admin.metrics.controller);
    }
    match admin.metrics.encode() {
        Ok(text) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The gauges are read off the watches at the scrape: nothing can drift.
fn count_crawls(leading: &Leading, metrics: &ControllerMetrics) {
    let mut crawls: BTreeMap<&str, i64> = PHASES.iter().map(|phase| (*phase, 0)).collect();
    let mut pending = 0;
    for crawl in leading.stores.iter().flat_map(|store| store.state()) {
        let status = crawl.0.as_ref().ok().and_then(|crawl| crawl.status.as_ref());
        let phase = status.and_then(|status| status.phase.as_deref()).unwrap_or("Pending");
        if let Some(count) = crawls.get_mut(phase) {
            *count += 1;
        }
        if matches!(phase, "Pending" | "Running") {
            pending += status.map_or(0, |status| status.pages.queued + status.pages.in_flight);
        }
    }
    for phase in PHASES {
        metrics.set_crawls(phase, crawls.get(phase).copied().unwrap_or(0));
    }
    metrics.pages_pending.set(pending);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leading(listed: bool, broker: Result<(), String>) -> Health {
        let (health, watch) = (Health::default(), WatchHealth::of("Crawls"));
        if listed {
            watch.listed();
        }
        health.lead(Leading { watches: vec![watch], stores: vec![], broker: Box::new(move || broker.clone()) });
        health
    }

    #[test]
    fn readiness_says_why_not() {
        let refused = || Err("connection refused".to_owned());
        for (health, status, text) in [
            (Health::default(), StatusCode::OK, "standby: another operator leads\n"),
            (leading(true, Ok(())), StatusCode::OK, "leading\n"),
            (leading(false, Ok(())), StatusCode::SERVICE_UNAVAILABLE, "the Crawls are not listed yet\n"),
            (
                leading(true, refused()),
                StatusCode::SERVICE_UNAVAILABLE,
                "RabbitMQ cannot be reached: connection refused\n",
            ),
        ] {
            assert_eq!(ready(&health), (status, text.to_owned()));
        }
    }

    #[test]
    fn liveness_does_not_depend_on_the_broker() {
        let now = Instant::now();
        assert_eq!(alive(&leading(false, Err("away".into())), now).0, StatusCode::OK);
    }

    #[test]
    fn liveness_fails_with_a_stuck_watch() {
        let health = leading(true, Ok(()));
        let (start, minute) = (Instant::now(), std::time::Duration::from_secs(60));
        for n in 0..=10 {
            health.leading().into_iter().for_each(|leading| leading.watches[0].failed(start + minute * n));
        }
        assert_eq!(alive(&health, start + minute * 10).0, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
