//! From `spec`, as the policies leave it, to the rules of the frontier, and the hash by which a runner says which rules its counts hold for.
//!
//! Pure. What the schema and CEL of the CRD already refuse is refused here again: an object may have been stored under
//! an older schema.

use crawl_crds::{CrawlSpec, Duration, Fetch, Nofollow, Politeness, Retry, Robots, Scope, ScopeType, Sitemaps, Urls};
use crawl_frontier::{Frontier, HostRule, Rules, ScopeError, ScopeKind, SkipReason, Spelling, Traps};
use crawl_protocol::FetchSettings;
use serde::Serialize;

use crate::policy::Effective;

/// A spec that no crawl can follow. The message names the field and says what to write.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// A number is out of its range.
    #[error("spec.{field}: must be at least {least}")]
    TooSmall {
        /// The field's path.
        field: &'static str,
        /// The smallest value.
        least: i64,
    },
    /// A duration is negative or longer than can be waited.
    #[error("spec.{field}: must be a duration that is not negative, for example 30s")]
    Duration {
        /// The field's path.
        field: &'static str,
    },
    /// A duration is longer than a host may be kept for one crawl.
    #[error("spec.{field}: must be at most {hours}h, because other crawls of the host wait too")]
    TooLong {
        /// The field's path.
        field: &'static str,
        /// The longest it may be.
        hours: u64,
    },
    /// A pattern is not a regular expression.
    #[error("spec.{0}")]
    Scope(#[from] ScopeError),
    /// Every seed is on a host that a policy denies.
    #[error("spec.seeds: every one is on a host that a CrawlPolicy denies ({0}); create a Crawl with other seeds")]
    Denied(String),
    /// The seeds are not what a crawl can start from.
    #[error("spec.{0}")]
    Rules(#[from] crawl_frontier::RulesError),
}

/// The rules that a spec asks for and policies allow.
///
/// # Errors
/// When no crawl can follow it; the message names the field.
pub fn rules(effective: &Effective) -> Result<Rules, SpecError> {
    let spec = &effective.spec;
    let rules = Rules {
        seeds: spec.seeds.clone(),
        max_links: at_least("maxLinks", spec.max_links, 1)?,
        max_depth: at_least("maxDepth", spec.max_depth.into(), 0)?,
        scope: scope(&spec.scope)?,
        spelling: Spelling { ignore_parameters: spec.urls.ignore_parameters.clone(), sort_query: spec.urls.sort_query },
        max_pages_per_host: max_pages_per_host(&spec.scope)?,
        sitemaps: spec.sitemaps == Sitemaps::Include,
        hosts: effective.hosts.clone(),
        obey_robots: spec.politeness.robots == Robots::Obey,
        max_crawl_delay_ms: within(1, "politeness.maxCrawlDelay", &spec.politeness.max_crawl_delay)?,
        respect_nofollow: spec.politeness.nofollow == Nofollow::Respect,
        max_redirects: at_least("fetch.maxRedirects", spec.fetch.max_redirects.into(), 0)?,
        retry: retry(&spec.retry)?,
        politeness: politeness(&spec.politeness)?,
        fetch: FetchSettings { allow_addresses: effective.allow_addresses.clone(), ..fetch(&spec.fetch)? },
    };
    // The frontier judges what only it knows, such as whether a seed can be crawled.
    let begun = Frontier::new("", rules.clone())?;
    let denied = begun.counts().skipped_by_reason.get(SkipReason::DeniedByPolicy.as_str());
    if denied == Some(&begun.counts().discovered) {
        return Err(SpecError::Denied(effective.deniers.join(", ")));
    }
    Ok(rules)
}

/// A hash of what makes the rules, and of nothing else: neither suspending a crawl nor a policy that changes nothing for it must
/// make its log be read again.
pub fn spec_hash(effective: &Effective) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Hashed<'a> {
        seeds: &'a [String],
        max_links: i64,
        max_depth: i32,
        scope: &'a Scope,
        urls: &'a Urls,
        sitemaps: Sitemaps,
        politeness: &'a Politeness,
        fetch: &'a Fetch,
        retry: &'a Retry,
        // Absent where no policy is: the hash is then that of the spec alone.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hosts: Vec<(&'a str, bool, u32, u64)>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        allow_addresses: &'a [String],
    }
    let Effective { spec, hosts, allow_addresses, quota: _, restrictions: _, deniers: _ } = effective;
    let hosts = hosts.iter().map(hashed_rule).collect();
    // No `..`: whoever adds a field to the spec decides here whether it makes rules.
    let CrawlSpec {
        seeds,
        max_links,
        max_depth,
        scope,
        urls,
        sitemaps,
        politeness,
        fetch,
        retry,
        worker_pool: _,
        suspend: _,
        cancel: _,
        active_deadline_seconds: _,
        ttl_seconds_after_finished: _,
    } = spec;
    // What goes with a request changes nothing in what a log means.
    let fetch = &Fetch { headers_from: Vec::new(), ..fetch.clone() };
    let (max_links, max_depth, sitemaps) = (*max_links, *max_depth, *sitemaps);
    let hashed =
        Hashed { seeds, max_links, max_depth, scope, urls, sitemaps, politeness, fetch, retry, hosts, allow_addresses };
    // Plain data encodes; an empty text would only make every spec look the same to a log that is read again anyway.
    let text = serde_json::to_vec(&hashed).unwrap_or_default();
    let digest = ring::digest::digest(&ring::digest::SHA256, &text);
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn hashed_rule(HostRule { pattern, deny, politeness }: &HostRule) -> (&str, bool, u32, u64) {
    (pattern, *deny, politeness.per_host_concurrency, politeness.delay_ms)
}

