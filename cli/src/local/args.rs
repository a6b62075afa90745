//! The options of `local`, named as the fields of a Crawl's spec.

use clap::ValueEnum;
use crawl_frontier::{Politeness, Retry, Rules, Scope, ScopeKind, Spelling};
use crawl_protocol::FetchSettings;
use jiff::SignedDuration;

/// Crawl in this process, with no cluster and no broker: the same frontier and the same worker.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # the first 100 pages of a site, one JSON line per page
  kubectl crawl local https://example.com/ --max-links 100

  # a site of your own, as fast as it goes, broken pages only
  kubectl crawl local http://localhost:8080/ --delay 0s --per-host-concurrency 16 | grep '\"links\":-1'

Exit status: 0 the crawl is complete, 1 not one page could be fetched, 2 wrong usage, 130 stopped by Ctrl-C.")]
pub(crate) struct Args {
    /// Where the crawl starts: absolute http:// or https:// URLs
    #[arg(value_name = "URL", required = true)]
    seeds: Vec<String>,

    /// How many pages to process: fetched and failed ones count, redirects do not
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    max_links: u64,

    /// How many links away from a seed a page may be; 0 means only the seeds
    #[arg(long, value_name = "N", default_value_t = 20)]
    max_depth: u32,

    /// Which URLs belong to the crawl
    #[arg(long, value_enum, default_value_t = ScopeName::Host)]
    scope: ScopeName,

    /// Leave out URLs that match none of these regular expressions
    #[arg(long, value_name = "REGEX")]
    include: Vec<String>,

    /// Leave out URLs that match one of these regular expressions
    #[arg(long, value_name = "REGEX")]
    exclude: Vec<String>,

    /// How many pages of one host to process
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_pages_per_host: Option<u64>,

    /// A query or path parameter that makes no other page, for example utm_* or jsessionid
    #[arg(long, value_name = "NAME")]
    ignore_parameter: Vec<String>,

    /// Take ?b=1&a=2 and ?a=2&b=1 for the same page
    #[arg(long)]
    sort_query: bool,

    /// Find the URLs listed in sitemaps too
    #[arg(long)]
    sitemaps: bool,

    /// Time between the end of one request to a host and the start of the next, for example 500ms
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = millis)]
    delay: u64,

    /// Requests to one host at the same time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    per_host_concurrency: u32,

    /// Requests to all hosts at the same time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) concurrency: u16,

    /// Do not read robots.txt; only for sites that are yours
    #[arg(long)]
    ignore_robots: bool,

    /// Follow links that are marked nofollow
    #[arg(long)]
    ignore_nofollow: bool,

    /// Total time for one request and its body
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = millis)]
    timeout: u64,

    /// Attempts in all for a page that fails for a reason that may pass
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    max_attempts: u32,

    /// The User-Agent header; name a contact in it
    #[arg(long, value_name = "TEXT", default_value = crawl_frontier::DEFAULT_USER_AGENT)]
    user_agent: String,

    /// What to print for each page
    #[arg(short, long, value_enum, default_value_t = Format::Jsonl)]
    output: Format,

    /// No progress bar
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How pages are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
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

impl Args {
    /// The rules these options stand for.
    pub(crate) fn rules(&self) -> anyhow::Result<Rules> {
        let Format::Jsonl = self.output;
        let usual = Rules::new(self.seeds.clone());
        Ok(Rules {
            max_links: self.max_links,
            max_depth: self.max_depth,
            scope: Scope::new(self.scope.kind(), &self.include, &self.exclude)?,
            spelling: Spelling { ignore_parameters: self.ignore_parameter.clone(), sort_query: self.sort_query },
            max_pages_per_host: self.max_pages_per_host,
            sitemaps: self.sitemaps,
            obey_robots: !self.ignore_robots,
            respect_nofollow: !self.ignore_nofollow,
            retry: Retry { max_attempts: self.max_attempts, ..usual.retry },
            politeness: Politeness { per_host_concurrency: self.per_host_concurrency, delay_ms: self.delay },
            fetch: FetchSettings {
                timeout_ms: self.timeout,
                user_agent: self.user_agent.clone(),
                ..usual.fetch.clone()
            },
            ..usual
        })
    }
}

impl ScopeName {
    fn kind(self) -> ScopeKind {
        match self {
            Self::Page => ScopeKind::Page,
            Self::Prefix => ScopeKind::Prefix,
            Self::Host => ScopeKind::Host,
            Self::Domain => ScopeKind::Domain,
            Self::Any => ScopeKind::Any,
        }
    }
}

fn millis(text: &str) -> Result<u64, String> {
    let duration = text.parse::<SignedDuration>().ok().and_then(|duration| u64::try_from(duration.as_millis()).ok());
    duration.ok_or_else(|| "write a duration, for example 500ms, 2s or 1m".to_owned())
}
