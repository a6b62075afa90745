//! The options of `local`, named as the fields of a Crawl's spec. What they stand for is the business of `rules.rs`.

use std::path::PathBuf;

use clap::ValueEnum;
use ipnet::IpNet;
use jiff::SignedDuration;

/// Crawl in this process, with no cluster and no broker: the same frontier and the same worker.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP, after_help = "Examples, the fields of the output and the exit status: --help")]
pub(crate) struct Args {
    /// Where the crawl starts: absolute http:// or https:// URLs
    #[arg(value_name = "URL", required = true)]
    pub(super) seeds: Vec<String>,

    /// Look for broken links: print them with the pages they are on, instead of all pages
    ///
    /// Links that leave the scope, or go one link deeper than --max-depth, are requested too; what is there is not read, and
    /// nothing but redirects is followed from there. Implies --ignore-nofollow. Looked at are `a` and `area`, not what a page is
    /// made of (img, script, link), and not whether a fragment (#part) is there. Links that robots.txt forbids, or that the
    /// options leave out, are counted as not checked.
    #[arg(long, conflicts_with = "sitemaps")]
    pub(super) check: bool,

    /// Exit with 1 when a page failed or, with --check, a link is broken
    #[arg(long)]
    pub(super) fail_on_broken: bool,

    /// Keep the crawl's log in FILE, and go on where the last call with it stopped; compressed if it ends with .zst
    ///
    /// The same URLs are to be given. Other options may differ: what is in the log is read as if they had held from the
    /// beginning, so a larger --max-links goes on. Pages of earlier calls are printed again: each call's output is complete.
    #[arg(long, value_name = "FILE")]
    pub(super) journal: Option<PathBuf>,

    /// How many pages to process: fetched and failed ones count, redirects do not
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_links: u64,

    /// How many links away from a seed a page may be; 0 means only the seeds
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) max_depth: u32,

    /// Which URLs belong to the crawl
    #[arg(long, value_enum, default_value_t = ScopeName::Host)]
    pub(super) scope: ScopeName,

    /// Leave out URLs that match none of these regular expressions
    #[arg(long, value_name = "REGEX")]
    pub(super) include: Vec<String>,

    /// Leave out URLs that match one of these regular expressions
    #[arg(long, value_name = "REGEX")]
    pub(super) exclude: Vec<String>,

    /// How many pages of one host to process
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_pages_per_host: Option<u64>,

    /// A query or path parameter that makes no other page, for example utm_* or jsessionid
    #[arg(long, value_name = "NAME")]
    pub(super) ignore_parameter: Vec<String>,

    /// Take ?b=1&a=2 and ?a=2&b=1 for the same page
    #[arg(long)]
    pub(super) sort_query: bool,

    /// Find the URLs listed in sitemaps too
    #[arg(long)]
    pub(super) sitemaps: bool,

    /// Time between the end of one request to a host and the start of the next, for example 500ms
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = millis)]
    pub(super) delay: u64,

    /// Requests to one host at the same time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(super) per_host_concurrency: u32,

    /// Requests to all hosts at the same time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) concurrency: u16,

    /// Do not read robots.txt; only for sites that are yours
    #[arg(long)]
    pub(super) ignore_robots: bool,

    /// Follow links that are marked nofollow
    #[arg(long)]
    pub(super) ignore_nofollow: bool,

    /// A range of private addresses that may be reached, for example 10.0.0.0/8; the seeds' hosts always may
    #[arg(long, value_name = "CIDR")]
    pub(super) allow_address: Vec<IpNet>,

    /// Total time for one request and its body
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = millis)]
    pub(super) timeout: u64,

    /// Attempts in all for a page that fails for a reason that may pass
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) max_attempts: u32,

    /// The User-Agent header; name a contact in it
    #[arg(long, value_name = "TEXT", default_value = crawl_frontier::DEFAULT_USER_AGENT)]
    pub(super) user_agent: String,

    /// How to print [default: by the ending of --output-file, else table with --check, else jsonl]
    #[arg(short, long, value_enum, value_name = "FORMAT", hide_possible_values = false)]
    pub(super) output: Option<Format>,

    /// Write to FILE what would go to stdout; it is written anew
    #[arg(long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,

    /// No progress and no summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Tell of every attempt; with --check, of every page that has a broken link
    #[arg(short, long)]
    pub(super) verbose: bool,
}

const HELP: &str = "Examples:
  # the first 100 pages of a site, one JSON line per page
  kubectl crawl local https://example.com/ --max-links 100

  # a site of your own, with no pause, for a spreadsheet
  kubectl crawl local http://localhost:8080/ --delay 0s --output-file pages.csv

  # the broken links of a site of your own, for a CI job
  kubectl crawl local http://localhost:8080/ --check --fail-on-broken --delay 0s

  # the broken links on one page
  kubectl crawl local https://example.com/ --check --max-depth 0

  # a long crawl that can be stopped and goes on with the next call
  kubectl crawl local https://example.com/ --max-links 100000 --journal example.zst -o none

Fields of a page (jsonl, csv; what is not known is left out):
  url          as it was first seen
  links        links on the page; -1 when the page failed
  status       HTTP status code
  depth        links from the nearest seed
  contentType  without parameters
  bytes        of the body, decoded
  title        of the page
  tookMs       duration of the request
  fetchedAt    when it ended
  reason       why the page failed

Fields of a broken link (--check):
  url          as pages have it
  leadsTo      where its redirects end
  status       HTTP status code of that
  reason       why it is broken
  pages        the pages it is on; in csv `page`, with a line for each

CSV: cells that a spreadsheet would take for a formula begin with '.

Exit status:
  0    the crawl is complete
  1    with --fail-on-broken: pages failed, or links are broken; always: not one page could be fetched
  2    wrong usage, or a file that cannot be read or written
  130  stopped by Ctrl-C: what was under way is awaited for 5 seconds, or until the next Ctrl-C";

/// How what was found is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma separated values with a header
    Csv,
    /// Lines for people
    Table,
    /// Nothing
    None,
}

/// How far a crawl goes from its seeds.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ScopeName {
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
    /// How to print, where nothing is said.
    pub(super) fn format(&self) -> Format {
        let ending = self.output_file.as_deref().and_then(|file| file.extension()?.to_str());
        match (self.output, ending, self.check) {
            (Some(format), ..) => format,
            (None, Some("csv"), _) => Format::Csv,
            (None, Some("json" | "jsonl" | "ndjson"), _) | (None, _, false) => Format::Jsonl,
            (None, _, true) => Format::Table,
        }
    }
}

fn millis(text: &str) -> Result<u64, String> {
    let duration = text.parse::<SignedDuration>().ok().and_then(|duration| u64::try_from(duration.as_millis()).ok());
    duration.ok_or_else(|| "write a duration, for example 500ms, 2s or 1m".to_owned())
}
