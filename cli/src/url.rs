//! `kubectl-crawl url`: what a crawl makes of URLs. Nothing is fetched and no cluster is asked.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::bail;
use crawl_results::State;

use crate::{judged, output, problem::Problem, schema, spec};

/// Say how URLs are requested, which are the same page, and whether a crawl would take them.
///
/// Prints one line for each URL, in the order given: the verdict, the page, the spelling that is requested, and the reason,
/// with tabs between them. URLs with the same page are one page to a crawl. Nothing is fetched, so robots.txt is not known:
/// see kubectl crawl robots.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # which of these are the same page?
  kubectl crawl url 'https://Example.com:443/a/../b#top' https://example.com/b

  # would a crawl of the manual take them?
  kubectl crawl url --seed https://example.com/docs/ --scope prefix https://example.com/docs/a https://example.com/blog

  # with parameters that decide nothing
  kubectl crawl url --ignore-parameter 'utm_*' 'https://example.com/?utm_source=x' https://example.com/

They print lines such as
  take\\t1\\thttps://example.com/b\\t
  skip\\t2\\thttps://example.com/blog\\tOutOfScope: it is out of scope

Exit status: 0 each URL is judged, whatever the verdict; 2 wrong usage.")]
pub(crate) struct Args {
    /// What is asked about
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,

    /// Where the crawl starts; else each URL is its own seed
    #[arg(long, value_name = "URL")]
    seed: Vec<String>,

    #[command(flatten)]
    spec: spec::SpecArgs,
}

/// Prints the verdicts.
///
/// # Errors
/// When the options make no crawl; the message names the field.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (mut pages, mut lines) = (BTreeMap::new(), String::new());
    for url in &args.urls {
        let seeds = if args.seed.is_empty() { std::slice::from_ref(url) } else { &args.seed };
        let spec = args.spec.spec(seeds);
        let crawl = serde_json::json!({"metadata": {"name": "url"}, "apiVersion": "crawl-operator.io/v1alpha1", "kind": "Crawl", "spec": spec});
        let refused = schema::refusals(&crawl)?;
        if !refused.is_empty() {
            bail!(Problem::new(refused.join("\n"), "write for example https://example.com/"));
        }
        let Some(row) = judged::judged(&spec::rules(&spec)?, url)? else { bail!("{url}: cannot be judged") };
        let next = pages.len() + 1;
        let page = *pages.entry(row.id).or_insert(next);
        let (verdict, why) = match (row.state, row.reason) {
            (State::Skipped, Some(reason)) => ("skip", format!("{reason}: {}", judged::why(reason))),
            _ => ("take", String::new()),
        };
        let shown = if row.url.is_empty() { url } else { &row.url };
        lines += &format!("{verdict}\t{page}\t{}\t{why}\n", output::clean(shown));
    }
    output::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}
