//! What may start now: tasks whose host is free, whose delay has passed, within `maxLinks`.

use std::sync::Arc;

use crawl_protocol::{Kind, Task};

use crate::{
    Frontier, HostTable, Millis, PageId, Politeness, hosts::Refusal, identity::requestable, pages::State,
    robots::origin_of, schedule::Work,
};

/// A host that another crawl keeps busy is asked again after this time.
const BUSY_HOST_RETRY_MS: Millis = 250;

/// One task that may start now. Its host is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What the host is held under; release it when the record is read.
    pub id: PageId,
    /// What to publish.
    pub task: Task,
    /// The host it goes to.
    pub host: Arc<str>,
}

/// What may start now, and when to ask again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Tasks to publish, their hosts taken.
    pub tasks: Vec<Due>,
    /// When time alone may make something due. Records may do so earlier.
    pub again: Option<Millis>,
}

impl Frontier {
    /// Takes up to `room` tasks that may start at `now`.
    pub fn due(&mut self, now: Millis, hosts: &mut HostTable, room: usize) -> Round {
        let mut round = Round::default();
        if self.finish().is_some() {
            return round;
        }
        self.schedule.advance(now);
        while round.tasks.len() < room
            && let Some((host, work)) = self.schedule.next()
        {
            if !self.is_wanted(work) {
                self.schedule.take(false);
                continue;
            }
            if matches!(work, Work::Page(_)) && self.counts.processed() + self.counts.in_flight >= self.rules.max_links
            {
                break;
            }
            let name = self.host_name(host);
            match hosts.take(self.key, self.attempt(work), &name, self.owed(work), now) {
                Ok(()) => {
                    self.schedule.take(true);
                    round.tasks.push(self.start(work, name));
                }
                Err(Refusal::Until(at)) => self.schedule.rest(at),
                Err(Refusal::Busy) => self.schedule.rest(now + BUSY_HOST_RETRY_MS),
            }
        }
        round.again = self.schedule.next_event();
        round
    }

    /// Entries of the schedule may be stale.
    fn is_wanted(&self, work: Work) -> bool {
        match work {
            Work::Page(ix) => {
                let page = self.pages.get(ix);
                page.state == State::Queued && !page.in_flight
            }
            Work::Robots(ix) => self.robots.is_open(ix) && !self.robots.doc(ix).in_flight,
        }
    }

    /// What a host is taken for: the task, and the number of its next attempt.
    fn attempt(&self, work: Work) -> (PageId, u32) {
        match work {
            Work::Page(ix) => (self.pages.get(ix).id, self.pages.get(ix).attempts + 1),
            Work::Robots(ix) => (self.robots.doc(ix).id, self.robots.doc(ix).attempts + 1),
        }
    }

    /// The politeness that the host is owed: the spec's, or what its robots.txt asks for where that is more.
    fn owed(&self, work: Work) -> Politeness {
        let mut owed = self.rules.politeness;
        if let Work::Page(ix) = work
            && self.rules.obey_robots
            && let Some(url) = requestable(&self.pages.get(ix).url)
            && let Some(verdict) = self.robots.authority(&origin_of(&url)).and_then(|ix| self.robots.verdict(ix))
        {
            owed.delay_ms = owed.delay_ms.max(verdict.crawl_delay_ms());
        }
        owed
    }

    fn start(&mut self, work: Work, host: Arc<str>) -> Due {
        match work {
            Work::Page(ix) => self.mark_in_flight(ix),
            Work::Robots(ix) => self.robots.doc_mut(ix).in_flight = true,
        }
        Due { id: self.attempt(work).0, task: self.task(work), host }
    }

    pub(crate) fn task(&self, work: Work) -> Task {
        let (url, kind, depth, attempts) = match work {
            Work::Page(ix) => {
                let page = self.pages.get(ix);
                (&page.url, Kind::Page, page.distance.depth, page.attempts)
            }
            Work::Robots(ix) => {
                let doc = self.robots.doc(ix);
                (&doc.url, Kind::Robots, 0, doc.attempts)
            }
        };
        Task {
            crawl: self.crawl.clone(),
            url: url.to_string(),
            kind,
            depth,
            attempt: attempts + 1,
            fetch: self.rules.fetch.clone(),
        }
    }
}
