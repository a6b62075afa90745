//! What was done and what came of it, as a table.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::round::{Outcome, Plan};

/// All rounds together.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// By kind of fault: how often, and in how many rounds.
    faults: BTreeMap<String, (usize, usize)>,
    rounds: usize,
    pages: i64,
    requests: u64,
    again: u64,
    took: Duration,
    /// The seeds of rounds in which something did not hold.
    wrong: Vec<(u64, Vec<String>)>,
    too_soon: Vec<(u64, String)>,
}

impl Table {
    /// Adds a round.
    pub(crate) fn add(&mut self, plan: &Plan, outcome: &Outcome) {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for fault in &outcome.suffered {
            *kinds.entry(fault.kind()).or_default() += 1;
        }
        for (kind, times) in kinds {
            let (all, rounds) = self.faults.entry(kind).or_default();
            *all += times;
            *rounds += 1;
        }
        self.rounds += 1;
        self.pages += outcome.expected.fetched.min(plan.max_links);
        self.requests += outcome.treatment.requests;
        let asked = u64::try_from(outcome.treatment.urls).unwrap_or_default();
        self.again += outcome.treatment.requests.saturating_sub(asked);
        self.took += outcome.took;
        if !outcome.violations.is_empty() {
            self.wrong.push((plan.seed, outcome.violations.clone()));
        }
        self.too_soon.extend(outcome.too_soon.clone().map(|words| (plan.seed, words)));
    }

    /// How many faults there were.
    pub(crate) fn faults(&self) -> usize {
        self.faults.values().map(|(all, _)| all).sum()
    }

    /// Whether all counts were right, and every status was.
    pub(crate) fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>6} {:>6}  fault", "times", "crawls")?;
        for (kind, (all, rounds)) in &self.faults {
            writeln!(f, "{all:>6} {rounds:>6}  {kind}")?;
        }
        writeln!(f, "{:>6} {:>6}  in all, in {} s", self.faults(), self.rounds, self.took.as_secs())?;
        writeln!(f, "{} pages, {} requests, {} of them robots.txt or again", self.pages, self.requests, self.again)?;
        let rushed = self.too_soon.len();
        writeln!(
            f,
            "crawls with a request that came too soon, after a worker was lost: {rushed} (see ARCHITECTURE.md)"
        )?;
        for (seed, words) in &self.too_soon {
            writeln!(f, "    seed {seed}: {words}")?;
        }
        if self.is_good() {
            return writeln!(f, "every crawl ended by itself with the counts of a plain walk");
        }
        for (seed, violations) in &self.wrong {
            for violation in violations {
                writeln!(f, "seed {seed}: {violation}")?;
            }
        }
        Ok(())
    }
}
