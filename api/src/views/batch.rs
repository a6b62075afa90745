//! Entries as they come, in portions that are folded at once.

use crawl_broker::{BrokerError, LogEntry, LogReader};
use futures::FutureExt as _;

/// Entries, and bytes of their bodies, between which readers of the results get their turn: a few milliseconds' work.
const ENTRIES: usize = 250;
const BYTES: usize = 512 * 1024;

/// The next entry, whenever it comes, and what has arrived behind it. Safe to drop before it is ready.
pub(super) async fn next_batch(log: &mut LogReader) -> Result<Vec<LogEntry>, BrokerError> {
    let first = log.next().await?;
    let mut bytes = size(&first);
    let mut batch = vec![first];
    while batch.len() < ENTRIES && bytes < BYTES {
        match log.next().now_or_never() {
            Some(Ok(entry)) => {
                bytes += size(&entry);
                batch.push(entry);
            }
            // An error comes again.
            Some(Err(_)) | None => break,
        }
    }
    Ok(batch)
}

fn size(entry: &LogEntry) -> usize {
    entry.body.as_ref().map_or(0, Vec::len)
}
