//! From a Crawl and the policies to what is wanted of its view, and from a view to what is told of it.

use std::sync::Arc;

use crawl_crds::Crawl;
use crawl_rules::{GuardedPolicy, SpecError, effective, rules, spec_hash};
use kube::ResourceExt as _;

use super::view::{Wanted, lock};
use super::{Stand, View, Views};
use crate::model::{Rate, ResultsState, ResultsWord};

/// There are no rules by which a log could be read.
#[derive(Debug, thiserror::Error)]
pub enum NotWanted {
    /// The object has no uid: it does not come from a cluster.
    #[error("the Crawl has no uid")]
    NoUid,
    /// No crawl can follow its spec, so there is no log either.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

impl Views {
    /// What is wanted of the view of this crawl, under these policies.
    ///
    /// # Errors
    /// When no log can be read by its spec.
    pub fn wanted(&self, crawl: &Crawl, policies: &[Arc<GuardedPolicy>]) -> Result<Wanted, NotWanted> {
        let known = lock(&self.0.policies).update(policies);
        let namespace = crawl.namespace().unwrap_or_default();
        let effective = effective(&crawl.spec, &namespace, &known.holding);
        let status = crawl.status.as_ref();
        let pages = status.map(|status| status.pages).unwrap_or_default();
        Ok(Wanted {
            uid: crawl.uid().ok_or(NotWanted::NoUid)?,
            rules: Arc::new(rules(&effective)?),
            spec_hash: spec_hash(&effective),
            processed: u64::try_from(pages.fetched + pages.failed + pages.redirected).unwrap_or(0),
            started: status.is_some_and(|status| status.start_time.is_some()),
        })
    }

    /// How the results of this crawl stand, without beginning to read them.
    #[must_use]
    pub fn state(&self, crawl: &Crawl) -> ResultsState {
        let view = crawl.uid().and_then(|uid| self.peek(&uid));
        view.map(|view| view.state(crawl)).unwrap_or_default()
    }

    /// How fast it is, where its results are being read.
    #[must_use]
    pub fn rate(&self, crawl: &Crawl) -> Option<Rate> {
        if has_ended(crawl) {
            return None;
        }
        let pages_per_second = self.peek(&crawl.uid()?)?.pages_per_second()?;
        Some(Rate { pages_per_second: Some(pages_per_second), seconds_left: seconds_left(crawl, pages_per_second) })
    }
}

impl View {
    /// How the results of this crawl stand, which is the view's.
    #[must_use]
    pub fn state(&self, crawl: &Crawl) -> ResultsState {
        let entries = self.entries();
        let (state, message) = match self.stand() {
            Stand::Loading => {
                (ResultsWord::Loading, Some("The log of this crawl is being read, so numbers still grow."))
            }
            Stand::Live if has_ended(crawl) => (ResultsWord::Complete, None),
            Stand::Live => (ResultsWord::Live, None),
            Stand::Stale(_) => (
                ResultsWord::Stale,
                Some("RabbitMQ cannot be reached: this is how the results stood before. They go on by themselves."),
            ),
            Stand::NoLog => (ResultsWord::None, Some("The crawl has not begun, so there are no results yet.")),
            Stand::Lost => (
                ResultsWord::Lost,
                Some("RabbitMQ no longer has the log of this crawl. Create the Crawl again to have its results."),
            ),
            Stand::TooLarge => (
                ResultsWord::TooLarge,
                Some("The results of this crawl need more memory than the api has for all: raise --view-memory."),
            ),
        };
        ResultsState { state, entries, message: message.map(ToOwned::to_owned) }
    }
}

/// Whether the operator says that it is over, of the spec as it is now.
fn has_ended(crawl: &Crawl) -> bool {
    crawl.status.as_ref().is_some_and(|status| {
        let of_now = status.observed_generation.is_none() || status.observed_generation == crawl.metadata.generation;
        status.completion_time.is_some() && of_now
    })
}

/// The time that the pages take which may still be fetched.
fn seconds_left(crawl: &Crawl, pages_per_second: f64) -> Option<u64> {
    let pages = crawl.status.as_ref()?.pages;
    let room = crawl.spec.max_links.saturating_sub(pages.fetched + pages.failed);
    let left = u32::try_from((pages.queued + pages.in_flight).min(room).max(0)).ok()?;
    let seconds = f64::from(left) / pages_per_second;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in the range of u32")]
    (seconds.is_finite() && seconds <= f64::from(u32::MAX)).then_some(seconds.ceil() as u64)
}
