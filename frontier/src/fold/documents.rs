//! Records of robots.txt and sitemaps: what they let through, and what they list.

use crawl_protocol::{Kind, Outcome, Record};
use url::Url;

use super::Applied;
use crate::{
    Frontier, SkipReason,
    distance::Distance,
    documents::DocIx,
    identity::{normalized, requestable},
    pages::{PageIx, State},
    robots::{AuthorityIx, Body, Decided, Verdict, origin_of},
    schedule::Work,
    scope::host_of,
    sitemaps::{self, Reach},
};

impl Frontier {
    pub(super) fn apply_to_document(&mut self, ix: DocIx, record: &Record) -> Applied {
        if !self.documents.get(ix).open {
            self.documents.get_mut(ix).in_flight = false;
            return Applied::Ignored;
        }
        let may_retry = record.attempt < self.rules.retry.max_attempts;
        match &record.outcome {
            Outcome::Robots { status: 500.., .. } if may_retry => self.retry_document(ix, record, None),
            Outcome::Failure { retryable: true, retry_after_ms, .. } if may_retry => {
                self.retry_document(ix, record, *retry_after_ms)
            }
            Outcome::Page(_) => Applied::Ignored,
            outcome if record.kind == Kind::Robots => self.apply_to_robots(ix, outcome),
            outcome => self.apply_to_sitemap(ix, outcome),
        }
    }

    fn retry_document(&mut self, ix: DocIx, record: &Record, asked: Option<u64>) -> Applied {
        let not_before = self.retry_time(record, asked);
        let doc = self.documents.get_mut(ix);
        if record.attempt <= doc.attempts {
            return Applied::Ignored;
        }
        (doc.in_flight, doc.attempts, doc.not_before) = (false, record.attempt, not_before);
        let site = doc.site;
        self.schedule.wake(site);
        self.schedule.push(site, 0, self.documents.get(ix).work(ix), not_before);
        Applied::Retried
    }

    fn close_document(&mut self, ix: DocIx) {
        self.documents.close(ix);
        self.schedule.wake(self.documents.get(ix).site);
    }

    /// A document that is to be fetched. `None` when its URL cannot be requested.
    fn document(&mut self, kind: Kind, text: &str) -> Option<(DocIx, bool)> {
        let url = requestable(text)?;
        let id = self.identity.of(kind, &normalized(&url, &self.rules.spelling));
        if let Some(known) = self.documents.find(id) {
            return Some((known, false));
        }
        let site = self.site(&host_of(&url));
        Some((self.documents.insert(id, kind, url.as_str(), site), true))
    }
}

/// robots.txt.
impl Frontier {
    /// The authority of a URL; a new one brings its robots.txt with it.
    pub(super) fn authority(&mut self, url: &Url) -> AuthorityIx {
        let origin = origin_of(url);
        if let Some(known) = self.robots.authority(&origin) {
            return known;
        }
        let site = self.site(&host_of(url));
        let authority = self.robots.add_authority(&origin, site);
        match self.robots_txt(&format!("{origin}/robots.txt")) {
            Ok(doc) => {
                let decided = self.robots.start(authority, doc);
                self.follow_verdicts(decided);
            }
            Err(_) => self.robots.refuse(authority, SkipReason::BadUrl),
        }
        authority
    }

    /// A robots.txt, known or new.
    ///
    /// # Errors
    /// What its absence means, when it cannot be asked for.
    fn robots_txt(&mut self, text: &str) -> Result<DocIx, Body<'static>> {
        let (doc, new) = self.document(Kind::Robots, text).ok_or(Body::Unavailable)?;
        let site = self.documents.get(doc).site;
        if self.sites.get(site).denied {
            self.documents.close(doc);
            return Err(Body::Unreachable);
        }
        if new {
            self.schedule.push(site, 0, Work::Robots(doc), 0);
        }
        Ok(doc)
    }

    fn apply_to_robots(&mut self, ix: DocIx, outcome: &Outcome) -> Applied {
        let decided = match outcome {
            Outcome::Robots { status: 200..300, body } => self.robots.conclude(ix, Body::Text(body)),
            Outcome::Robots { status: 500.., .. } | Outcome::Failure { .. } => {
                self.robots.conclude(ix, Body::Unreachable)
            }
            Outcome::Robots { .. } => self.robots.conclude(ix, Body::Unavailable),
            Outcome::Redirect { location, .. } => match self.robots_txt(location) {
                Ok(next) => self.robots.redirect(ix, next),
                Err(body) => self.robots.conclude(ix, body),
            },
            Outcome::Page(_) | Outcome::Sitemap { .. } => return Applied::Ignored,
        };
        self.close_document(ix);
        self.follow_verdicts(decided);
        Applied::Concluded
    }

    fn is_disallowed(&mut self, page: PageIx) -> bool {
        let Some(url) = requestable(&self.pages.read_url(page)) else { return false };
        let authority = self.authority(&url);
        self.robots.verdict(authority).is_some_and(|verdict| verdict.judge(&url).is_err())
    }

    /// Some robots.txt have been read: what they ask of their hosts holds, and the pages that waited go on.
    fn follow_verdicts(&mut self, decided: Decided) {
        for authority in decided.authorities {
            let asked = self.robots.verdict(authority).map_or(0, Verdict::crawl_delay_ms);
            if let Some(site) = self.sites.get_mut(self.robots.site(authority)) {
                site.owed.delay_ms = site.owed.delay_ms.max(asked);
            }
            self.find_sitemaps(authority);
        }
        for page in decided.pages {
            match self.pages.get(page).state {
                State::Queued => self.place(page),
                // It was let through under other rules; that must not show in what the log means under these.
                State::InFlight if self.is_disallowed(page) => {
                    self.let_go(page);
                    self.place(page);
                }
                _ => {}
            }
        }
    }
}

