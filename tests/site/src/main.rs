//! A web site for end-to-end tests: many hosts in one process, pages made up as they are asked for, every request in a
//! log that tests read. It knows nothing of crawls.

mod answer;
mod hostile;
mod html;
mod log;
mod maps;
mod private;
mod serve;
mod traps;

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

const ADDRESS: &str = "0.0.0.0:8080";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The first process of a container dies of SIGTERM only if it says so.
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
    let listener = TcpListener::bind(ADDRESS).await.with_context(|| format!("cannot listen on {ADDRESS}"))?;
    tokio::select! {
        served = axum::serve(listener, serve::site()) => served.context("cannot serve"),
        _ = terminate.recv() => Ok(()),
    }
}
