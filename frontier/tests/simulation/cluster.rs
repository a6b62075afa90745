//! A cluster in one thread and virtual time: a log, a task queue, workers and up to two operators that believe they lead.

use std::collections::HashMap;

use crawl_frontier::{Applied, Counts, Frontier, HostTable, PageId, Rules};
use crawl_protocol::{Record, Task};

use crate::{random::Random, world::World};

pub(crate) const CRAWL: &str = "6f6b9e5c-0000-4000-8000-000000000001";

/// Which disturbances a run has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chaos {
    pub(crate) worker_crashes: bool,
    pub(crate) operator_crashes: bool,
    pub(crate) two_leaders: bool,
    pub(crate) broker_losses: bool,
}

impl Chaos {
    pub(crate) const NONE: Self =
        Self { worker_crashes: false, operator_crashes: false, two_leaders: false, broker_losses: false };
}

struct Operator {
    frontier: Frontier,
    hosts: HostTable,
    read: usize,
    /// Where the log ended when this operator opened it: it publishes nothing before it has read that far.
    opened_at: usize,
    /// Whether it has taken over what its last fold had under way.
    adopted: bool,
    /// Start and end of requests by host, as this operator knows them: for the politeness check.
    last_end: HashMap<String, i64>,
}

pub(crate) struct Cluster<'a> {
    world: &'a World,
    rules: Rules,
    chaos: Chaos,
    random: Random,
    now: i64,
    log: Vec<Record>,
    queue: Vec<Task>,
    operators: Vec<Operator>,
    /// Disturbances left: a cluster that is disturbed for ever never ends.
    trouble: usize,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(world: &'a World, rules: &Rules, chaos: Chaos, random: Random) -> Self {
        let leaders = if chaos.two_leaders { 2 } else { 1 };
        let operators = (0..leaders).map(|_| Operator::new(rules, 0)).collect();
        Self { world, rules: rules.clone(), chaos, random, now: 1, log: vec![], queue: vec![], operators, trouble: 40 }
    }

    /// Runs until every operator holds the crawl for finished.
    pub(crate) fn run(&mut self) -> Counts {
        for _ in 0..200_000 {
            self.step();
            let all_read = self.operators.iter().all(|operator| operator.read == self.log.len());
            if all_read && self.operators.iter().all(|operator| operator.frontier.finish().is_some()) {
                return self.final_counts();
            }
        }
        let standing: Vec<_> =
            self.operators.iter().map(|operator| (operator.read, operator.frontier.counts())).collect();
        panic!("the crawl is stuck: log {}, queue {}, {standing:#?}", self.log.len(), self.queue.len());
    }

    pub(crate) fn change_rules(&mut self, rules: &Rules) {
        self.rules = rules.clone();
        for operator in &mut self.operators {
            operator.fold_again(rules, self.log.len());
        }
    }

    pub(crate) fn steps(&mut self, n: usize) {
        for _ in 0..n {
            self.step();
        }
    }

    fn final_counts(&mut self) -> Counts {
        let all: Vec<Counts> = self.operators.iter().map(|operator| operator.frontier.counts().clone()).collect();
        let processed: Vec<u64> = all.iter().map(Counts::processed).collect();
        assert!(processed.iter().all(|n| *n == processed[0]), "leaders disagree: {processed:?}");
        let frontier = &mut self.operators[0].frontier;
        frontier.give_back_all();
        assert_eq!(frontier.counts().in_flight, 0);
        frontier.counts().clone()
    }

    fn step(&mut self) {
        self.now += self.random.below(50) as i64;
        match self.random.below(if self.trouble > 0 { 102 } else { 97 }) {
            0..40 => self.work(),
            40..75 => self.read_log(),
            75..97 => self.publish(),
            97 => self.crash_operator(),
            98 => self.lose_queue(),
            99 | 100 => self.end_session(),
            _ => self.lose_log_tail(),
        }
        for operator in &self.operators {
            let counts = operator.frontier.counts();
            assert!(counts.balanced(), "the ledger does not add up: {counts:?}");
            assert!(counts.processed() <= self.rules.max_links, "more than maxLinks: {counts:?}");
        }
    }

    /// A worker takes any task, so tasks and records are reordered. It may die before its record, or before its ack.
    fn work(&mut self) {
        if self.queue.is_empty() {
            return;
        }
        let at = self.random.below(self.queue.len());
        let task = self.queue.swap_remove(at);
        if self.worker_dies() {
            self.queue.push(task);
            return;
        }
        for record in self.world.answer(&task, self.now) {
            self.log.push(record);
            if self.worker_dies() {
                self.queue.push(task);
                return;
            }
        }
    }

    fn worker_dies(&mut self) -> bool {
        let dies = self.chaos.worker_crashes && self.trouble > 0 && self.random.percent(10);
        self.trouble -= usize::from(dies);
        dies
    }

    fn read_log(&mut self) {
        let at = self.random.below(self.operators.len());
        let operator = &mut self.operators[at];
        for _ in 0..1 + self.random.below(20) {
            let Some(record) = self.log.get(operator.read) else {
                break;
            };
            operator.read += 1;
            operator.apply(record, self.now);
        }
    }

    fn publish(&mut self) {
        let at = self.random.below(self.operators.len());
        let operator = &mut self.operators[at];
        if operator.read < operator.opened_at {
            return;
        }
        if !operator.adopted {
            operator.adopted = true;
            operator.frontier.adopt(&operator.hosts);
        }
        operator.take_back_overdue(self.now);
        for due in operator.frontier.due(self.now, &mut operator.hosts, 1 + self.random.below(4)).tasks {
            if let Some(end) = operator.last_end.get(&*due.host) {
                let delay = i64::try_from(self.rules.politeness.delay_ms).unwrap();
                assert!(self.now >= end + delay, "{} was asked {} ms after its last answer", due.host, self.now - end);
            }
            self.queue.push(due.task);
        }
    }

    fn crash_operator(&mut self) {
        if self.chaos.operator_crashes {
            self.trouble -= 1;
            let at = self.random.below(self.operators.len());
            self.operators[at] = Operator::new(&self.rules, self.log.len());
            if self.random.percent(50) {
                self.queue.clear();
            }
        }
    }

    /// The log is folded again in the same process: what is under way stays under way.
    fn end_session(&mut self) {
        if self.chaos.operator_crashes {
            self.trouble -= 1;
            let at = self.random.below(self.operators.len());
            self.operators[at].fold_again(&self.rules, self.log.len());
        }
    }

    fn lose_queue(&mut self) {
        if self.chaos.broker_losses {
            self.trouble -= 1;
            self.queue.clear();
        }
    }

    /// Streams do not fsync: a power loss takes the tail, and every reader starts again from what is there.
    fn lose_log_tail(&mut self) {
        if self.chaos.broker_losses && self.random.percent(20) {
            self.trouble -= 1;
            let lost = self.random.below(4).min(self.log.len());
            self.log.truncate(self.log.len() - lost);
            for operator in &mut self.operators {
                *operator = Operator::new(&self.rules, self.log.len());
            }
        }
    }
}