fn scope(scope: &Scope) -> Result<crawl_frontier::Scope, SpecError> {
    let kind = match scope.kind {
        ScopeType::Page => ScopeKind::Page,
        ScopeType::Prefix => ScopeKind::Prefix,
        ScopeType::Host => ScopeKind::Host,
        ScopeType::Domain => ScopeKind::Domain,
        ScopeType::Any => ScopeKind::Any,
    };
    let traps = Traps {
        max_path_segments: at_least("scope.maxPathSegments", scope.max_path_segments.into(), 1)?,
        max_repeated_segments: at_least("scope.maxRepeatedSegments", scope.max_repeated_segments.into(), 1)?,
    };
    Ok(crawl_frontier::Scope::new(kind, &scope.include, &scope.exclude)?.with_traps(traps))
}

fn max_pages_per_host(scope: &Scope) -> Result<Option<u64>, SpecError> {
    scope.max_pages_per_host.map(|pages| at_least("scope.maxPagesPerHost", pages, 1)).transpose()
}

fn retry(retry: &Retry) -> Result<crawl_frontier::Retry, SpecError> {
    Ok(crawl_frontier::Retry {
        max_attempts: at_least("retry.maxAttempts", retry.max_attempts.into(), 1)?,
        backoff_ms: within(24, "retry.backoff", &retry.backoff)?,
        max_backoff_ms: within(24, "retry.maxBackoff", &retry.max_backoff)?,
    })
}

fn politeness(politeness: &Politeness) -> Result<crawl_frontier::Politeness, SpecError> {
    Ok(crawl_frontier::Politeness {
        per_host_concurrency: at_least("politeness.perHostConcurrency", politeness.per_host_concurrency.into(), 1)?,
        delay_ms: within(1, "politeness.delay", &politeness.delay)?,
    })
}

fn fetch(fetch: &Fetch) -> Result<FetchSettings, SpecError> {
    Ok(FetchSettings {
        timeout_ms: millis("fetch.timeout", &fetch.timeout)?,
        max_body_bytes: fetch.max_body_bytes.bytes(),
        user_agent: fetch.user_agent.clone(),
        allow_addresses: Vec::new(),
        sealed_headers: None,
    })
}

