//! `kubectl-crawl local`: frontier and worker in one process.

mod args;
mod output;
mod run;

use std::{io::IsTerminal, process::ExitCode};

use anyhow::Context;

pub(crate) use args::Args;

/// Crawls as the arguments say.
///
/// # Errors
/// When an argument cannot be followed; the message names it.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let rules = args.rules()?;
    let output = output::Output::new(rules.max_links, std::io::stderr().is_terminal() && !args.quiet);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let outcome = runtime.block_on(run::crawl(rules, args.concurrency, output));
    // Fetches that a Ctrl-C left behind are not waited for.
    runtime.shutdown_background();
    outcome
}
