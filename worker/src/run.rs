//! The worker's life: sessions with the broker, one after the other, until SIGTERM.

use std::time::{Duration, Instant};

use anyhow::Context;
use crawl_broker::{Backoff, Broker};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::args::Args;
use crate::session::{SessionError, Work};
use crate::status::Status;
use crate::{Fetcher, admin};

/// Waits between sessions.
const WAIT_FIRST: Duration = Duration::from_millis(500);
const WAIT_AT_MOST: Duration = Duration::from_secs(10);

/// Runs the worker until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot begin: a taken port, no TLS. Everything that happens later is waited out.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let (status, stop) = (Status::default(), CancellationToken::new());
    let fetcher = Fetcher::new(args.fetcher()?).context("cannot set up the fetcher")?;
    let work = Work {
        fetcher,
        pool: args.pool.clone(),
        concurrency: args.concurrency,
        grace: args.grace_period,
        status: status.clone(),
        stop: stop.clone(),
    };
    stop_on_signals(stop.clone())?;
    // The admin server outlives the work, so that the drain can be seen.
    let admin_stop = CancellationToken::new();
    let admin = tokio::spawn(admin::serve(args.admin_address, status, admin_stop.clone()));
    tokio::select! {
        () = sessions(&args, &work) => {}
        served = admin => served?.with_context(|| format!("cannot serve on {}", args.admin_address))?,
    }
    admin_stop.cancel();
    tracing::info!("stopped");
    Ok(())
}

/// One session after the other, with growing waits between those that fail.
async fn sessions(args: &Args, work: &Work) {
    let mut backoff = Backoff::new(WAIT_FIRST, WAIT_AT_MOST);
    while !work.stop.is_cancelled() {
        let error = match session(args, work, &mut backoff).await {
            Ok(()) => continue,
            Err(error) => error,
        };
        let (wait, reason) = (backoff.next_wait(), anyhow::Error::from(error));
        work.status.session_lost();
        work.status.not_ready(format!("{reason:#}"));
        tracing::warn!(reason = format!("{reason:#}"), ?wait, "no session with the broker; waiting");
        tokio::select! {
            () = work.stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn session(args: &Args, work: &Work, backoff: &mut Backoff) -> Result<(), SessionError> {
    let config = args.broker().map_err(SessionError::Password)?;
    let name = format!("crawl-worker {}", work.pool);
    let broker = tokio::select! {
        () = work.stop.cancelled() => return Ok(()),
        connected = Broker::connect(&config, &name) => connected?,
    };
    tracing::info!(broker = config.address(), pool = work.pool, "connected");
    let begun = Instant::now();
    let worked = work.session(broker).await;
    // One that ends soon is no success, else a missing pool or permission would be asked for twice a second.
    if begun.elapsed() > WAIT_AT_MOST {
        backoff.reset();
    }
    worked
}

fn stop_on_signals(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to SIGINT")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}
