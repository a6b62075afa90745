//! One broken link, as it is handed out.

use std::fmt::Write;

use super::bad;
use crate::local::broken::BrokenLink;
use crate::output::{Colour, clean};

/// The fields of a link, in their order.
pub(super) const HEADER: &[&str] = &["url", "leadsTo", "status", "reason", "page"];

/// Pages of a link that are named, where not all are.
const NAMED: usize = 5;

/// As CSV: a row for each page it is on.
pub(super) fn cells(link: &BrokenLink) -> Vec<[String; 5]> {
    let row = |page: &str| {
        [
            link.url.clone(),
            link.leads_to.clone().unwrap_or_default(),
            link.status.map(|status| status.to_string()).unwrap_or_default(),
            link.reason.clone(),
            page.to_owned(),
        ]
    };
    if link.pages.is_empty() { vec![row("")] } else { link.pages.iter().map(|page| row(page)).collect() }
}

/// For people: what is wrong with which link, and below it the pages it is on.
pub(super) fn for_people(link: &BrokenLink, all: bool, colour: Option<Colour>) -> String {
    let end = link.leads_to.as_ref().map(|end| format!(" -> {end}")).unwrap_or_default();
    let mut text = match link.status {
        Some(status @ 400..) => format!("{} {}{end}\n", bad(colour, &status.to_string()), link.url),
        status => {
            let status = status.map_or_else(|| "---".to_owned(), |status| status.to_string());
            format!("{} {}{end}: {}\n", bad(colour, &status), link.url, clean(&link.reason))
        }
    };
    let named = if all || link.pages.len() <= NAMED + 1 { link.pages.len() } else { NAMED };
    for page in &link.pages[..named] {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "    {page}");
    }
    match (link.pages.len(), link.pages.len() - named) {
        (0, _) => text.push_str("    (a seed, or from a sitemap)\n"),
        (_, 0) => {}
        (_, more) => drop(writeln!(text, "    and {more} more (-v names them)")),
    }
    text
}
