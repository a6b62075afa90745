//! Sentences about counts: how far a crawl is and why it ended with so many pages and no more.

use crawl_crds::CrawlStatus;
use crawl_rules::Restriction;

use crate::controller::standing::Ending;

/// How many reasons a sentence names.
const NAMED: usize = 3;

/// How far it is.
pub(super) fn progress(status: &CrawlStatus) -> String {
    let pages = &status.pages;
    let (processed, waiting) = (pages.fetched + pages.failed, pages.queued + pages.in_flight);
    format!("{} processed, {waiting} to go", counted(processed))
}

/// Why it ended, with what was left out.
pub(super) fn ending(ending: Ending, restrictions: &[Restriction], status: &CrawlStatus) -> String {
    let processed = counted(status.pages.fetched + status.pages.failed);
    let found = status.pages.discovered;
    let told = match ending {
        Ending::FrontierEmpty => format!("nothing is left to fetch: {processed} processed of {found} found"),
        Ending::MaxLinksReached => format!("{}: {processed} processed of {found} found", limit(restrictions)),
        Ending::AllSeedsFailed => "not one page could be fetched".to_owned(),
        Ending::Cancelled => format!("cancelled by spec.cancel: {processed} processed of {found} found"),
        Ending::DeadlineExceeded => {
            format!("activeDeadlineSeconds has passed: {processed} processed of {found} found")
        }
    };
    [Some(told), failed(status), skipped(status)].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Whose limit ended it.
fn limit(restrictions: &[Restriction]) -> String {
    let capped = restrictions.iter().find_map(|restriction| match restriction {
        Restriction::MaxLinks { policy, allowed, asked } => {
            Some(format!("maxLinks {allowed} of policy {policy} is reached, where the spec asks for {asked}"))
        }
        Restriction::Robots { .. } | Restriction::Hosts { .. } => None,
    });
    capped.unwrap_or_else(|| "maxLinks is reached".to_owned())
}

fn counted(pages: i64) -> String {
    if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }
}

/// The failed ones, with what the servers said most often.
fn failed(status: &CrawlStatus) -> Option<String> {
    let failures = status.responses.iter().filter(|(response, _)| !response.starts_with(['2', '3']));
    let named = most(failures).map(|(response, n)| format!("{n} with {response}")).collect::<Vec<_>>();
    let failed = status.pages.failed;
    match named.as_slice() {
        _ if failed == 0 => None,
        [] => Some(format!("{failed} failed")),
        named => Some(format!("{failed} failed, {}", named.join(", "))),
    }
}

fn skipped(status: &CrawlStatus) -> Option<String> {
    let named = most(status.skipped_by_reason.iter()).map(|(reason, n)| format!("{n} skipped {}", why(reason)));
    Some(named.collect::<Vec<_>>().join(", ")).filter(|sentence| !sentence.is_empty())
}

/// The largest counts, the largest first.
fn most<'a>(counts: impl Iterator<Item = (&'a String, &'a i64)>) -> impl Iterator<Item = (&'a str, i64)> {
    let mut counts: Vec<_> = counts.map(|(key, n)| (key.as_str(), *n)).filter(|(_, n)| *n > 0).collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts.into_iter().take(NAMED)
}

/// What a key of `skippedByReason` means, after "skipped".
fn why(reason: &str) -> &str {
    match reason {
        "OutOfScope" => "as out of scope",
        "Excluded" => "by include and exclude",
        "TooDeep" => "as deeper than maxDepth",
        "TooManyRedirects" => "as behind more redirects than maxRedirects",
        "Nofollow" => "as nofollow",
        "Robots" => "by robots.txt",
        "RobotsUnreachable" => "because robots.txt could not be read",
        "CrawlDelay" => "because robots.txt asks for more than maxCrawlDelay",
        "BadUrl" => "as not requestable",
        "UrlTooLong" => "as longer than 2083 bytes",
        "PathTooDeep" => "as deeper than maxPathSegments",
        "RepeatedSegments" => "as repeating a segment more than maxRepeatedSegments times",
        "HostBudget" => "since maxPagesPerHost is reached",
        "DeniedByPolicy" => "on hosts that a policy denies",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(fetched: i64, failed: i64, skipped: &[(&str, i64)], responses: &[(&str, i64)]) -> CrawlStatus {
        let map = |pairs: &[(&str, i64)]| pairs.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect();
        let mut status =
            CrawlStatus { skipped_by_reason: map(skipped), responses: map(responses), ..Default::default() };
        status.pages.fetched = fetched;
        status.pages.failed = failed;
        status.pages.discovered = 4120;
        status
    }

    #[test]
    fn an_ending_says_why() {
        for (end, status, sentence) in [
            (
                Ending::MaxLinksReached,
                status(1000, 0, &[("Robots", 31)], &[("200", 1000)]),
                "maxLinks is reached: 1000 pages processed of 4120 found; 31 skipped by robots.txt",
            ),
            (
                Ending::FrontierEmpty,
                status(1, 3, &[("TooDeep", 1), ("OutOfScope", 9)], &[("404", 1), ("dns", 2), ("200", 1)]),
                "nothing is left to fetch: 4 pages processed of 4120 found; 3 failed, 2 with dns, 1 with 404; \
                 9 skipped as out of scope, 1 skipped as deeper than maxDepth",
            ),
            (
                Ending::AllSeedsFailed,
                status(0, 1, &[], &[("dns", 1)]),
                "not one page could be fetched; 1 failed, 1 with dns",
            ),
            (Ending::Cancelled, status(1, 0, &[], &[]), "cancelled by spec.cancel: 1 page processed of 4120 found"),
        ] {
            assert_eq!(ending(end, &[], &status), sentence);
        }
    }

    #[test]
    fn an_ending_says_whose_limit_it_was() {
        let capped = [Restriction::MaxLinks { policy: "teams".into(), allowed: 100, asked: 5000 }];
        let status = status(100, 0, &[("DeniedByPolicy", 2)], &[]);
        assert_eq!(
            ending(Ending::MaxLinksReached, &capped, &status),
            "maxLinks 100 of policy teams is reached, where the spec asks for 5000: 100 pages processed of 4120 found; \
             2 skipped on hosts that a policy denies"
        );
        let other = ending(Ending::FrontierEmpty, &capped, &status);
        assert!(!other.contains("teams"), "{other}");
    }

    #[test]
    fn every_reason_has_words() {
        use crawl_frontier::SkipReason::*;
        for reason in [
            OutOfScope,
            Excluded,
            TooDeep,
            TooManyRedirects,
            Nofollow,
            Robots,
            RobotsUnreachable,
            CrawlDelay,
            BadUrl,
            UrlTooLong,
            PathTooDeep,
            RepeatedSegments,
            HostBudget,
            DeniedByPolicy,
        ] {
            assert_ne!(why(reason.as_str()), reason.as_str());
        }
    }
}
