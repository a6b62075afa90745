//! A tiny HTTP server on the loopback that answers with given bytes, and the tasks that are sent to it.
#![allow(dead_code)]

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crawl_protocol::{FetchSettings, Kind, Outcome, Task};
use crawl_worker::{Fetcher, FetcherConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Writes these bytes and closes.
    Bytes(Vec<u8>),
    /// Writes these bytes and then nothing more, for as long as the client waits.
    Hang(Vec<u8>),
}

/// A server that answers each path in its own way.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts on any loopback port.
    pub(crate) async fn start(answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Self {
        Self::start_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answer)
    }

    pub(crate) fn start_on(listener: TcpListener, answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Self {
        let server = Self { address: listener.local_addr().unwrap(), requests: Arc::default() };
        let requests = server.requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
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
}

async fn serve(mut stream: TcpStream, answer: impl Fn(&str) -> Answer, requests: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    requests.lock().unwrap().push(head);
    // The client may have had enough before all is written.
    match answer(&path) {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            // Ends when the client goes.
            let _ = stream.read_u8().await;
        }
    }
}

/// A whole response with a right length.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Answer::Bytes([head.as_bytes(), body].concat())
}

/// The beginning of a response whose body never ends.
pub(crate) fn endless(headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 1000000\r\n\r\n");
    Answer::Hang([head.as_bytes(), body].concat())
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
        fetch: FetchSettings {
            timeout_ms: 30_000,
            max_body_bytes: 1 << 20,
            user_agent: "test-agent/1.0".into(),
            allow_addresses: vec![],
        },
    }
}

pub(crate) fn robots(url: &str) -> Task {
    Task { kind: Kind::Robots, ..task(url) }
}

/// Fetches one page of a server that gives one answer.
pub(crate) async fn outcome_of(answer: Answer) -> Outcome {
    let server = Server::start(move |_| answer.clone()).await;
    fetcher().fetch(&task(&server.url("/page"))).await.outcome
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

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    pub(crate) fn was_left_alone(&self) -> bool {
        matches!(self.0.accept(), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }
}
