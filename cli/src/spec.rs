//! The options that make a Crawl's spec, named as those of `local`. What is not given is not written: the CRD's defaults hold.

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// What is crawled, and how.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "What is crawled, and how")]
pub(crate) struct SpecArgs {
    /// How many pages to process: fetched and failed ones count, redirects do not [default: 1000]
    #[arg(long, value_name = "N")]
    max_links: Option<i64>,

    /// How many links away from a seed a page may be; 0 means only the seeds [default: 20]
    #[arg(long, visible_alias = "depth", value_name = "N", allow_negative_numbers = true)]
    max_depth: Option<i64>,

    /// Which URLs belong to the crawl [default: host]
    #[arg(long, value_enum)]
    scope: Option<ScopeName>,

    /// Leave out URLs that match none of these regular expressions
    #[arg(long, value_name = "REGEX")]
    include: Vec<String>,

    /// Leave out URLs that match one of these regular expressions
    #[arg(long, value_name = "REGEX")]
    exclude: Vec<String>,

    /// How many pages of one host to process
    #[arg(long, value_name = "N")]
    max_pages_per_host: Option<i64>,

    /// A query or path parameter that makes no other page, for example utm_* or jsessionid
    #[arg(long, value_name = "NAME")]
    ignore_parameter: Vec<String>,

    /// Take ?b=1&a=2 and ?a=2&b=1 for the same page
    #[arg(long)]
    sort_query: bool,

    /// Find the URLs listed in sitemaps too
    #[arg(long)]
    sitemaps: bool,

    /// Time between the end of one request to a host and the start of the next [default: 1s]
    #[arg(long, value_name = "DURATION")]
    delay: Option<String>,

    /// Requests to one host at the same time [default: 1]
    #[arg(long, value_name = "N")]
    per_host_concurrency: Option<i64>,

    /// Do not obey robots.txt; only for sites that are yours
    #[arg(long)]
    ignore_robots: bool,

    /// Follow links that are marked nofollow
    #[arg(long)]
    ignore_nofollow: bool,

    /// Total time for one request and its body [default: 30s]
    #[arg(long, value_name = "DURATION")]
    timeout: Option<String>,

    /// How much of a page is read, for example 10Mi
    #[arg(long, value_name = "SIZE")]
    max_body_bytes: Option<String>,

    /// How many redirects in a row are followed [default: 10]
    #[arg(long, value_name = "N")]
    max_redirects: Option<i64>,

    /// Attempts in all for a page that fails for a reason that may pass [default: 3]
    #[arg(long, value_name = "N")]
    max_attempts: Option<i64>,

    /// The User-Agent header; name a contact in it
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
}

/// How far a crawl goes from its seeds.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeName {
    /// Only the seeds
    Page,
    /// URLs that begin with a seed's path up to its last slash
    Prefix,
    /// The seeds' hosts
    Host,
    /// The seeds' registrable domains with their sub-domains
    Domain,
    /// The whole web
    Any,
}

impl SpecArgs {
    /// The spec, with only what was given.
    pub(crate) fn spec(&self, seeds: &[String]) -> Value {
        let scope = self.scope.map(|scope| match scope {
            ScopeName::Page => "Page",
            ScopeName::Prefix => "Prefix",
            ScopeName::Host => "Host",
            ScopeName::Domain => "Domain",
            ScopeName::Any => "Any",
        });
        let ignored = |yes: bool| yes.then_some("Ignore");
        let mut spec = Map::new();
        spec.insert("seeds".to_owned(), json!(seeds));
        for (path, value) in [
            ("maxLinks", json!(self.max_links)),
            ("maxDepth", json!(self.max_depth)),
            ("scope.type", json!(scope)),
            ("scope.include", list(&self.include)),
            ("scope.exclude", list(&self.exclude)),
            ("scope.maxPagesPerHost", json!(self.max_pages_per_host)),
            ("urls.ignoreParameters", list(&self.ignore_parameter)),
            ("urls.sortQuery", json!(self.sort_query.then_some(true))),
            ("sitemaps", json!(self.sitemaps.then_some("Include"))),
            ("politeness.delay", json!(self.delay)),
            ("politeness.perHostConcurrency", json!(self.per_host_concurrency)),
            ("politeness.robots", json!(ignored(self.ignore_robots))),
            ("politeness.nofollow", json!(ignored(self.ignore_nofollow))),
            ("fetch.timeout", json!(self.timeout)),
            ("fetch.maxBodyBytes", json!(self.max_body_bytes)),
            ("fetch.maxRedirects", json!(self.max_redirects)),
            ("fetch.userAgent", json!(self.user_agent)),
            ("retry.maxAttempts", json!(self.max_attempts)),
        ] {
            put(&mut spec, path, value);
        }
        Value::Object(spec)
    }
}

/// Puts a value at a path, unless it is null.
pub(crate) fn put(spec: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        _ if value.is_null() => {}
        Some((field, rest)) => {
            if let Value::Object(fields) = spec.entry(field).or_insert_with(|| json!({})) {
                put(fields, rest, value);
            }
        }
        None => {
            spec.insert(path.to_owned(), value);
        }
    }
}

fn list(items: &[String]) -> Value {
    if items.is_empty() { Value::Null } else { json!(items) }
}

/// The rules that a spec stands for where no policy is known.
///
/// # Errors
/// When no crawl can follow it; the message names the field.
pub(crate) fn rules(spec: &Value) -> anyhow::Result<crawl_frontier::Rules> {
    let spec = serde_json::from_value(spec.clone()).context("the spec cannot be read")?;
    Ok(crawl_rules::rules(&crawl_rules::effective(&spec, "", &[]))?)
}