/// Sitemaps.
impl Frontier {
    /// A seed's host may have sitemaps, also where its robots.txt names none.
    pub(super) fn find_sitemaps_of_seed(&mut self, url: &Url) {
        if !self.rules.sitemaps {
            return;
        }
        if !self.rules.obey_robots {
            return self.add_sitemap(&format!("{}/sitemap.xml", origin_of(url)), None);
        }
        let site = self.site(&host_of(url));
        if !self.sites.get(site).denied {
            let authority = self.authority(url);
            self.sitemaps.of_seeds.insert(authority);
            self.find_sitemaps(authority);
        }
    }

    /// The sitemaps that a robots.txt names; else the usual one, where the host is a seed's and allows it.
    fn find_sitemaps(&mut self, authority: AuthorityIx) {
        let Some(verdict) = self.robots.verdict(authority).filter(|_| self.rules.sitemaps) else { return };
        let mut found = verdict.sitemaps().to_vec();
        if found.is_empty()
            && self.sitemaps.of_seeds.contains(&authority)
            && let Ok(usual) = Url::parse(&format!("{}/sitemap.xml", self.robots.origin(authority)))
            && verdict.judge(&usual).is_ok()
        {
            found.push(usual.into());
        }
        for sitemap in found {
            self.add_sitemap(&sitemap, None);
        }
    }

    /// Enters a sitemap, or a shorter way to one that is known. `from` lists it, or redirects to it.
    fn add_sitemap(&mut self, text: &str, from: Option<(DocIx, bool)>) {
        let reach = from.map_or(Reach::NAMED, |(from, by_redirect)| self.sitemaps.reach(from).behind(by_redirect));
        let known = || self.documents.find(self.id_of(Kind::Sitemap, text)?);
        if self.sitemaps.is_full() && known().is_none() {
            return self.sitemaps.skip_one();
        }
        let Some((doc, new)) = self.document(Kind::Sitemap, text) else { return };
        if let Some((from, by_redirect)) = from {
            self.sitemaps.add_behind(from, doc, by_redirect);
        }
        if new {
            self.sitemaps.insert(doc, reach);
            self.place_sitemap(doc);
        }
        for moved in self.sitemaps.move_closer(doc, reach) {
            if self.sitemaps.state(moved) == sitemaps::State::Skipped {
                self.sitemaps.set_state(moved, sitemaps::State::Open);
                self.place_sitemap(moved);
            }
        }
    }

    /// Puts a sitemap into the schedule, or out.
    fn place_sitemap(&mut self, doc: DocIx) {
        let site = self.documents.get(doc).site;
        let wanted = self.sitemaps.reach(doc).is_near_enough() && !self.sites.get(site).denied;
        self.documents.get_mut(doc).open = wanted;
        if wanted {
            self.schedule.push(site, 0, Work::Sitemap(doc), self.documents.get(doc).not_before);
        } else {
            self.sitemaps.set_state(doc, sitemaps::State::Skipped);
        }
    }

    fn apply_to_sitemap(&mut self, ix: DocIx, outcome: &Outcome) -> Applied {
        let state = match outcome {
            Outcome::Sitemap { urls, sitemaps, last, .. } => {
                for url in urls {
                    self.discover(url, Distance::LISTED, false);
                }
                for sitemap in sitemaps {
                    self.add_sitemap(sitemap, Some((ix, false)));
                }
                if !last {
                    return Applied::Part;
                }
                sitemaps::State::Read
            }
            Outcome::Redirect { location, .. } => {
                self.add_sitemap(location, Some((ix, true)));
                sitemaps::State::Read
            }
            Outcome::Failure { .. } => sitemaps::State::Failed,
            Outcome::Page(_) | Outcome::Robots { .. } => return Applied::Ignored,
        };
        self.sitemaps.set_state(ix, state);
        self.close_document(ix);
        Applied::Concluded
    }
}
