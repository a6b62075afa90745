//! The doorbell of the worker: TLS provider, arguments, log, then the library.

use clap::Parser;
use crawl_worker::args::Args;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<()> {
    // lapin asks for the process's provider; someone else may have installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = Args::parse();
    // html5ever has lines about documents, which strangers write: millions of them, if they like.
    let filter = EnvFilter::try_new(&args.log)?.add_directive("html5ever=off".parse()?);
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    if args.log_text {
        log.init();
    } else {
        log.json().init();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // On the runtime's own threads: what ran on this one would have to be woken for every task.
    let running = runtime.spawn(crawl_worker::run::run(args));
    let ran = runtime.block_on(running)?;
    // Running fetches whose grace is over do not hold the process up.
    runtime.shutdown_background();
    ran
}
