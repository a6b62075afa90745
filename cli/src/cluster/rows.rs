//! Rows of results, from wherever they came.

use serde::{Deserialize, Serialize};

/// A page that the crawl knows, as the api answers it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Row {
    pub(super) url: String,
    pub(super) state: String,
    pub(super) host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) depth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) links: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) took_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fetched_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirects_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) truncated: Option<bool>,
    pub(super) referrers: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) found_on: Option<String>,
}

/// A failed page, and who leads to it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Broken {
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    pub(super) class: String,
    pub(super) message: String,
    pub(super) referrers: Vec<String>,
    pub(super) referrer_count: u64,
}

/// The columns of a CSV, named as the fields.
pub(super) const COLUMNS: [&str; 17] = [
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

impl Row {
    /// The cells of a line of CSV.
    pub(super) fn cells(&self) -> [String; 17] {
        fn text<T: ToString>(value: &Option<T>) -> String {
            value.as_ref().map(T::to_string).unwrap_or_default()
        }
        [
            self.url.clone(),
            self.state.clone(),
            self.host.clone(),
            text(&self.depth),
            text(&self.status),
            text(&self.class),
            text(&self.message),
            text(&self.reason),
            text(&self.links),
            text(&self.bytes),
            text(&self.took_ms),
            text(&self.fetched_at),
            text(&self.content_type),
            text(&self.attempt),
            text(&self.redirects_to),
            self.referrers.to_string(),
            text(&self.found_on),
        ]
        .map(|cell| harmless(&cell))
    }

    /// What is said of it in the last column of a table.
    pub(super) fn note(&self) -> String {
        match (&self.redirects_to, &self.message, &self.reason) {
            (Some(target), _, _) => format!("-> {target}"),
            (_, Some(message), _) => message.clone(),
            (_, _, Some(reason)) => reason.clone(),
            _ => self.content_type.clone().unwrap_or_default(),
        }
    }
}

/// What a spreadsheet would take for a formula begins with a quotation mark.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let row = Row { url: "=cmd()".into(), message: Some("@x".into()), status: Some(404), ..Row::default() };
        let cells = row.cells();
        assert_eq!((cells[0].as_str(), cells[6].as_str(), cells[4].as_str()), ("'=cmd()", "'@x", "404"));
    }

    #[test]
    fn the_note_says_what_matters() {
        let row = Row { reason: Some("Robots".into()), content_type: Some("text/html".into()), ..Row::default() };
        assert_eq!(row.note(), "Robots");
        assert_eq!(Row { redirects_to: Some("http://b/".into()), ..row }.note(), "-> http://b/");
    }
}
