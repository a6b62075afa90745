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
    /// The shortest time that a request began after it might, of those that had to wait for all others.
    pub least_to_spare_us: Option<u64>,
    /// What was too early, in words.
    pub wrongs: Vec<String>,
}

/// Judges the visits to one host. A request has its place from its start until its delay has passed after its end, the longer
/// of its own and of the next one's; no more places are taken at once than the least of their makers allow.
#[must_use]
pub fn treatment(visits: &[Visit], owed: impl Fn(&Visit) -> Owed) -> Treatment {
    let mut result = Treatment { requests: visits.len(), ..Treatment::default() };
    for (n, visit) in visits.iter().enumerate() {
        let own = owed(visit);
        let (mut under_way, mut in_place, mut allowed) = (1, vec![], own.concurrency);
        for before in &visits[..n] {
            let theirs = owed(before);
            let free_us = before.end_us.map(|end| end + own.delay_ms.max(theirs.delay_ms) * 1000);
            under_way += usize::from(before.end_us.is_none_or(|end| end > visit.start_us));
            match free_us.and_then(|free| visit.start_us.checked_sub(free)) {
                Some(spare) if own.concurrency.min(theirs.concurrency) == 1 => result.spare(spare),
                Some(_) => {}
                None => {
                    in_place.push(before);
                    allowed = allowed.min(theirs.concurrency);
                }
            }
        }
        result.at_once = result.at_once.max(under_way);
        if in_place.len() >= allowed {
            result.wrongs.push(wrong(visit, &in_place, allowed));
        }
    }
    result
}

impl Treatment {
    fn spare(&mut self, spare_us: u64) {
        self.least_to_spare_us = Some(self.least_to_spare_us.map_or(spare_us, |least| least.min(spare_us)));
    }
}

fn wrong(visit: &Visit, in_place: &[&Visit], allowed: usize) -> String {
    let others: Vec<String> = in_place
        .iter()
        .map(|before| match before.end_us.and_then(|end| visit.start_us.checked_sub(end)) {
            Some(gap) => format!("{:.1} ms after {before}", in_ms(gap)),
            None => format!("during {before}"),
        })
        .collect();
    format!("{visit} begins {}; {allowed} may at once", others.join(" and "))
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests, {} at once at most", self.requests, self.at_once)?;
        match self.least_to_spare_us {
            Some(spare) => write!(f, ", the closest one {:.1} ms after it might", in_ms(spare)),
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
        let (host, path, agent) = ("h".to_owned(), "/".to_owned(), agent.to_owned());
        Visit { start_us, end_us, host, path, agent, authorization: String::new(), status: 200 }
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

    #[test]
    fn who_may_come_in_pairs_shares_the_delay_of_the_pair() {
        let pairs = |_: &Visit| Owed { concurrency: 2, delay_ms: 10 };
        let visits = [visit("a", 0, Some(100)), visit("b", 50, Some(5000)), visit("c", 10_100, None)];
        assert_eq!(treatment(&visits, pairs).wrongs, Vec::<String>::new());
        let early = [visits[0].clone(), visits[1].clone(), visit("c", 10_099, None)];
        assert_eq!(treatment(&early, pairs).wrongs.len(), 1);
    }
}
