//! `delete`: Crawls with their results.

use std::{
    io::{BufRead, IsTerminal, Write},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap_complete::ArgValueCandidates;
use kube::api::DeleteParams;

use super::crawls::{Crawls, status};
use crate::{
    global::Global,
    output::{self, counted},
    problem::Problem,
};

/// Delete Crawls and their results.
///
/// On a terminal it asks first; elsewhere it wants --yes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kubectl crawl delete docs\n  kubectl crawl delete docs blog --yes\n\nTo keep the results: kubectl crawl cancel docs"
)]
pub(crate) struct Args {
    /// The Crawls
    #[arg(value_name = "NAME", required = true, add = ArgValueCandidates::new(super::crawl_names))]
    names: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Deletes them.
///
/// # Errors
/// When one is not there, or nobody says yes.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let crawls = Crawls::open(global).await?;
    let mut pages = 0;
    for name in &args.names {
        let found = status(&crawls.get(name).await?).pages;
        pages += found.fetched + found.failed;
    }
    if !args.yes && !agreed(&args.names, pages)? {
        bail!("nothing was deleted");
    }
    for name in &args.names {
        if let Err(error) = crawls.api.delete(name, &DeleteParams::default()).await {
            return Err(crawls.refused("delete", name, error).await);
        }
        output::print(&format!("crawl.crawl-operator.io/{name} deleted\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn agreed(names: &[String], pages: i64) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!(Problem::new("nobody can be asked whether to delete: stdin is no terminal", "if you are sure: --yes"));
    }
    let results = counted(pages, "page");
    eprint!("Delete {} and the results of {results}? [y/N] ", names.join(", "));
    std::io::stderr().flush().context("cannot ask")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
