//! The HTTP API of crawl-operator: Crawls and what they found, for programs and for the user interface that it brings.
//!
//! Crawls are read off a watch, results off the logs that a crawl leaves on RabbitMQ; the operator is never asked. The
//! cluster's RBAC says who may do what: every caller is checked with their own token, and what they change is changed with it.

pub mod access;
pub mod admin;
pub mod args;
pub mod cluster;
pub mod error;
pub mod http;
mod logs;
pub mod metrics;
pub mod model;
pub mod openapi;
pub mod routes;
pub mod state;
pub mod views;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::process::ExitCode;

use crawl_crds::{Crawl, CrawlPolicy};
use kube::core::DeserializeGuard;
use kube::{Api, Client, ResourceExt as _};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use access::Access;
use args::Args;
use cluster::{Calls, Listed, watch};
use logs::chain;
use metrics::Metrics;
use state::{App, Shared};
use views::Views;

/// Why the process ends, other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no cluster.
    #[error("cannot find the Kubernetes API")]
    Config(#[source] kube::config::InferConfigError),
    /// There is no client.
    #[error("cannot make a Kubernetes client")]
    Client(#[source] kube::Error),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// As it was given.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The signals of the system cannot be heard.
    #[error("cannot listen for signals")]
    Signals(#[source] std::io::Error),
}

/// The program, after the TLS provider is installed and the arguments are read.
pub async fn main(args: Args) -> ExitCode {
    if let Err(error) = logs::init(&args.log_filter, args.log_text) {
        // There is no log yet; clap's way of refusing an argument is the nearest.
        let kind = clap::error::ErrorKind::InvalidValue;
        clap::Error::raw(kind, format!("--log-filter: {error}\n")).exit();
    }
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = chain(&error), "the api ends");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), RunError> {
    let shutdown = shutdown().map_err(RunError::Signals)?;
    let config = kube::Config::infer().await.map_err(RunError::Config)?;
    // A watch is silent for minutes; kube has an idle timeout of its own for it.
    let watches = Client::try_from(config.clone()).map_err(RunError::Client)?;
    let calls = Calls::new(config).map_err(RunError::Client)?;
    let (crawls, policies) = watched(&args, &watches);
    let listen =
        async |address| TcpListener::bind(address).await.map_err(|source| RunError::Listen { address, source });
    let (public, private) = (listen(args.listen).await?, listen(args.admin_address).await?);
    let app = App::new(Shared {
        access: Access::new(args.anonymous, calls.clone()),
        views: Views::new(&args),
        metrics: Metrics::default(),
        shutdown: shutdown.clone(),
        args,
        calls,
        crawls,
        policies,
    });
    app.metrics.register(|registry| app.views.register(registry));
    tokio::spawn(tidy(app.clone()));
    // Probes are answered until the very end.
    let admin = tokio::spawn(axum::serve(private, admin::router(app.clone())).into_future());
    tracing::info!(address = %app.args.listen, anonymous = app.args.anonymous.word(), "serving");
    http::serve(public, routes::router(app), shutdown).await;
    admin.abort();
    Ok(())
}

/// Keeps no results of crawls that are gone.
async fn tidy(app: App) {
    let crawls = || {
        let (listed, crawls) = (app.crawls.is_listed(), app.crawls.all());
        let uids: HashSet<String> = crawls.iter().filter_map(|crawl| crawl.uid()).collect();
        move |uid: &str| !listed || uids.contains(uid)
    };
    app.views.keep_tidy(crawls).await;
}

/// Begins to watch Crawls and CrawlPolicies.
fn watched(args: &Args, client: &Client) -> (Listed<Crawl>, Listed<DeserializeGuard<CrawlPolicy>>) {
    let mut namespaces = args.namespaces();
    if namespaces.is_empty() {
        namespaces.push(String::new());
    }
    let crawls = Listed::new(namespaces.clone());
    for namespace in namespaces {
        let api: Api<DeserializeGuard<Crawl>> =
            if namespace.is_empty() { Api::all(client.clone()) } else { Api::namespaced(client.clone(), &namespace) };
        tokio::spawn(watch(api, namespace, crawls.clone(), |found| found.0.ok()));
    }
    let policies = Listed::new(args.policies.then(String::new));
    if args.policies {
        let api: Api<DeserializeGuard<CrawlPolicy>> = Api::all(client.clone());
        tokio::spawn(watch(api, String::new(), policies.clone(), Some));
    }
    (crawls, policies)
}

/// Cancelled by SIGTERM, as kubelet sends it, and by Ctrl-C.
fn shutdown() -> std::io::Result<CancellationToken> {
    let token = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let told = token.clone();
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        told.cancel();
    });
    Ok(token)
}
