//! What must hold of a status, at every moment and in the end.

use crawl_crds::CrawlStatus;

use crate::fault::Fault;
use crate::round::Plan;
use crate::site::Treatment;
use crate::web::Counts;

/// Looks at one crawl's status again and again.
pub(crate) struct Look<'a> {
    plan: &'a Plan,
    expected: Counts,
    /// Pages that were processed when it was last looked at.
    processed: i64,
    /// What does not hold, each once.
    pub(crate) violations: Vec<String>,
    /// The first request that came too soon, and at which fault.
    pub(crate) too_soon: Option<String>,
}

impl<'a> Look<'a> {
    /// At a crawl that must come to these counts.
    pub(crate) fn new(plan: &'a Plan, expected: Counts) -> Self {
        Self { plan, expected, processed: 0, violations: Vec::new(), too_soon: None }
    }

    /// While it runs: the status may be late, and must never be wrong.
    pub(crate) fn on_the_way(&mut self, status: &CrawlStatus, treatment: &Treatment, fault: Option<Fault>) {
        self.polite(treatment, fault);
        let pages = status.pages;
        let sum = pages.queued + pages.in_flight + pages.fetched + pages.failed + pages.redirected + pages.skipped;
        self.demand(pages.discovered == sum, || format!("found is not the sum of the others: {pages:?}"));
        let processed = pages.fetched + pages.failed;
        self.demand(processed <= self.plan.max_links, || format!("more than maxLinks: {pages:?}"));
        let asked = i64::try_from(treatment.urls).unwrap_or(i64::MAX);
        self.demand(processed + pages.redirected <= asked, || format!("{asked} URLs were asked for: {pages:?}"));
        // Of two leaders each may be behind the other.
        let fell = processed < self.processed && !self.plan.two_leaders;
        let before = self.processed;
        self.demand(!fell, || format!("pages were taken back: {before}, then {pages:?}"));
        self.processed = processed;
    }

    /// Once it has ended, or did not.
    pub(crate) fn at_the_end(&mut self, status: &CrawlStatus, ended: bool) {
        let pages = status.pages;
        self.demand(ended, || format!("the crawl does not end: {pages:?} {:?}", status.conditions));
        self.demand(pages.in_flight == 0, || format!("workers still have something: {pages:?}"));
        if self.plan.max_links < self.expected.fetched + self.expected.failed {
            // Which pages they are is free, how many is not.
            let limit = self.plan.max_links;
            self.demand(pages.fetched + pages.failed == limit, || format!("not {limit} pages: {pages:?}"));
            return;
        }
        self.demand(pages.queued == 0, || format!("something is left to do: {pages:?}"));
        let counts = Counts {
            fetched: pages.fetched,
            failed: pages.failed,
            redirected: pages.redirected,
            skipped: pages.skipped,
            links: status.links,
        };
        let expected = self.expected;
        self.demand(counts == expected, || format!("{counts:?} instead of {expected:?}"));
    }

    /// Two leaders cannot know of each other, so nothing is asked of them but the counts.
    fn polite(&mut self, treatment: &Treatment, fault: Option<Fault>) {
        if self.plan.two_leaders || self.too_soon.is_some() {
            return;
        }
        let Plan { per_host, delay, .. } = *self.plan;
        let Treatment { most_at_once, shortest_rest, .. } = *treatment;
        let at = fault.map_or_else(String::new, Fault::kind);
        // With several at once, a rest is measured from whichever ended last.
        if let Some(rest) = shortest_rest.filter(|rest| per_host == 1 && *rest < delay) {
            self.too_soon = Some(format!("{rest:.1?} of rest, not {delay:?}: {at}"));
        }
        if most_at_once > per_host {
            self.too_soon = Some(format!("{most_at_once} requests at once, not {per_host}: {at}"));
        }
    }

    fn demand(&mut self, holds: bool, why: impl FnOnce() -> String) {
        // What does not hold is told once, not at every look.
        if !holds && self.violations.len() < 10 {
            self.violations.push(why());
        }
    }
}
