//! A way to the broker that can be cut and mended.

use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A way to the broker.
pub(crate) struct Way {
    pub(crate) port: u16,
    open: Arc<watch::Sender<bool>>,
}

impl Way {
    pub(crate) async fn to(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self { port: listener.local_addr().unwrap().port(), open: Arc::new(watch::Sender::new(true)) };
        let (open, target) = (way.open.clone(), format!("{host}:{port}"));
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut open, target) = (open.subscribe(), target.clone());
                tokio::spawn(async move {
                    if !*open.borrow() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        way
    }

    /// All connections break, and there are no new ones.
    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}