fn at_least<T: TryFrom<i64>>(field: &'static str, value: i64, least: i64) -> Result<T, SpecError> {
    let refused = || SpecError::TooSmall { field, least };
    if value < least { Err(refused()) } else { T::try_from(value).map_err(|_| refused()) }
}

/// A time for which a host may be left alone: other crawls wait for it too.
fn within(hours: u64, field: &'static str, duration: &Duration) -> Result<u64, SpecError> {
    let time = millis(field, duration)?;
    if time > hours * 3_600_000 { Err(SpecError::TooLong { field, hours }) } else { Ok(time) }
}

fn millis(field: &'static str, duration: &Duration) -> Result<u64, SpecError> {
    let refused = || SpecError::Duration { field };
    if duration.is_negative() {
        return Err(refused());
    }
    u64::try_from(std::time::Duration::from(*duration).as_millis()).map_err(|_| refused())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fixtures::unrestricted;

    #[test]
    fn defaults_become_rules() {
        let rules = rules(&unrestricted("")).unwrap();
        let seeds = rules.seeds.clone();
        assert_eq!(format!("{rules:?}"), format!("{:?}", Rules::new(seeds)), "the resource and the frontier agree");
    }

    #[test]
    fn what_the_user_wrote_becomes_rules() {
        let rules = rules(&unrestricted("politeness: {robots: Ignore, nofollow: Ignore, delay: 250ms}")).unwrap();
        assert_eq!((rules.obey_robots, rules.respect_nofollow, rules.politeness.delay_ms), (false, false, 250));
    }

    #[test]
    fn a_refusal_names_the_field() {
        for (spec, field) in [
            ("seeds: ['ftp://example.com/']", "spec.seeds: \"ftp://example.com/\" is not an absolute"),
            ("maxLinks: 0", "spec.maxLinks: must be at least 1"),
            ("maxDepth: -1", "spec.maxDepth: must be at least 0"),
            ("retry: {maxAttempts: 0}", "spec.retry.maxAttempts: must be at least 1"),
            ("politeness: {perHostConcurrency: 0}", "spec.politeness.perHostConcurrency: must be at least 1"),
            ("politeness: {delay: -1s}", "spec.politeness.delay: must be a duration"),
            ("politeness: {delay: 61m}", "spec.politeness.delay: must be at most 1h"),
            ("retry: {maxBackoff: 25h}", "spec.retry.maxBackoff: must be at most 24h"),
            ("scope: {include: ['a(']}", "spec.scope.include: \"a(\" is not a regular expression"),
        ] {
            let error = rules(&unrestricted(spec)).unwrap_err().to_string();
            assert!(error.starts_with(field), "{spec}: {error}");
        }
    }

    #[test]
    fn only_what_makes_rules_changes_the_hash() {
        let plain = spec_hash(&unrestricted(""));
        for same in [
            "suspend: true",
            "cancel: true",
            "activeDeadlineSeconds: 5",
            "ttlSecondsAfterFinished: 5",
            "fetch: {headersFrom: [{secretRef: {name: a}}]}",
        ] {
            assert_eq!(spec_hash(&unrestricted(same)), plain, "{same}");
        }
        for other in ["maxLinks: 5", "maxDepth: 5", "scope: {type: Any}", "retry: {maxAttempts: 1}"] {
            assert_ne!(spec_hash(&unrestricted(other)), plain, "{other}");
        }
    }

    #[test]
    fn the_hash_of_a_spec_is_the_same_for_ever() {
        // Written into logs; a change makes every log be folded again at the upgrade, which is harmless but slow.
        assert_eq!(spec_hash(&unrestricted("")), "9e384e082156f1604df27227ea9ece3d");
    }
}
