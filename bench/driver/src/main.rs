//! Stands in for the operator in the benchmarks: gives workers a list of pages as tasks, with an operator's politeness and
//! through the same queue, and reads their records from a log. It starts no worker and measures none.

mod drive;
mod hosts;

use std::{io::Write, path::PathBuf, time::Duration};

use anyhow::Context;
use clap::Parser;
use crawl_broker::{Broker, BrokerConfig, Password};

use crate::{drive::Drive, hosts::Hosts};

/// Has pages fetched by workers, and prints what they recorded as one line of JSON.
#[derive(Debug, Parser)]
struct Args {
    /// Port of the broker on this machine.
    #[arg(long)]
    amqp_port: u16,
    /// The broker's user, one that may declare things.
    #[arg(long)]
    amqp_username: String,
    /// File that holds the user's password.
    #[arg(long)]
    amqp_password_file: PathBuf,
    /// The pools of the workers. Of several, each host belongs to one.
    #[arg(long = "pool", required = true)]
    pools: Vec<String>,
    /// File with a URL on each line.
    #[arg(long)]
    urls: PathBuf,
    /// Workers to wait for before the first task.
    #[arg(long, default_value_t = 1)]
    workers: u32,
    /// Tasks of one host that are under way at the same time.
    #[arg(long, default_value_t = 200)]
    per_host: usize,
    /// Milliseconds from the record of a page to the next task of its host.
    #[arg(long, default_value_t = 0)]
    delay: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    // lapin asks for the process's provider; that there is one already cannot be here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = Args::parse();
    let urls = std::fs::read_to_string(&args.urls).with_context(|| format!("cannot read {}", args.urls.display()))?;
    let hosts = Hosts::new(urls.lines(), args.per_host, Duration::from_millis(args.delay))?;
    let password = std::fs::read_to_string(&args.amqp_password_file).context("cannot read the password")?;
    let config = BrokerConfig {
        host: "127.0.0.1".into(),
        port: args.amqp_port,
        vhost: "/".into(),
        username: args.amqp_username,
        password: Password::new(password),
        tls: false,
        ca_file: None,
    };
    let broker = Broker::connect(&config, "crawl-bench-driver").await?;
    let results = Drive::new(&broker, args.pools).await?.run(args.workers, hosts).await?;
    writeln!(std::io::stdout(), "{}", results.json())?;
    broker.close().await;
    Ok(())
}
