//! `kubectl-crawl`: crawls from the command line.
//!
//! This crate is responsible for reading a command line and for talking to a person. Data go to stdout, talk to stderr.
//! What a crawl is, it leaves to the frontier; how a page is fetched, to the worker.

mod cluster;
mod completion;
mod global;
mod judged;
mod local;
mod man;
mod output;
mod problem;
mod robots;
mod schema;
mod spec;
mod url;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::global::Global;

/// Crawl web sites: on this machine, or on a Kubernetes cluster by the crawl-operator.
#[derive(Debug, Parser)]
#[command(name = "kubectl-crawl", bin_name = "kubectl crawl", max_term_width = 100)]
#[command(
    disable_version_flag = true,
    after_help = "Examples:
  # crawl a site on the cluster, and watch until it is done
  kubectl crawl create https://example.com/ --max-links 100 --follow

  # what it does and why, and which links are broken
  kubectl crawl status example-com-x7k2p
  kubectl crawl broken example-com-x7k2p

  # the same without a cluster
  kubectl crawl local https://example.com/ --max-links 100

Data go to stdout, talk to stderr. NO_COLOR is honoured; nothing is coloured in a pipe.

Exit status: 0 done; 1 a crawl that was followed did not complete, or not one page could be fetched;
2 wrong usage, or what was asked cannot be done; 130 left by Ctrl-C."
)]
struct Cli {
    #[command(flatten)]
    global: Global,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Cluster(cluster::Command),
    /// Crawl in this process, with no cluster and no broker: the same frontier and the same worker.
    Local(local::Args),
    Robots(robots::Args),
    Url(url::Args),
    Completion(completion::Args),
    #[command(hide = true)]
    Man(man::Args),
    #[command(name = "__complete", hide = true)]
    Complete(completion::CompleteArgs),
}

/// The command line.
fn command() -> clap::Command {
    global::hidden_in(Cli::command(), &["local", "robots", "url", "completion", "man", "__complete"])
}

fn main() -> ExitCode {
    // Fails only when a provider is installed already, and then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    clap_complete::CompleteEnv::with_factory(command).bin("kubectl-crawl").complete();
    let cli = match Cli::from_arg_matches(&command().get_matches()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            problem::tell(&error, cli.global.verbose);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Cluster(command) => cluster::run(command, &cli.global),
        Command::Local(args) => local::run(args),
        Command::Robots(args) => robots::run(args),
        Command::Url(args) => url::run(args),
        Command::Completion(args) => completion::run(args, &mut command()),
        Command::Man(args) => man::run(args, command()),
        Command::Complete(args) => completion::complete(args, command()),
    }
}

#[cfg(test)]
mod tests;
