//! How a crawl went: found, fetched and failed pages over time, in at most 300 points.
//!
//! Times are those of the records. Workers' clocks differ, so a record may come before one that is older: each is counted
//! where it belongs, and the sums are made when they are asked for.

use crawl_protocol::{Outcome, Record};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Points, at most; when there are more, every two become one.
const POINTS: usize = 300;

/// Where the crawl stood at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// The time.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Pages found until then.
    pub found: u64,
    /// Pages fetched until then.
    pub fetched: u64,
    /// Pages failed until then.
    pub failed: u64,
}

/// What happened within one bucket.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    found: u64,
    fetched: u64,
    failed: u64,
}

/// Counts by time.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// Known before anything was read.
    seeds: u64,
    /// When the first bucket begins; `None` before the first record.
    start: Option<i64>,
    width_ms: i64,
    buckets: Vec<Bucket>,
}

impl Timeline {
    pub(crate) fn new(seeds: u32) -> Self {
        Self { seeds: seeds.into(), start: None, width_ms: 1000, buckets: Vec::new() }
    }

    pub(crate) fn found(&mut self, at: i64, pages: u32) {
        self.bucket(at).found += u64::from(pages);
    }

    pub(crate) fn concluded(&mut self, record: &Record) {
        let bucket = self.bucket(record.fetched_at);
        match record.outcome {
            Outcome::Page(_) => bucket.fetched += 1,
            Outcome::Failure { .. } => bucket.failed += 1,
            Outcome::Redirect { .. } | Outcome::Robots { .. } | Outcome::Sitemap { .. } => {}
        }
    }

    fn bucket(&mut self, at: i64) -> &mut Bucket {
        let start = *self.start.get_or_insert_with(|| at - at.rem_euclid(1000).min(at.saturating_sub(i64::MIN)));
        let since = at.saturating_sub(start).max(0);
        while since / self.width_ms >= POINTS as i64 {
            self.halve();
        }
        let place = usize::try_from(since / self.width_ms).unwrap_or(0);
        if self.buckets.len() <= place {
            self.buckets.resize(place + 1, Bucket::default());
        }
        &mut self.buckets[place]
    }

    fn halve(&mut self) {
        let sum = |two: &[Bucket]| {
            two.iter().fold(Bucket::default(), |sum, one| Bucket {
                found: sum.found + one.found,
                fetched: sum.fetched + one.fetched,
                failed: sum.failed + one.failed,
            })
        };
        self.buckets = self.buckets.chunks(2).map(sum).collect();
        self.width_ms = self.width_ms.saturating_mul(2);
    }

    pub(crate) fn points(&self) -> Vec<Point> {
        let Some(start) = self.start else { return Vec::new() };
        let mut sum = Bucket { found: self.seeds, ..Bucket::default() };
        let ends = (1..).map(|place: i64| start.saturating_add(self.width_ms.saturating_mul(place)));
        let points = ends.zip(&self.buckets).filter_map(|(end, bucket)| {
            sum.found += bucket.found;
            sum.fetched += bucket.fetched;
            sum.failed += bucket.failed;
            let at = Timestamp::from_millisecond(end).ok()?;
            Some(Point { at, found: sum.found, fetched: sum.fetched, failed: sum.failed })
        });
        points.collect()
    }

    pub(crate) fn weight(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>()
    }
}

impl crate::Results {
    /// Found, fetched and failed pages over time, in at most 300 points: each says what there was until then.
    #[must_use]
    pub fn timeline(&self) -> Vec<Point> {
        self.timeline.points()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_crawl_has_few_points_and_loses_nothing() {
        let mut timeline = Timeline::new(3);
        for second in 0..100_000_i64 {
            timeline.found(1_700_000_000_000 + second * 1000, 2);
            // A worker's clock that is late.
            timeline.found(1_700_000_000_000 + second * 500, 1);
        }
        let points = timeline.points();
        assert!((150..=POINTS).contains(&points.len()), "{}", points.len());
        assert_eq!(points.last().map(|point| point.found), Some(300_003));
        assert!(points.is_sorted_by_key(|point| (point.at, point.found)));
        assert!(timeline.weight() < 20_000);
    }

    #[test]
    fn odd_clocks_do_no_harm() {
        for times in [[i64::MIN, i64::MAX, 0], [i64::MAX, i64::MIN, -1], [0, i64::MIN, i64::MAX]] {
            let mut timeline = Timeline::new(1);
            times.iter().for_each(|at| timeline.found(*at, 1));
            assert!(timeline.points().len() <= POINTS);
        }
        assert!(Timeline::new(1).points().is_empty());
    }
}
