//! What a crawl would make of a URL that it has not found yet, as far as its rules alone say: nothing is fetched.
//!
//! The frontier judges links of pages. So it is given a page that has this link, as if a worker had read it.

use crawl_frontier::Rules;
use crawl_protocol::{Entry, Kind, Outcome, Page, Record};
use crawl_results::{Results, Row};

/// Where the URL would stand if a seed's page had a link to it. `None` when no rules can be made of it.
///
/// # Errors
/// When the rules cannot be followed; the message names the field.
pub(crate) fn judged(rules: &Rules, url: &str) -> anyhow::Result<Option<Row>> {
    let mut results = Results::new("judged", rules.clone())?;
    let seed = rules.seeds.iter().find(|seed| results.page(seed).is_some_and(|_| !same(&results, seed, url)));
    // The URL is a seed itself, and there is no other.
    let Some(seed) = seed else { return Ok(results.page(url)) };
    let page = Page { status: 200, links: 1, urls: vec![url.to_owned()], ..Page::default() };
    let record = Record {
        crawl: "judged".to_owned(),
        url: seed.clone(),
        kind: Kind::Page,
        depth: 0,
        attempt: 1,
        fetched_at: 0,
        took_ms: 0,
        outcome: Outcome::Page(page),
    };
    results.apply(0, &Entry::Attempt(record));
    Ok(results.page(url))
}

fn same(results: &Results, seed: &str, url: &str) -> bool {
    let id = |url| results.page(url).map(|row| row.id);
    id(seed).is_some() && id(seed) == id(url)
}

/// Why a URL is left out, in words.
pub(crate) fn why(reason: &str) -> &str {
    match reason {
        "OutOfScope" => "it is out of scope",
        "Excluded" => "no include matches it, or an exclude does",
        "TooDeep" => "it is more than maxDepth links away from the seeds",
        "TooManyRedirects" => "more than maxRedirects redirects in a row lead to it",
        "Nofollow" => "all links to it are marked nofollow",
        "Robots" => "robots.txt disallows it",
        "RobotsUnreachable" => "the robots.txt of its host could not be read",
        "CrawlDelay" => "the robots.txt of its host asks for a longer delay than politeness.maxCrawlDelay",
        "BadUrl" => "it cannot be requested",
        "UrlTooLong" => "it is longer than 2,083 bytes",
        "PathTooDeep" => "its path has more than scope.maxPathSegments segments",
        "RepeatedSegments" => "a segment of its path stands there more than scope.maxRepeatedSegments times",
        "HostBudget" => "scope.maxPagesPerHost pages of its host have been processed",
        "DeniedByPolicy" => "a CrawlPolicy denies its host",
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crawl_frontier::SkipReason;
    use crawl_results::State;

    #[test]
    fn a_link_is_judged_as_in_a_crawl() {
        let rules = Rules::new(vec!["https://example.com/docs/".to_owned()]);
        let judged = |url| judged(&rules, url).unwrap().unwrap();
        assert_eq!(judged("https://example.com/blog#top").state, State::Queued);
        assert_eq!(judged("https://example.com/docs/").state, State::Queued);
        let outside = judged("https://other.example/");
        assert_eq!((outside.state, outside.reason), (State::Skipped, Some("OutOfScope")));
    }

    #[test]
    fn every_reason_has_words() {
        for reason in SkipReason::ALL {
            assert!(why(reason.as_str()).contains(' '), "{reason:?}");
        }
    }
}
