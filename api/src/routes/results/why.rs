//! Why a page stands where it does, in one sentence.

use crawl_results::{Row, State};

/// Why this page stands where it does; `None` where that says itself.
pub(super) fn why(row: &Row) -> Option<String> {
    match row.state {
        State::Queued => {
            Some("It waits until its host may be asked again and others of the crawl have had their turn.".to_owned())
        }
        State::InFlight => Some("A worker has it.".to_owned()),
        State::Fetched => row.truncated.filter(|cut| *cut).map(|_| {
            "Its body, or the list of its links, was cut at a limit, so there may be more links on it.".to_owned()
        }),
        State::Failed => row.message.clone(),
        State::Redirected => row.redirects_to.as_ref().map(|to| format!("The server says that it has moved to {to}")),
        State::Skipped => row.reason.map(|reason| skipped(reason).to_owned()),
    }
}

fn skipped(reason: &str) -> &'static str {
    match reason {
        "OutOfScope" => "It lies outside of spec.scope.type.",
        "Excluded" => "No pattern of spec.scope.include matches it, or one of spec.scope.exclude does.",
        "TooDeep" => "It is more than spec.maxDepth links away from the nearest seed.",
        "TooManyRedirects" => "More than spec.fetch.maxRedirects redirects in a row lead to it, and no link does.",
        "Nofollow" => "All links to it ask not to be followed.",
        "Robots" => "The robots.txt of its host disallows it.",
        "RobotsUnreachable" => {
            "The robots.txt of its host could not be read, so everything there counts as disallowed."
        }
        "CrawlDelay" => "The robots.txt of its host asks for a longer delay than spec.politeness.maxCrawlDelay.",
        "BadUrl" => "It is no URL that can be requested.",
        "UrlTooLong" => "Its URL is too long.",
        "PathTooDeep" => "Its path has too many parts.",
        "RepeatedSegments" => "The same part stands in its path again and again, as in a trap.",
        "HostBudget" => "As many pages of its host were processed as spec.scope.maxPagesPerHost allows.",
        "DeniedByPolicy" => "A CrawlPolicy denies its host.",
        _ => "It was left out.",
    }
}
