//! The operator of crawl-operator: the whole program.
//!
//! [`main`] runs either `bootstrap` or the operator. The operator stands by until it holds the Lease; then the
//! [`runner`]s read logs and publish tasks, the controller watches Crawls, tells the runners what is wanted and writes
//! down what they say, and [`admin`] answers probes. Nothing it holds is durable: a crawl is its log.

pub mod admin;
pub mod args;
pub mod bootstrap;
mod controller;
mod health;
pub mod leader;
mod logs;
pub mod metrics;
pub mod runner;

use std::process::ExitCode;
use std::time::Duration;

use kube::Client;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use admin::AdminError;
use args::{Args, Command, FileError, OperatorArgs};
use bootstrap::BootstrapError;
use health::{Health, Leading};
use leader::{LeaderError, Leadership, Lost};
use metrics::Metrics;
use runner::Runners;

/// How long reconciles and runners may take to end; with the Lease's release it stays below ten seconds.
const DRAIN: Duration = Duration::from_secs(6);
/// How long the Lease's release may take.
const RELEASE: Duration = Duration::from_secs(2);
/// How long the API server may take to answer a call.
const CALL: Duration = Duration::from_secs(10);

/// Why the process ends, other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Neither a command nor the operator's arguments.
    #[error("nothing to do: give the operator's arguments or a command")]
    NothingToDo,
    /// The signals of the system cannot be heard.
    #[error("cannot listen for signals")]
    Signals(#[source] std::io::Error),
    /// There is no cluster.
    #[error("cannot find the Kubernetes API")]
    Config(#[source] kube::config::InferConfigError),
    /// There is no client.
    #[error("cannot make a Kubernetes client")]
    Client(#[source] kube::Error),
    /// A password or a key is not there.
    #[error(transparent)]
    File(#[from] FileError),
    /// The Lease cannot be used.
    #[error(transparent)]
    Leader(#[from] LeaderError),
    /// Another one leads now.
    #[error("leadership is lost")]
    Lost(#[source] Lost),
    /// The admin server failed.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// A part that must not end did.
    #[error("{0} ended unexpectedly")]
    Ended(&'static str),
    /// The Secrets could not be made.
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
}

/// The program, after the TLS provider is installed and the arguments are read.
pub async fn main(args: Args) -> ExitCode {
    if let Err(error) = logs::init(&args.log) {
        // There is no log yet; clap's way of refusing an argument is the nearest.
        let kind = clap::error::ErrorKind::InvalidValue;
        clap::Error::raw(kind, format!("--log-filter: {error}\n")).exit();
    }
    let outcome = match (args.command, args.operator) {
        (Some(Command::Bootstrap(bootstrap)), _) => bootstrapped(&bootstrap).await,
        (None, Some(operator)) => run(operator).await,
        (None, None) => Err(RunError::NothingToDo),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = crate::logs::chain(&error), "the operator ends");
            ExitCode::FAILURE
        }
    }
}

async fn bootstrapped(args: &args::BootstrapArgs) -> Result<(), RunError> {
    let Clients { calls, watches: _ } = clients().await?;
    Ok(bootstrap::run(calls, args).await?)
}

/// Runs the operator until it is told to stop (`Ok`) or something ends that must not (`Err`).
async fn run(args: OperatorArgs) -> Result<(), RunError> {
    let shutdown = shutdown()?;
    let clients = clients().await?;
    let (health, metrics) = (Health::default(), Metrics::new());
    // Probes are answered until the very end, hence no token of the shutdown.
    let mut admin = JoinSet::new();
    admin.spawn(admin::serve(args.admin_address, health.clone(), metrics.clone(), CancellationToken::new()));

    let mut leadership =
        Leadership::new(clients.calls.clone(), &args.namespace, &args.lease_name, &args.identity).await?;
    tracing::info!(identity = args.identity, "standing by");
    tokio::select! {
        biased;
        () = shutdown.cancelled() => return Ok(()),
        ended = admin.join_next() => return Err(admin_ended(ended)),
        () = leadership.acquired() => {}
    }
    tracing::info!(identity = args.identity, "leading");
    tokio::select! {
        biased;
        // Work goes on until it is drained, so the Lease is kept meanwhile.
        led = lead(&args, clients, &health, &metrics, &shutdown) => led?,
        lost = leadership.lost() => return Err(RunError::Lost(lost)),
        ended = admin.join_next() => return Err(admin_ended(ended)),
    }
    if timeout(RELEASE, leadership.release()).await.is_err() {
        tracing::warn!("the Lease was not released in time; it ends by itself");
    }
    Ok(())
}

/// Runs crawls until shutdown, then lets what is under way end.
async fn lead(
    args: &OperatorArgs,
    clients: Clients,
    health: &Health,
    metrics: &Metrics,
    shutdown: &CancellationToken,
) -> Result<(), RunError> {
    let broker = args.broker()?;
    let account = format!("{}:{}", args.namespace, args.service_account);
    let access = controller::Access { key: args.task_key()?, account };
    // The runners outlive the last reconcile, which may still give orders.
    let runners_stop = CancellationToken::new();
    let (runners, mut runners_task) =
        Runners::start(broker, usize::from(args.max_open_crawls), metrics.runner.clone(), runners_stop.clone());
    let shared = controller::Shared {
        client: clients.calls,
        watch_client: clients.watches,
        runners: runners.clone(),
        access,
        identity: args.identity.clone(),
        metrics: metrics.controller.clone(),
        shutdown: shutdown.clone(),
    };
    let mut controllers = JoinSet::new();
    let (mut watches, mut stores) = (Vec::new(), Vec::new());
    let scope = controller::Scope { namespaces: args.namespaces(), policies: args.policies };
    for watched in controller::controllers(shared, scope) {
        watches.push(watched.health);
        stores.extend(watched.store);
        controllers.spawn(watched.controller);
    }
    health.lead(Leading { watches, stores, broker: Box::new(move || runners.broker_state()) });

    tokio::select! {
        biased;
        () = shutdown.cancelled() => {}
        _ = controllers.join_next() => return Err(RunError::Ended("a controller")),
        _ = &mut runners_task => return Err(RunError::Ended("the runners")),
    }
    tracing::info!("stopping");
    let drained = timeout(DRAIN, async {
        while controllers.join_next().await.is_some() {}
        runners_stop.cancel();
        runners_task.await
    });
    if drained.await.is_err() {
        tracing::warn!("not everything ended in time; nothing of it was durable");
    }
    Ok(())
}

fn admin_ended(ended: Option<Result<Result<(), AdminError>, tokio::task::JoinError>>) -> RunError {
    match ended {
        Some(Ok(Err(error))) => error.into(),
        _ => RunError::Ended("the admin server"),
    }
}

struct Clients {
    /// A hung call must not hang a reconcile or a renewal.
    calls: Client,
    /// A watch is silent for minutes; kube has an idle timeout of its own for it.
    watches: Client,
}

async fn clients() -> Result<Clients, RunError> {
    let config = kube::Config::infer().await.map_err(RunError::Config)?;
    let mut impatient = config.clone();
    (impatient.connect_timeout, impatient.read_timeout) = (Some(CALL), Some(CALL));
    // Else the time that a pooled connection was idle counts, too.
    impatient.reset_reader_on_write = true;
    let client = |config| Client::try_from(config).map_err(RunError::Client);
    Ok(Clients { calls: client(impatient)?, watches: client(config)? })
}

/// Cancelled by SIGTERM, as kubelet sends it, and by Ctrl-C.
fn shutdown() -> Result<CancellationToken, RunError> {
    let token = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).map_err(RunError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(RunError::Signals)?;
    let told = token.clone();
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        told.cancel();
    });
    Ok(token)
}
