//! Manual pages, made from the command line itself.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Command;

/// Write manual pages, one for each command.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where they are written
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Writes them.
///
/// # Errors
/// When the folder cannot be written to.
pub(crate) fn run(args: &Args, command: Command) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(command.disable_help_subcommand(true), &args.folder))
        .with_context(|| format!("cannot write to {}", args.folder.display()))?;
    Ok(ExitCode::SUCCESS)
}
