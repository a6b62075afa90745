//! The doorbell: installs the TLS provider, reads the arguments, calls the library.

use std::process::ExitCode;

use clap::Parser as _;
use crawl_api::args::Args;

#[tokio::main]
async fn main() -> ExitCode {
    // kube and lapin each bring rustls; whoever speaks TLS first must find the one provider installed.
    let installed = rustls::crypto::ring::default_provider().install_default();
    debug_assert!(installed.is_ok(), "a TLS provider was installed before main");
    crawl_api::main(Args::parse()).await
}
