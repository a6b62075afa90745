//! What the worker knows of itself: whether it is ready, and its metrics. Labels come from fixed sets; never a URL, a host, a
//! crawl or a message.

use std::sync::Arc;
use std::time::Duration;

use crawl_protocol::{FailureClass, Outcome, Record};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tokio::sync::watch;

/// The worker's state, shared by its parts.
#[derive(Clone, Debug)]
pub struct Status {
    not_ready: Arc<watch::Sender<Option<String>>>,
    registry: Arc<Registry>,
    attempts: Family<OutcomeLabel, Counter>,
    failures: Family<ClassLabel, Counter>,
    duration: Histogram,
    bytes: Counter,
    in_flight: Gauge,
    unreadable: Counter,
    dropped: Counter,
    sessions_lost: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: OutcomeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
#[allow(non_camel_case_types)]
enum OutcomeKind {
    page,
    redirect,
    robots,
    sitemap,
    failure,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClassLabel {
    class: String,
}

impl Default for Status {
    fn default() -> Self {
        let status = Self {
            not_ready: Arc::new(watch::Sender::new(Some("starting".to_owned()))),
            registry: Arc::default(),
            attempts: Family::default(),
            failures: Family::default(),
            // From 5 ms to 41 s.
            duration: Histogram::new(exponential_buckets(0.005, 2.0, 14)),
            bytes: Counter::default(),
            in_flight: Gauge::default(),
            unreadable: Counter::default(),
            dropped: Counter::default(),
            sessions_lost: Counter::default(),
        };
        Self { registry: Arc::new(status.register()), ..status }
    }
}

impl Status {
    fn register(&self) -> Registry {
        let mut registry = Registry::with_prefix("crawl_worker");
        registry.register("attempts", "Attempts by outcome", self.attempts.clone());
        registry.register("failures", "Failed attempts by class", self.failures.clone());
        registry.register("fetch_duration_seconds", "Time of one attempt", self.duration.clone());
        registry.register("body_bytes", "Decoded bytes of bodies read", self.bytes.clone());
        registry.register("in_flight", "Attempts going on", self.in_flight.clone());
        registry.register(
            "unreadable_tasks",
            "Messages that were no tasks, sent to the dead letters",
            self.unreadable.clone(),
        );
        registry.register("dropped_records", "Records whose crawl was deleted meanwhile", self.dropped.clone());
        registry.register("sessions_lost", "Broker sessions that ended with an error", self.sessions_lost.clone());
        registry
    }

    /// The worker takes tasks.
    pub fn ready(&self) {
        self.not_ready.send_replace(None);
    }

    /// The worker takes no tasks, for a reason.
    pub fn not_ready(&self, reason: impl Into<String>) {
        self.not_ready.send_replace(Some(reason.into()));
    }

    /// Why the worker takes no tasks, if it does not.
    #[must_use]
    pub fn reason_not_ready(&self) -> Option<String> {
        self.not_ready.borrow().clone()
    }

    pub(crate) fn task_begun(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn attempted(&self, record: &Record) {
        let outcome = match &record.outcome {
            Outcome::Page(page) => {
                self.bytes.inc_by(page.bytes);
                OutcomeKind::page
            }
            Outcome::Redirect { .. } => OutcomeKind::redirect,
            Outcome::Robots { .. } => OutcomeKind::robots,
            Outcome::Sitemap { .. } => OutcomeKind::sitemap,
            Outcome::Failure { class, .. } => {
                self.failures.get_or_create(&ClassLabel { class: class_name(*class) }).inc();
                OutcomeKind::failure
            }
        };
        self.attempts.get_or_create(&OutcomeLabel { outcome }).inc();
        self.duration.observe(Duration::from_millis(record.took_ms).as_secs_f64());
    }

    pub(crate) fn task_unreadable(&self) {
        self.unreadable.inc();
    }

    pub(crate) fn record_dropped(&self) {
        self.dropped.inc();
    }

    pub(crate) fn session_lost(&self) {
        self.sessions_lost.inc();
    }

    /// The metrics in the format of OpenMetrics.
    ///
    /// # Errors
    /// When they cannot be written, which is not known to happen.
    pub fn metrics(&self) -> Result<String, std::fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// An attempt that goes on. Dropped also when the session, and all its attempts with it, is given up.
#[derive(Debug)]
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The class as the protocol spells it.
fn class_name(class: FailureClass) -> String {
    let mut name = format!("{class:?}");
    if let Some(first) = name.get_mut(0..1) {
        first.make_ascii_lowercase();
    }
    name
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_by_class_and_name_nothing_else() {
        let status = Status::default();
        let outcome = Outcome::Failure {
            class: FailureClass::HttpStatus,
            message: "secret.example".into(),
            status: Some(404),
            retryable: false,
            retry_after_ms: None,
        };
        let (crawl, url) = ("c".to_owned(), "http://secret.example/".to_owned());
        let kind = crawl_protocol::Kind::Page;
        status.attempted(&Record { crawl, url, kind, depth: 0, attempt: 1, fetched_at: 0, took_ms: 7, outcome });
        let page = status.metrics().unwrap();
        assert!(page.contains("crawl_worker_failures_total{class=\"httpStatus\"} 1"), "{page}");
        assert!(page.contains("crawl_worker_attempts_total{outcome=\"failure\"} 1"), "{page}");
        assert!(!page.contains("secret"), "{page}");
    }
}
