//! Makes rows of what is kept.

use crawl_frontier::{Addresses, PageState};
use jiff::Timestamp;

use crate::{
    Results,
    concluded::{Concluded, NONE},
    row::{Row, State},
    words::CLASSES,
};

/// Makes rows. Rows near each other are made cheaply.
pub(crate) struct Rows<'a> {
    results: &'a Results,
    own: Addresses<'a>,
    /// Pages that are near each other were mostly found on the same one.
    other: Addresses<'a>,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(results: &'a Results) -> Self {
        Self { results, own: results.frontier.addresses(), other: results.frontier.addresses() }
    }

    pub(crate) fn url(&mut self, page: u32) -> String {
        self.own.get(page).to_owned()
    }

    /// `None` when there is no such page.
    pub(crate) fn row(&mut self, ix: u32) -> Option<Row> {
        let page = self.results.frontier.page(ix)?;
        let fact = self.results.facts.get(ix);
        let reason = if let PageState::Skipped(reason) = page.state { Some(reason.as_str()) } else { None };
        let mut row = Row {
            id: page.id.to_string(),
            url: self.url(ix),
            state: State::of(page.state),
            host: page.host.map(|host| self.results.frontier.host(host).to_owned()).unwrap_or_default(),
            depth: page.depth,
            status: None,
            class: None,
            message: None,
            reason,
            links: None,
            bytes: None,
            took_ms: None,
            fetched_at: None,
            content_type: None,
            attempt: None,
            redirects_to: None,
            truncated: None,
            referrers: fact.referrers,
            found_on: (fact.found_on != NONE).then(|| self.other.get(fact.found_on).to_owned()),
            offset: None,
        };
        if let Some(record) = self.results.record(fact) {
            self.add(&mut row, record);
        }
        Some(row)
    }

    fn add(&mut self, row: &mut Row, record: &Concluded) {
        row.status = (record.status != 0).then_some(record.status);
        row.took_ms = Some(record.took_ms);
        row.fetched_at = Timestamp::from_millisecond(record.fetched_at).ok();
        row.attempt = Some(record.attempt);
        row.offset = Some(record.offset);
        let names = &self.results.names;
        match row.state {
            State::Fetched => {
                row.links = Some(record.links);
                row.bytes = Some(record.bytes);
                row.content_type = names.types.get(record.more).map(|text| text.to_string());
                row.truncated = (record.class != 0).then_some(true);
            }
            State::Failed => {
                row.class = CLASSES.get(usize::from(record.class)).map(|(_, name)| *name);
                row.message = names.messages.get(record.more).map(|text| text.to_string());
            }
            State::Redirected => {
                row.redirects_to = (record.more != NONE).then(|| self.other.get(record.more).to_owned());
            }
            State::Queued | State::InFlight | State::Skipped => {}
        }
    }
}
