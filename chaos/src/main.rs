//! Has operator, workers, broker and API server fail while crawls run, and compares what the crawls come to with a plain walk of
//! the same web. Operator and workers are the real programs as processes, broker and API server real ones behind proxies.

mod amqp;
mod apiserver;
mod fault;
mod look;
mod part;
mod round;
mod site;
mod stage;
mod table;
mod trap;
mod web;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use crawl_broker::{Broker, BrokerConfig, Password};
use indicatif::{ProgressBar, ProgressStyle};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{DeleteParams, ObjectMeta, PostParams};
use kube::{Api, Client};

use crate::round::Plan;
use crate::stage::{Places, Stage};
use crate::table::Table;

/// Faults on processes. tests/chaos.sh starts what it needs.
#[derive(Debug, Parser)]
struct Args {
    /// The operator's program.
    #[arg(long)]
    operator: PathBuf,
    /// The worker's program.
    #[arg(long)]
    worker: PathBuf,
    /// How many workers there are.
    #[arg(long, default_value_t = 3)]
    workers: usize,
    /// Port of the broker on this machine.
    #[arg(long)]
    amqp_port: u16,
    /// The broker's user, one that may do everything.
    #[arg(long)]
    amqp_username: String,
    /// File that holds the user's password.
    #[arg(long)]
    amqp_password_file: PathBuf,
    /// The broker's container.
    #[arg(long)]
    container: String,
    /// Where logs go.
    #[arg(long)]
    folder: PathBuf,
    /// Seed of the first round; each further round has the next. The same seed makes the same web and the same faults, at about
    /// the same times. Absent: a random one, which is printed.
    #[arg(long)]
    seed: Option<u64>,
    /// Faults in all; no round begins after them.
    #[arg(long, default_value_t = 1000)]
    faults: usize,
    /// Faults in each crawl, unless it ends before.
    #[arg(long, default_value_t = 40)]
    each: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    // Fails only when a provider is installed already, and then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = Args::parse();
    let first = args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    let client = Client::try_default().await.context("no cluster answers")?;
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let namespace = format!("chaos-{first}-{}", std::process::id());
    let metadata = ObjectMeta { name: Some(namespace.clone()), ..ObjectMeta::default() };
    namespaces.create(&PostParams::default(), &Namespace { metadata, ..Namespace::default() }).await?;
    let played = play(&args, first, client, &namespace).await;
    namespaces.delete(&namespace, &DeleteParams::default()).await?;
    let table = played?;
    write!(std::io::stdout(), "{table}")?;
    Ok(if table.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play(args: &Args, first: u64, client: Client, namespace: &str) -> anyhow::Result<Table> {
    let password = std::fs::read_to_string(&args.amqp_password_file).context("cannot read the password")?;
    let config = BrokerConfig {
        host: "127.0.0.1".into(),
        port: args.amqp_port,
        vhost: "/".into(),
        username: args.amqp_username.clone(),
        password: Password::new(password),
        tls: false,
        ca_file: None,
    };
    let crawls = Api::namespaced(client.clone(), namespace);
    let stage = Stage::set(places(args, namespace), client, args.workers).await?;
    let style = ProgressStyle::with_template("{elapsed_precise} [{bar:40}] {pos} of {len} faults  {msg}")?;
    let progress = ProgressBar::new(u64::try_from(args.faults)?).with_style(style);
    let mut table = Table::default();
    let mut seed = first;
    while table.faults() < args.faults {
        progress.set_message(format!("seed {seed}"));
        let (plan, mut rng) = Plan::from_seed(seed, args.each.min(args.faults - table.faults()));
        // The broker was held up or killed in the round before: whoever asks it afterwards connects anew.
        let broker = Broker::connect(&config, "chaos").await?;
        let outcome = round::play(&plan, &mut rng, &stage, args.workers, &crawls, &broker).await;
        let outcome = outcome.with_context(|| format!("seed {seed}"))?;
        table.add(&plan, &outcome);
        progress.set_position(u64::try_from(table.faults())?);
        progress.suspend(|| tell(seed, &plan, &outcome))?;
        seed += 1;
    }
    progress.finish_and_clear();
    writeln!(std::io::stderr(), "parts ended by their own will {} times, as when the lead was lost", stage.gave_up())?;
    Ok(table)
}

fn tell(seed: u64, plan: &Plan, outcome: &round::Outcome) -> std::io::Result<()> {
    let (faults, seconds) = (outcome.suffered.len(), outcome.took.as_secs_f64());
    let counts = &outcome.expected;
    let Plan { hosts, per_host, delay, slowness, .. } = plan;
    let way = format!("{hosts} hosts, {per_host} at once, {delay:?} apart, {slowness} ms each");
    writeln!(std::io::stderr(), "seed {seed}: {way}, {counts:?}, {faults} faults in {seconds:.1} s")?;
    for violation in &outcome.violations {
        writeln!(std::io::stderr(), "    WRONG: {violation}")?;
    }
    if let Some(words) = &outcome.too_soon {
        writeln!(std::io::stderr(), "    too soon: {words}")?;
    }
    Ok(())
}

fn places(args: &Args, namespace: &str) -> Places {
    Places {
        operator: args.operator.clone(),
        worker: args.worker.clone(),
        amqp_port: args.amqp_port,
        amqp_username: args.amqp_username.clone(),
        amqp_password_file: args.amqp_password_file.clone(),
        container: args.container.clone(),
        namespace: namespace.to_owned(),
        folder: args.folder.clone(),
    }
}
