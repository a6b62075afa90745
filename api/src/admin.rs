//! /livez, /readyz and /metrics, on a port of their own.
//!
//! It answers from what is known; a probe never waits for the cluster or the broker. No state that a restart would mend is
//! known, so the process is alive as long as it answers.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::metrics::Metrics;
use crate::state::App;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is served there.
pub fn router(app: App) -> Router {
    let metrics = app.metrics.clone();
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(async move || ready(&app)))
        .route("/metrics", get(async move || scrape(&metrics)))
}

/// Ready when it can show something. RabbitMQ may be away: crawls can be looked at without.
fn ready(app: &App) -> (StatusCode, String) {
    let watches = [("Crawls", app.crawls.is_listed()), ("CrawlPolicies", app.policies.is_listed())];
    let unlisted = watches.iter().filter(|(_, listed)| !listed);
    let reasons: Vec<_> = unlisted.map(|(what, _)| format!("the {what} are not listed yet\n")).collect();
    if reasons.is_empty() {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, reasons.concat())
    }
}

fn scrape(metrics: &Metrics) -> Response {
    match metrics.encode() {
        Ok(text) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
