//! How many pages a second were processed last, by the times of their records.

use std::collections::VecDeque;

use crawl_protocol::{Outcome, Record};

/// Over how long.
const SECONDS: i64 = 20;
/// Seconds that are remembered: workers' clocks differ.
const KEPT: usize = 64;

/// Pages of the last seconds.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    /// Seconds, ascending, and the pages of each.
    seconds: VecDeque<(i64, u32)>,
    /// The first second of all.
    first: Option<i64>,
}

impl Rate {
    pub(crate) fn concluded(&mut self, record: &Record) {
        if !matches!(record.outcome, Outcome::Page(_) | Outcome::Failure { .. }) {
            return;
        }
        let second = record.fetched_at.div_euclid(1000);
        self.first = Some(self.first.map_or(second, |first| first.min(second)));
        let place = self.seconds.partition_point(|(other, _)| *other < second);
        match self.seconds.get_mut(place) {
            Some((known, pages)) if *known == second => *pages += 1,
            _ => self.seconds.insert(place, (second, 1)),
        }
        if self.seconds.len() > KEPT {
            self.seconds.pop_front();
        }
    }

    /// Pages a second in the 20 s before a time, or since the crawl began if that is less. The second that has just begun counts
    /// only as far as it has gone.
    pub(crate) fn at(&self, now_ms: i64) -> f64 {
        let now = now_ms.div_euclid(1000);
        let Some(first) = self.first.filter(|first| *first <= now) else { return 0.0 };
        let from = now.saturating_sub(SECONDS);
        let within = self.seconds.iter().filter(|(second, _)| (from..=now).contains(second));
        let pages: u32 = within.map(|(_, pages)| pages).sum();
        let begun = from.max(first).saturating_mul(1000);
        let elapsed = now_ms.saturating_sub(begun).clamp(1000, (SECONDS + 1) * 1000);
        f64::from(pages) * 1000.0 / elapsed as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crawl_protocol::{Kind, Page};

    fn rate(times: impl IntoIterator<Item = i64>) -> Rate {
        let mut rate = Rate::default();
        for fetched_at in times {
            let outcome = Outcome::Page(Page::default());
            let (crawl, url) = (String::new(), String::new());
            let record = Record { crawl, url, kind: Kind::Page, depth: 0, attempt: 1, fetched_at, took_ms: 1, outcome };
            rate.concluded(&record);
        }
        rate
    }

    #[test]
    fn it_is_that_of_the_last_seconds() {
        assert!(rate([]).at(5000).abs() < 1e-9);
        let steady = rate((0..100_000).step_by(100));
        assert!((steady.at(100_000) - 10.0).abs() < 0.6, "{}", steady.at(100_000));
        assert!((steady.at(110_000) - 5.0).abs() < 0.6, "{}", steady.at(110_000));
        assert!(steady.at(125_000).abs() < 1e-9, "nothing came for long");
        let young = rate((1_000_000..1_003_000).step_by(100));
        assert!((young.at(1_003_000) - 10.0).abs() < 0.6, "{}", young.at(1_003_000));
    }

    #[test]
    fn odd_clocks_do_no_harm() {
        let odd = rate([i64::MIN, i64::MAX, 0, 5000, -1]);
        assert!(odd.at(i64::MAX) >= 0.0 && odd.at(i64::MIN) >= 0.0 && odd.at(5500) > 0.0);
        assert_eq!(rate((0..1_000_000).step_by(1000)).seconds.len(), KEPT);
    }
}
