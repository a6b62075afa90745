//! A tiny HTTP server on the loopback that answers with given bytes, and the tasks that are sent to it.
#![allow(dead_code)]

pub(crate) mod memory;
pub(crate) mod names;
pub(crate) mod proxied;
pub(crate) mod proxy;
pub(crate) mod scene;
pub(crate) mod tls;

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crawl_protocol::{FetchSettings, Kind, Outcome, Record, Task, Validators};
use crawl_worker::{Fetcher, FetcherConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is written, piece by piece.
pub(crate) type Pieces = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Writes these bytes and closes.
    Bytes(Vec<u8>),
    /// Writes these bytes and waits for the next request on the same connection.
    Open(Vec<u8>),
    /// Writes these bytes and then nothing more, for as long as the client waits.
    Hang(Vec<u8>),
    /// Writes pieces, with a pause after each, and closes. Nothing else is held in memory.
    Pieces(Arc<dyn Fn() -> Pieces + Send + Sync>, Duration),
}

/// A server that answers each path in its own way.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Starts on any loopback port.
    pub(crate) async fn start(answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Self {
        Self::start_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answer)
    }

    pub(crate) fn start_on(listener: TcpListener, answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Self {
        let address = listener.local_addr().unwrap();
        let server = Self { address, requests: Arc::default(), connections: Arc::default() };
        let (requests, connections) = (server.requests.clone(), server.connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, answer.clone(), requests.clone()));
            }
        });
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of all requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections there were so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, answer: impl Fn(&str) -> Answer, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(head) = head(&mut stream).await {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        requests.lock().unwrap().push(head);
        // The client may have had enough before all is written.
        match answer(&path) {
            Answer::Open(bytes) => {
                let _ = stream.write_all(&bytes).await;
                continue;
            }
            Answer::Bytes(bytes) => drop(stream.write_all(&bytes).await),
            Answer::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // Ends when the client goes.
                let _ = stream.read_u8().await;
            }
            Answer::Pieces(pieces, pause) => {
                for piece in pieces() {
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            }
        }
        let _ = stream.shutdown().await;
        return;
    }
}

/// The head of the next request, if there is one.
pub(crate) async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// A whole response with a right length.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Answer::Bytes([head.as_bytes(), body].concat())
}

/// As [`response`], on a connection that stays open.
pub(crate) fn open_response(headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    Answer::Open([head.as_bytes(), body].concat())
}

/// The beginning of a response whose body never ends.
pub(crate) fn endless(headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 1000000\r\n\r\n");
    Answer::Hang([head.as_bytes(), body].concat())
}

/// The beginning of a response that comes in pieces, and ends with its connection.
pub(crate) fn pieces<I: Iterator<Item = Vec<u8>> + Send + 'static>(
    headers: &str,
    pause: Duration,
    body: impl Fn() -> I + Send + Sync + 'static,
) -> Answer {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Connection: close\r\n\r\n").into_bytes();
    Answer::Pieces(Arc::new(move || Box::new(std::iter::once(head.clone()).chain(body()))), pause)
}

/// A fetcher that may reach the loopback.
pub(crate) fn fetcher() -> Fetcher {
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    Fetcher::new(FetcherConfig { allow, ..FetcherConfig::default() }).unwrap()
}

pub(crate) fn task(url: &str) -> Task {
    Task {
        crawl: "crawl".into(),
        url: url.into(),
        kind: Kind::Page,
        depth: 3,
        attempt: 2,
        redelivery_delay_ms: 0,
        validators: Validators::default(),
        fetch: FetchSettings {
            timeout_ms: 30_000,
            max_body_bytes: 1 << 20,
            user_agent: "test-agent/1.0".into(),
            allow_addresses: vec![],
            sealed_headers: None,
        },
    }
}

pub(crate) fn robots(url: &str) -> Task {
    Task { kind: Kind::Robots, ..task(url) }
}

pub(crate) fn sitemap(url: &str) -> Task {
    Task { kind: Kind::Sitemap, ..task(url) }
}

/// All records of a task.
pub(crate) async fn records(fetcher: &Fetcher, task: &Task) -> Vec<Record> {
    let mut fetched = fetcher.fetch(task).await;
    let mut records = Vec::new();
    while let Some(rest) = fetched.rest {
        records.push(fetched.record);
        fetched = rest.next().await;
    }
    records.push(fetched.record);
    records
}

/// Fetches one page of a server that gives one answer.
pub(crate) async fn outcome_of(answer: Answer) -> Outcome {
    let server = Server::start(move |_| answer.clone()).await;
    fetcher().fetch(&task(&server.url("/page"))).await.record.outcome
}

/// A server that writes these bytes to whoever connects, without listening, and closes when the other does.
pub(crate) async fn blurting(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            });
        }
    });
    address
}

/// Awaits something that must come.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("it comes within 30 s")
}

/// A listener that must never be connected to.
pub(crate) struct Forbidden(std::net::TcpListener);

impl Forbidden {
    pub(crate) fn listen(address: impl Into<IpAddr>, port: u16) -> Self {
        let listener = std::net::TcpListener::bind((address.into(), port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    /// One at the port of another listener, at the first port that both can have.
    pub(crate) async fn beside(allowed: impl Into<IpAddr>, forbidden: impl Into<IpAddr>) -> (TcpListener, Self) {
        let (allowed, forbidden) = (allowed.into(), forbidden.into());
        loop {
            let listener = TcpListener::bind((allowed, 0)).await.unwrap();
            // Some connection may be using the port there.
            if let Ok(other) = std::net::TcpListener::bind((forbidden, listener.local_addr().unwrap().port())) {
                other.set_nonblocking(true).unwrap();
                return (listener, Self(other));
            }
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    pub(crate) fn was_left_alone(&self) -> bool {
        matches!(self.0.accept(), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }
}
