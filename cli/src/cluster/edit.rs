//! `suspend`, `resume`, `cancel`, `set-limit`: one field of a spec each.

use std::process::ExitCode;

use anyhow::bail;
use clap_complete::ArgValueCandidates;
use crawl_crds::Crawl;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use super::crawls::{Crawls, message, phase, status};
use crate::{global::Global, output, problem::Problem};

/// Hold a Crawl: nothing new is fetched, nothing is lost.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kubectl crawl suspend docs\n  kubectl crawl resume docs")]
pub(crate) struct Suspend {
    /// The Crawls
    #[arg(value_name = "NAME", required = true, add = ArgValueCandidates::new(super::crawl_names))]
    names: Vec<String>,
}

/// Go on with a Crawl that was suspended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kubectl crawl resume docs blog")]
pub(crate) struct Resume {
    /// The Crawls
    #[arg(value_name = "NAME", required = true, add = ArgValueCandidates::new(super::crawl_names))]
    names: Vec<String>,
}

/// End a Crawl now and keep its results.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kubectl crawl cancel docs\n\nTo discard the results as well: kubectl crawl delete docs"
)]
pub(crate) struct Cancel {
    /// The Crawls
    #[arg(value_name = "NAME", required = true, add = ArgValueCandidates::new(super::crawl_names))]
    names: Vec<String>,
}

/// Change how many pages a Crawl processes; raising it goes on with one that has ended.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  # 5000 pages instead of 1000: those that are processed stay\n  kubectl crawl set-limit docs 5000"
)]
pub(crate) struct SetLimit {
    /// The Crawl
    #[arg(value_name = "NAME", add = ArgValueCandidates::new(super::crawl_names))]
    name: String,

    /// How many pages to process
    #[arg(value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1_000_000_000))]
    limit: i64,
}

pub(super) async fn suspend(args: &Suspend, global: &Global) -> anyhow::Result<ExitCode> {
    each(&args.names, global, "suspended", json!({"suspend": true}), |crawl| over(crawl, "it cannot be suspended"))
        .await
}

pub(super) async fn resume(args: &Resume, global: &Global) -> anyhow::Result<ExitCode> {
    each(&args.names, global, "resumed", json!({"suspend": false}), |crawl| {
        let cancelled = crawl.spec.cancel.then(|| {
            Problem::new(
                "it was cancelled, so it does not go on",
                "undo that: kubectl patch crawl NAME --type=merge -p '{\"spec\":{\"cancel\":false}}'",
            )
        });
        cancelled.map_or(Ok(()), Err)
    })
    .await
}

pub(super) async fn cancel(args: &Cancel, global: &Global) -> anyhow::Result<ExitCode> {
    each(&args.names, global, "cancelled", json!({"cancel": true}), |crawl| over(crawl, "there is nothing to cancel"))
        .await
}

pub(super) async fn set_limit(args: &SetLimit, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    let before = crawls.get(&args.name).await?;
    patch(&crawls, &args.name, &json!({"maxLinks": args.limit})).await?;
    let name = &args.name;
    output::print(&format!("crawl.crawl-operator.io/{name} limit {} -> {}\n", before.spec.max_links, args.limit))?;
    let pages = status(&before).pages;
    if pages.fetched + pages.failed > args.limit {
        global.say(&format!(
            "{} pages were processed already; the log is read again under the new limit",
            pages.fetched + pages.failed
        ));
    }
    if let Some(restricted) = message(&status(&before), "Restricted", false) {
        global.say(&format!("a CrawlPolicy may hold it back: {}", output::clean(restricted)));
    }
    Ok(ExitCode::SUCCESS)
}

async fn each(
    names: &[String],
    global: &Global,
    done: &str,
    change: Value,
    allowed: impl Fn(&Crawl) -> Result<(), Problem>,
) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    for name in names {
        let crawl = crawls.get(name).await?;
        if let Err(problem) = allowed(&crawl) {
            bail!(problem.about(name));
        }
        patch(&crawls, name, &change).await?;
        output::print(&format!("crawl.crawl-operator.io/{name} {done}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn patch(crawls: &Crawls<'_>, name: &str, spec: &Value) -> anyhow::Result<()> {
    let patch = Patch::Merge(json!({"spec": spec}));
    match crawls.api.patch(name, &PatchParams::apply("kubectl-crawl"), &patch).await {
        Ok(_) => Ok(()),
        Err(error) => Err(crawls.refused("patch", name, error).await),
    }
}

/// Refuses what means nothing to a crawl that has ended.
fn over(crawl: &Crawl, so: &str) -> Result<(), Problem> {
    let phase = phase(crawl);
    if matches!(phase.as_str(), "Complete" | "Failed" | "Cancelled") {
        let hint = "what it found: kubectl crawl results NAME; to go on: kubectl crawl set-limit NAME N";
        return Err(Problem::new(format!("the crawl has ended ({phase}), so {so}"), hint));
    }
    Ok(())
}
