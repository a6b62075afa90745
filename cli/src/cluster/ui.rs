//! `ui`: the web UI on a port of this machine.

use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;

use super::{connect::connect, forward::forward, operator::service, rest::HTTP};
use crate::{global::Global, output, problem::Problem};

/// Open the web UI in the browser.
///
/// A port of this machine leads to the api's Pod while this runs; Ctrl-C closes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kubectl crawl ui\n  kubectl crawl ui --no-browser --port 8000")]
pub(crate) struct Args {
    /// The port of this machine; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// Only print the address
    #[arg(long)]
    no_browser: bool,
}

/// Forwards the port until Ctrl-C.
///
/// # Errors
/// When the api is not installed or cannot be reached.
pub(super) async fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let cluster = connect(global).await?;
    let api = service(&cluster, global, "api", HTTP).await?.ok_or_else(|| {
        Problem::new(
            "there is no web UI: the api is not installed",
            "install it: helm upgrade crawl-operator charts/crawl-operator -n crawl-system --reuse-values --set api.enabled=true\nwithout it: kubectl crawl status NAME, kubectl crawl results NAME",
        )
    })?;
    let forwarded = forward(&cluster, &api, HTTP, args.port).await?;
    let address = format!("http://127.0.0.1:{}/", forwarded.port);
    output::print(&format!("{address}\n"))?;
    if !args.no_browser && !open(&address) {
        global.say("no browser could be opened; open the address above");
    }
    global.say("Ctrl-C closes it");
    tokio::signal::ctrl_c().await.context("cannot listen for Ctrl-C")?;
    Ok(ExitCode::SUCCESS)
}

fn open(address: &str) -> bool {
    let (program, args): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("explorer", &[]),
        _ => ("xdg-open", &[]),
    };
    let browser = std::env::var("BROWSER").unwrap_or_else(|_| program.to_owned());
    let started = Command::new(browser).args(args).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    started.is_ok()
}
