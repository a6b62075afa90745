//! Long answers: made and sent piece by piece, so that none is ever whole in memory.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::Stream;
use tokio::sync::mpsc;

/// A caller who takes nothing for so long is gone.
const STALLED: Duration = Duration::from_secs(60);
/// Pieces that are made ahead.
const AHEAD: usize = 2;

/// The sending end of a long answer.
pub(super) struct Sender(mpsc::Sender<io::Result<Bytes>>);

/// Nobody takes the rest.
pub(super) struct Gone;

impl Sender {
    /// Sends a piece, as soon as the one before the last was taken.
    pub(super) async fn send(&self, piece: Vec<u8>) -> Result<(), Gone> {
        if piece.is_empty() {
            return Ok(());
        }
        let sent = tokio::time::timeout(STALLED, self.0.send(Ok(piece.into()))).await;
        sent.map_err(|_| Gone)?.map_err(|_| Gone)
    }

    /// Breaks the answer off, so that nobody takes it for whole.
    pub(super) async fn fail(&self) {
        let failed = io::Error::other("the results cannot be read on");
        // Who is gone needs not be told.
        let _ = tokio::time::timeout(STALLED, self.0.send(Err(failed))).await;
    }
}

/// A body, made by a task that ends when nobody takes it.
pub(super) fn body<Making: Future<Output = ()> + Send + 'static>(make: impl FnOnce(Sender) -> Making) -> Body {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(make(Sender(sender)));
    Body::from_stream(received(receiver))
}

fn received(receiver: mpsc::Receiver<io::Result<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    futures::stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    })
}
