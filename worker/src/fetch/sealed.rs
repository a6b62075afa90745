//! The headers that a task brings sealed: opened here, and in the clear nowhere but in the request.

use std::sync::Arc;

use crawl_protocol::Task;
use crawl_sealed::{Key, OpenError};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::classify::Failure;

/// Opens the headers of a task; none where it has none. They must not be shown: each value is marked as sensitive.
///
/// What cannot be opened here may be opened by the next worker: while a key is changed, they do not all have the same one.
pub(super) fn open(key: Option<&Arc<Key>>, task: &Task) -> Result<HeaderMap, Failure> {
    let Some(sealed) = &task.fetch.sealed_headers else { return Ok(HeaderMap::new()) };
    let again = |message| Failure { retryable: true, ..Failure::internal(message) };
    let key =
        key.ok_or_else(|| again("the task's headers are sealed, and this worker has no task key to open them"))?;
    let headers = key.open(&task.crawl, &task.url, sealed).map_err(|error| match error {
        OpenError::Foreign => again("the task's headers are sealed with another key than this worker's"),
        OpenError::Malformed | OpenError::Content => Failure::internal("the task's sealed headers are not readable"),
    })?;
    headers.iter().map(|(name, value)| header(name, value)).collect()
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let unusable = || Failure::internal("the task's sealed headers hold one that cannot be sent");
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok((name, value))
}
