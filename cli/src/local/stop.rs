//! Ctrl-C: the first asks to stop, the second does.

use anyhow::Context;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

/// A shell's exit status for Ctrl-C.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether someone asked to stop.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. Ends the process at the second signal, whatever it does then.
    pub(super) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for Ctrl-C");
        let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        let (asked, stop) = watch::channel(false);
        tokio::spawn(async move {
            either(&mut interrupt, &mut terminate).await;
            // Nobody listens any more when the crawl is over; then only the second signal matters.
            let _ = asked.send(true);
            either(&mut interrupt, &mut terminate).await;
            std::process::exit(INTERRUPTED.into());
        });
        Ok(Self(stop))
    }

    /// Waits until someone asks to stop.
    pub(super) async fn asked(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
