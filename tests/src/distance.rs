//! Whether a host was left alone as long as it is owed, judged from its own log.

use std::fmt;

use crate::Visit;

/// What a host is owed by the one who makes a request.
#[derive(Clone, Copy, Debug)]
pub struct Owed {
    /// Requests under way at the same time.
    pub concurrency: usize,
    /// From the end of one request to the start of the next.
    pub delay_ms: u64,
}

/// How a host was treated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Treatment {
    /// Requests to it.
    pub requests: usize,
    /// The most that were under way at once.
    pub at_once: usize,
    /// The shortest time that a request came after what it had to wait for.
    pub least_to_spare_us: Option<u64>,
    /// What was too early or too many, in words.
    pub wrongs: Vec<String>,
}

/// Judges the visits to one host. Between any two requests lies the longer of the delays that their makers owe; those that overlap
/// are no more than the least of their makers allow.
#[must_use]
pub fn treatment(visits: &[Visit], owed: impl Fn(&Visit) -> Owed) -> Treatment {
    let mut result = Treatment { requests: visits.len(), ..Treatment::default() };
    for (n, visit) in visits.iter().enumerate() {
        let own = owed(visit);
        let (mut together, mut allowed) = (1, own.concurrency);
        for before in &visits[..n] {
            let theirs = owed(before);
            match before.end_us.filter(|end| *end <= visit.start_us) {
                Some(end) => result.keep(before, visit, visit.start_us - end, own.delay_ms.max(theirs.delay_ms) * 1000),
                None => (together, allowed) = (together + 1, allowed.min(theirs.concurrency)),
            }
        }
        result.at_once = result.at_once.max(together);
        if together > allowed {
            result.wrongs.push(format!("{visit} begins as one of {together}, where {allowed} may be under way"));
        }
    }
    result
}

impl Treatment {
    fn keep(&mut self, before: &Visit, visit: &Visit, gap_us: u64, owed_us: u64) {
        match gap_us.checked_sub(owed_us) {
            Some(spare) => {
                self.least_to_spare_us = Some(self.least_to_spare_us.map_or(spare, |least| least.min(spare)))
            }
            None => self.wrongs.push(format!(
                "{visit} begins {:.1} ms after {before}, {:.1} ms are owed",
                in_ms(gap_us),
                in_ms(owed_us)
            )),
        }
    }
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests, {} at once at most", self.requests, self.at_once)?;
        match self.least_to_spare_us {
            Some(spare) => write!(f, ", the closest one {:.1} ms later than it had to be", in_ms(spare)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {} at {:.1} ms", self.path, self.agent, in_ms(self.start_us % 1_000_000_000))
    }
}

#[allow(clippy::cast_precision_loss)]
fn in_ms(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(agent: &str, start_us: u64, end_us: Option<u64>) -> Visit {
        Visit { start_us, end_us, host: "h".to_owned(), path: "/".to_owned(), agent: agent.to_owned(), status: 200 }
    }

    fn owed(visit: &Visit) -> Owed {
        match visit.agent.as_str() {
            "gentle" => Owed { concurrency: 1, delay_ms: 10 },
            _ => Owed { concurrency: 2, delay_ms: 0 },
        }
    }

    #[test]
    fn the_longer_delay_of_two_is_owed_both_ways() {
        let spared = [("rough", 0, 5), ("gentle", 10_005, 10_008), ("rough", 20_009, 20_010)];
        let visits = spared.map(|(agent, start, end)| visit(agent, start, Some(end)));
        let seen = treatment(&visits, owed);
        assert_eq!((seen.requests, seen.at_once, seen.least_to_spare_us), (3, 1, Some(0)));
        assert!(seen.wrongs.is_empty(), "{seen:?}");
        let mut early = visits;
        early[2].start_us = 20_007;
        assert_eq!(treatment(&early, owed).wrongs.len(), 1);
    }

    #[test]
    fn as_many_as_the_gentlest_allows_may_overlap() {
        let two = [visit("rough", 0, Some(50)), visit("rough", 20, None)];
        let seen = treatment(&two, owed);
        assert_eq!((seen.at_once, seen.wrongs.len()), (2, 0));
        for third in [visit("rough", 30, None), visit("gentle", 30_000, Some(30_001))] {
            let seen = treatment(&[two[0].clone(), two[1].clone(), third], owed);
            assert_eq!(seen.wrongs.len(), 1, "{seen:?}");
        }
    }
}
