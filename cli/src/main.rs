//! `kubectl-crawl`: crawls from the command line.
//!
//! This crate is responsible for reading a command line and for talking to a person. Data go to stdout, talk to stderr.
//! What a crawl is, it leaves to the frontier; how a page is fetched, to the worker.

mod local;
mod robots;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Crawl web sites: on this machine, or on a Kubernetes cluster by the crawl-operator.
#[derive(Debug, Parser)]
#[command(name = "kubectl-crawl", bin_name = "kubectl crawl", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Crawl in this process, with no cluster and no broker: the same frontier and the same worker.
    Local(local::Args),
    Robots(robots::Args),
}

fn main() -> ExitCode {
    // Fails only when a provider is installed already, and then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outcome = match Cli::parse().command {
        Command::Local(args) => local::run(&args),
        Command::Robots(args) => robots::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
