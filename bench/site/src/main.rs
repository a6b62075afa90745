//! The web site of the benchmarks: the same pages at every start, held in memory, served on every address of this
//! machine, with counts of what clients did. It knows nothing of crawls.

mod pages;
mod serve;
mod stats;
mod tls;
mod words;

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use clap::Parser;
use tokio::net::TcpListener;

use crate::{pages::Pages, serve::Site, stats::Stats};

/// Serves generated pages, and prints where as one line of JSON.
#[derive(Debug, Parser)]
struct Args {
    /// Pages of the site.
    #[arg(long, default_value_t = 5000)]
    pages: usize,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "0.0.0.0:0")]
    listen: SocketAddr,
    /// Compress pages for clients that accept gzip. Done once, at the start.
    #[arg(long)]
    gzip: bool,
    /// Seconds after which an idle connection is closed; by default never.
    #[arg(long, value_name = "SECONDS")]
    idle: Option<u64>,
    /// Speak HTTPS, and write the certificate of the authority to trust into this file.
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
    /// With --tls: offer HTTP/2 too.
    #[arg(long)]
    h2: bool,
    /// With --tls: how many addresses, from 127.0.0.1 on, the certificate is for.
    #[arg(long, default_value_t = 1)]
    hosts: u8,
}

// One thread: the site has one core, and what it costs is not measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    let questions = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen for questions")?;
    let acceptor = args.tls.as_deref().map(|file| tls::acceptor(file, args.hosts, args.h2)).transpose()?;
    let scheme = if acceptor.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://127.0.0.1:{}", listener.local_addr()?.port());
    let site = Arc::new(Site {
        pages: Pages::new(&base, args.pages, args.gzip),
        base: base.clone(),
        stats: Stats::new(args.pages),
        acceptor,
        idle: args.idle.map(Duration::from_secs),
    });
    let places = serde_json::json!({ "site": base, "questions": format!("http://{}", questions.local_addr()?) });
    writeln!(std::io::stdout(), "{places}")?;
    tokio::try_join!(serve::pages(listener, site.clone()), serve::questions(questions, site))?;
    Ok(())
}
