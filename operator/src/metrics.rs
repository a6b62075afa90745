//! What the operator counts, in OpenMetrics.
//!
//! Labels come from fixed sets. Never a crawl's name, a host or a URL: their number has no bound.

use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The steps of a reconcile that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Step {
    /// Adding or removing the finalizer.
    Finalizer,
    /// Deleting the log of a deleted Crawl.
    Cleanup,
    /// Writing the status.
    Status,
    /// Deleting an expired Crawl.
    Expire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabel {
    step: Step,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PhaseLabel {
    phase: &'static str,
}

/// What the controller counts.
#[derive(Clone, Debug, Default)]
pub struct ControllerMetrics {
    /// Reconciles that were begun.
    pub reconciles: Counter,
    errors: Family<StepLabel, Counter>,
    /// Failures of the watches.
    pub watch_errors: Counter,
    /// Status writes.
    pub status_writes: Counter,
    /// Events that the API server did not take.
    pub lost_events: Counter,
    crawls: Family<PhaseLabel, Gauge>,
    /// Pages that running crawls know of and have not concluded: what to scale workers by.
    pub pages_pending: Gauge,
}

/// What the runners count.
#[derive(Clone, Debug, Default)]
pub struct RunnerMetrics {
    /// Pages that were fetched or given up.
    pub pages_processed: Counter,
    /// Tasks given to the broker.
    pub tasks_published: Counter,
    /// Log records folded, those of a log read again among them.
    pub records_applied: Counter,
    /// Messages that nobody can read.
    pub unreadable_messages: Counter,
    /// Tasks that came back through the dead letter queue.
    pub dead_letters: Counter,
    /// Connections made to the broker.
    pub broker_sessions: Counter,
}

/// Everything that /metrics shows.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// What the controller counts.
    pub controller: ControllerMetrics,
    /// What the runners count.
    pub runner: RunnerMetrics,
}

impl ControllerMetrics {
    /// Counts a failed reconcile.
    pub fn failed(&self, step: Step) {
        self.errors.get_or_create(&StepLabel { step }).inc();
    }

    /// Sets the number of crawls in a phase.
    pub fn set_crawls(&self, phase: &'static str, crawls: i64) {
        self.crawls.get_or_create(&PhaseLabel { phase }).set(crawls);
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("reconciles", "Reconciles begun", self.reconciles.clone());
        registry.register("reconcile_errors", "Reconciles failed, by step", self.errors.clone());
        registry.register(
            "watch_errors",
            "Failures of the watches on Crawls and CrawlPolicies",
            self.watch_errors.clone(),
        );
        registry.register("status_writes", "Writes of a Crawl's status", self.status_writes.clone());
        registry.register("lost_events", "Events that the API server did not take", self.lost_events.clone());
        registry.register("crawls", "Crawls by phase", self.crawls.clone());
        registry.register("pages_pending", "Pages of running crawls not concluded", self.pages_pending.clone());
    }
}

impl RunnerMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register("pages_processed", "Pages fetched or given up", self.pages_processed.clone());
        registry.register("tasks_published", "Tasks given to the broker", self.tasks_published.clone());
        registry.register("records_applied", "Log records folded", self.records_applied.clone());
        registry.register("unreadable_messages", "Messages that nobody can read", self.unreadable_messages.clone());
        registry.register("dead_letters", "Tasks from the dead letter queue", self.dead_letters.clone());
        registry.register("broker_sessions", "Connections made to the broker", self.broker_sessions.clone());
    }
}

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let (controller, runner) = (ControllerMetrics::default(), RunnerMetrics::default());
        let mut registry = Registry::with_prefix("crawl_operator");
        controller.register(&mut registry);
        runner.register(&mut registry);
        Self { registry: Arc::new(registry), controller, runner }
    }

    /// The text that a scrape gets.
    ///
    /// # Errors
    /// When a value cannot be written; a defect of the metrics library.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_shows_what_was_counted() {
        let metrics = Metrics::new();
        metrics.controller.failed(Step::Status);
        metrics.controller.set_crawls("Running", 3);
        metrics.runner.pages_processed.inc_by(7);
        let text = metrics.encode().unwrap();
        for line in [
            "crawl_operator_reconcile_errors_total{step=\"Status\"} 1",
            "crawl_operator_crawls{phase=\"Running\"} 3",
            "crawl_operator_pages_processed_total 7",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
