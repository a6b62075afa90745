//! What may start now: tasks whose host is free, whose delay has passed, within `maxLinks`.

use std::sync::Arc;

use crawl_protocol::{Kind, Task, Validators};

use crate::{Frontier, HostTable, Millis, PageId, hosts::Refusal, pages::State, schedule::Work, sites::SiteIx};

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
        // As many pages as are wanted are known already: more of them would only take room.
        let enough = self.counts.processed() + self.counts.in_flight + self.counts.queued >= self.rules.max_links;
        self.schedule.hold_sitemaps(enough);
        while round.tasks.len() < room
            && let Some((host, work)) = self.schedule.next()
        {
            if !self.is_wanted(work, now) {
                self.schedule.take(false);
                continue;
            }
            if matches!(work, Work::Page(_)) {
                if self.counts.processed() + self.counts.in_flight >= self.rules.max_links {
                    break;
                }
                if self.host_is_full(host) {
                    // What is under way may yet fail to count; its record wakes the host.
                    self.schedule.rest(Refusal::Busy.ask_again(now));
                    continue;
                }
            }
            let name = self.host_name(host);
            match hosts.take(self.key, self.attempt(work), &name, self.sites.get(host).owed, now) {
                Ok(()) => {
                    self.schedule.take(true);
                    round.tasks.push(self.start(work, name));
                }
                Err(refusal) => self.schedule.rest(refusal.ask_again(now)),
            }
        }
        round.again = self.schedule.next_event();
        round
    }

    /// A host was freed for which this crawl waits.
    pub fn host_is_free(&mut self, host: &str) {
        if let Some(site) = self.sites.find(host) {
            self.schedule.wake(site);
        }
    }

    /// Entries of the schedule may be stale: of work that is done, under way, or to be tried again later.
    fn is_wanted(&self, work: Work, now: Millis) -> bool {
        match work {
            Work::Page(ix) => self.pages.get(ix).state == State::Queued && self.pages.tries(ix).not_before <= now,
            Work::Robots(ix) | Work::Sitemap(ix) => {
                let doc = self.documents.get(ix);
                doc.open && !doc.in_flight && doc.not_before <= now
            }
        }
    }

    /// What a host is taken for: the task, and the number of its next attempt.
    fn attempt(&self, work: Work) -> (PageId, u32) {
        match work {
            Work::Page(ix) => (self.pages.get(ix).id, self.pages.tries(ix).attempts + 1),
            Work::Robots(ix) | Work::Sitemap(ix) => (self.documents.get(ix).id, self.documents.get(ix).attempts + 1),
        }
    }

    /// Whether as many pages of a host as may be are processed or under way.
    fn host_is_full(&self, host: SiteIx) -> bool {
        let site = self.sites.get(host);
        self.rules.max_pages_per_host.is_some_and(|budget| site.processed + site.in_flight >= budget)
    }

    fn start(&mut self, work: Work, host: Arc<str>) -> Due {
        let (id, attempt) = self.attempt(work);
        let url = match work {
            Work::Page(ix) => {
                self.mark_in_flight(ix);
                self.pages.read_url(ix)
            }
            Work::Robots(ix) | Work::Sitemap(ix) => {
                let doc = self.documents.get_mut(ix);
                doc.in_flight = true;
                doc.url.to_string()
            }
        };
        Due { id, task: self.task(work, url, attempt), host }
    }

    fn task(&self, work: Work, url: String, attempt: u32) -> Task {
        let (kind, depth) = match work {
            Work::Page(ix) => (Kind::Page, self.pages.get(ix).distance().depth.into()),
            Work::Robots(ix) | Work::Sitemap(ix) => (self.documents.get(ix).kind, 0),
        };
        let site = match work {
            Work::Page(ix) => self.pages.get(ix).host,
            Work::Robots(ix) | Work::Sitemap(ix) => self.documents.get(ix).site,
        };
        let redelivery_delay_ms = self.sites.get(site).owed.delay_ms;
        let (crawl, fetch) = (self.crawl.clone(), self.rules.fetch.clone());
        let validators = Validators::default();
        Task { crawl, url, kind, depth, attempt, redelivery_delay_ms, validators, fetch }
    }

    /// The task that an id stands for, with its next attempt, while it is not concluded: what a record made on a worker's
    /// behalf needs.
    #[must_use]
    pub fn open_task(&self, task: PageId) -> Option<Task> {
        let (work, url) = if let Some(ix) = self.pages.find(task).filter(|ix| self.pages.get(*ix).state.is_open()) {
            (Work::Page(ix), self.pages.url(ix))
        } else {
            let ix = self.documents.find(task).filter(|ix| self.documents.get(*ix).open)?;
            (self.documents.get(ix).work(ix), self.documents.get(ix).url.to_string())
        };
        Some(self.task(work, url, self.attempt(work).1))
    }
}
