//! Commands that need a cluster. Each is a file; all of them see the cluster through `connect.rs` and tell its refusals by
//! `refusal.rs`.

mod broken;
mod connect;
mod crawls;
mod create;
mod delete;
mod edit;
mod events;
mod explain;
mod follow;
mod forward;
mod list;
mod log;
mod names;
mod near;
mod operator;
mod progress;
mod refusal;
mod rest;
mod results;
mod rows;
mod source;
mod status;
mod ui;
mod version;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use crate::global::Global;
pub(crate) use names::{crawls as crawl_names, namespaces as namespace_names};

/// Commands that need a cluster.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(Box<create::Args>),
    #[command(visible_alias = "ls")]
    List(list::Args),
    Status(status::Args),
    #[command(visible_alias = "follow")]
    Watch(follow::Args),
    Results(results::Args),
    Broken(broken::Args),
    Explain(explain::Args),
    Suspend(edit::Suspend),
    Resume(edit::Resume),
    Cancel(edit::Cancel),
    SetLimit(edit::SetLimit),
    #[command(visible_alias = "rm")]
    Delete(delete::Args),
    Ui(ui::Args),
    Version(version::Args),
}

/// Runs a command.
///
/// # Errors
/// When it cannot be done; the message says what to do about it.
pub(crate) fn run(command: &Command, global: &Global) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
    let runtime = runtime.context("cannot start the runtime")?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Create(args) => create::run(args, global).await,
            Command::List(args) => list::run(args, global).await,
            Command::Status(args) => status::run(args, global).await,
            Command::Watch(args) => follow::run(args, global).await,
            Command::Results(args) => results::run(args, global).await,
            Command::Broken(args) => broken::run(args, global).await,
            Command::Explain(args) => explain::run(args, global).await,
            Command::Suspend(args) => edit::suspend(args, global).await,
            Command::Resume(args) => edit::resume(args, global).await,
            Command::Cancel(args) => edit::cancel(args, global).await,
            Command::SetLimit(args) => edit::set_limit(args, global).await,
            Command::Delete(args) => delete::run(args, global).await,
            Command::Ui(args) => ui::run(args, global).await,
            Command::Version(args) => version::run(args, global).await,
        }
    });
    // Connections that a forwarded port left behind are not waited for.
    runtime.shutdown_background();
    outcome
}
