//! Discovery: URLs that records bring, and shorter ways to those that are known.

use crawl_protocol::Kind;

use crate::{
    Frontier, SkipReason,
    distance::Distance,
    identity::{normalized, readable, requestable},
    pages::{PageIx, State},
    scope::{Root, host_of},
    sites::NOWHERE,
};

/// URLs that any crawl may know, however few it is to process.
const KNOWN_AT_LEAST: u64 = 100_000;

impl Frontier {
    pub(super) fn discover_links(&mut self, from: PageIx, urls: &[String], nofollow: &[String]) {
        let distance = self.pages.get(from).distance().over_link();
        let mut leads_to: Vec<PageIx> = urls.iter().filter_map(|url| self.discover(url, distance, false)).collect();
        for url in nofollow {
            if self.rules.respect_nofollow {
                let found = self.discover(url, Distance::NOFOLLOW, false);
                if let Some(told) = &mut self.told {
                    told.leads_to(found);
                }
            } else {
                leads_to.extend(self.discover(url, distance, false));
            }
        }
        if let Some(told) = &mut self.told {
            told.leads_to(leads_to.iter().copied());
        }
        self.pages.add_links(from, leads_to, self.horizon());
    }

    pub(super) fn discover_target(&mut self, from: PageIx, location: &str) {
        let (distance, root) = (self.pages.get(from).distance().over_redirect(), self.pages.is_root(from));
        if root && let Some(url) = requestable(location) {
            self.widen(Root::new(&url));
        }
        if let Some(target) = self.discover(location, distance, root) {
            self.pages.add_redirect(from, target);
            if let Some(told) = &mut self.told {
                told.leads_to([target]);
            }
        }
    }

    /// Enters a URL that was found, or a shorter way to one that is known. `None` when the crawl knows as many as it may.
    pub(crate) fn discover(&mut self, text: &str, distance: Distance, root: bool) -> Option<PageIx> {
        let url = match readable(text) {
            Ok(url) => url,
            Err(reason) => return self.discover_unusable(text, distance, reason),
        };
        let id = self.identity.of(Kind::Page, &normalized(&url, &self.rules.spelling));
        if let Some(ix) = self.pages.find(id) {
            if root && !self.pages.is_root(ix) {
                self.make_root(ix);
            }
            for moved in self.pages.move_closer(ix, distance) {
                self.judge_again(moved);
            }
            return Some(ix);
        }
        if self.is_full() && !root {
            self.counts.overlooked += 1;
            return None;
        }
        let host = self.site(&host_of(&url));
        let ix = self.pages.insert(id, url.as_str(), host, distance);
        if root {
            self.pages.make_root(ix);
            self.find_sitemaps_of_seed(&url);
        }
        self.counts.discovered += 1;
        self.counts.queued += 1;
        self.place_at(ix, &url);
        Some(ix)
    }

    /// Ten times as many as are to be processed: a page may bring thousands, and there is no end to what a site can make up.
    fn is_full(&self) -> bool {
        self.counts.discovered >= self.rules.max_links.saturating_mul(10).saturating_add(KNOWN_AT_LEAST)
    }

    /// Counts a URL that cannot be requested, once. Its text is of no use to anyone.
    fn discover_unusable(&mut self, text: &str, distance: Distance, reason: SkipReason) -> Option<PageIx> {
        let id = self.identity.of(Kind::Page, text);
        if let Some(ix) = self.pages.find(id) {
            return Some(ix);
        }
        if self.is_full() {
            self.counts.overlooked += 1;
            return None;
        }
        let ix = self.pages.insert(id, "", NOWHERE, distance);
        self.counts.discovered += 1;
        self.counts.queued += 1;
        self.skip(ix, reason);
        Some(ix)
    }

    /// What a seed redirects to is a seed too: also when it was known, and when it redirects further.
    fn make_root(&mut self, ix: PageIx) {
        let mut at = Some(ix);
        while let Some(ix) = at.take() {
            self.pages.make_root(ix);
            if let Some(url) = requestable(&self.pages.url(ix)) {
                self.find_sitemaps_of_seed(&url);
            }
            match (self.pages.get(ix).state, self.pages.redirect(ix)) {
                (State::Skipped(_), _) => self.judge_again(ix),
                (State::Redirected, Some(next)) if !self.pages.is_root(next) => {
                    if let Some(url) = requestable(&self.pages.url(next)) {
                        self.widen(Root::new(&url));
                    }
                    at = Some(next);
                }
                _ => {}
            }
        }
    }

    /// A seed redirected: what was out of scope may be inside now.
    fn widen(&mut self, root: Root) {
        if self.roots.contains(&root) {
            return;
        }
        self.roots.push(root);
        let outside = State::Skipped(SkipReason::OutOfScope);
        let skipped: Vec<PageIx> =
            self.pages.iter().filter(|(_, page)| page.state == outside).map(|(ix, _)| ix).collect();
        for ix in skipped {
            self.judge_again(ix);
        }
    }
}
