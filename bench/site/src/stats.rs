//! What clients did since the counts were last read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rustls::HandshakeKind;

/// The counts.
#[derive(Debug)]
pub(crate) struct Stats {
    /// Requests for each page.
    pages: Vec<AtomicU64>,
    /// Requests for what is no page.
    unknown: AtomicU64,
    /// Requests for a page by a path that was not spelled right.
    misspelled: AtomicU64,
    /// Connections on which something was requested.
    connections: AtomicU64,
    full_handshakes: AtomicU64,
    resumed_handshakes: AtomicU64,
    failed_handshakes: AtomicU64,
}

impl Stats {
    pub(crate) fn new(pages: usize) -> Self {
        Self {
            pages: (0..pages).map(|_| AtomicU64::new(0)).collect(),
            unknown: AtomicU64::new(0),
            misspelled: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            full_handshakes: AtomicU64::new(0),
            resumed_handshakes: AtomicU64::new(0),
            failed_handshakes: AtomicU64::new(0),
        }
    }

    /// A request, for a page and whether its path was spelled right, or for what is no page.
    pub(crate) fn request(&self, page: Option<(usize, bool)>, first_of_connection: bool) {
        page.and_then(|(number, _)| self.pages.get(number)).unwrap_or(&self.unknown).fetch_add(1, Relaxed);
        if matches!(page, Some((_, false))) {
            self.misspelled.fetch_add(1, Relaxed);
        }
        if first_of_connection {
            self.connections.fetch_add(1, Relaxed);
        }
    }

    /// A TLS handshake that ended, well or not.
    pub(crate) fn handshake(&self, kind: Option<HandshakeKind>) {
        let count = match kind {
            Some(HandshakeKind::Resumed) => &self.resumed_handshakes,
            Some(_) => &self.full_handshakes,
            None => &self.failed_handshakes,
        };
        count.fetch_add(1, Relaxed);
    }

    /// Hands the counts out and begins anew.
    pub(crate) fn take(&self) -> serde_json::Value {
        let take = |count: &AtomicU64| count.swap(0, Relaxed);
        let pages: Vec<u64> = self.pages.iter().map(take).collect();
        serde_json::json!({
            "requests": pages.iter().sum::<u64>(),
            "pages": pages.iter().filter(|requests| **requests > 0).count(),
            "unknown": take(&self.unknown),
            "misspelled": take(&self.misspelled),
            "connections": take(&self.connections),
            "fullHandshakes": take(&self.full_handshakes),
            "resumedHandshakes": take(&self.resumed_handshakes),
            "failedHandshakes": take(&self.failed_handshakes),
        })
    }
}
