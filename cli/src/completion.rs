//! Completion in shells: of `kubectl-crawl` itself, and of `kubectl crawl` by kubectl's own completion.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Command, ValueEnum};
use clap_complete::env::Shells;

use crate::{output, problem::Problem};

/// What kubectl calls to complete `kubectl crawl`.
const SHIM: &str = "kubectl_complete-crawl";

/// Set up completion of commands, options and the names of Crawls.
///
/// kubectl completes a plugin by a second program named kubectl_complete-crawl. `install` writes it beside this one; then
/// kubectl's own completion knows of crawl, in every shell. The other words print a script for kubectl-crawl itself.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  # kubectl crawl <TAB>, where kubectl's completion is set up already
  kubectl crawl completion install

  # kubectl-crawl <TAB>
  source <(kubectl crawl completion bash)
  kubectl crawl completion fish >~/.config/fish/completions/kubectl-crawl.fish")]
pub(crate) struct Args {
    /// The shell, or install
    #[arg(value_enum)]
    what: What,

    /// With install: the folder to write to; it must be in PATH [default: that of this program]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Bash,
    Zsh,
    Fish,
    Powershell,
    /// For kubectl's own completion
    Install,
}

/// What kubectl's completion asks.
#[derive(Debug, clap::Args)]
pub(crate) struct CompleteArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// Prints a script, or writes the program that kubectl calls.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn run(args: &Args, command: &mut Command) -> anyhow::Result<ExitCode> {
    let shell = match args.what {
        What::Install => return install(args.folder.clone()),
        What::Bash => "bash",
        What::Zsh => "zsh",
        What::Fish => "fish",
        What::Powershell => "powershell",
    };
    let shells = Shells::builtins();
    let shell = shells.completer(shell).context("the shell is not known")?;
    let mut script = Vec::new();
    shell.write_registration("COMPLETE", command.get_name(), "kubectl-crawl", "kubectl-crawl", &mut script)?;
    output::print(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}

fn install(folder: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let program = std::env::current_exe().context("this program's own path is not known")?;
    let folder = folder.or_else(|| program.parent().map(Into::into)).context("this program is in no folder")?;
    let path = folder.join(SHIM);
    let script = format!("#!/bin/sh\nexec {} __complete \"$@\"\n", output::quoted(&program.to_string_lossy()));
    let hint = "name a folder of your PATH that you may write to: --folder ~/.local/bin";
    let refused = |error| Problem::new(format!("cannot write {}: {error}", path.display()), hint);
    std::fs::write(&path, script).map_err(refused)?;
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).map_err(refused)?;
    eprintln!("wrote {}; it works where kubectl's completion does, see: kubectl completion --help", path.display());
    Ok(ExitCode::SUCCESS)
}

/// Answers kubectl in the form it expects: a candidate a line, a tab before its help, and at last what to do with them.
///
/// # Errors
/// When nothing can be written.
pub(crate) fn complete(args: &CompleteArgs, mut command: Command) -> anyhow::Result<ExitCode> {
    let mut words = vec![OsString::from("kubectl-crawl")];
    words.extend(args.words.iter().cloned());
    let last = words.len().saturating_sub(1).max(1);
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let mut lines = String::new();
    for candidate in clap_complete::engine::complete(&mut command, words, last, None).unwrap_or_default() {
        let help = candidate.get_help().map(|help| help.to_string().lines().next().unwrap_or_default().to_owned());
        lines += &candidate.get_value().to_string_lossy();
        lines += &help.map(|help| format!("\t{help}")).unwrap_or_default();
        lines.push('\n');
    }
    // 4: no names of files.
    output::print(&(lines + ":4\n"))?;
    Ok(ExitCode::SUCCESS)
}
