//! Pages as lines of CSV.
//!
//! What strangers wrote must not become a formula: a cell that begins like one gets a `'` in front, which spreadsheets take for
//! "this is text" (OWASP, CSV injection).

use std::borrow::Cow;

use crawl_results::{Row, State};

const COLUMNS: [&str; 17] = [
    "url",
    "state",
    "host",
    "depth",
    "status",
    "class",
    "message",
    "reason",
    "links",
    "bytes",
    "tookMs",
    "fetchedAt",
    "contentType",
    "attempt",
    "redirectsTo",
    "referrers",
    "foundOn",
];

/// The first line.
pub(super) fn header() -> Vec<u8> {
    written(std::iter::once(COLUMNS.map(|name| name.to_owned())))
}

/// A line for each page.
pub(super) fn lines(rows: &[Row]) -> Vec<u8> {
    written(rows.iter().map(cells))
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        row.url.clone(),
        word(row.state).to_owned(),
        row.host.clone(),
        number(row.depth),
        number(row.status),
        text(row.class),
        text(row.message.as_deref()),
        text(row.reason),
        // As the reference has it: a failed page has -1 links.
        if row.state == State::Failed { "-1".to_owned() } else { number(row.links) },
        number(row.bytes),
        number(row.took_ms),
        number(row.fetched_at),
        text(row.content_type.as_deref()),
        number(row.attempt),
        text(row.redirects_to.as_deref()),
        row.referrers.to_string(),
        text(row.found_on.as_deref()),
    ]
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn word(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::InFlight => "inFlight",
        State::Fetched => "fetched",
        State::Failed => "failed",
        State::Redirected => "redirected",
        State::Skipped => "skipped",
    }
}

fn written(lines: impl Iterator<Item = [String; COLUMNS.len()]>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        // Memory takes it, and each line has as many cells.
        let _ = writer.write_record(line.iter().map(|cell| neutral(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

fn neutral(cell: &str) -> Cow<'_, str> {
    // Our own numbers may be negative.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<i64>().is_err();
    if formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(neutral(text), format!("'{text}"));
        }
        for text in ["http://a/=1", "", "-1", "200", "'=1"] {
            assert_eq!(neutral(text), text);
        }
    }

    #[test]
    fn a_header_has_a_name_for_each_cell_and_quotes_hold() {
        let text = String::from_utf8(header()).unwrap();
        assert_eq!(text.trim_end().split(',').count(), COLUMNS.len());
        let mut line = COLUMNS.map(|_| String::new());
        line[0] = "http://a/\"x\",\r\n=b".to_owned();
        let text = String::from_utf8(written(std::iter::once(line))).unwrap();
        assert!(text.starts_with("\"http://a/\"\"x\"\",\r\n=b\","), "{text}");
    }
}
