//! What we wrote ourselves and the watch has not shown yet.
//!
//! A reconcile right after a status write would else plan from the status before it, and tell the same event twice.
//! It holds nothing that a restart would miss.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crawl_crds::{Crawl, CrawlStatus};
use kube::ResourceExt as _;

/// The last status that we wrote of each crawl, by uid.
#[derive(Debug, Default)]
pub(crate) struct Written(Mutex<HashMap<String, (u64, CrawlStatus)>>);

impl Written {
    /// Remembers what the API server answered to a status write.
    pub(crate) fn remember(&self, answer: &Crawl) {
        if let (Some(uid), Some(version)) = (answer.uid(), version(answer)) {
            self.lock().insert(uid, (version, answer.status.clone().unwrap_or_default()));
        }
    }

    /// The newest status known of a crawl. Versions of one resource can be compared as numbers.
    pub(crate) fn freshest(&self, crawl: &Crawl) -> CrawlStatus {
        let shown = || crawl.status.clone().unwrap_or_default();
        let (Some(uid), Some(version)) = (crawl.uid(), version(crawl)) else { return shown() };
        match self.lock().get(&uid) {
            Some((written, status)) if *written > version => status.clone(),
            _ => shown(),
        }
    }

    /// The crawl is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.lock().remove(uid);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (u64, CrawlStatus)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn version(crawl: &Crawl) -> Option<u64> {
    crawl.metadata.resource_version.as_deref()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::fixtures::crawl;

    fn at(version: &str, phase: &str) -> Crawl {
        let mut crawl = crawl("");
        crawl.metadata.resource_version = Some(version.to_owned());
        crawl.status = Some(CrawlStatus { phase: Some(phase.to_owned()), ..CrawlStatus::default() });
        crawl
    }

    #[test]
    fn the_newer_status_counts() {
        let written = Written::default();
        written.remember(&at("100", "Running"));
        for (version, shown, phase) in
            [("99", "Pending", "Running"), ("100", "Running", "Running"), ("101", "Other", "Other")]
        {
            assert_eq!(written.freshest(&at(version, shown)).phase.as_deref(), Some(phase), "{version}");
        }
        written.forget("1b4e28ba-2fa1-11d2-883f-0016d3cca427");
        assert_eq!(written.freshest(&at("99", "Pending")).phase.as_deref(), Some("Pending"));
    }
}