impl Operator {
    fn new(rules: &Rules, opened_at: usize) -> Self {
        let frontier = Frontier::new(CRAWL, rules.clone()).unwrap();
        Self { frontier, hosts: HostTable::default(), read: 0, opened_at, adopted: false, last_end: HashMap::new() }
    }

    fn fold_again(&mut self, rules: &Rules, opened_at: usize) {
        self.frontier = Frontier::new(CRAWL, rules.clone()).unwrap();
        (self.read, self.opened_at, self.adopted) = (0, opened_at, false);
    }

    fn apply(&mut self, record: &Record, now: i64) {
        let applied = self.frontier.apply(record);
        let Some(id) = self.frontier.id_of(record.kind, &record.url) else {
            return;
        };
        let done = !self.frontier.in_flight(id);
        if done
            && record.outcome.is_last()
            && self.hosts.release(id, record.attempt, now, 0).is_some()
            && applied != Applied::Ignored
        {
            self.last_end.insert(host(&record.url), now);
        }
    }

    fn take_back_overdue(&mut self, now: i64) {
        let overdue: Vec<PageId> = self.hosts.overdue(self.frontier.key(), now - 60_000);
        for id in overdue {
            self.hosts.give_up(id, now);
            self.frontier.give_back(id);
        }
    }
}

fn host(url: &str) -> String {
    url.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned()
}
