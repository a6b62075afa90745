//! From the options to the rules of the frontier, and to the name that a log of such a crawl bears.

use crawl_frontier::{Politeness, Retry, Rules, Scope, ScopeKind, Spelling};
use crawl_protocol::FetchSettings;
use url::Url;

use super::args::{Args, ScopeName};

/// The rules that the options stand for. With `--check`, those of the crawl itself: see [`looking_beyond`].
///
/// # Errors
/// When a pattern is not a regular expression.
pub(super) fn rules(args: &Args) -> anyhow::Result<Rules> {
    let usual = Rules::new(args.seeds.clone());
    Ok(Rules {
        max_links: args.max_links,
        max_depth: args.max_depth,
        scope: Scope::new(kind(args.scope), &args.include, &args.exclude)?,
        spelling: Spelling { ignore_parameters: args.ignore_parameter.clone(), sort_query: args.sort_query },
        max_pages_per_host: args.max_pages_per_host,
        sitemaps: args.sitemaps,
        obey_robots: !args.ignore_robots,
        respect_nofollow: !args.ignore_nofollow && !args.check,
        retry: Retry { max_attempts: args.max_attempts, ..usual.retry },
        politeness: Politeness { per_host_concurrency: args.per_host_concurrency, delay_ms: args.delay },
        fetch: FetchSettings { timeout_ms: args.timeout, user_agent: args.user_agent.clone(), ..usual.fetch.clone() },
        ..usual
    })
}

/// Rules by which links that leave a crawl are requested too: to anywhere, and one link deeper. What is there is not to be read.
///
/// # Errors
/// When a pattern is not a regular expression.
pub(super) fn looking_beyond(args: &Args, rules: &Rules) -> anyhow::Result<Rules> {
    let scope = Scope::new(ScopeKind::Any, &args.include, &args.exclude)?;
    Ok(Rules { scope, max_depth: rules.max_depth.saturating_add(1), ..rules.clone() })
}

/// What a crawl from these seeds goes by, in whatever order and however often they are given.
pub(super) fn crawl_of(seeds: &[String]) -> String {
    let mut seeds: Vec<String> = seeds.iter().map(|seed| Url::parse(seed).map_or(seed.clone(), Into::into)).collect();
    seeds.sort_unstable();
    seeds.dedup();
    format!("local-{}", hash(&seeds.join("\n")))
}

/// A hash of the rules, by which a log's reader sees that they changed.
pub(super) fn hash_of(rules: &Rules) -> String {
    hash(&format!("{rules:?}"))
}

fn hash(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn kind(scope: ScopeName) -> ScopeKind {
    match scope {
        ScopeName::Page => ScopeKind::Page,
        ScopeName::Prefix => ScopeKind::Prefix,
        ScopeName::Host => ScopeKind::Host,
        ScopeName::Domain => ScopeKind::Domain,
        ScopeName::Any => ScopeKind::Any,
    }
}
