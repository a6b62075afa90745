//! Where a page belongs: into the schedule, behind its robots.txt, or out.

use url::Url;

use crate::{
    Frontier, SkipReason,
    distance::{Distance, UNREACHED},
    identity::readable,
    pages::{PageIx, State},
    schedule::Work,
    sites::SiteIx,
};

impl Frontier {
    /// Judges a page that has moved or whose scope has: skipped pages may come back, waiting ones may start sooner.
    pub(super) fn judge_again(&mut self, ix: PageIx) {
        match self.pages.get(ix).state {
            // Nothing that can still happen changes these.
            State::Skipped(SkipReason::BadUrl | SkipReason::UrlTooLong | SkipReason::HostBudget) => {}
            State::Skipped(reason) => {
                self.pages.set_state(ix, State::Queued);
                self.counts.skipped -= 1;
                if let Some(count) = self.counts.skipped_by_reason.get_mut(reason.as_str()) {
                    *count -= 1;
                }
                self.counts.skipped_by_reason.retain(|_, count| *count > 0);
                self.counts.queued += 1;
                self.place(ix);
            }
            State::Queued => self.place(ix),
            State::InFlight | State::Fetched | State::Failed | State::Redirected => {}
        }
    }

    /// Puts a queued page where it belongs: into the schedule, behind its robots.txt, or out.
    pub(crate) fn place(&mut self, ix: PageIx) {
        match readable(&self.pages.read_url(ix)) {
            Ok(url) => self.place_at(ix, &url),
            Err(reason) => self.skip(ix, reason),
        }
    }

    /// As `place`, where the page's URL is parsed already.
    pub(super) fn place_at(&mut self, ix: PageIx, url: &Url) {
        if let Err(reason) = self.judge(ix, url) {
            return self.skip(ix, reason);
        }
        if self.rules.obey_robots {
            let authority = self.authority(url);
            match self.robots.verdict(authority).map(|verdict| verdict.judge(url)) {
                Some(Ok(())) => {}
                Some(Err(reason)) => return self.skip(ix, reason),
                None => return self.robots.park(authority, ix),
            }
        }
        let page = self.pages.get(ix);
        self.schedule.push(page.host, page.distance().depth, Work::Page(ix), self.pages.tries(ix).not_before);
    }

    fn judge(&self, ix: PageIx, url: &Url) -> Result<(), SkipReason> {
        if !self.pages.is_root(ix) {
            self.rules.scope.judge(&self.roots, url)?;
        }
        let page = self.pages.get(ix);
        let Distance { depth, redirects } = page.distance();
        if depth == UNREACHED {
            return Err(SkipReason::Nofollow);
        }
        if u32::from(depth) > self.rules.max_depth {
            return Err(SkipReason::TooDeep);
        }
        if u32::from(redirects) > self.rules.max_redirects {
            return Err(SkipReason::TooManyRedirects);
        }
        if self.sites.get(page.host).denied {
            return Err(SkipReason::DeniedByPolicy);
        }
        if self.is_exhausted(page.host) { Err(SkipReason::HostBudget) } else { Ok(()) }
    }

    pub(super) fn skip(&mut self, ix: PageIx, reason: SkipReason) {
        self.pages.set_state(ix, State::Skipped(reason));
        self.counts.queued -= 1;
        self.counts.skipped += 1;
        *self.counts.skipped_by_reason.entry(reason.as_str()).or_default() += 1;
    }

    /// Whether as many pages of a host as may be have been processed.
    pub(super) fn is_exhausted(&self, host: SiteIx) -> bool {
        self.rules.max_pages_per_host.is_some_and(|budget| self.sites.get(host).processed >= budget)
    }

    /// Leaves out what waits on a host that has just given its last page.
    pub(super) fn keep_to_budget(&mut self, host: SiteIx) {
        if self.is_exhausted(host) {
            for ix in self.schedule.clear_pages(host) {
                if self.pages.get(ix).state == State::Queued {
                    self.skip(ix, SkipReason::HostBudget);
                }
            }
        }
    }
}
