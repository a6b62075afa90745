//! Tells crawls that wait for a host that it is their turn, so that they need not ask again and again.

use std::{collections::HashMap, sync::Mutex};

use crawl_frontier::CrawlKey;
use tokio::sync::mpsc;

use super::lock;

/// The crawls that can be told.
#[derive(Default)]
pub(crate) struct Turns {
    crawls: Mutex<HashMap<CrawlKey, mpsc::UnboundedSender<Box<str>>>>,
}

impl Turns {
    /// A crawl listens from now on. It hears the names of hosts.
    pub(super) fn listen(&self, crawl: CrawlKey) -> mpsc::UnboundedReceiver<Box<str>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        lock(&self.crawls).insert(crawl, sender);
        receiver
    }

    /// A crawl's runner has ended; another one may listen already.
    pub(super) fn forget(&self, crawl: CrawlKey) {
        let mut crawls = lock(&self.crawls);
        if crawls.get(&crawl).is_some_and(mpsc::UnboundedSender::is_closed) {
            crawls.remove(&crawl);
        }
    }

    /// A host was freed, and it is this crawl's turn.
    pub(super) fn tell(&self, crawl: CrawlKey, host: Box<str>) {
        if let Some(listener) = lock(&self.crawls).get(&crawl) {
            // One whose runner has just ended waits for nothing.
            let _ = listener.send(host);
        }
    }
}
