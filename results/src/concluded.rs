//! What a page's concluding record said, in 40 bytes.

use crawl_protocol::{Outcome, Record};

use crate::names::Names;

/// No text, no page.
pub(crate) const NONE: u32 = u32::MAX;

/// What concluded a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Concluded {
    /// Where the record stands in the log.
    pub(crate) offset: u64,
    pub(crate) fetched_at: i64,
    pub(crate) page: u32,
    pub(crate) links: u32,
    pub(crate) bytes: u32,
    pub(crate) took_ms: u32,
    /// Fetched: its content type. Failed: the message. Redirected: the page it leads to.
    pub(crate) more: u32,
    /// HTTP status code; 0 where no response came.
    pub(crate) status: u16,
    pub(crate) attempt: u8,
    /// Failed: its class. Fetched: whether it was cut.
    pub(crate) class: u8,
}

/// Numbers that do not fit are shown as the largest that does.
fn fit<T: TryFrom<u64>>(number: u64, largest: T) -> T {
    T::try_from(number).unwrap_or(largest)
}

impl Concluded {
    pub(crate) fn of(offset: u64, page: u32, record: &Record, leads_to: &[u32], names: &mut Names) -> Self {
        let mut concluded = Self {
            offset,
            fetched_at: record.fetched_at,
            page,
            links: 0,
            bytes: 0,
            took_ms: fit(record.took_ms, u32::MAX),
            more: NONE,
            status: 0,
            attempt: fit(record.attempt.into(), u8::MAX),
            class: 0,
        };
        match &record.outcome {
            Outcome::Page(page) => {
                concluded.status = page.status;
                concluded.links = fit(page.links, u32::MAX);
                concluded.bytes = fit(page.bytes, u32::MAX);
                concluded.more = names.types.add(&page.content_type);
                concluded.class = page.truncated.into();
            }
            Outcome::Redirect { status, .. } => {
                concluded.status = *status;
                concluded.more = leads_to.first().copied().unwrap_or(NONE);
            }
            Outcome::Failure { class, message, status, .. } => {
                concluded.status = status.unwrap_or(0);
                concluded.more = names.messages.add(message);
                concluded.class = *class as u8;
            }
            // Such a record concludes no page.
            Outcome::Robots { .. } | Outcome::Sitemap { .. } => {}
        }
        concluded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_record_said_is_small() {
        assert_eq!(size_of::<Concluded>(), 40);
    }
}
