//! A proxy between one part and the broker. It passes everything on as it came, until it is told to break connections, to hold
//! everything back, or to kill the part at a step.

mod frames;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OnceCell, broadcast, watch};
use tokio::task::JoinSet;

use crate::part::Part;
use crate::trap::{Moment, Shared};
use frames::Cutter;
pub(crate) use frames::Step;

/// A step, and the side of it.
pub(crate) type Point = (Step, Moment);

/// The way of one part to the broker.
pub(crate) struct Way {
    /// Where the part connects.
    pub(crate) port: u16,
    inner: Arc<Inner>,
    _listening: JoinSet<()>,
}

struct Inner {
    broker: u16,
    trap: Shared<Point>,
    /// Who dies in the trap; known once it is started.
    victim: OnceCell<Arc<Part>>,
    cut: broadcast::Sender<()>,
    held: watch::Sender<bool>,
}

impl Way {
    /// Opens a way to the broker's port on this machine.
    pub(crate) async fn open(broker: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for a proxy")?;
        let port = listener.local_addr()?.port();
        let inner = Arc::new(Inner {
            broker,
            trap: Shared::default(),
            victim: OnceCell::new(),
            cut: broadcast::Sender::new(4),
            held: watch::Sender::new(false),
        });
        let mut listening = JoinSet::new();
        listening.spawn(listen(listener, Arc::clone(&inner)));
        Ok(Self { port, inner, _listening: listening })
    }

    /// Says who comes this way.
    pub(crate) fn belongs_to(&self, part: &Arc<Part>) {
        // Once, at the start.
        let _ = self.inner.victim.set(Arc::clone(part));
    }

    /// Where a plan aims.
    pub(crate) fn trap(&self) -> &Shared<Point> {
        &self.inner.trap
    }

    /// Resets all connections.
    pub(crate) fn cut(&self) {
        // Nobody listens while there is no connection.
        let _ = self.inner.cut.send(());
    }

    /// Passes nothing on for this long; connections stay.
    pub(crate) async fn hold(&self, time: Duration) {
        self.inner.held.send_replace(true);
        tokio::time::sleep(time).await;
        self.inner.held.send_replace(false);
    }
}

async fn listen(listener: TcpListener, inner: Arc<Inner>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let inner = Arc::clone(&inner);
        connections.spawn(async move { drop(connect(client, inner).await) });
        while connections.try_join_next().is_some() {}
    }
}

async fn connect(client: TcpStream, inner: Arc<Inner>) -> std::io::Result<()> {
    let broker = TcpStream::connect((Ipv4Addr::LOCALHOST, inner.broker)).await?;
    client.set_nodelay(true)?;
    broker.set_nodelay(true)?;
    let mut cut = inner.cut.subscribe();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_broker, mut to_broker) = broker.into_split();
    tokio::select! {
        done = pump(&mut from_client, &mut to_broker, Cutter::new(true), &inner) => return done,
        done = pump(&mut from_broker, &mut to_client, Cutter::new(false), &inner) => return done,
        _ = cut.recv() => {}
    }
    // Reset, so that what was on its way is lost, too.
    from_client.as_ref().set_zero_linger()?;
    from_broker.as_ref().set_zero_linger()
}

/// Passes one direction on until it ends or the trap is sprung.
async fn pump(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    mut cutter: Cutter,
    inner: &Arc<Inner>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut held = inner.held.subscribe();
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        cutter.feed(&buffer[..read]);
        while let Some(piece) = cutter.next_piece() {
            // The sender lives as long as the proxy.
            let _ = held.wait_for(|held| !held).await;
            if piece.begins.is_some_and(|step| inner.trap.springs((step, Moment::Before))) {
                return spring(inner).await;
            }
            to.write_all(&piece.bytes).await?;
            if piece.ends.is_some_and(|step| inner.trap.springs((step, Moment::After))) {
                return spring(inner).await;
            }
        }
    }
}

/// The part dies at this very step: nothing is passed on any more. In a task of its own, since the connection ends with the part, and
/// whatever serves it.
async fn spring(inner: &Arc<Inner>) -> std::io::Result<()> {
    let inner = Arc::clone(inner);
    tokio::spawn(async move {
        if let Some(victim) = inner.victim.get() {
            victim.kill().await;
        }
        inner.trap.done();
    });
    std::future::pending().await
}
