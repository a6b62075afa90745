//! How far a crawl is, in words. Pure: the caller has the clock.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crawl_crds::{Crawl, CrawlStatus};

use super::crawls::status;
use crate::output::{clean, counted, span};

/// The time over which a rate is taken.
const WINDOW: Duration = Duration::from_secs(20);

/// How fast pages are processed, from what the status said lately.
#[derive(Debug, Default)]
pub(super) struct Rate(VecDeque<(Instant, i64)>);

impl Rate {
    /// Notes what the status says now.
    pub(super) fn note(&mut self, now: Instant, processed: i64) {
        // A log that is read again counts from the beginning.
        if self.0.back().is_some_and(|(_, before)| *before > processed) {
            self.0.clear();
        }
        self.0.push_back((now, processed));
        while self.0.len() > 2 && self.0.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.0.pop_front();
        }
    }

    /// Pages a second; `None` until it is known.
    pub(super) fn per_second(&self) -> Option<f64> {
        let ((from, before), (to, after)) = (self.0.front()?, self.0.back()?);
        let seconds = to.duration_since(*from).as_secs_f64();
        #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
        (seconds >= 1.0).then(|| (after - before) as f64 / seconds)
    }
}

/// Pages that were fetched or given up.
pub(super) fn processed(status: &CrawlStatus) -> i64 {
    status.pages.fetched + status.pages.failed
}

/// How many more pages there are to process, as far as is known.
fn to_go(crawl: &Crawl, status: &CrawlStatus) -> i64 {
    let room = crawl.spec.max_links - processed(status);
    room.min(status.pages.queued + status.pages.in_flight).max(0)
}

/// What stands beside the bar: rate, failures, what waits, time left.
pub(super) fn beside(crawl: &Crawl, rate: Option<f64>) -> String {
    let status = status(crawl);
    let mut parts = Vec::new();
    if let Some(rate) = rate {
        parts.push(format!("{rate:.1}/s"));
    }
    parts.push(format!("{} failed", status.pages.failed));
    parts.push(format!("{} wait", status.pages.queued + status.pages.in_flight));
    let left = to_go(crawl, &status);
    if let Some(rate) = rate.filter(|rate| *rate > 0.01 && left > 0) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a time for people")]
        let seconds = (left as f64 / rate).ceil() as i64;
        // More may be found until then.
        parts.push(format!("{} left", span(seconds)));
    }
    parts.join("  ")
}

/// What goes wrong most often, in a few words; empty when nothing does.
pub(super) fn problems(status: &CrawlStatus) -> String {
    let failures = status.responses.iter().filter(|(response, _)| !response.starts_with(['2', '3']));
    let skips = ["Robots", "RobotsUnreachable", "CrawlDelay", "DeniedByPolicy"];
    let skips = skips.into_iter().filter_map(|reason| {
        status.skipped_by_reason.get(reason).map(|pages| (*pages, format!("skipped: {}", crate::judged::why(reason))))
    });
    let mut counts: Vec<(i64, String)> = failures
        .map(|(response, pages)| (*pages, clean(response)))
        .chain(skips)
        .filter(|(pages, _)| *pages > 0)
        .collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    counts.iter().take(3).map(|(pages, what)| format!("{pages} × {what}")).collect::<Vec<_>>().join(", ")
}

/// A line for where no bar can be drawn.
pub(super) fn line(crawl: &Crawl, rate: Option<f64>) -> String {
    let status = status(crawl);
    let of = counted(crawl.spec.max_links, "page");
    format!("{} of at most {of} processed  {}", processed(&status), beside(crawl, rate))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rate_is_that_of_the_last_seconds() {
        let (mut rate, begun) = (Rate::default(), Instant::now());
        rate.note(begun, 0);
        assert_eq!(rate.per_second(), None);
        for second in 1..=60_u8 {
            rate.note(
                begun + Duration::from_secs(second.into()),
                if second < 30 { 0 } else { i64::from(second - 29) * 2 },
            );
        }
        assert_eq!(rate.per_second(), Some(2.0));
        rate.note(begun + Duration::from_secs(61), 0);
        assert_eq!(rate.per_second(), None, "the log is read again");
    }

    #[test]
    fn a_line_says_how_far_it_is_and_how_long_it_takes() {
        let crawl: Crawl = serde_json::from_value(json!({
            "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl", "metadata": {"name": "docs"},
            "spec": {"seeds": ["https://example.com/"], "maxLinks": 100},
            "status": {
                "pages": {"fetched": 35, "queued": 600, "failed": 5, "inFlight": 1},
                "responses": {"200": 35, "404": 3, "timeout": 2, "dns": 1, "500": 1},
                "skippedByReason": {"Robots": 31, "OutOfScope": 99},
            },
        }))
        .unwrap();
        assert_eq!(line(&crawl, Some(2.0)), "40 of at most 100 pages processed  2.0/s  5 failed  601 wait  30s left");
        assert_eq!(line(&crawl, None), "40 of at most 100 pages processed  5 failed  601 wait");
        assert_eq!(problems(&status(&crawl)), "31 × skipped: robots.txt disallows it, 3 × 404, 2 × timeout");
    }
}
