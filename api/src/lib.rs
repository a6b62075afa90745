//! The HTTP API of crawl-operator: Crawls and what they found, for programs and for the user interface that it brings.
//!
//! Crawls are read off a watch, results off the logs that a crawl leaves on RabbitMQ; the operator is never asked. The
//! cluster's RBAC says who may do what: every caller is checked with their own token, and what they change is changed with it.

pub mod access;
pub mod args;
pub mod cluster;
pub mod error;
pub mod http;
mod logs;
pub mod model;
pub mod openapi;
pub mod routes;
pub mod state;
pub mod views;

use std::process::ExitCode;

use args::Args;
use crawl_crds::{Crawl, CrawlPolicy};
use kube::core::DeserializeGuard;
use kube::{Api, Client};

use cluster::{Listed, watch};
use logs::chain;
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
    #[error("cannot listen")]
    Listen(#[source] std::io::Error),
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
    let config = kube::Config::infer().await.map_err(RunError::Config)?;
    let client = Client::try_from(config).map_err(RunError::Client)?;
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
    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(RunError::Listen)?;
    let views = Views::new(&args);
    let app = App::new(Shared { args, crawls, policies, views });
    axum::serve(listener, routes::router(app)).await.map_err(RunError::Listen)
}
