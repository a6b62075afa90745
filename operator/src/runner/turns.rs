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

    /// A host was freed, and it is this crawl's turn. One that does not listen any more loses it after a while.
    pub(super) fn tell(&self, crawl: CrawlKey, host: Box<str>) {
        let mut crawls = lock(&self.crawls);
        if crawls.get(&crawl).is_some_and(|listener| listener.send(host).is_err()) {
            crawls.remove(&crawl);
        }
    }
}
